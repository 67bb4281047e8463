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

  /** A status or verdict in its colour; the word carries the meaning. */
  state(state: ClaimStatus | Verdict): string {
    const word = spoken(state);
    switch (state) {
      case 'broken':
      case 'not-satisfied':
        return this.colour.red(this.colour.bold(word));
      case 'unproven':
      case 'not-assessed':
        return this.colour.yellow(word);
      case 'kept':
      case 'satisfied':
      case 'attested':
        return this.colour.green(word);
      case 'excepted':
        return this.colour.magenta(word);
      case 'awaiting':
        return this.colour.cyan(word);
      default:
        return this.colour.dim(word);
    }
  }

  heading(text: string): string {
    return this.colour.bold(cell(text));
  }

  /** Text broken at blanks, every line after the first indented by `indent`. */
  wrap(text: string, indent = 0): string {
    const room = this.width - indent;
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > room) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    return [...lines, line].join(`\n${' '.repeat(indent)}`);
  }

  /**
   * A table as wide as the terminal with thin rules; the columns without a width share what the others leave.
   *
   * @param widths width of each column with its padding, or its share of the rest as a fraction below 1
   */
  table(head: readonly string[], widths: readonly number[], rules = true): CliTable.Table {
    const fixed = widths.filter((width) => width >= 1).reduce((sum, width) => sum + width, 0);
    const rest = this.width - fixed - widths.length - 1;
    return new CliTable({
      head: head.map((text) => this.colour.dim(text)),
      colWidths: widths.map((width) => (width >= 1 ? width : Math.max(12, Math.floor(rest * width)))),
      wordWrap: true,
      wrapOnWordBoundary: true,
      style: { head: [], border: [], compact: !rules },
      chars: {
        ...bare,
        ...(rules ? { mid: '─', 'mid-mid': '─' } : {}),
        top: '─',
        'top-mid': '─',
        bottom: '─',
        'bottom-mid': '─',
      },
    });
  }
}

const bare = {
  'top-left': '',
  'top-right': '',
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
export function cell(text: string): string {
  return shortened(oneLine(text), limit);
}
