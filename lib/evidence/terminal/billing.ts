import type { Billing } from '../billing';
import { type Cell, grid } from './grid';
import { Terminal, type TerminalOptions } from './terminal';

const columns = [
  { head: 'how many', width: 10 },
  { head: 'resource', width: 0.4 },
  { head: 'billed', width: 0.6 },
];

/** What is billed, by what, and where the prices stand; what costs nothing by itself; and what nobody knows. */
export function renderBilling({ billed, free, unknown }: Billing, title: string, options: TerminalOptions): string {
  const terminal = new Terminal(options);
  const section = (heading: string, rows: readonly (readonly Cell[])[]) =>
    rows.length === 0 ? [] : [`${terminal.heading(heading)}\n${grid(terminal, columns, rows)}`];
  const parts = [
    ...section(
      `billed: ${title}`,
      billed.map(({ type, count, units, source }) => [String(count), type, [...units, source].join('\n')]),
    ),
    ...section(
      'not known: look these up before you deploy',
      unknown.map(({ type, count }) => [String(count), type, 'not known']),
    ),
    ...section(
      'free by themselves',
      free.map(({ type, count, source }) => [String(count), type, source]),
    ),
    'Units, not prices: those differ by Region and change. What is used, stored or sent is not in a template, so no sum can be.',
  ];
  return `${parts.join('\n\n')}\n`;
}
