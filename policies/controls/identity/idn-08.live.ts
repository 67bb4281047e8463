import type { Message } from '../../../lib/control/control';
import { type Fact, factsOf, optionalFactIn, optionalTextIn, optionalTimeIn, textIn } from '../../../lib/control/fact';
import { couldNotLook, type LiveHalf, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import type { Parameter } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { type ReportRow, reportRows } from './credential-report';

export const quietDays: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 90,
  unit: 'days',
  description: 'days for which the root user must not have been used',
};

const dayMilliseconds = 86_400_000;

export const liveMessages: Readonly<Record<string, Message>> = {
  rootKey: {
    violation: 'the root user of account {name} has an access key or a certificate',
    fix: 'delete it: nothing needs one',
  },
  rootWithoutFactor: {
    violation: 'the root user of account {name} has a password and no second factor',
    fix: 'register a second factor, or remove the credentials of the root users from the management account',
  },
  rootUsed: {
    violation: 'the root user of account {name} was used: {what} on {when}',
    fix: 'find out who and why; whatever it was, do it through IAM Identity Center',
  },
  userWithoutFactor: {
    violation: 'IAM user {name} signs in with a password and no second factor',
    fix: 'remove the user: people come through IAM Identity Center',
  },
};

/** What the account says of its root user and its IAM users. */
export interface RootFacts {
  readonly accountId: string;
  /** Time of the run, ISO 8601. */
  readonly now: string;
  readonly summary: ReadResult<Fact>;
  readonly report: ReadResult<Fact>;
  readonly events: ReadResult<readonly unknown[]>;
}

/**
 * IDN-08 in the running account. Sign-ins are recorded in the Region of the console that was used, and calls to IAM in one Region outside the EU, so the
 * events of this run's Region are not all; the credential report knows the last sign-in wherever it was.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export const liveHalf: LiveHalf<RootFacts> = {
  reads: ['iam:GetAccountSummary', 'iam:GetCredentialReport', 'cloudtrail:LookupEvents'],
  expects: 'at-least-one',
  collect: async (account) => {
    const [summary, report, events] = await Promise.all([
      account.read('iam:GetAccountSummary'),
      account.read('iam:GetCredentialReport'),
      account.list('cloudtrail:LookupEvents', 'Events', {
        LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'root' }],
      }),
    ]);
    return { accountId: account.accountId, now: account.now.toISOString(), summary, report, events };
  },
  judge: (facts, { figures }) => {
    const since = new Date(new Date(facts.now).getTime() - figures.number('root.quietDays') * dayMilliseconds);
    return [...judgeSummary(facts), ...judgeReport(facts, since), ...judgeEvents(facts, since)];
  },
};

function about(accountId: string, outcome: Outcome, observations?: LiveOutcome['observations']): LiveOutcome {
  return { subject: accountId, type: 'AWS::Account', outcome, observations };
}

function judgeSummary({ accountId, summary }: RootFacts): readonly LiveOutcome[] {
  if (!summary.ok) {
    return [about(accountId, couldNotLook('iam:GetAccountSummary', summary))];
  }
  const counts = optionalFactIn(summary.value, 'SummaryMap') ?? {};
  const members = ['AccountAccessKeysPresent', 'AccountSigningCertificatesPresent', 'AccountMFAEnabled'];
  const observations = [...members, 'AccountPasswordPresent'].map((property) => ({
    property,
    value: counts[property] ?? null,
  }));
  const [keys, certificates, factor] = members.map((member) => counts[member]);
  if (![keys, certificates, factor].every((count) => typeof count === 'number')) {
    return [about(accountId, notAssessed('the account reports no whole summary of its root user'), observations)];
  }
  // Without a password, which accounts of an organization need not have, there is nothing for a second factor to guard
  const guarded = factor === 1 || counts.AccountPasswordPresent === 0;
  return [
    about(accountId, keys === 0 && certificates === 0 ? satisfied : finding('rootKey'), observations),
    about(accountId, guarded ? satisfied : finding('rootWithoutFactor'), observations),
  ];
}

/** Columns of the report that say when a credential was used last. */
const useColumns = ['password_last_used', 'access_key_1_last_used_date', 'access_key_2_last_used_date'];

function judgeReport({ accountId, report }: RootFacts, since: Date): readonly LiveOutcome[] {
  if (!report.ok) {
    return [about(accountId, couldNotLook('iam:GetCredentialReport', report))];
  }
  const rows = reportRows(textIn(report.value, 'Content'));
  const root = rows.find(({ user }) => user === '<root_account>');
  if (!root) {
    return [about(accountId, notAssessed('the credential report has no row of the root user'))];
  }
  if (useColumns.some((column) => (root[column] ?? '') === '')) {
    return [about(accountId, notAssessed('the credential report does not say when the root user was used last'))];
  }
  const uses = useColumns
    .map((column) => ({ column, when: timeOf(root, column) }))
    .filter(({ when }) => when !== undefined && when >= since);
  const outcomes = uses.map(({ column, when }) =>
    finding('rootUsed', column, { what: column, when: when?.toISOString() ?? '' }),
  );
  return [
    ...(outcomes.length > 0 ? outcomes : [satisfied]).map((outcome) => about(accountId, outcome)),
    ...rows.filter((row) => row !== root).map(judgeUser),
  ];
}

/** Words that the report has for whether something is there. */
const answers = ['true', 'false', 'not_supported'];

function judgeUser(row: ReportRow): LiveOutcome {
  const open = row.password_enabled === 'true' && row.mfa_active === 'false';
  const isTold = [row.password_enabled, row.mfa_active].every((word) => answers.includes(word ?? ''));
  return {
    subject: row.user ?? '',
    type: 'AWS::IAM::User',
    outcome: !isTold
      ? notAssessed('the credential report does not say whether it has a password and a second factor')
      : open
        ? finding('userWithoutFactor')
        : satisfied,
    observations: ['password_enabled', 'mfa_active'].map((property) => ({ property, value: row[property] ?? null })),
  };
}

/** `N/A` and `no_information` are no times: it was not used since AWS keeps them. */
function timeOf(row: ReportRow, column: string): Date | undefined {
  const text = row[column] ?? '';
  return /^\d{4}-/.test(text) ? optionalTimeIn({ [column]: text }, column) : undefined;
}

function judgeEvents({ accountId, events }: RootFacts, since: Date): readonly LiveOutcome[] {
  if (!events.ok) {
    return [about(accountId, couldNotLook('cloudtrail:LookupEvents', events))];
  }
  const used = factsOf(events.value, 'Events').filter((event) => isUse(event, since));
  const outcomes = used.map((event) =>
    finding('rootUsed', undefined, {
      what: optionalTextIn(event, 'EventName') ?? 'something',
      when: optionalTextIn(event, 'EventTime') ?? '',
    }),
  );
  return (outcomes.length > 0 ? outcomes : [satisfied]).map((outcome) => about(accountId, outcome));
}

/** AWS itself sometimes acts in the name of root: those events are of a type of their own. */
function isUse(event: Fact, since: Date): boolean {
  const when = optionalTimeIn(event, 'EventTime');
  const text = optionalTextIn(event, 'CloudTrailEvent');
  return !/"eventType":\s*"AwsServiceEvent"/.test(text ?? '') && (when === undefined || when >= since);
}
