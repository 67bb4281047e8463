import type { AssuranceRecord } from '../../../lib/control/assurance';
import type { Register } from '../../../lib/control/claim';
import { defineControl, type WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { attested, awaited, finding, notApplicable, notAssessed, type Outcome } from '../../../lib/control/verdict';
import { daysBetween } from '../days';

const id = 'gov-04';
const file = 'policies/registers/assurance.yaml';

/** What a runbook orders, and the parameter that says how long its result counts. */
const kinds: Readonly<Record<string, { readonly kind: AssuranceRecord['kind']; readonly days: string }>> = {
  'commission-pentest': { kind: 'pentest', days: 'assurance.pentestDays' },
  'commission-security-audit': { kind: 'audit', days: 'assurance.auditDays' },
};

/** GOV-04: tests and audits by people from outside. Nothing that is deployed can show them; a record of each can, as long as it is new. */
export const control = defineControl({
  id,
  title:
    'A test and an audit by people from outside are on record for every promise of one, and none is older than promised',
  family: 'governance',
  claims: ['cfeu-pentest-quarterly', 'cly-security-audits-regular'],
  doesNotProve:
    'That a report says what its entry says, that its scope was wide enough or its people independent: whoever reads the report concludes that. That every earlier quarter had its test: the newest of each kind counts. That nobody can break in.',
  parameters: {
    'assurance.pentestDays': {
      kind: 'number',
      stricter: 'lower',
      default: 366,
      unit: 'days',
      description: 'longest time from the end of one penetration test to the end of the next',
    },
    'assurance.auditDays': {
      kind: 'number',
      stricter: 'lower',
      default: 366,
      unit: 'days',
      description: 'longest time from the end of one security audit to the end of the next',
    },
  },
  messages: {
    future: {
      violation: '{kind} {name} is on record, but ends on {ended} only: nobody has seen its result',
      fix: 'enter it once its report is there',
    },
    stale: {
      violation:
        '{kind} {name} ended on {ended}, {days} days ago, promised are at most {most}, and no newer one is on record',
      fix: 'commission the next one by runbook {runbook}, and enter it in policies/registers/assurance.yaml',
    },
    overdue: {
      violation: 'after {kind} {name} the next one was due on {due}, and none is on record',
      fix: 'commission it by runbook {runbook}, and enter it in policies/registers/assurance.yaml',
    },
    lateNext: {
      violation:
        'after {kind} {name} the next one is planned for {due}, {days} days after it, promised are at most {most}',
      fix: 'book the next one earlier, and correct nextDue',
    },
    undated: {
      violation: 'of {kind} {name} {count} findings of grade critical or high have no owner and no date',
      fix: 'give each an owner and a date, and correct undatedFindings',
    },
  },
  register: { judge: judgeAssurance },
});

function* judgeAssurance(
  registers: readonly Register[],
  _catalogue: unknown,
  context: RegisterContext,
): Generator<WholeOutcome> {
  const bound = registers
    .flatMap(({ claims }) => claims)
    .filter(
      ({ document, planned, controls }) => context.documents.includes(document) && !planned && controls.includes(id),
    );
  for (const claim of bound.filter(({ runbook }) => runbook === undefined || !Object.hasOwn(kinds, runbook))) {
    const reason = `it is signed by runbook '${claim.runbook ?? 'none'}', which orders neither a test nor an audit`;
    yield { target: file, subject: claim.id, type: 'Claim', outcome: notAssessed(reason) };
  }
  for (const runbook of new Set(bound.map((claim) => claim.runbook ?? ''))) {
    const claims = bound.filter((claim) => claim.runbook === runbook).map((claim) => claim.id);
    yield* judgeKind(runbook, context).map((outcome) => ({ ...outcome, claims }));
  }
}

function judgeKind(runbook: string, context: RegisterContext): readonly WholeOutcome[] {
  const ordered = kinds[runbook];
  if (!ordered) {
    return [];
  }
  const { kind, days } = ordered;
  const [newest, ...older] = context.records.assurance
    .filter((record) => record.kind === kind)
    .sort((one, other) => other.ended.localeCompare(one.ended));
  if (!newest) {
    const reason = `no ${kind} is on record: commission one by runbook '${runbook}', and enter it in ${file}`;
    return [{ target: file, subject: kind, type: 'AssuranceRecord', outcome: awaited(reason) }];
  }
  const most = context.figures.number(days);
  return [
    ...judgeNewest(newest, { runbook, most, today: context.today }).map((outcome) => ({ ...about(newest), outcome })),
    ...older.map((record) => ({ ...about(record), outcome: notApplicable('a newer one is on record') })),
  ];
}

function judgeNewest(
  { kind, ended, nextDue, undatedFindings: count }: AssuranceRecord,
  { runbook, most, today }: { readonly runbook: string; readonly most: number; readonly today: string },
): readonly Outcome[] {
  if (ended > today) {
    return [finding('future', undefined, { kind, ended })];
  }
  const age = daysBetween(ended, today);
  const ahead = daysBetween(ended, nextDue);
  const found = [
    ...(age > most ? [finding('stale', undefined, { kind, ended, days: age, most, runbook })] : []),
    ...(age <= most && today > nextDue ? [finding('overdue', undefined, { kind, due: nextDue, runbook })] : []),
    ...(ahead > most ? [finding('lateNext', undefined, { kind, due: nextDue, days: ahead, most })] : []),
    ...(count > 0 ? [finding('undated', undefined, { kind, count })] : []),
  ];
  return found.length > 0 ? found : [attested(nextDue)];
}

function about({ id: subject, by, ended, scope, report, nextDue }: AssuranceRecord): Omit<WholeOutcome, 'outcome'> {
  return {
    target: file,
    subject,
    type: 'AssuranceRecord',
    observations: [
      { property: 'by', value: by },
      { property: 'ended', value: ended },
      { property: 'scope', value: scope.join(', ') },
      { property: 'report', value: `${report.reference} (SHA-256 ${report.sha256})` },
      { property: 'nextDue', value: nextDue },
    ],
  };
}
