import type { ClaimStatus, Evidence } from '../control/evidence';
import type { Catalogue } from './catalogue';
import { oneLine } from './printable';
import { joinReport, openFindings, type Report, type ReportedClaim, sentenceOf } from './report';
import { statusMeaning } from './wording';

/**
 * A run as JUnit XML: a suite for each document, a test for each promise. Broken is a failure, unproven an error, what is awaited or planned
 * is skipped; the rest passed.
 *
 * @throws InputError when the catalogue is of another profile
 */
export function renderJunit(evidence: Evidence, catalogue: Catalogue): string {
  const report = joinReport(evidence, catalogue);
  const documents = [...new Set(evidence.claims.map(({ document }) => document))];
  const suites = documents.map((document) => {
    const claims = [...report.claims.values()].filter((claim) => claim.document === document);
    const attributes = { name: document, timestamp: evidence.run.startedAt, ...numbers(claims) };
    const cases = claims.map((claim) => caseOf(claim, report));
    return `  <testsuite${written(attributes)}>\n${cases.join('\n')}\n  </testsuite>`;
  });
  const attributes = { name: `avouch ${evidence.run.kind} ${evidence.run.profile}`, ...numbers(evidence.claims) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${written(attributes)}>\n${suites.join('\n')}\n</testsuites>\n`;
}

function numbers(claims: readonly { readonly status: ClaimStatus }[]): Readonly<Record<string, number>> {
  const of = (...wanted: ClaimStatus[]) => claims.filter(({ status }) => wanted.includes(status)).length;
  return { tests: claims.length, failures: of('broken'), errors: of('unproven'), skipped: of('awaiting', 'planned') };
}

function caseOf(claim: ReportedClaim, report: Report): string {
  const head = `    <testcase${written({ classname: claim.document, name: `${claim.id}: ${sentenceOf(claim)}` })}`;
  const outcome = outcomeOf(claim, report);
  return outcome === '' ? `${head}/>` : `${head}>\n      ${outcome}\n    </testcase>`;
}

function outcomeOf(claim: ReportedClaim, report: Report): string {
  const message = claim.reasons.join('; ') || statusMeaning[claim.status];
  switch (claim.status) {
    case 'broken':
      return `<failure${written({ type: claim.status, message })}>${escaped(findingsOf(claim, report).join('\n'))}</failure>`;
    case 'unproven':
      return `<error${written({ type: claim.status, message })}/>`;
    case 'awaiting':
    case 'planned':
      return `<skipped${written({ message: `${claim.status}: ${message}` })}/>`;
    default:
      return claim.status === 'kept' ? '' : `<system-out>${escaped(`${claim.status}: ${message}`)}</system-out>`;
  }
}

function findingsOf(claim: ReportedClaim, report: Report): readonly string[] {
  return claim.controls
    .flatMap((id) => report.controls.get(id) ?? [])
    .flatMap((control) =>
      openFindings(control).map(
        ({ source, target, message, fix }) =>
          `${control.id} ${source ?? target}: ${message ?? 'not satisfied'}${fix === undefined ? '' : `. Fix: ${fix}`}`,
      ),
    )
    .map(oneLine);
}

function written(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(oneLine(String(value)))}"`)
    .join('');
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Not even as a number may XML carry these two
  return text.replace(/[\ufffe\uffff]/g, '\ufffd').replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
