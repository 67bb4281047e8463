import type { Terminal } from './terminal';
import { columnsOf, wrapLines } from './wrap';

export interface Column {
  readonly head: string;
  /** Columns of text with the blank after it, or a fraction below 1 of what the fixed ones leave. */
  readonly width: number;
}

/** A cell: text that is wrapped first and painted after, and over how many columns it goes. */
export type Cell = string | { readonly text: string; readonly paint?: Paint; readonly span?: number };

/** Cells, a rule across all columns, or an empty line. */
export type Row = readonly Cell[] | 'rule' | 'gap';

type Paint = (line: string) => string;

const narrowest = 10;

function widthsOf(columns: readonly Column[], total: number): readonly number[] {
  const fixed = columns.reduce((sum, { width }) => sum + (width >= 1 ? width : 0), 0);
  const rest = total - fixed - columns.length + 1;
  return columns.map(({ width }) => (width >= 1 ? width : Math.max(narrowest, Math.floor(rest * width))));
}

/** A row as the lines of a terminal: each cell is wrapped to its columns, and painted once it is as wide as they are. */
function linesOf(row: readonly Cell[], widths: readonly number[]): readonly string[] {
  let position = 0;
  const cells = row.map((cell) => {
    const { text, paint = unpainted, span = 1 } = typeof cell === 'string' ? { text: cell } : cell;
    const width = widths.slice(position, position + span).reduce((sum, each) => sum + each, span - 1);
    position += span;
    return { width, paint, lines: text.split('\n').flatMap((line) => wrapLines(line, width - 1)) };
  });
  const height = Math.max(...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    cells
      .map(({ width, paint, lines }) => filled(lines[index] ?? '', width, paint))
      .join(' ')
      .trimEnd(),
  );
}

function filled(line: string, width: number, paint: Paint): string {
  const room = ' '.repeat(Math.max(0, width - columnsOf(line)));
  return line === '' ? room : `${paint(line)}${room}`;
}

function unpainted(line: string): string {
  return line;
}

/** A table as wide as the terminal, without a frame. */
export function grid({ width, colour }: Terminal, columns: readonly Column[], rows: readonly Row[]): string {
  const widths = widthsOf(columns, width);
  const rule = colour.dim('─'.repeat(widths.reduce((sum, each) => sum + each, widths.length - 2)));
  const heads = columns.map(({ head }): Cell => ({ text: head, paint: colour.dim }));
  const lines = rows.flatMap((row) => {
    if (row === 'rule') {
      return [rule];
    }
    return row === 'gap' ? [''] : linesOf(row, widths);
  });
  return [...linesOf(heads, widths), ...lines].join('\n');
}
