import type { Evidence } from '../control/evidence';
import type { Catalogue } from './catalogue';
import { oneLine } from './printable';
import { joinReport, openFindings, sentenceOf } from './report';

const head = [
  'document',
  'section',
  'lines',
  'claim',
  'promise',
  'status',
  'reasons',
  'controls',
  'findings',
  'runbook',
];

/**
 * A run as a table for spreadsheets, one row for each promise, as RFC 4180 writes it. A cell that a spreadsheet would calculate begins with an
 * apostrophe.
 *
 * @throws InputError when the catalogue is of another profile
 */
export function renderCsv(evidence: Evidence, catalogue: Catalogue): string {
  const report = joinReport(evidence, catalogue);
  const rows = [...report.claims.values()].map((entry) => {
    const { claim } = entry;
    const findings = entry.controls
      .flatMap((id) => report.controls.get(id) ?? [])
      .flatMap((control) =>
        openFindings(control).map(
          ({ source, target, message }) => `${control.id} ${source ?? target}: ${message ?? ''}`,
        ),
      );
    return [
      entry.document,
      claim?.section ?? '',
      claim?.lines.join(' ') ?? '',
      entry.id,
      sentenceOf(entry),
      entry.status,
      entry.reasons.join('; '),
      entry.controls.join(' '),
      findings.join('; '),
      claim?.runbook ?? '',
    ];
  });
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const plain = oneLine(text).replace(/^(?=[=+\-@])/, "'");
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
