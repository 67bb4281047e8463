import CliTable from 'cli-table3';
import type { Terminal } from './terminal';
import { wrapLines } from './wrap';

export interface Column {
  readonly head: string;
  /** Columns of text with the blank after it, or a fraction below 1 of what the fixed ones leave. */
  readonly width: number;
}

/** A cell: text that is wrapped first and painted after, and over how many columns it goes. */
export type Cell =
  | string
  | { readonly text: string; readonly paint?: (line: string) => string; readonly span?: number };

/** Cells, a rule across all columns, or an empty line. */
export type Row = readonly Cell[] | 'rule' | 'gap';

interface Drawn {
  readonly content: string;
  readonly colSpan: number;
}

const narrowest = 10;

/** Lines that are laid out at once: the layout of cli-table3 takes time in the square of its rows. */
const slice = 100;

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

function widthsOf(columns: readonly Column[], total: number): readonly number[] {
  const fixed = columns.reduce((sum, { width }) => sum + (width >= 1 ? width : 0), 0);
  const rest = total - fixed - columns.length + 1;
  return columns.map(({ width }) => (width >= 1 ? width : Math.max(narrowest, Math.floor(rest * width))));
}

/** A row as rows of single lines: cli-table3 spends time in the square of a cell's length where it holds several. */
function linesOf(row: readonly Cell[], widths: readonly number[]): readonly (readonly Drawn[])[] {
  let position = 0;
  const cells = row.map((cell) => {
    const { text, paint = unpainted, span = 1 } = typeof cell === 'string' ? { text: cell } : cell;
    const room = widths.slice(position, position + span).reduce((sum, width) => sum + width, span - 1) - 1;
    position += span;
    return { span, lines: text.split('\n').flatMap((line) => wrapLines(line, room).map(paint)) };
  });
  const height = Math.max(...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) =>
    cells.map(({ span, lines }) => ({ content: lines[index] ?? '', colSpan: span })),
  );
}

function unpainted(line: string): string {
  return line;
}

/** A table as wide as the terminal, without a frame. */
export function grid(terminal: Terminal, columns: readonly Column[], rows: readonly Row[]): string {
  const widths = widthsOf(columns, terminal.width);
  const full = widths.reduce((sum, width) => sum + width, widths.length - 1);
  const rule: Drawn = { content: terminal.colour.dim('─'.repeat(full - 1)), colSpan: columns.length };
  const lines = rows.flatMap((row) => {
    if (row === 'rule') {
      return [[rule]];
    }
    return row === 'gap' ? [[{ content: '', colSpan: columns.length }]] : linesOf(row, widths);
  });
  const drawn: string[] = [];
  for (let start = 0; start === 0 || start < lines.length; start += slice) {
    const table = new CliTable({
      head: start === 0 ? columns.map(({ head }) => terminal.colour.dim(head)) : [],
      colWidths: [...widths],
      style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
      chars: borderless,
    });
    table.push(...lines.slice(start, start + slice).map((line) => [...line]));
    drawn.push(...table.toString().split('\n'));
  }
  return drawn.map((line) => line.trimEnd()).join('\n');
}
