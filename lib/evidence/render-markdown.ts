import type { Evidence, ExceptionEvidence, SubjectEvidence } from '../control/evidence';
import type { Catalogue } from './catalogue';
import { codeSpan, plain } from './markdown/escape';
import { counted } from './printable';
import {
  type Breach,
  breaches,
  claimsWith,
  groupByReason,
  joinReport,
  nameOf,
  openFindings,
  type Report,
  sentenceOf,
} from './report';
import { exceptionStateMeaning, expiryText, reach, spoken, statuses, verdictSentence } from './wording';

/** A comment on a pull request is read on one screen and cut by the host at 65,536 characters; the report has everything. */
const shown = { breaches: 40, findings: 5, names: 12, opinions: 10 };

/**
 * The summary for a pull request: the outcome, broken promises with what to change, the open ones by reason, exceptions with
 * their last day. Short when all is well; what is left out is counted.
 *
 * @throws InputError when the catalogue is of another profile
 */
export function renderMarkdown(evidence: Evidence, catalogue: Catalogue): string {
  const report = joinReport(evidence, catalogue);
  const { run } = evidence;
  const scope = [`profile ${codeSpan(run.profile)}`];
  if (run.environment !== null) scope.push(`environment ${codeSpan(run.environment)}`);
  if (run.commit !== null) scope.push(`commit ${codeSpan(run.commit.slice(0, 12))}`);
  const parts = [
    `## Security promises: ${headline(evidence)}`,
    `${verdictSentence(evidence)} (${scope.join(', ')})`,
    counts(evidence),
    ...broken(report),
    ...open(report, 'unproven', 'Unproven'),
    ...open(report, 'awaiting', 'Awaiting the account or a person'),
    ...exceptions(evidence.exceptions),
    ...opinions(evidence),
    `_${reach(evidence)}_`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function headline({ summary: { claims } }: Evidence): string {
  if (claims.broken > 0) {
    return `${claims.broken} broken`;
  }
  return claims.unproven > 0 ? `none broken, ${claims.unproven} unproven` : 'none broken';
}

function counts({ summary }: Evidence): string {
  const present = statuses.filter((status) => summary.claims[status] > 0);
  return [
    `| ${[...present, 'promises'].join(' | ')} |`,
    `| ${[...present, ''].map(() => '---:').join(' | ')} |`,
    `| ${[...present.map((status) => summary.claims[status]), summary.claims.total].join(' | ')} |`,
  ].join('\n');
}

function broken(report: Report): readonly string[] {
  const all = breaches(report);
  if (all.length === 0) {
    return [];
  }
  const rest = all.slice(shown.breaches).flatMap(({ claims }) => claims).length;
  const told = new Set<string>();
  return [
    '### Broken',
    ...all.slice(0, shown.breaches).map((one) => breach(one, told)),
    ...(rest > 0 ? [`and ${counted(rest, 'more broken promise')}, see the report`] : []),
  ];
}

/** @param told controls whose findings stand above already */
function breach({ claims, controls }: Breach, told: Set<string>): string {
  const rest = claims.length - shown.names;
  const lines = claims
    .slice(0, shown.names)
    .map((claim) => `**${plain(sentenceOf(claim))}** (${codeSpan(claim.id)})  `);
  if (rest > 0) {
    lines.push(`and ${counted(rest, 'more promise')} that the same findings break`);
  }
  for (const control of controls) {
    const findings = openFindings(control);
    if (told.has(control.id)) {
      lines.push(`- ${codeSpan(control.id)}: ${counted(findings.length, 'finding')}, listed above`);
      continue;
    }
    told.add(control.id);
    lines.push(...findings.slice(0, shown.findings).flatMap((finding) => findingLines(control.id, finding)));
    if (findings.length > shown.findings) {
      lines.push(`- and ${findings.length - shown.findings} more of ${codeSpan(control.id)}, see the report`);
    }
  }
  if (controls.length === 0) {
    lines.push(...claims.flatMap(({ reasons }) => reasons).map((reason) => `- ${plain(reason)}`));
  }
  return lines.join('\n');
}

function findingLines(control: string, finding: SubjectEvidence): readonly string[] {
  const place = `${codeSpan(nameOf(finding))} at ${codeSpan(finding.source ?? finding.target)}`;
  const fix = finding.fix === undefined ? [] : [`  Fix: ${plain(finding.fix)}`];
  return [`- ${codeSpan(control)} ${place}: ${plain(finding.message ?? 'not satisfied')}`, ...fix];
}

function open(report: Report, status: 'unproven' | 'awaiting', title: string): readonly string[] {
  const claims = claimsWith(report, status);
  if (claims.length === 0) {
    return [];
  }
  const groups = groupByReason(claims).map((group) => {
    const names = group.claims.slice(0, shown.names).map(({ id }) => codeSpan(id));
    const rest = group.claims.length - names.length;
    const reasons = group.reasons.map(plain).join('; ') || 'no reason was recorded';
    return `- ${reasons}: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  });
  return [
    `<details><summary>${title} (${claims.length})</summary>`,
    groups.slice(0, shown.breaches).join('\n'),
    ...(groups.length > shown.breaches
      ? [`and ${counted(groups.length - shown.breaches, 'more reason')}, see the report`]
      : []),
    '</details>',
  ];
}

function exceptions(all: readonly ExceptionEvidence[]): readonly string[] {
  if (all.length === 0) {
    return [];
  }
  const lines = all.map((exception) => {
    const state =
      exception.state === 'live' ? '' : ` (${spoken(exception.state)}: ${exceptionStateMeaning[exception.state]})`;
    return `- ${codeSpan(exception.id)} ${expiryText(exception)}, owner ${plain(exception.owner)}, approved by ${plain(exception.approver)}${state}: ${plain(exception.reason)}`;
  });
  return ['### Exceptions', lines.join('\n')];
}

function opinions({ opinions: all }: Evidence): readonly string[] {
  const lines = all.flatMap(({ tool, state, findings }) => {
    if (state === 'not-run') {
      return [`- ${plain(tool)} was not run`];
    }
    const unexcused = findings.filter(({ exception }) => exception === undefined);
    const rest = unexcused.length - shown.opinions;
    return [
      ...unexcused
        .slice(0, shown.opinions)
        .map(
          (finding) =>
            `- ${plain(tool)} ${codeSpan(finding.rule)} at ${codeSpan(finding.source ?? finding.constructPath ?? finding.logicalId ?? 'no place given')}: ${plain(finding.description)}`,
        ),
      ...(rest > 0 ? [`- ${plain(tool)}: and ${rest} more, see the report`] : []),
    ];
  });
  return lines.length === 0 ? [] : ['### Second opinions', lines.join('\n')];
}
