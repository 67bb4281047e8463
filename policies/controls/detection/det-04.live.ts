import {
  type Fact,
  factsIn,
  factsOf,
  optionalFactIn,
  optionalTextIn,
  optionalTimeIn,
  textIn,
} from '../../../lib/control/fact';
import { couldNotLook, type LiveHalf, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

const statusAction = 'inspector2:BatchGetAccountStatus';
const coverageAction = 'inspector2:ListCoverage';

/** Members of the state of an account, and what each is called in messages. */
const kinds: Readonly<Record<string, string>> = {
  ec2: 'EC2',
  ecr: 'ECR',
  lambda: 'LAMBDA',
  lambdaCode: 'LAMBDA_CODE',
};

interface Facts {
  readonly accountId: string;
  readonly now: string;
  readonly status: ReadResult<Readonly<Record<string, unknown>>>;
  readonly coverage: ReadResult<readonly unknown[]>;
}

/** DET-04 in the running account: Inspector scans every kind, and everything that it knows of. */
export const liveHalf: LiveHalf<Facts> = {
  reads: [statusAction, coverageAction],
  expects: 'at-least-one',
  collect: async (account) => {
    const { accountId, now } = account;
    const [status, coverage] = await Promise.all([
      account.read(statusAction, { accountIds: [accountId] }),
      account.list(coverageAction, 'coveredResources'),
    ]);
    return { accountId, now: now.toISOString(), status, coverage };
  },
  judge: ({ accountId, now, status, coverage }, { figures }) => [
    ...judgeStatus(accountId, status),
    ...(coverage.ok
      ? factsOf(coverage.value, 'coveredResources').map((resource) =>
          judgeCoverage(resource, new Date(now), figures.number('scan.intervalHours')),
        )
      : [{ subject: accountId, type: 'AWS::Account', outcome: couldNotLook(coverageAction, coverage) }]),
  ],
};

function judgeStatus(accountId: string, status: Facts['status']): readonly LiveOutcome[] {
  const subject = { subject: accountId, type: 'AWS::Account' };
  if (!status.ok) {
    return [{ ...subject, outcome: couldNotLook(statusAction, status) }];
  }
  const account = factsIn(status.value, 'accounts').find((each) => each.accountId === accountId);
  const state = account && optionalFactIn(account, 'resourceState');
  if (!state) {
    // The service lists an account whose state it could not find out among the failed ones
    const isUnknown = factsIn(status.value, 'failedAccounts').length > 0;
    return [
      { ...subject, outcome: isUnknown ? notAssessed(`${statusAction} failed for the account`) : finding('missing') },
    ];
  }
  const observations = Object.keys(kinds).map((member) => ({ property: member, value: statusIn(state, member) }));
  return Object.entries(kinds).map(([member, kind]) => ({
    ...subject,
    outcome: outcomeOf(statusIn(state, member), kind),
    observations,
  }));
}

function statusIn(state: Fact, member: string): string {
  return optionalTextIn(optionalFactIn(state, member) ?? {}, 'status') ?? 'DISABLED';
}

function outcomeOf(status: string, kind: string): Outcome {
  switch (status) {
    case 'ENABLED':
      return satisfied;
    case 'ENABLING':
      return notAssessed(`Inspector is being enabled for ${kind}`);
    default:
      return finding('disabled', undefined, { kind, status });
  }
}

/** Reasons for which nothing needs to be scanned: what is stopped, gone, or older than Inspector was told to follow. */
const endedReasons = new Set(['EC2_INSTANCE_STOPPED', 'RESOURCE_TERMINATED', 'SCAN_ELIGIBILITY_EXPIRED']);

function judgeCoverage(resource: Fact, now: Date, hours: number): LiveOutcome {
  const scan = optionalFactIn(resource, 'scanStatus') ?? {};
  const reason = optionalTextIn(scan, 'reason') ?? 'no reason is given';
  const last = optionalTimeIn(resource, 'lastScannedAt');
  return {
    subject: textIn(resource, 'resourceId'),
    type: textIn(resource, 'resourceType'),
    outcome: outcomeOfScan(textIn(scan, 'statusCode'), reason, last, now, hours),
    observations: [
      { property: 'scanStatus', value: resource.scanStatus ?? null },
      { property: 'lastScannedAt', value: last?.toISOString() ?? null },
    ],
  };
}

/**
 * A continuous scan compares with each new advisory; the service dates the last one that concerned the resource. An older date is no proof
 * that nobody looked, and none that somebody did.
 */
function outcomeOfScan(code: string, reason: string, last: Date | undefined, now: Date, hours: number): Outcome {
  if (code !== 'ACTIVE') {
    return endedReasons.has(reason)
      ? notApplicable(`nothing is scanned that is gone: ${reason}`)
      : finding('uncovered', 'scanStatus', { reason });
  }
  if (last === undefined) {
    return notAssessed('Inspector does not say when it was scanned', 'lastScannedAt');
  }
  return now.getTime() - last.getTime() <= hours * 3_600_000
    ? satisfied
    : notAssessed(`the last scan that Inspector dates is older than ${hours} hours`, 'lastScannedAt');
}
