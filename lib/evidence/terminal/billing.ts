import type { Bill, Billing } from '../billing';
import { type Cell, grid } from './grid';
import { Terminal, type TerminalOptions } from './terminal';

const columns = [
  { head: 'how many', width: 10 },
  { head: 'resource', width: 0.4 },
  { head: 'billed', width: 0.6 },
];

/** What is billed, by what, and where the prices stand; what costs nothing by itself; and what nobody knows. */
export function renderBilling({ members, ...bill }: Bill, title: string, options: TerminalOptions): string {
  const terminal = new Terminal(options);
  const section = (heading: string, rows: readonly (readonly Cell[])[]) =>
    rows.length === 0 ? [] : [`${terminal.heading(heading)}\n${grid(terminal, columns, rows)}`];
  const both: Billing = {
    billed: bill.billed,
    free: [...bill.free, ...members.free.filter(({ type }) => !bill.free.some((each) => each.type === type))],
    unknown: [...bill.unknown, ...members.unknown],
  };
  const parts = [
    ...section(`billed: ${title}`, both.billed.map(billedRow)),
    ...section('billed in each account and Region that a stack set reaches', members.billed.map(billedRow)),
    ...section(
      'not known: look these up before you deploy',
      both.unknown.map(({ type, count }) => [String(count), type, 'not known']),
    ),
    ...section(
      'free by themselves',
      both.free.map(({ type, count, source }) => [String(count), type, source]),
    ),
    'Units, not prices: those differ by Region and change. What is used, stored or sent is not in a template, so no sum can be.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function billedRow({ type, count, units, source }: Billing['billed'][number]): readonly Cell[] {
  return [String(count), type, [...units, source].join('\n')];
}
