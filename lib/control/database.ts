import type { Fact } from './fact';
import type { LiveOutcome, ReadResult } from './live';
import type { Figures } from './parameter';

/** One database of a running PostgreSQL server, as a control may see it: queries in transactions that can only read. */
export interface DatabaseReader {
  /** Name of the database. */
  readonly name: string;
  /** The time of the run: what is recent is measured against it. */
  readonly now: Date;
  /**
   * Runs one query. Values of PostgreSQL that JSON has no form for arrive as text: `bigint`, `numeric`, `bytea` (hex), times (ISO 8601).
   * @param sql one statement that only reads; values as `$1`, `$2`
   */
  query(sql: string, values?: readonly unknown[]): Promise<ReadResult<readonly Fact[]>>;
}

/**
 * The half that judges a running database: its catalogue, roles, grants, settings and what they let through. Facts are plain data, as
 * those of a `LiveHalf`.
 */
export interface DatabaseHalf<Facts = unknown> {
  /** Whether the promise needs something to exist. `at-least-one`: nothing to judge is a finding with the message `missing`. */
  readonly expects: 'at-least-one' | 'any-number';
  collect(database: DatabaseReader): Promise<Facts>;
  /** Pure: the same facts give the same verdicts. Subjects are named `schema.table`, `role name`; types `PostgreSQL::Table`, `PostgreSQL::Role`. */
  judge(facts: Facts, context: { readonly figures: Figures }): readonly LiveOutcome[];
}
