import type { Client } from 'pg';
import { inTenantTransaction } from '../../database/tenant-transaction';
import type { ExportPlace } from './export-place';
import { type ExportedTable, exportedTables, type TenantTables } from './exported-tables';
import { close, countOf, type RowPlace, rowsOf } from './row-cursor';
import { type RowFormat, type RowPart, RowParts } from './row-parts';
import { exportSnapshot, lockTables, takeOver, untilTakenOver } from './snapshot-relay';

/** How far the rows of an export have come, for whoever goes on. */
export interface RowProgress {
  /** Which turn comes next, from 1 on. */
  readonly round: number;
  /** The moment that all rows are read as of, as long as the transaction before is open. */
  readonly snapshot: string;
  readonly table: string;
  readonly after?: RowPlace;
  /** Parts and rows of that table that are written. */
  readonly parts: number;
  readonly rows: number;
}

/** What one turn has written, as it stands in the index. */
export interface RowIndex {
  readonly readAt: string;
  /** Every table that the export has to hold. */
  readonly expected: readonly string[];
  readonly exempt: TenantTables['exempt'];
  readonly tables: readonly TableIndex[];
}

export interface TableIndex {
  readonly table: string;
  readonly columns: readonly string[];
  readonly encrypted: readonly string[];
  /** Columns that stay behind, because somebody signs in by them. */
  readonly withheld: readonly string[];
  readonly parts: readonly RowPart[];
  /** All rows of the table, as PostgreSQL counted them; only where its last part is among these. */
  readonly rows?: number;
}

export interface RowExport {
  readonly tenant: string;
  /** Whose the session is in the activity log. */
  readonly by: string;
  readonly place: Pick<ExportPlace, 'write' | 'writeJson'>;
  readonly formats: readonly RowFormat[];
  /**
   * Bytes from which a part of a table is written.
   *
   * @default 16 MiB
   */
  readonly partBytes?: number;
  /** Whether there is time for another batch. */
  hasTime(): boolean;
  /** Lets somebody go on; the transaction stays open until that has the snapshot, or `patience` is over. */
  handOver(progress: RowProgress): Promise<void>;
  /** Whether it makes sense to wait for a successor any longer. */
  patience(): boolean;
}

/**
 * Writes the rows of a tenant as of one moment, however long it takes: what one run has no time for, another goes on with, in the same snapshot,
 * which the first one holds open until then.
 *
 * @returns whether all are written; otherwise somebody else goes on
 * @throws Error where a table has not as many rows in the export as in the database, and where the snapshot is gone
 */
export async function exportRows(client: Client, from: RowProgress | undefined, work: RowExport): Promise<boolean> {
  const context = { tenantId: work.tenant, actor: work.by, userAgent: 'export of a tenant' };
  return inTenantTransaction(client, context, (session) => turn(session, from, work), { snapshot: from?.snapshot });
}

async function turn(session: Client, from: RowProgress | undefined, work: RowExport): Promise<boolean> {
  await session.query(
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL extra_float_digits = 1",
  );
  const tables = await exportedTables(session);
  await lockTables(session, tables.exported);
  if (from) {
    await takeOver(session, from.snapshot);
  }
  const round = from?.round ?? 1;
  const done: TableIndex[] = [];
  const names = tables.exported.map(({ name }) => name);
  const first = from ? names.indexOf(from.table) : 0;
  let open: Omit<RowProgress, 'round' | 'snapshot'> | undefined;
  for (const table of tables.exported.slice(first)) {
    const start = from?.table === table.name ? from : undefined;
    const { index, rest } = await writeTable(session, table, start, work);
    done.push(index);
    open = rest;
    if (open) {
      break;
    }
  }
  const { rows } = await session.query<{ at: Date }>('SELECT transaction_timestamp() AS at');
  const index: RowIndex = {
    readAt: rows[0]?.at.toISOString() ?? '',
    expected: names,
    exempt: tables.exempt,
    tables: done,
  };
  await work.place.writeJson(`index/rows-${String(round).padStart(6, '0')}.json`, index);
  if (!open) {
    return true;
  }
  const snapshot = await exportSnapshot(session);
  await work.handOver({ ...open, round: round + 1, snapshot });
  await untilTakenOver(session, snapshot, work.patience);
  return false;
}

async function writeTable(
  session: Client,
  table: ExportedTable,
  start: Pick<RowProgress, 'after' | 'parts' | 'rows'> | undefined,
  { formats, hasTime, partBytes: most = 16 * 1024 * 1024, place }: RowExport,
): Promise<{ index: TableIndex; rest?: Omit<RowProgress, 'round' | 'snapshot'> }> {
  const columns = table.columns.filter(({ isCredential }) => !isCredential);
  const before = start?.parts ?? 0;
  const parts = new RowParts({ place, formats, table: table.name, columns, before, most });
  let after = start?.after;
  let rows = start?.rows ?? 0;
  const index = () => ({
    table: table.name,
    columns: columns.map(({ name }) => name),
    encrypted: columns.filter(({ isEncrypted }) => isEncrypted).map(({ name }) => name),
    withheld: table.columns.filter(({ isCredential }) => isCredential).map(({ name }) => name),
    parts: parts.written,
  });
  const reading = rowsOf(session, table, after);
  let weight: number | undefined;
  for (;;) {
    const batch = await reading.next(weight);
    if (batch.done) {
      break;
    }
    weight = batch.value.reduce((sum, { json, values }) => sum + parts.add(json, values), 0);
    rows += batch.value.length;
    after = batch.value.at(-1)?.place;
    if (parts.isFull) {
      await parts.flush();
    }
    if (!hasTime()) {
      await close(session);
      await parts.flush();
      return { index: index(), rest: { table: table.name, after, parts: before + parts.written.length, rows } };
    }
  }
  await parts.flush();
  const counted = await countOf(session, table);
  if (counted !== rows) {
    throw new Error(`table ${table.name} has ${counted} rows, and ${rows} were written: the export is not whole`);
  }
  return { index: { ...index(), rows } };
}
