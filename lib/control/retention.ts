import type { Figures } from './parameter';

/** One rule of the retention schedule: what is kept where, for how long, and what happens then. */
export interface RetentionRule {
  /** Lower case: `tenant-files`; a store carries it in its tag `retention`. */
  readonly id: string;
  /** Kind of data, in words that a customer understands. */
  readonly what: string;
  /** CloudFormation types of the stores. */
  readonly stores: readonly string[];
  /**
   * Whether only stores with the tag `retention` and this id are meant; otherwise every store of the types without such a tag.
   *
   * @default false
   */
  readonly tagged?: boolean;
  /** Days; a figure of the profile that is in days; or for as long as the account is in use. */
  readonly keep: { readonly days: number } | { readonly figure: string } | 'while-active';
  readonly then: 'deleted' | 'anonymised';
  /** Why it may be kept for so long: the law, or the promise. */
  readonly ground: string;
  /** Who answers for it. */
  readonly owner: string;
  /**
   * Profiles under which there is such a store.
   *
   * @default - all
   */
  readonly profiles?: readonly string[];
}

/** `policies/registers/retention.yaml`: the only list of how long anything is kept. */
export interface RetentionSchedule {
  /** YYYY-MM-DD of the last review. */
  readonly reviewed: string;
  readonly retention: readonly RetentionRule[];
}

/**
 * The schedule of a profile as a figure: one line per rule and type, `id type tagged|untagged days|while-active`.
 *
 * @throws Error where a rule names a figure that the profile does not have
 */
export function retentionLines(
  rules: readonly RetentionRule[],
  profile: string,
  figures: Pick<Figures, 'number'>,
): readonly string[] {
  return rules
    .filter(({ profiles }) => profiles?.includes(profile) ?? true)
    .flatMap(({ id, stores, tagged = false, keep }) => {
      const period = keep === 'while-active' ? keep : 'days' in keep ? keep.days : figures.number(keep.figure);
      return stores.map((type) => `${id} ${type} ${tagged ? 'tagged' : 'untagged'} ${period}`);
    })
    .sort();
}
