import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ExportedTable } from './exported-tables';

/** Number under which sessions of exports show each other that they are there. */
const PRESENCE = 0x65787074;

type Session = Pick<Client, 'query'>;

/**
 * Keeps tables as they are for as long as the transaction lasts: a row stays where it lies, and no column and no policy goes. Reading and writing go
 * on, as before.
 */
export async function lockTables(session: Session, tables: readonly ExportedTable[]): Promise<void> {
  await session.query(`LOCK TABLE ${tables.map(({ source }) => source).join(', ')} IN ACCESS SHARE MODE`);
}

/** Shows the transaction that holds a snapshot open that another has it now. */
export async function showPresence(session: Session, snapshot: string): Promise<void> {
  await session.query('SELECT pg_advisory_xact_lock_shared($1, hashtext($2))', [PRESENCE, snapshot]);
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
    await setTimeout(200);
  }
}
