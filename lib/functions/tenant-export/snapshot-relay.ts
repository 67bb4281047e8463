import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ExportedTable } from './exported-tables';

/** Numbers under which sessions of exports show each other that they have a snapshot, and that they still hold it open for the next. */
const PRESENCE = 0x65787074;
const HOLD = 0x65787075;

/** Milliseconds between two looks at the other session, and for which one waits that has died without saying so. */
const BETWEEN_LOOKS = 200;
const LONGEST_FAREWELL = 5_000;

type Session = Pick<Client, 'query'>;

/**
 * Keeps tables as they are for as long as the transaction lasts: a row stays where it lies, and no column and no policy goes. Reading and writing go
 * on, as before.
 */
export async function lockTables(session: Session, tables: readonly ExportedTable[]): Promise<void> {
  await session.query(`LOCK TABLE ${tables.map(({ source }) => source).join(', ')} IN ACCESS SHARE MODE`);
}

/** Gives the snapshot of a transaction a name by which others can have it, for as long as the transaction lasts. */
export async function exportSnapshot(session: Session): Promise<string> {
  const { rows } = await session.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
  const snapshot = rows[0]?.id ?? '';
  await session.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [HOLD, snapshot]);
  return snapshot;
}

/**
 * Shows the transaction that holds a snapshot open that another has it now, and stays until it was seen: whoever has little left to do would be gone
 * before the other looks.
 */
export async function takeOver(session: Session, snapshot: string): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock_shared($1, hashtext($2))', [PRESENCE, snapshot]);
  for (let waited = 0; waited < LONGEST_FAREWELL; waited += BETWEEN_LOOKS / 4) {
    const { rows } = await session.query<{ alone: boolean }>(
      'SELECT pg_try_advisory_xact_lock_shared($1, hashtext($2)) AS alone',
      [HOLD, snapshot],
    );
    if (rows[0]?.alone === true) {
      return;
    }
    await setTimeout(BETWEEN_LOOKS / 4);
  }
}

/** Waits until another transaction has the snapshot, which lives on in that. */
export async function untilTakenOver(session: Session, snapshot: string, patience: () => boolean): Promise<void> {
  while (patience()) {
    const { rows } = await session.query<{ there: boolean }>(
      `SELECT EXISTS (
        SELECT FROM pg_catalog.pg_locks
        WHERE locktype = 'advisory' AND classid = $1::int8::oid AND objid = (hashtext($2)::int8 & 4294967295)::oid AND objsubid = 2
          AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) AND granted
      ) AS there`,
      [PRESENCE, snapshot],
    );
    if (rows[0]?.there === true) {
      return;
    }
    await setTimeout(BETWEEN_LOOKS);
  }
}
