import type { LiveCase } from '../../../lib/control/cases';

const now = '2026-03-02T12:00:00.000Z';
const columns =
  'user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_last_used_date,access_key_2_last_used_date';
const root = (lastUsed: string, key = 'N/A') =>
  `<root_account>,arn:aws:iam::111122223333:root,2024-01-01T00:00:00+00:00,not_supported,${lastUsed},true,${key},N/A`;
const user = (password: string, factor: string) =>
  `alice,arn:aws:iam::111122223333:user/alice,2024-01-01T00:00:00+00:00,${password},no_information,${factor},N/A,N/A`;

const report = (...rows: readonly string[]) => ({
  ReportFormat: 'text/csv',
  Content: Buffer.from([columns, ...rows].join('\n')).toString('base64'),
});

interface Account {
  readonly summary?: object;
  readonly report?: object;
  readonly events?: readonly object[];
}

const whole = {
  AccountMFAEnabled: 1,
  AccountPasswordPresent: 1,
  AccountAccessKeysPresent: 0,
  AccountSigningCertificatesPresent: 0,
};

/** An account that keeps the promise, but for what is given. */
function account(given: Account = {}): LiveCase['answers'] {
  return {
    'iam:GetAccountSummary': { value: { SummaryMap: { ...whole, ...given.summary } } },
    'iam:GetCredentialReport': { value: { ...(given.report ?? report(root('no_information'))) } },
    'cloudtrail:LookupEvents': { value: { Events: given.events ?? [] } },
  };
}

const event = (EventTime: string, eventType = 'AwsConsoleSignIn') => ({
  EventId: '0e0c6c3c-8f4e-4b2b-9a52-1f3f7d1f3c55',
  EventName: 'ConsoleLogin',
  EventTime,
  Username: 'root',
  CloudTrailEvent: JSON.stringify({ userIdentity: { type: 'Root' }, eventType }),
});

const kept = (name: string, answers: LiveCase['answers']): LiveCase => ({
  name,
  now,
  answers,
  expect: { verdict: 'satisfied', subject: '111122223333' },
});

const broken = (name: string, message: string, answers: LiveCase['answers'], subject = '111122223333'): LiveCase => ({
  name,
  now,
  answers,
  expect: { verdict: 'not-satisfied', message, subject },
});

const unseen = (name: string, answers: LiveCase['answers']): LiveCase => ({
  name,
  now,
  answers,
  expect: { verdict: 'not-assessed', subject: '111122223333' },
});

export const liveCases: readonly LiveCase[] = [
  kept('root with a second factor, not used', account()),
  kept(
    'root without any credential, as accounts of an organization can have it',
    account({ summary: { AccountMFAEnabled: 0, AccountPasswordPresent: 0 } }),
  ),
  kept('root used long ago', account({ report: report(root('2025-10-01T08:00:00+00:00')) })),
  kept('a user with a second factor', account({ report: report(root('N/A'), user('true', 'true')) })),
  kept('a user without a password', account({ report: report(root('N/A'), user('false', 'false')) })),
  kept('AWS acting in the name of root', account({ events: [event('2026-03-01T08:00:00.000Z', 'AwsServiceEvent')] })),
  kept('an event from before', account({ events: [event('2025-10-01T08:00:00.000Z')] })),
  broken('root has an access key', 'rootKey', account({ summary: { AccountAccessKeysPresent: 1 } })),
  broken('root has a certificate', 'rootKey', account({ summary: { AccountSigningCertificatesPresent: 1 } })),
  broken('root has a password alone', 'rootWithoutFactor', account({ summary: { AccountMFAEnabled: 0 } })),
  broken('root signed in, wherever it was', 'rootUsed', account({ report: report(root('2026-02-20T08:00:00+00:00')) })),
  broken('root used a key', 'rootUsed', account({ report: report(root('N/A', '2026-02-20T08:00:00+00:00')) })),
  broken('root in the events of the Region', 'rootUsed', account({ events: [event('2026-03-01T08:00:00.000Z')] })),
  broken(
    'a user who signs in with a password alone',
    'userWithoutFactor',
    account({ report: report(root('N/A'), user('true', 'false')) }),
    'alice',
  ),
  unseen('a summary that says nothing of root', {
    ...account(),
    'iam:GetAccountSummary': { value: { SummaryMap: { Users: 3 } } },
  }),
  unseen('a report whose row of root ends early', account({ report: report(root('N/A').replace(/,N\/A,N\/A$/, '')) })),
  {
    name: 'a report that does not say whether a user has a second factor',
    now,
    answers: account({ report: report(root('N/A'), user('true', '')) }),
    expect: { verdict: 'not-assessed', subject: 'alice' },
  },
  unseen('a report without a row of root', account({ report: report(user('false', 'false')) })),
];
