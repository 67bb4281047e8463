import type { Colors } from 'picocolors/types';
import type { ClaimStatus } from '../../control/evidence';
import type { Verdict } from '../../control/verdict';
import { oneLine, shortened } from '../printable';
import { spoken } from '../wording';
import type { Cell } from './grid';
import { wrapLines } from './wrap';

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

  /** Painted words beside each other, on as many lines as they need. */
  flow(words: readonly { readonly text: string; readonly paint: (text: string) => string }[]): string {
    const lines: string[] = [];
    let room = 0;
    for (const { text, paint } of words) {
      if (text.length + 2 > room) {
        lines.push(paint(text));
        room = this.width - text.length;
      } else {
        lines.push(`${lines.pop()}  ${paint(text)}`);
        room -= text.length + 2;
      }
    }
    return lines.join('\n');
  }
}

/** Text from outside in a terminal: one line, no escape sequence, cut visibly. */
export function line(text: string): string {
  return shortened(oneLine(text), limit);
}
