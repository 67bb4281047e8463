import type { RetentionRule } from './retention';

/** One entry of the records of processing: what is done with data about whom, and why. */
export interface ProcessingRecord {
  /** Lower case: `security-logging`. */
  readonly id: string;
  /** What it is done for, in words that the people concerned understand. */
  readonly purpose: string;
  /** Whether the company decides why and how (Art. 30(1)), or does it for a customer who does (Art. 30(2)). */
  readonly role: 'controller' | 'processor';
  /** Article of the law, or the order, on which it stands. */
  readonly basis: string;
  /** Categories of people. */
  readonly subjects: readonly string[];
  /** Categories of data about them. */
  readonly data: readonly string[];
  /** Ids of vendors who receive it. */
  readonly recipients: readonly string[];
  /** For each recipient with its seat outside the EEA: what allows that. */
  readonly transfers: readonly Transfer[];
  /** Ids of rules of the retention schedule: they say which stores and tables hold it, and for how long. */
  readonly retention: readonly string[];
  /** Ids of controls that measure how it is protected. */
  readonly measures: readonly string[];
  /**
   * Profiles under which it is done.
   *
   * @default - all
   */
  readonly profiles?: readonly string[];
}

/** What allows data to leave the EEA for one recipient. */
export interface Transfer {
  /** Id of the vendor. */
  readonly recipient: string;
  /** An adequacy decision; the standard clauses of (EU) 2021/914, which are signed with the agreement; or binding corporate rules. */
  readonly by: 'adequacy' | 'standard-clauses' | 'binding-rules';
  /** The decision or the document, so that it can be found. */
  readonly reference: string;
}

/** `policies/registers/processing.yaml`: the records of processing of Art. 30 GDPR, and the only place where they stand. */
export interface ProcessingRegister {
  /** Who answers for the records. */
  readonly controller: { readonly name: string; readonly contact: string; readonly officer: string };
  /** YYYY-MM-DD of the last review. */
  readonly reviewed: string;
  readonly processing: readonly ProcessingRecord[];
  /** Rules of the retention schedule whose stores hold nothing about anybody, and why that is so. */
  readonly impersonal: readonly { readonly retention: string; readonly because: string }[];
}

/** Word that stands for a record in the lines of rules that hold nothing about anybody; no record can have it as its id. */
const NOBODY = '-';

export function recordsUnder({ processing }: ProcessingRegister, profile: string): readonly ProcessingRecord[] {
  return processing.filter(({ profiles }) => profiles?.includes(profile) ?? true);
}

/**
 * The records of a profile as a figure: one line per record and rule of the retention schedule, `record rule`, and `- rule` where the rule is
 * about nobody.
 */
export function processingLines(
  register: ProcessingRegister | undefined,
  rules: readonly RetentionRule[],
  profile: string,
): readonly string[] {
  if (!register) {
    return [];
  }
  const bound = new Set(rules.filter(({ profiles }) => profiles?.includes(profile) ?? true).map(({ id }) => id));
  return [
    ...recordsUnder(register, profile).flatMap(({ id, retention }) => retention.map((rule) => `${id} ${rule}`)),
    ...register.impersonal
      .filter(({ retention }) => bound.has(retention))
      .map(({ retention }) => `${NOBODY} ${retention}`),
  ].sort();
}
