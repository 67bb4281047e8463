import type { ExportedTable } from './exported-tables';

/** A session of `pg` inside a transaction. */
export interface RowSession {
  query(query: { readonly text: string; readonly rowMode: 'array' }): Promise<{ readonly rows: readonly unknown[][] }>;
}

/** The place of a row: the table or partition that holds it, and where it lies there. Nothing moves while a snapshot looks. */
export interface RowPlace {
  /** Number of the table or partition. */
  readonly part: string;
  /** `(block,row)`. */
  readonly row: string;
}

export interface ExportedRow {
  readonly place: RowPlace;
  readonly json: string;
  readonly values: readonly (string | null)[];
}

/** Bytes of rows that are fetched at once, roughly: what the last fetch weighed says how many rows the next asks for. */
const WEIGHT = 4 * 1024 * 1024;

/**
 * The rows of a table that the session may see, in the order of where they lie, a few at a time. PostgreSQL itself turns values into text, so that
 * no number and no time loses a digit here.
 *
 * @param after place of the last row that is there already
 * @returns batches; whoever reads says after each what it weighed
 */
export async function* rowsOf(
  session: RowSession,
  table: ExportedTable,
  after?: RowPlace,
): AsyncGenerator<readonly ExportedRow[], void, number | undefined> {
  await ask(session, `DECLARE exported NO SCROLL CURSOR FOR ${selectionOf(table, after)}`);
  let count = 16;
  for (;;) {
    const { rows } = await ask(session, `FETCH ${count} FROM exported`);
    if (rows.length === 0) {
      break;
    }
    const bytes = yield rows.map(rowOf);
    const fitting = Math.floor((rows.length * WEIGHT) / Math.max(bytes ?? WEIGHT, 1));
    count = Math.max(1, Math.min(fitting, count * 4, 5000));
  }
  await close(session);
}

/** Ends a reading before its end. */
export async function close(session: RowSession): Promise<void> {
  await ask(session, 'CLOSE exported');
}

/** Rows that the session may see, counted by PostgreSQL in the same snapshot. */
export async function countOf(session: RowSession, { source }: ExportedTable): Promise<number> {
  const { rows } = await ask(session, `SELECT count(*)::text FROM ${source}`);
  return Number(rows[0]?.[0]);
}

function selectionOf({ columns, source }: ExportedTable, after?: RowPlace): string {
  const names = columns.filter(({ isCredential }) => !isCredential).map(({ name }) => `t.${identifier(name)}`);
  const texts = names.map((name) => `, ${name}::text`).join('');
  return `SELECT t.tableoid::text, t.ctid::text, (SELECT row_to_json(v)::text FROM (SELECT ${names.join(', ')}) AS v)${texts}
    FROM ${source} AS t ${after ? `WHERE (t.tableoid, t.ctid) > (${placeOf(after)})` : ''} ORDER BY t.tableoid, t.ctid`;
}

/** What an interruption has noted comes back through the process, so it is looked at before it becomes SQL. */
function placeOf({ part, row }: RowPlace): string {
  if (!/^\d{1,10}$/.test(part) || !/^\(\d{1,10},\d{1,5}\)$/.test(row)) {
    throw new Error(`the row after which to go on is '${part} ${row}', expected numbers as PostgreSQL gives them`);
  }
  return `${part}::oid, '${row}'::tid`;
}

function rowOf([part, row, json, ...values]: unknown[]): ExportedRow {
  return {
    place: { part: String(part), row: String(row) },
    json: String(json),
    values: values.map((value) => (typeof value === 'string' ? value : null)),
  };
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function ask(session: RowSession, text: string) {
  return session.query({ text, rowMode: 'array' });
}
