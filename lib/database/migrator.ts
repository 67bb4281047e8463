import type { ClientBase } from 'pg';
import type { Migration } from './migration-files';

export interface MigrateOptions {
  readonly migrations: readonly Migration[];
  /**
   * Role that the migrations run as and that owns what they make; whoever signed in must be able to put it on.
   *
   * @default - whoever signed in
   */
  readonly role?: string;
  /**
   * Settings of the session that migrations read with `current_setting`, such as `tenancy.mode`.
   *
   * @default - none
   */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * How long a migration waits for a lock on a table before it fails: everybody else who wants the table queues behind it meanwhile.
   *
   * @default 5000
   */
  readonly lockTimeoutMs?: number;
  /**
   * How long one statement may take.
   *
   * @default 300000
   */
  readonly statementTimeoutMs?: number;
  /**
   * How long to wait for somebody else who migrates the same database.
   *
   * @default 300000
   */
  readonly turnTimeoutMs?: number;
  /**
   * Whose numbers these are: each owner counts from its own beginning, in a table of its own in the schema `tenancy`.
   *
   * @default 'migrations'
   */
  readonly history?: 'migrations' | 'application_migrations';
  /**
   * Stands around the run of each file, within its transaction: what it throws undoes the migration.
   *
   * @default - the file is run, and nothing else
   */
  readonly around?: (client: ClientBase, run: () => Promise<void>) => Promise<void>;
  /**
   * Hears of each migration when it is applied.
   *
   * @default - nobody does
   */
  readonly onProgress?: (progress: MigrationProgress) => void;
}

export interface MigrationProgress {
  readonly migration: string;
  readonly milliseconds: number;
  /** How many of the files are applied now, of how many. */
  readonly applied: number;
  readonly total: number;
}

export interface MigrationReport {
  /** Names of what was applied now, in order. */
  readonly applied: readonly string[];
  /** How many were applied before. */
  readonly already: number;
  /**
   * Names of what was applied before and is not among the files: a newer version was here. Not an error, for a deployment that is rolled
   * back meets what the failed one left.
   */
  readonly unknown: readonly string[];
}

const KINDS = { migrations: 'migration', application_migrations: 'application migration' } as const;

/** A migration that failed: nothing of it stays, what was applied before it does, and the next run goes on with it. */
export class MigrationError extends Error {
  readonly migration: string;

  constructor(migration: string, cause: unknown, history: MigrateOptions['history'] = 'migrations') {
    super(`${KINDS[history]} ${migration} failed and was undone: ${wordsOf(cause)}`, { cause });
    this.name = 'MigrationError';
    this.migration = migration;
  }
}

/**
 * Brings one database to the newest schema. Each file runs once, in a transaction of its own; run again, or by two at the same time, the
 * rest is done by whoever has the turn. Numbers need not be applied in order: ranges of numbers belong to different owners.
 *
 * The history stands in `tenancy.migrations`, or in the table that `history` names. What a file sets for the session does not reach the next:
 * all begin alike, whether they run in one session or years apart.
 *
 * @param client a session of its own, not one of a pooler that shares sessions between transactions
 * @throws Error if a file was edited after it was applied, naming it; nothing is changed then
 * @throws MigrationError if a file fails, or ends its transaction by itself
 */
export async function migrate(client: ClientBase, options: MigrateOptions): Promise<MigrationReport> {
  await waitForTurn(client, options.turnTimeoutMs ?? 300_000);
  try {
    await prepareSession(client, options);
    return await applyMissing(client, options);
  } finally {
    // A session that is gone has given the turn back by itself
    await client.query('SELECT pg_advisory_unlock($1)', [TURN]).catch(() => undefined);
  }
}

/** Key of the advisory lock whose holder may migrate the database it is connected to. */
const TURN = 4_272_001;

/** Names are looked up where they say they are: a migration that leaves out the schema fails instead of landing somewhere. */
async function prepareSession(client: ClientBase, options: MigrateOptions): Promise<void> {
  const wanted = Object.entries({
    ...(options.role === undefined ? {} : { role: options.role }),
    search_path: 'pg_catalog, pg_temp',
    ...options.settings,
    lock_timeout: `${options.lockTimeoutMs ?? 5000}ms`,
    statement_timeout: `${options.statementTimeoutMs ?? 300_000}ms`,
  });
  await client.query('RESET ALL');
  const places = wanted.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, false)`);
  await client.query(`SELECT ${places.join(', ')}`, wanted.flat());
}

async function set(client: ClientBase, name: string, value: string): Promise<void> {
  await client.query('SELECT set_config($1, $2, false)', [name, value]);
}

async function waitForTurn(client: ClientBase, milliseconds: number): Promise<void> {
  await set(client, 'lock_timeout', `${milliseconds}ms`);
  await set(client, 'statement_timeout', '0');
  try {
    await client.query('SELECT pg_advisory_lock($1)', [TURN]);
  } catch (error) {
    throw new Error(
      `somebody else has been migrating this database for ${milliseconds / 1000} seconds: ${wordsOf(error)}`,
    );
  }
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

async function applyMissing(client: ClientBase, options: MigrateOptions): Promise<MigrationReport> {
  const { migrations, history = 'migrations' } = options;
  const before = await readHistory(client, history);
  for (const migration of migrations) {
    refuseIfEdited(migration, before.get(migration.number), history);
  }
  const missing = migrations.filter(({ number }) => !before.has(number));
  const already = migrations.length - missing.length;
  const applied: string[] = [];
  for (const migration of missing) {
    const milliseconds = await apply(client, migration, options);
    applied.push(migration.name);
    const done = already + applied.length;
    options.onProgress?.({ migration: migration.name, milliseconds, applied: done, total: migrations.length });
  }
  const known = new Set(migrations.map(({ number }) => number));
  const unknown = [...before.values()].filter(({ number }) => !known.has(number)).map(({ name }) => name);
  return { applied, already, unknown };
}

type History = keyof typeof KINDS;

async function readHistory(client: ClientBase, history: History): Promise<ReadonlyMap<number, Applied>> {
  const { rows: exists } = await client.query("SELECT to_regclass('tenancy.migrations') IS NOT NULL AS there");
  if (!exists[0]?.there) {
    await client.query(`
      CREATE SCHEMA tenancy
      CREATE TABLE migrations (
        number integer PRIMARY KEY,
        name text NOT NULL,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        applied_by text NOT NULL DEFAULT session_user,
        milliseconds integer NOT NULL
      )`);
  }
  const { rows } = await client.query<Applied>(`SELECT number, name, sha256 FROM tenancy.${history} ORDER BY number`);
  return new Map(rows.map((row) => [row.number, row]));
}

function refuseIfEdited(migration: Migration, applied: Applied | undefined, history: History): void {
  if (applied && (applied.sha256 !== migration.sha256 || applied.name !== migration.name)) {
    throw new Error(
      `${KINDS[history]} ${migration.name} was edited after it was applied as ${applied.name}: its digest is ${migration.sha256}, applied was ${applied.sha256}; put the file back and write the change into a new one`,
    );
  }
}

/** @returns milliseconds that it took */
async function apply(client: ClientBase, migration: Migration, options: MigrateOptions): Promise<number> {
  const { history = 'migrations' } = options;
  const begun = performance.now();
  try {
    await prepareSession(client, options);
    await client.query('BEGIN');
    const run = () => runWhole(client, migration);
    await (options.around?.(client, run) ?? run());
    const milliseconds = Math.round(performance.now() - begun);
    await client.query(`INSERT INTO tenancy.${history} (number, name, sha256, milliseconds) VALUES ($1, $2, $3, $4)`, [
      migration.number,
      migration.name,
      migration.sha256,
      milliseconds,
    ]);
    await client.query('COMMIT');
    return milliseconds;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError(migration.name, error, history);
  }
}

async function runWhole(client: ClientBase, { sql }: Migration): Promise<void> {
  const transaction = await transactionOf(client);
  await client.query(sql);
  if ((await transactionOf(client)) !== transaction) {
    throw new Error('it ends the transaction that it runs in, so it is half done: take COMMIT and ROLLBACK out of it');
  }
}

async function transactionOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
  return rows[0]?.id ?? '';
}

/** PostgreSQL's own words, without its DETAIL: that prints the values of a row. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { code, hint } = error as Error & { readonly code?: string; readonly hint?: string };
  return `${error.message}${code ? ` (${code})` : ''}${hint ? `; ${hint}` : ''}`;
}
