import type { SubjectEvidence } from '../../control/evidence';
import { counted } from '../printable';
import {
  breaches,
  nameOf,
  openFindings,
  type Report,
  type ReportedClaim,
  type ReportedControl,
  sentenceOf,
} from '../report';
import { type Cell, type Column, grid, type Row } from './grid';
import { line, type Terminal } from './terminal';

/** Below this width four columns are too narrow to read: place and words stand in two. */
const wideEnough = 96;

/** Findings of one control that a terminal shows; nobody reads the thousandth, and the evidence has it. */
const findingsShown = 200;

/** Every finding below the promises that it breaks: control, resource and source line, what was got, what to change. */
export function findingsTable(report: Report, terminal: Terminal): string {
  const printed = new Set<string>();
  const wide = terminal.width >= wideEnough;
  const rows = breaches(report).flatMap((breach): readonly Row[] => [
    'rule',
    ...breach.claims.map((claim) => promiseRow(claim, terminal, wide ? 4 : 2)),
    ...(breach.controls.length === 0 ? [reasonRow(breach.claims, wide ? 4 : 2)] : []),
    ...breach.controls.flatMap((control) => {
      const again = printed.has(control.id);
      printed.add(control.id);
      const findings = openFindings(control);
      return again
        ? [aboveRow(control, findings.length, terminal, wide)]
        : [
            ...findings
              .slice(0, findingsShown)
              .flatMap((finding) => ['gap', wide ? wideRow(control, finding) : narrowRow(control, finding)] as const),
            ...moreRow(control, findings.length - findingsShown, terminal, wide),
          ];
    }),
  ]);
  return rows.length === 0 ? '' : grid(terminal, wide ? wideColumns : narrowColumns, rows);
}

const wideColumns: readonly Column[] = [
  { head: 'control', width: 9 },
  { head: 'resource and source', width: 0.36 },
  { head: 'got', width: 0.35 },
  { head: 'fix', width: 0.29 },
];

const narrowColumns: readonly Column[] = [
  { head: 'where', width: 0.4 },
  { head: 'got and fix', width: 0.6 },
];

function promiseRow(claim: ReportedClaim, terminal: Terminal, span: number): readonly Cell[] {
  const text = `BROKEN ${claim.id} (${claim.document}) ${line(sentenceOf(claim))}`;
  return [{ text, span, paint: (words) => words.replace(/^BROKEN \S+/, terminal.painter('broken')) }];
}

function reasonRow(claims: readonly ReportedClaim[], span: number): readonly Cell[] {
  const reasons = claims.flatMap((claim) => claim.reasons).map(line);
  return [{ text: reasons.join('\n') || 'no reason was recorded', span }];
}

function aboveRow(control: ReportedControl, count: number, { colour }: Terminal, wide: boolean): readonly Cell[] {
  const note: Cell = { text: `${counted(count, 'finding')}, listed above`, span: wide ? 3 : 1, paint: colour.dim };
  return [control.id, note];
}

function moreRow(
  control: ReportedControl,
  count: number,
  { colour }: Terminal,
  wide: boolean,
): readonly (readonly Cell[])[] {
  const note = {
    text: `and ${counted(count, 'more finding')}, in evidence.json and the reports`,
    span: wide ? 3 : 1,
    paint: colour.dim,
  };
  return count > 0 ? [[control.id, note]] : [];
}

function placeOf({ source, target }: SubjectEvidence): string {
  return line(source ?? target);
}

function wideRow(control: ReportedControl, finding: SubjectEvidence): readonly Cell[] {
  return [
    control.id,
    `${line(nameOf(finding))}\n${placeOf(finding)}`,
    line(finding.message ?? 'not satisfied'),
    line(finding.fix ?? ''),
  ];
}

function narrowRow(control: ReportedControl, finding: SubjectEvidence): readonly Cell[] {
  const fix = finding.fix === undefined ? '' : `\nFix: ${line(finding.fix)}`;
  return [
    `${control.id}\n${line(nameOf(finding))}\n${placeOf(finding)}`,
    `${line(finding.message ?? 'not satisfied')}${fix}`,
  ];
}
