import { createHash } from 'node:crypto';
import { ACCOUNTS, type AccountIndex } from './accounts';
import { type ExportPlace, MANIFEST, type Written } from './export-place';
import type { FileIndex } from './files';
import type { RowIndex, TableIndex } from './rows';

export interface Seal {
  readonly place: ExportPlace;
  readonly tenant: string;
  readonly export: string;
  readonly by: string;
  readonly requestedAt: string;
  readonly formats: readonly string[];
}

/** What an export comes to. */
export interface SealedExport {
  readonly manifest: Written;
  readonly tables: number;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

/** How the files are to be read: for whoever takes an export along and has nothing else of ours. */
const READING = {
  csv: 'RFC 4180, UTF-8. What is empty and not in quotes is NULL. Where a text begins with an apostrophe, that apostrophe was put in front so that no spreadsheet takes the text for a formula: take one away.',
  json: 'Arrays of objects, UTF-8. Bytes are hexadecimal after \\x, times are ISO 8601 in UTC; numbers have all their digits, more than some readers keep.',
  files:
    'SHA-256 of each file is in the lists of `files.lists`. Where partBytes stands, it is that of the SHA-256 of all parts of that size, one after the other.',
  encrypted: 'Columns under `encrypted` hold ciphertext, as it is stored: only the application has the keys.',
};

/**
 * Looks at what an export holds, against the lists of what was written, and only then writes its manifest: an export without one is none.
 *
 * @throws Error where a table is missing or lacks a part, and where S3 has more, less or shorter objects than were written
 */
export async function sealExport({ place, ...about }: Seal): Promise<SealedExport> {
  const { indexes: rowIndexes, lists: rowLists } = await indexesOf<RowIndex>(place, 'index/rows-');
  const [first] = rowIndexes;
  if (!first) {
    throw new Error('the export holds no list of tables: no row was written');
  }
  const accounts = await indexesOf<AccountIndex>(place, 'index/accounts-');
  const tables = [
    ...first.expected.map((name) =>
      tableOf(
        name,
        rowIndexes.flatMap(({ tables: each }) => each),
      ),
    ),
    tableOf(
      ACCOUNTS,
      accounts.indexes.map((index) => ({ ...index, table: ACCOUNTS, encrypted: [], withheld: [] })),
    ),
  ];
  const rowFiles = tables.flatMap(({ parts }) => parts.flatMap(({ files }) => files));
  await mustLieThere(place, 'rows/', rowFiles.length, bytesOf(rowFiles));
  const copied = await copiedFiles(place);
  await mustLieThere(place, 'files/', copied.count, copied.bytes);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const manifest = await place.writeJson(MANIFEST, {
    ...about,
    readAt: first.readAt,
    reading: READING,
    tables,
    exempt: first.exempt,
    lists: [...rowLists, ...accounts.lists],
    files: copied,
  });
  return {
    manifest,
    tables: tables.length,
    rows,
    files: copied.count,
    bytes: bytesOf(rowFiles) + copied.bytes,
  };
}

/** All that was written of a table, whoever wrote it. */
function tableOf(name: string, indexes: readonly TableIndex[]): TableIndex & { readonly rows: number } {
  const turns = indexes.filter(({ table }) => table === name);
  const [start] = turns;
  const rows = turns.at(-1)?.rows;
  const parts = turns.flatMap((turn) => turn.parts);
  const written = parts.reduce((sum, part) => sum + part.rows, 0);
  if (!start || rows === undefined) {
    throw new Error(`table ${name} is not whole in the export: ${start ? 'its end' : 'all of it'} is missing`);
  }
  if (written !== rows || parts.length === 0) {
    throw new Error(`table ${name} has ${rows} rows, and its parts hold ${written}: the export is not whole`);
  }
  return { ...start, parts, rows };
}

/** The lists of copied files, one after the other: there may be more of them than fit into memory together. */
async function copiedFiles(place: ExportPlace) {
  const found = { count: 0, bytes: 0, vanished: 0, lists: [] as Written[] };
  const lists = await listsOf(place, 'index/files-');
  if (lists.length === 0) {
    throw new Error('the export holds no list of files: none was copied');
  }
  for (const name of lists) {
    const { value, list } = await readList<FileIndex>(place, name);
    found.count += value.files.length;
    found.bytes += bytesOf(value.files);
    found.vanished += value.vanished;
    found.lists.push(list);
  }
  return found;
}

async function indexesOf<T>(place: ExportPlace, below: string) {
  const read = [];
  for (const name of await listsOf(place, below)) {
    read.push(await readList<T>(place, name));
  }
  return { indexes: read.map(({ value }) => value), lists: read.map(({ list }) => list) };
}

/** Numbered from 1 on without a gap: a list that is missing would take what it lists along. */
async function listsOf(place: ExportPlace, below: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of place.list(below)) {
    names.push(name);
  }
  const gap = names.findIndex((name, at) => name !== `${below}${String(at + 1).padStart(6, '0')}.json`);
  if (gap !== -1) {
    throw new Error(`list ${gap + 1} of the export is not there, but ${names[gap]}`);
  }
  return names;
}

async function readList<T>(place: ExportPlace, name: string): Promise<{ value: T; list: Written }> {
  const body = await place.read(name);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { value: JSON.parse(body.toString('utf8')) as T, list: { name, bytes: body.length, sha256 } };
}

async function mustLieThere(place: ExportPlace, below: string, count: number, bytes: number): Promise<void> {
  let present = 0;
  let size = 0;
  for await (const object of place.list(below)) {
    present += 1;
    size += object.bytes;
  }
  if (present !== count || size !== bytes) {
    throw new Error(
      `${below} of the export holds ${present} objects of ${size} bytes together, and ${count} of ${bytes} were written: it is not whole`,
    );
  }
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
