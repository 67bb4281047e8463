import { type EndingSession, everyDatabase } from '../database-access/every-database';

export interface RowSweep {
  /** Opens a session of `row_keeper` in a database. */
  connect(database: string): Promise<EndingSession>;
  /**
   * Rows that one transaction deletes at most: while it commits, others wait for the chain of the activity log.
   *
   * @default 500
   */
  readonly batch?: number;
  /** Whether there is time for another batch. */
  hasTime(): boolean;
  log(line: string): void;
}

/** What one pass over a database came to. */
interface Pass {
  readonly deleted: number;
  /** Why rows are left, by table. */
  readonly left: ReadonlyMap<string, string>;
}

/**
 * Deletes the rows of every database that have outlived their period, in batches that each commit.
 *
 * @returns how many rows each database lost
 * @throws Error that names each database in which rows are left that should be gone, have no time or one to come, or that could not be swept;
 *   the others are swept all the same
 */
export async function sweepRows(sweep: RowSweep): Promise<Readonly<Record<string, number>>> {
  const deleted: Record<string, number> = {};
  const failures: string[] = [];
  for (const database of await everyDatabase(sweep.connect)) {
    try {
      const session = await sweep.connect(database);
      try {
        const { deleted: count, faults } = await sweepDatabase(session, sweep);
        deleted[database] = count;
        failures.push(...faults.map((fault) => `${database}: ${fault}`));
        sweep.log(JSON.stringify({ database, deleted: count, faults }));
      } finally {
        await session.end();
      }
    } catch (error) {
      failures.push(`${database}: ${wordsOf(error)}`);
    }
  }
  if (failures.length > 0) {
    throw new Error(`rows are kept for longer than their period: ${failures.join(' | ')}`);
  }
  return deleted;
}

/** Again as long as it helps: rows that others refer to can go once those are gone. */
async function sweepDatabase(session: EndingSession, sweep: RowSweep) {
  let deleted = 0;
  let pass: Pass;
  do {
    pass = await sweepOnce(session, sweep);
    deleted += pass.deleted;
  } while (pass.deleted > 0 && pass.left.size > 0 && sweep.hasTime());
  return { deleted, faults: [...pass.left.values(), ...(await leftovers(session))] };
}

async function sweepOnce(session: EndingSession, sweep: RowSweep): Promise<Pass> {
  const { rows } = await session.query('SELECT part, name, tenant FROM retention.due()');
  const left = new Map<string, string>();
  let deleted = 0;
  for (const { part, name, tenant } of rows) {
    const table = String(name);
    try {
      const found = await sweepPlace(session, [part, tenant], sweep);
      deleted += found.deleted;
      if (found.heldBy !== undefined || !found.isDone) {
        left.set(
          table,
          `rows of ${table} ${found.isDone ? `are held back by ${found.heldBy}` : 'were not reached in time'}`,
        );
      }
    } catch (error) {
      // A trigger or a lock of one table must not keep the rows of the others
      left.set(table, `rows of ${table} cannot be deleted: ${wordsOf(error)}`);
    }
  }
  return { deleted, left };
}

async function sweepPlace(session: EndingSession, place: readonly unknown[], { batch = 500, hasTime }: RowSweep) {
  let deleted = 0;
  let heldBy: string | undefined;
  let isDone = false;
  let after: readonly unknown[] = ['-infinity', '(0,0)'];
  while (!isDone && hasTime()) {
    const { rows } = await session.query('SELECT * FROM retention.delete_overdue($1, $2, $3, $4, $5)', [
      ...place,
      batch,
      ...after,
    ]);
    const [answer = {}] = rows;
    const seen = Number(answer.seen);
    deleted += Number(answer.deleted);
    if (seen > Number(answer.deleted)) {
      heldBy = String(answer.held_by ?? 'something that is no constraint');
    }
    isDone = !(seen >= batch);
    after = [answer.last_at, answer.last_row];
  }
  return { deleted, heldBy, isDone };
}

/**
 * What is still there afterwards, counted anew: not what the sweep believes of itself. Rows whose period ended in the meantime, or that somebody
 * was changing, have a day until they count.
 */
async function leftovers(session: EndingSession): Promise<readonly string[]> {
  const { rows } = await session.query('SELECT * FROM retention.overdue(1)');
  return rows.flatMap(({ kept, clock, overdue, undated, ahead }) => [
    ...(Number(overdue) > 0 ? [`${overdue} rows of ${kept} are more than a day past their period`] : []),
    ...(Number(undated) > 0 ? [`${undated} rows of ${kept} have no ${clock}`] : []),
    ...(Number(ahead) > 0 ? [`${ahead} rows of ${kept} have a ${clock} that is to come`] : []),
  ]);
}

/** PostgreSQL's own words, without its DETAIL: that prints the values of a row. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
