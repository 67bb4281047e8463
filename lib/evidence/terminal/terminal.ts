import CliTable from 'cli-table3';
import type { Colors } from 'picocolors/types';
import type { ClaimStatus } from '../../control/evidence';
import type { Verdict } from '../../control/verdict';
import { oneLine, shortened } from '../printable';
import { spoken } from '../wording';

/** How a terminal is written to. */
export interface TerminalOptions {
  /** `picocolors`, which honours NO_COLOR and pipes, or `createColors(false)` for none. */
  readonly colour: Colors;
  /** Columns; at least 60 are used. @default 100 */
  readonly width?: number;
}

/** Longest text in one cell. */
const limit = 600;

export class Terminal {
  readonly colour: Colors;
  readonly width: number;

  constructor({ colour, width = 100 }: TerminalOptions) {
    this.colour = colour;
    this.width = Math.max(60, Math.floor(width));
  }

  /** The colour of a status or verdict; the word carries the meaning. */
  painter(state: ClaimStatus | Verdict): (text: string) => string {
    const { colour } = this;
    switch (state) {
      case 'broken':
      case 'not-satisfied':
        return (text) => colour.red(colour.bold(text));
      case 'unproven':
      case 'not-assessed':
        return colour.yellow;
      case 'kept':
      case 'satisfied':
      case 'attested':
        return colour.green;
      case 'excepted':
        return colour.magenta;
      case 'awaiting':
        return colour.cyan;
      default:
        return colour.dim;
    }
  }

  /** A status or verdict as a cell of a table. */
  state(state: ClaimStatus | Verdict): Cell {
    return { text: spoken(state), paint: this.painter(state) };
  }

  heading(text: string): string {
    return this.colour.bold(line(text));
  }

  /** Text broken to the width of the terminal, every line after the first indented by `indent`. */
  wrap(text: string, indent = 0): string {
    return wrapLines(text, this.width - indent).join(`\n${' '.repeat(indent)}`);
  }

  /**
   * A table as wide as the terminal.
   *
   * @param columns head and width of each: columns of text with their padding, or a fraction below 1 of what the fixed
   *   ones leave
   */
  table(columns: readonly Column[], rows: readonly (readonly Cell[])[], rules: 'between rows' | 'none'): string {
    const fixed = columns.reduce((sum, { width }) => sum + (width >= 1 ? width : 0), 0);
    const rest = this.width - fixed - columns.length + 1;
    const widths = columns.map(({ width }) => (width >= 1 ? width : Math.max(12, Math.floor(rest * width))));
    const table = new CliTable({
      head: columns.map(({ head }) => this.colour.dim(head)),
      colWidths: widths,
      style: { head: [], border: [], compact: rules === 'none', 'padding-left': 0, 'padding-right': 1 },
      chars: rules === 'none' ? bare : { ...bare, mid: '─', 'mid-mid': '─' },
    });
    for (const row of rows) {
      table.push(
        row.map((cell, position) => {
          const { text, paint = unpainted, span = 1 } = typeof cell === 'string' ? { text: cell } : cell;
          const room = widths.slice(position, position + span).reduce((sum, width) => sum + width, span - 1) - 1;
          return {
            content: text
              .split('\n')
              .flatMap((line) => wrapLines(line, room))
              .map(paint)
              .join('\n'),
            colSpan: span,
          };
        }),
      );
    }
    return table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
  }
}

export interface Column {
  readonly head: string;
  readonly width: number;
}

/** A cell: text that is wrapped first and painted after, and over how many columns it goes. */
export type Cell =
  | string
  | { readonly text: string; readonly paint?: (line: string) => string; readonly span?: number };

function unpainted(line: string): string {
  return line;
}

/** Lines of at most `room` characters, broken at blanks and, where a word is longer than a line, within it. */
function wrapLines(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
    while (line.length > room) {
      lines.push(line.slice(0, room));
      line = line.slice(room);
    }
  }
  return [...lines, line];
}

const bare = {
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

/** Text from outside in a terminal: one line, no escape sequence, cut visibly. */
export function line(text: string): string {
  return shortened(oneLine(text), limit);
}
