import type { ChangedClaim, ChangedFinding, Comparison } from '../compare-evidence';
import { figureText } from '../printable';
import { line, Terminal, type TerminalOptions } from './terminal';

/** What differs between two runs, for a person: what got worse first. */
export function renderComparison(comparison: Comparison, options: TerminalOptions): string {
  const terminal = new Terminal(options);
  const { weaker, gone, newFindings, orphaned, figures, added, mended, stronger } = comparison;
  const worse = terminal.colour.red;
  const better = terminal.colour.green;
  const parts = [
    part(terminal, 'weaker', worse, weaker.map(claimText)),
    part(terminal, 'promised no longer', worse, gone.map(claimText)),
    part(terminal, 'new findings', worse, newFindings.map(findingText)),
    part(terminal, 'controls that judge nothing any more', worse, orphaned),
    part(
      terminal,
      'other figures',
      terminal.colour.yellow,
      figures.map(
        ({ control, parameter, before, after }) =>
          `${control} ${parameter}: ${figureText(before)}, now ${figureText(after)}`,
      ),
    ),
    part(terminal, 'new promises', terminal.colour.yellow, added.map(claimText)),
    part(terminal, 'findings that are gone', better, mended.map(findingText)),
    part(terminal, 'stronger', better, stronger.map(claimText)),
  ].filter((text) => text !== '');
  return `${parts.length === 0 ? 'nothing got weaker, stronger, new or lost' : parts.join('\n\n')}\n`;
}

function part(terminal: Terminal, title: string, paint: (text: string) => string, rows: readonly string[]): string {
  return rows.length === 0
    ? ''
    : [paint(`${title} (${rows.length})`), ...rows.map((row) => `  ${terminal.wrap(line(row), 4)}`)].join('\n');
}

function claimText({ id, before, after, reasons }: ChangedClaim): string {
  const because = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return `${id} ${[before, after].filter((status) => status !== undefined).join(', now ')}${because}`;
}

function findingText({ rule, place, message }: ChangedFinding): string {
  return `${rule} ${place}: ${message}`;
}
