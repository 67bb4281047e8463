import type { Figures } from './parameter';

/** One rule of the retention schedule: what is kept where, for how long, and what happens then. */
export interface RetentionRule {
  /** Lower case: `tenant-files`; a store carries it in its tag `retention`. */
  readonly id: string;
  /** Kind of data, in words that a customer understands. */
  readonly what: string;
  /**
   * CloudFormation types of the stores.
   *
   * @default - none: the rule is for tables alone
   */
  readonly stores?: readonly string[];
  /**
   * Tables of the database, as `schema.table`; `schema.*` for every table of the schema that no rule names.
   *
   * @default - none: the rule is for stores alone
   */
  readonly tables?: readonly string[];
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
 * The schedule of a profile for stores, as a figure: one line per rule and type, `id type tagged|untagged days|while-active`.
 *
 * @throws Error where a rule names a figure that the profile does not have
 */
export function retentionLines(
  rules: readonly RetentionRule[],
  profile: string,
  figures: Pick<Figures, 'number'>,
): readonly string[] {
  return rulesUnder(rules, profile)
    .flatMap(({ id, stores = [], tagged = false, keep }) =>
      stores.map((type) => `${id} ${type} ${tagged ? 'tagged' : 'untagged'} ${periodOf(keep, figures)}`),
    )
    .sort();
}

/**
 * The schedule of a profile for tables, as a figure: one line per rule and table, `id schema.table days|while-active`.
 *
 * @throws Error where a rule names a figure that the profile does not have
 */
export function rowLines(
  rules: readonly RetentionRule[],
  profile: string,
  figures: Pick<Figures, 'number'>,
): readonly string[] {
  return rulesUnder(rules, profile)
    .flatMap(({ id, tables = [], keep }) => tables.map((table) => `${id} ${table} ${periodOf(keep, figures)}`))
    .sort();
}

function rulesUnder(rules: readonly RetentionRule[], profile: string): readonly RetentionRule[] {
  return rules.filter(({ profiles }) => profiles?.includes(profile) ?? true);
}

function periodOf(keep: RetentionRule['keep'], figures: Pick<Figures, 'number'>): number | 'while-active' {
  return keep === 'while-active' ? keep : 'days' in keep ? keep.days : figures.number(keep.figure);
}
