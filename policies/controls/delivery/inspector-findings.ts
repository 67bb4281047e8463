import {
  type Fact,
  factsIn,
  factsOf,
  optionalFactIn,
  optionalTextIn,
  optionalTimeIn,
  textIn,
} from '../../../lib/control/fact';
import { type AccountReader, couldNotLook, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import { finding, notAssessed, satisfied } from '../../../lib/control/verdict';

/** What Amazon Inspector says of one account: whether it looks, and which flaws with a fix are open. */
export interface InspectorFacts {
  readonly accountId: string;
  /** Time of the run, ISO 8601. */
  readonly now: string;
  readonly status: ReadResult<Readonly<Record<string, unknown>>>;
  readonly findings: ReadResult<readonly unknown[]>;
}

export const inspectorReads = ['inspector2:BatchGetAccountStatus', 'inspector2:ListFindings'] as const;

const oneOf = (...values: readonly string[]) => values.map((value) => ({ comparison: 'EQUALS', value }));

/**
 * Flaws of packages that somebody has mended already, in whole or in part: only those can wait. A rule that suppresses a finding hides it, and mends
 * nothing: an exception says who answers for it.
 */
const filterCriteria = {
  findingStatus: oneOf('ACTIVE', 'SUPPRESSED'),
  findingType: oneOf('PACKAGE_VULNERABILITY'),
  fixAvailable: oneOf('YES', 'PARTIAL'),
};

export async function collectFindings(account: AccountReader): Promise<InspectorFacts> {
  const [status, findings] = await Promise.all([
    account.read('inspector2:BatchGetAccountStatus', { accountIds: [account.accountId] }),
    account.list('inspector2:ListFindings', 'findings', { filterCriteria }),
  ]);
  return { accountId: account.accountId, now: account.now.toISOString(), status, findings };
}

export interface Deadlines {
  readonly criticalHours: number;
  readonly days: number;
}

/**
 * Judges how long flaws wait, from the time at which Inspector first saw each.
 *
 * @param kinds what Inspector must look at: a member of the account's resource state
 * @param concerns which flaws belong here, by the package managers of their packages
 * @throws UnknownShape
 */
export function judgeFindings(
  facts: InspectorFacts,
  kinds: readonly string[],
  concerns: (managers: readonly string[]) => boolean,
  deadlines: Deadlines,
): readonly LiveOutcome[] {
  const { accountId, status, findings } = facts;
  const account = { subject: accountId, type: 'AWS::Account' };
  const scanned = status.ok
    ? kinds.map((kind) => ({ ...account, outcome: isOn(status.value, accountId, kind) }))
    : [{ ...account, outcome: couldNotLook(inspectorReads[0], status) }];
  if (!findings.ok) {
    return [...scanned, { ...account, outcome: couldNotLook(inspectorReads[1], findings) }];
  }
  const overdue = factsOf(findings.value, 'findings')
    .filter((each) => concerns(managersOf(each)))
    .flatMap((each) => judgeAge(each, new Date(facts.now), deadlines));
  return [...scanned, ...overdue];
}

function isOn(answer: Fact, accountId: string, kind: string) {
  const account = factsIn(answer, 'accounts').find((each) => each.accountId === accountId);
  const state = optionalFactIn(optionalFactIn(account ?? {}, 'resourceState') ?? {}, kind);
  const word = optionalTextIn(state ?? {}, 'status');
  if (word === undefined) {
    return notAssessed(`whether Amazon Inspector looks at ${kind} is not in the answer`);
  }
  return word === 'ENABLED' ? satisfied : finding('notScanned', `resourceState.${kind}.status`, { what: kind });
}

function managersOf(each: Fact): readonly string[] {
  const details = optionalFactIn(each, 'packageVulnerabilityDetails') ?? {};
  return factsIn(details, 'vulnerablePackages').map((entry) => optionalTextIn(entry, 'packageManager') ?? 'unknown');
}

function judgeAge(each: Fact, now: Date, { criticalHours, days }: Deadlines): readonly LiveOutcome[] {
  const severity = textIn(each, 'severity');
  const hours = severity === 'CRITICAL' ? criticalHours : days * 24;
  const [resource] = factsIn(each, 'resources');
  const subject = resource ? textIn(resource, 'id') : textIn(each, 'findingArn');
  const since = optionalTimeIn(each, 'firstObservedAt');
  const observations = ['title', 'severity', 'status', 'firstObservedAt'].map((property) => ({
    property,
    value: each[property] ?? null,
  }));
  const type = 'AWS::InspectorV2::Finding';
  if (!since) {
    return [{ subject, type, outcome: notAssessed('since when the flaw is known is not in the answer'), observations }];
  }
  const isLate = now.getTime() - since.getTime() > hours * 60 * 60 * 1000;
  const most = severity === 'CRITICAL' ? `${criticalHours} hours` : `${days} days`;
  const outcome = finding('overdue', 'firstObservedAt', { severity, since: since.toISOString(), most });
  return isLate ? [{ subject, type, outcome, observations }] : [{ subject, type, outcome: satisfied, observations }];
}
