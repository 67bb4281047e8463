import { type CsvColumn, csvHead, csvLine } from './csv';
import type { ExportPlace, Written } from './export-place';

export type RowFormat = 'json' | 'csv';

/** A part of a table: the same rows in each format, and each a file that can be read alone. */
export interface RowPart {
  readonly rows: number;
  readonly files: readonly Written[];
}

export interface RowPartsOptions {
  readonly place: Pick<ExportPlace, 'write'>;
  readonly formats: readonly RowFormat[];
  /** `schema.table`. */
  readonly table: string;
  readonly columns: readonly CsvColumn[];
  /** Parts that are there already. */
  readonly before: number;
  /** Bytes from which a part is written. */
  readonly most: number;
}

const TYPES: Readonly<Record<RowFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8; header=present',
};

/** Gathers rows of a table and writes them in parts, so that memory does not grow with the table. */
export class RowParts {
  readonly written: RowPart[] = [];
  private lines: Record<RowFormat, string[]> = { json: [], csv: [] };
  private bytes = 0;

  constructor(private readonly options: RowPartsOptions) {}

  /** @returns bytes that were added */
  add(json: string, values: readonly (string | null)[]): number {
    const line = { json, csv: csvLine(this.options.columns, values) };
    for (const format of this.options.formats) {
      this.lines[format].push(line[format]);
    }
    const bytes = Buffer.byteLength(line.json) + Buffer.byteLength(line.csv);
    this.bytes += bytes;
    return bytes;
  }

  get isFull(): boolean {
    return this.bytes >= this.options.most;
  }

  /** Writes what was gathered; a table without a row has a part all the same, which shows its columns. */
  async flush(): Promise<void> {
    const { before, formats, place, table } = this.options;
    const number = before + this.written.length + 1;
    const rows = this.lines[formats[0] ?? 'json'].length;
    if (rows === 0 && number > 1) {
      return;
    }
    const files: Written[] = [];
    for (const format of formats) {
      const name = `rows/${encodeURIComponent(table)}/${String(number).padStart(6, '0')}.${format}`;
      files.push(await place.write(name, this.body(format), TYPES[format]));
    }
    this.written.push({ rows, files });
    this.lines = { json: [], csv: [] };
    this.bytes = 0;
  }

  private body(format: RowFormat): Buffer {
    const lines = this.lines[format];
    return format === 'json'
      ? Buffer.from(lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`)
      : Buffer.from(`${csvHead(this.options.columns)}${lines.join('')}`);
  }
}
