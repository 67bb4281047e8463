import { type EndingSession, everyDatabase } from '../database-access/every-database';
import { Unfinished } from './unfinished';

export interface SharedRows {
  /** Opens a session of `tenant_eraser` in a database. */
  connect(database: string): Promise<EndingSession>;
  /**
   * Names of the databases.
   *
   * @default - every one of the cluster
   */
  readonly databases?: readonly string[];
  /**
   * Rows that one transaction deletes at most: while it commits, others wait for the chain of the activity log.
   *
   * @default 500
   */
  readonly batch?: number;
  /** Whether there is time for another batch. */
  hasTime(): boolean;
}

type Databases = Pick<SharedRows, 'connect' | 'databases'>;

/**
 * Deletes the rows of a tenant in every database that tenants share, in batches that each commit, and again as long as it helps: rows that others
 * refer to can go once those are gone.
 *
 * @throws Unfinished where there was no time for all, and Error where rows are left that nothing can delete, naming what holds them
 */
export async function eraseRows(tenant: string, rows: SharedRows): Promise<number> {
  return inEvery(rows, async (session) => {
    const { rows: places } = await session.query('SELECT part, name FROM erasure.places()');
    let total = 0;
    let held: Map<string, string>;
    let deleted: number;
    do {
      deleted = 0;
      held = new Map();
      for (const { part, name } of places) {
        const found = await eraseTable(session, [part, tenant], rows);
        deleted += found.deleted;
        if (found.heldBy !== undefined) {
          held.set(String(name), found.heldBy);
        }
      }
      total += deleted;
    } while (deleted > 0 && held.size > 0);
    if (held.size > 0) {
      const words = [...held].map(([name, by]) => `rows of ${name} by ${by}`).join(', ');
      throw new Error(`constraints hold back what is to be erased: ${words}`);
    }
    return total;
  });
}

async function eraseTable(session: EndingSession, place: readonly unknown[], { batch = 500, hasTime }: SharedRows) {
  let deleted = 0;
  let heldBy: string | undefined;
  let after: unknown = '(0,0)';
  for (let seen = batch; seen >= batch; ) {
    if (!hasTime()) {
      throw new Unfinished('rows are left for the next run');
    }
    const { rows } = await session.query('SELECT * FROM erasure.erase_rows($1, $2, $3, $4)', [...place, batch, after]);
    const [answer = {}] = rows;
    seen = Number(answer.seen);
    deleted += Number(answer.deleted);
    if (seen > Number(answer.deleted)) {
      heldBy = String(answer.held_by ?? 'something that is no constraint');
    }
    after = answer.last_row;
  }
  return { deleted, heldBy };
}

/**
 * Destroys the keys of all people of a tenant.
 *
 * @returns how many still open something: 0
 */
export async function destroyKeys(tenant: string, rows: Databases): Promise<number> {
  return inEvery(rows, async (session) => {
    const { rows: answers } = await session.query('SELECT erasure.destroy_keys($1) AS left_over', [tenant]);
    return Number(answers[0]?.left_over);
  });
}

/** Rows and keys that a tenant still has, in words; none where nothing is left. */
export async function remainingRows(tenant: string, rows: Databases): Promise<readonly string[]> {
  const found: string[] = [];
  await inEvery(rows, async (session) => {
    const { rows: remains } = await session.query('SELECT name, left_over FROM erasure.remains($1)', [tenant]);
    found.push(...remains.map(({ name, left_over: count }) => `${count} rows of ${name}`));
    return remains.length;
  });
  return found;
}

/** The sum over all databases. A cluster without one that can be entered is a fault: nothing would be erased, and nobody would notice. */
async function inEvery(
  { connect, databases: named }: Databases,
  work: (session: EndingSession) => Promise<number>,
): Promise<number> {
  const databases = named ?? (await everyDatabase(connect));
  if (databases.length === 0) {
    throw new Error('the cluster has no database that tenants share');
  }
  let total = 0;
  for (const database of databases) {
    const session = await connect(database);
    try {
      total += await work(session);
    } finally {
      await session.end();
    }
  }
  return total;
}
