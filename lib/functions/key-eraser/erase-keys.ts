import { type EndingSession, everyDatabase } from '../database-access/every-database';
import type { RecordErasure } from '../erasure-ledger/erasure-ledger';

export interface KeyErasure {
  /** Opens a session of `tenant_eraser` in a database. */
  connect(database: string): Promise<EndingSession>;
  readonly record: RecordErasure;
  /** Whether there is time for another key. */
  hasTime(): boolean;
  log(line: string): void;
}

/**
 * Destroys the keys of people whose destruction was asked for, in every database: each is written into the ledger first, and one that cannot be
 * stays. Run again after an interruption it finishes what was begun.
 *
 * @returns how many were destroyed
 * @throws Error that names each database in which keys are left that were to be destroyed; the others lose theirs all the same
 */
export async function eraseKeys(erasure: KeyErasure): Promise<number> {
  const failures: string[] = [];
  let destroyed = 0;
  for (const database of await everyDatabase(erasure.connect)) {
    try {
      const session = await erasure.connect(database);
      try {
        const count = await eraseKeysIn(session, erasure);
        destroyed += count;
        erasure.log(JSON.stringify({ database, destroyed: count }));
      } finally {
        await session.end();
      }
    } catch (error) {
      failures.push(`${database}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failures.length > 0) {
    throw new Error(`keys of people that were to be destroyed are left: ${failures.join(' | ')}`);
  }
  return destroyed;
}

async function eraseKeysIn(session: EndingSession, { hasTime, record }: KeyErasure): Promise<number> {
  const { rows } = await session.query('SELECT key, tenant FROM erasure.asked_keys()');
  let destroyed = 0;
  for (const { key, tenant } of rows) {
    if (!hasTime()) {
      throw new Error(`${rows.length - destroyed} of ${rows.length} were not reached in time`);
    }
    await record({ tenant: String(tenant), key: String(key) });
    const { rows: answers } = await session.query('SELECT erasure.destroy_keys($1, $2) AS left_over', [tenant, [key]]);
    if (String(answers[0]?.left_over) !== '0') {
      throw new Error(`key ${String(key)} still opens something`);
    }
    destroyed += 1;
  }
  return destroyed;
}
