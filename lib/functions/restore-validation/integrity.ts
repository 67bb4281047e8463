import { ENTRY } from '../../database/audit-link';

/** Sends one statement to one database and returns its rows. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** What one check found in one store: a database, a table, a bucket. `absent`: the store has no such thing to check. */
export interface CheckResult {
  readonly store: string;
  readonly check: string;
  readonly outcome: 'passed' | 'failed' | 'absent';
  readonly found: string;
}

/** A question to a restored database whose answer is a number, `found`, and the answer that a whole database gives. */
interface IntegrityCheck {
  readonly name: string;
  /** Whether there is something to check: a statement that returns `applies`. */
  readonly applies?: string;
  /** What the question needs; undone afterwards. */
  readonly before?: readonly string[];
  readonly sql: string;
  readonly accepts: (found: number) => boolean;
}

const none = (found: number) => found === 0;

/** Tables of the application: not PostgreSQL's own, nor those of a session. */
const OWN_TABLES = `c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'`;

/** Reading every page of every index takes time; those above 800 MB are left out, so that a drill ends within its function's life. */
const LARGEST_INDEX_PAGES = 100_000;

/** What is asked of each restored database. */
export const CHECKS: readonly IntegrityCheck[] = [
  {
    name: 'every constraint is validated',
    sql: 'SELECT count(*)::int AS found FROM pg_constraint WHERE NOT convalidated',
    accepts: none,
  },
  {
    name: 'every index is valid',
    sql: 'SELECT count(*)::int AS found FROM pg_index WHERE NOT (indisvalid AND indisready)',
    accepts: none,
  },
  {
    name: 'every trigger that guards is on',
    sql: `SELECT count(*)::int AS found FROM pg_trigger WHERE tgenabled = 'D'`,
    accepts: none,
  },
  {
    // Reads every page of the indexes and fails on the first that is out of order. Only where the administrator may add the extension
    name: 'indexes are in order',
    applies: `SELECT has_database_privilege(current_database(), 'CREATE')
      AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'amcheck') AS applies`,
    before: ['CREATE SCHEMA restore_validation', 'CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA restore_validation'],
    sql: `SELECT count(restore_validation.bt_index_check(c.oid))::int * 0 AS found
      FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_am a ON a.oid = c.relam
      WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisvalid AND c.relpages <= ${LARGEST_INDEX_PAGES}`,
    accepts: none,
  },
  {
    // Each link's hash is over the one before and its entries; a missing entry breaks it as well
    name: 'the audit chain is unbroken',
    // By its name in the catalogue: whoever may not look into the schema could not ask for it otherwise
    applies: `SELECT EXISTS (
      SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'audit' AND c.relname = 'link') AS applies`,
    before: ['GRANT security_owner TO CURRENT_USER', 'SET LOCAL ROLE security_owner'],
    sql: `SELECT count(*)::int AS found FROM (
        SELECT link.*,
          coalesce(
            lag(link.hash) OVER (PARTITION BY link.lane ORDER BY link.seq),
            (SELECT checkpoint.hash FROM audit.checkpoint WHERE checkpoint.lane = link.lane AND checkpoint.seq = link.seq - 1)
          ) AS before,
          (SELECT string_agg(sha256(convert_to(${ENTRY}, 'UTF8')), '' ORDER BY entry.id)
            FROM audit.log AS entry WHERE entry.batch = link.batch AND entry.at = link.at) AS digests
        FROM audit.link
      ) AS chain
      WHERE hash IS DISTINCT FROM sha256(before || convert_to(array_to_json(ARRAY[lane, seq, batch, entries])::text, 'UTF8') || digests)`,
    accepts: none,
  },
];

/**
 * Looks into every database of a restored cluster: into that of each tenant, where tenants have their own.
 *
 * @param open opens a session in a database, and ends it when the work is done
 * @param expected names of the databases of tenants that must be there
 * @returns one result for each check in each database; a cluster without a single table of an application fails by its own result, and so does
 *   one that lacks the database of a tenant
 */
export async function judgeCluster(
  open: <T>(database: string, work: (query: Query) => Promise<T>) => Promise<T>,
  expected: readonly string[] = [],
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  let tables = 0;
  const databases = await open('postgres', databasesOf);
  const missing = expected.filter((name) => !databases.includes(name));
  if (expected.length > 0) {
    results.push({
      store: '*',
      check: 'every tenant has its database',
      outcome: missing.length === 0 ? 'passed' : 'failed',
      found: missing.length === 0 ? `${expected.length} of them` : `${missing.join(', ')} missing`,
    });
  }
  for (const database of databases) {
    await open(database, async (query) => {
      tables += await countOf(
        query,
        `SELECT count(*)::int AS found FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN_TABLES}`,
      );
      for (const check of CHECKS) {
        results.push({ store: database, check: check.name, ...(await judge(query, check)) });
      }
    });
  }
  // Nothing restored is not nothing wrong
  const outcome = tables > 0 ? 'passed' : 'failed';
  return [...results, { store: '*', check: 'there are tables', outcome, found: String(tables) }];
}

/** `rdsadmin` belongs to Amazon, who lets nobody in. */
async function databasesOf(query: Query): Promise<readonly string[]> {
  const rows = await query(
    `SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'rdsadmin' ORDER BY datname`,
  );
  return rows.map(({ name }) => String(name));
}

async function judge(query: Query, check: IntegrityCheck): Promise<Pick<CheckResult, 'outcome' | 'found'>> {
  await query('BEGIN');
  try {
    if (check.applies !== undefined && (await query(check.applies))[0]?.applies !== true) {
      return { outcome: 'absent', found: 'nothing to check' };
    }
    for (const statement of check.before ?? []) {
      await query(statement);
    }
    const found = await countOf(query, check.sql);
    return { outcome: check.accepts(found) ? 'passed' : 'failed', found: String(found) };
  } catch (error) {
    return { outcome: 'failed', found: error instanceof Error ? error.message : String(error) };
  } finally {
    await query('ROLLBACK');
  }
}

async function countOf(query: Query, sql: string): Promise<number> {
  const found = (await query(sql))[0]?.found;
  if (typeof found !== 'number') {
    throw new Error(`the database answered ${JSON.stringify(found)}, expected a number`);
  }
  return found;
}
