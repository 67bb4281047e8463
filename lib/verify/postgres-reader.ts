import type { Client, QueryConfig } from 'pg';
import type { DatabaseReader } from '../control/database';
import type { Fact } from '../control/fact';
import type { ReadResult } from '../control/live';
import { failedQuery } from './failed-query';
import { canonicalJson, plainObject } from './plain-data';
import { valueParser } from './postgres-values';

type Rows = ReadResult<readonly Fact[]>;

/**
 * Runs queries of controls over one session: one at a time, each in a transaction of its own that can only read, and each once in a run.
 */
export class PostgresReader implements DatabaseReader {
  private readonly answers = new Map<string, Promise<Rows>>();
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param target path of the database among the targets of the run
   * @param timeout milliseconds that one statement may take
   */
  constructor(
    private readonly client: Client,
    readonly name: string,
    readonly target: string,
    readonly now: Date,
    private readonly timeout: number,
  ) {}

  query(sql: string, values: readonly unknown[] = []): Promise<Rows> {
    const key = `${sql} ${canonicalJson(values)}`;
    let answer = this.answers.get(key);
    if (!answer) {
      answer = this.last.then(() => this.run(sql, values));
      this.last = answer;
      this.answers.set(key, answer);
    }
    return answer;
  }

  /** Ends the session; nothing can be read afterwards. */
  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  private async run(sql: string, values: readonly unknown[]): Promise<Rows> {
    try {
      await this.client.query('BEGIN TRANSACTION READ ONLY');
      await this.client.query(this.settings());
      // Extended, so that what was given as one statement is one: a second could end the transaction
      const query: QueryConfig & { readonly queryMode: 'extended' } = {
        text: sql,
        values: [...values],
        queryMode: 'extended',
        types: { getTypeParser: (oid: number) => valueParser(oid) },
      };
      const { rows } = await this.client.query<Record<string, unknown>>(query);
      return { ok: true, value: rows.map(plainObject) };
    } catch (error) {
      return failedQuery(error);
    } finally {
      await this.client.query('ROLLBACK').catch(() => undefined);
    }
  }

  /** Names are looked up in the catalogue first, whatever the role was set to; values come in one form. */
  private settings(): string {
    return [
      `SET LOCAL statement_timeout = ${this.timeout}`,
      `SET LOCAL lock_timeout = ${this.timeout}`,
      'SET LOCAL search_path = pg_catalog',
      "SET LOCAL datestyle = 'ISO, YMD'",
      "SET LOCAL timezone = 'UTC'",
      "SET LOCAL bytea_output = 'hex'",
      "SET LOCAL intervalstyle = 'iso_8601'",
    ].join('; ');
  }
}
