import type { ControlEvidence, Evidence, SubjectEvidence } from '../control/evidence';
import { sha256 } from '../control/fingerprint';
import type { Catalogue } from './catalogue';
import { counted, oneLine } from './printable';
import { joinReport, nameOf, type ReportedControl, sentenceOf } from './report';

/** What GitHub takes of one run; what is left out is said in the file. */
const mostResults = 25_000;

interface SarifResult {
  readonly ruleId: string;
  readonly level: 'error' | 'warning';
  readonly message: { readonly text: string };
  readonly locations: readonly object[];
  readonly partialFingerprints: { readonly 'avouch/v1': string };
  readonly suppressions?: readonly object[];
}

/** Where something was found, in the words that controls and other checkers share. */
type Place = Pick<SubjectEvidence, 'source' | 'constructPath'> & {
  readonly target?: string;
  readonly logicalId?: string;
};

/**
 * A run as SARIF 2.1.0, for code scanning: findings are errors, what could not be looked at is a warning, an exception is a suppression.
 * Paths are relative to where the run was started, which should be the top of the repository. A promise that nothing measures has no place
 * in a file, and stands in the other reports.
 *
 * @throws InputError when the catalogue is of another profile
 */
export function renderSarif(evidence: Evidence, catalogue: Catalogue): string {
  const report = joinReport(evidence, catalogue);
  const seen = new Map<string, number>();
  const controls = [...report.controls.values()];
  const all = [
    ...controls.flatMap((control) => resultsOf(control, evidence, seen)),
    ...evidence.opinions.flatMap((opinion) =>
      opinion.findings.map((finding) => resultOf(finding.rule, 'error', finding.description, finding, evidence, seen)),
    ),
  ];
  const results = all.slice(0, mostResults);
  const others = new Set(evidence.opinions.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const { run, tool } = evidence;
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            semanticVersion: tool.version,
            rules: [
              ...controls.map((control) =>
                ruleOf(control, (report.claimsOfControl.get(control.id) ?? []).map(sentenceOf)),
              ),
              ...[...others].map((id) => ({ id, shortDescription: { text: `rule ${id} of another checker` } })),
            ],
          },
        },
        automationDetails: { id: `${[tool.name, run.kind, run.profile, run.environment ?? 'templates'].join('/')}/` },
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: run.startedAt,
            ...(all.length > mostResults
              ? {
                  toolExecutionNotifications: [
                    { message: { text: `${counted(all.length - mostResults, 'more result')} left out` } },
                  ],
                }
              : {}),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ id, title, entry }: ReportedControl, sentences: readonly string[]): object {
  const promises = sentences.map((sentence) => `- ${oneLine(sentence)}`).join('\n');
  const proves = entry === undefined ? '' : `\n\nA pass does not prove: ${oneLine(entry.doesNotProve)}`;
  const runbook = entry?.runbook === undefined ? '' : `\n\nRunbook: runbooks/${entry.runbook}.md`;
  const text = `${oneLine(title)}\n\nKeeps:\n${promises}${proves}${runbook}`;
  return {
    id,
    shortDescription: { text: oneLine(title) },
    fullDescription: { text: oneLine(title) },
    help: { text },
    properties: { tags: ['security', ...(entry === undefined ? [] : [entry.family])] },
  };
}

function resultsOf(control: ControlEvidence, evidence: Evidence, seen: Map<string, number>): readonly SarifResult[] {
  return control.subjects.flatMap((subject) => {
    const words = `${nameOf(subject)}: ${subject.message ?? 'no reason was recorded'}`;
    if (subject.verdict === 'not-satisfied') {
      const fix = subject.fix === undefined ? '' : `. Fix: ${subject.fix}`;
      return [resultOf(control.id, 'error', `${words}${fix}`, subject, evidence, seen)];
    }
    // What nobody has said yet is no finding: it is awaited
    return subject.verdict === 'not-assessed' && !subject.awaited
      ? [resultOf(control.id, 'warning', `not assessed: ${words}`, subject, evidence, seen)]
      : [];
  });
}

function resultOf(
  ruleId: string,
  level: SarifResult['level'],
  text: string,
  place: Place & { readonly exception?: string },
  evidence: Evidence,
  seen: Map<string, number>,
): SarifResult {
  const exception = evidence.exceptions.find(({ id }) => id === place.exception);
  return {
    ruleId,
    level,
    message: { text: oneLine(text) },
    locations: [locationOf(place, evidence.run.kind)],
    partialFingerprints: { 'avouch/v1': fingerprintOf(ruleId, place, seen) },
    ...(exception === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: oneLine(exception.reason) }] }),
  };
}

/** The same finding keeps it while lines move: it knows the resource, not the line. */
function fingerprintOf(ruleId: string, place: Place, seen: Map<string, number>): string {
  const key = JSON.stringify([ruleId, place.target, place.constructPath ?? place.logicalId]);
  const before = seen.get(key) ?? 0;
  seen.set(key, before + 1);
  return sha256(`${key} ${before}`);
}

function locationOf(place: Place, kind: Evidence['run']['kind']): object {
  const { constructPath, logicalId, target } = place;
  const name = constructPath ?? logicalId;
  const logical = name === undefined || name === '' ? {} : { logicalLocations: [{ fullyQualifiedName: name }] };
  const [, file, line] = /^(.*):(\d+)$/.exec(place.source ?? '') ?? [];
  const uri = file ?? place.source ?? (kind === 'check' ? target : undefined);
  if (uri === undefined) {
    return { ...logical, message: { text: oneLine(target ?? 'no place given') } };
  }
  return {
    physicalLocation: {
      artifactLocation: { uri: uri.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' },
      region: { startLine: line === undefined ? 1 : Math.max(1, Number(line)) },
    },
    ...logical,
  };
}
