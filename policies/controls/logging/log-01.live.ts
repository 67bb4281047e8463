import type { Message } from '../../../lib/control/control';
import { type Fact, factsOf, flagIn, optionalTextIn, textIn } from '../../../lib/control/fact';
import {
  type AccountReader,
  couldNotLook,
  type LiveHalf,
  type LiveOutcome,
  type ReadResult,
} from '../../../lib/control/live';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { type Calls, dataCalls, describeCalls, managementCalls, recordedCalls } from './recorded-calls';
import { judgeDelivery, statusMembers } from './trail-delivery';

const describeTrails = 'cloudtrail:DescribeTrails';
const getStatus = 'cloudtrail:GetTrailStatus';
const getSelectors = 'cloudtrail:GetEventSelectors';

/** Messages of the live half; the template half has its own. */
export const liveMessages: Readonly<Record<string, Message>> = {
  trailStopped: {
    violation: 'running trail {name} records nothing: its logging is stopped',
    fix: 'start it with aws cloudtrail start-logging, find out who stopped it, and redeploy the audit stack',
  },
  trailOneRegion: {
    violation: 'running trail {name} records only its own Region',
    fix: 'set isMultiRegionTrail: true on the trail and deploy',
  },
  trailWithoutGlobalServices: {
    violation: 'running trail {name} leaves out global services such as IAM and sign-in',
    fix: 'set includeGlobalServiceEvents: true on the trail and deploy',
  },
  trailUnsigned: {
    violation: 'running trail {name} signs no digests: its files could be changed unseen',
    fix: 'set enableFileValidation: true on the trail and deploy',
  },
  trailWithoutKey: {
    violation: 'running trail {name} encrypts its files without a key of ours',
    fix: 'set encryptionKey of the trail to the key of the audit domain and deploy',
  },
  trailRefused: {
    violation: 'running trail {name} cannot deliver: {property} is {reason}',
    fix: 'let the bucket, its key and the log group admit cloudtrail.amazonaws.com for this trail',
  },
  trailSilent: {
    violation: 'running trail {name} delivers nothing: {property} is {last}, more than {hours} hours ago',
    fix: 'check the bucket, its key and the log group, then stop and start logging; what was called meanwhile is lost',
  },
  trailOmitsManagement: {
    violation: 'running trail {name} leaves out {missing} (excluded sources: {sources})',
    fix: 'record all management events, reads and writes, and exclude no event source',
  },
  trailOmitsData: {
    violation: 'running trail {name} leaves out {missing}',
    fix: 'add data event selectors for every S3 object and every Lambda function, reads and writes',
  },
};

interface TrailFacts {
  readonly trail: Fact;
  readonly status: ReadResult<Fact>;
  readonly selectors: ReadResult<Fact>;
}

interface TrailsFacts {
  readonly accountId: string;
  /** Time of the reads, ISO 8601. */
  readonly now: string;
  readonly trails: ReadResult<readonly TrailFacts[]>;
}

/** One trail, and what stands against it; nothing does where it records and delivers as it should. */
interface SeenTrail extends Pick<LiveOutcome, 'subject' | 'type' | 'observations'> {
  readonly against: readonly Outcome[];
  readonly calls: ReadonlySet<Calls>;
  readonly excludedSources: readonly string[];
}

/**
 * LOG-01 in the running account: the trails that record and deliver keep, together, every call. A trail that does not is no matter where
 * the others keep everything.
 */
export const liveHalf: LiveHalf<TrailsFacts> = {
  reads: [describeTrails, getStatus, getSelectors],
  expects: 'at-least-one',
  collect,
  judge: ({ accountId, now, trails }, { figures }) => {
    if (!trails.ok) {
      return [{ subject: accountId, type: 'AWS::Account', outcome: couldNotLook(describeTrails, trails) }];
    }
    const asked = [...managementCalls, ...(figures.flag('audit.dataEvents') ? dataCalls : [])];
    return judgeTogether(
      trails.value.map((trail) => lookAt(trail, new Date(now))),
      asked,
    );
  },
};

async function collect(account: AccountReader): Promise<TrailsFacts> {
  // Shadow trails are the multi-region trails of other Regions, which record this one too
  const listed = await account.list(describeTrails, 'trailList', { includeShadowTrails: true });
  const { accountId } = account;
  const now = account.now.toISOString();
  if (!listed.ok) {
    return { accountId, now, trails: listed };
  }
  const value = await Promise.all(
    factsOf(listed.value, 'trailList').map(async (trail): Promise<TrailFacts> => {
      // By ARN: a name finds neither a shadow trail nor the organization's
      const arn = textIn(trail, 'TrailARN');
      const [status, selectors] = await Promise.all([
        account.read(getStatus, { Name: arn }),
        account.read(getSelectors, { TrailName: arn }),
      ]);
      return { trail, status, selectors };
    }),
  );
  return { accountId, now, trails: { ok: true, value } };
}

function lookAt({ trail, status, selectors }: TrailFacts, now: Date): SeenTrail {
  const recorded = selectors.ok
    ? recordedCalls(selectors.value, optionalTextIn(trail, 'S3BucketName'))
    : { calls: new Set<Calls>(), excludedSources: [] };
  const settings = ['HomeRegion', 'IsMultiRegionTrail', 'IncludeGlobalServiceEvents', 'IsOrganizationTrail'];
  const members = [...settings, 'LogFileValidationEnabled', 'KmsKeyId', 'S3BucketName'];
  const observe = (fact: Fact, names: readonly string[]) =>
    names.flatMap((property) => (fact[property] === undefined ? [] : [{ property, value: fact[property] }]));
  return {
    ...recorded,
    subject: textIn(trail, 'TrailARN'),
    type: 'AWS::CloudTrail::Trail',
    against: [
      ...judgeSettings(trail),
      ...(status.ok ? judgeDelivery(trail, status.value, now) : [couldNotLook(getStatus, status)]),
      ...(selectors.ok ? [] : [couldNotLook(getSelectors, selectors)]),
    ],
    observations: [
      ...observe(trail, members),
      ...(status.ok ? observe(status.value, statusMembers) : []),
      ...(selectors.ok ? [{ property: 'EventSelectors', value: describeCalls(recorded) }] : []),
    ],
  };
}

function judgeSettings(trail: Fact): readonly Outcome[] {
  return [
    ...(flagIn(trail, 'IsMultiRegionTrail') ? [] : [finding('trailOneRegion', 'IsMultiRegionTrail')]),
    ...(flagIn(trail, 'IncludeGlobalServiceEvents')
      ? []
      : [finding('trailWithoutGlobalServices', 'IncludeGlobalServiceEvents')]),
    ...(flagIn(trail, 'LogFileValidationEnabled') ? [] : [finding('trailUnsigned', 'LogFileValidationEnabled')]),
    ...(optionalTextIn(trail, 'KmsKeyId') === undefined ? [finding('trailWithoutKey', 'KmsKeyId')] : []),
  ];
}

function judgeTogether(trails: readonly SeenTrail[], asked: readonly Calls[]): readonly LiveOutcome[] {
  const kept = new Set(trails.filter(({ against }) => against.length === 0).flatMap(({ calls }) => [...calls]));
  const isKept = asked.every((calls) => kept.has(calls));
  const isUnseen = ({ against }: SeenTrail) =>
    against.length > 0 && against.every(({ verdict }) => verdict === 'not-assessed');
  const someUnseen = trails.some(isUnseen);
  return trails.flatMap((trail) => {
    const { subject, type, observations, against } = trail;
    const give = (outcome: Outcome): LiveOutcome => ({ subject, type, observations, outcome });
    if (isKept) {
      const helps = against.length === 0 && asked.some((calls) => trail.calls.has(calls));
      return give(helps ? satisfied : notApplicable('other trails of the account keep every call'));
    }
    if (someUnseen && !isUnseen(trail)) {
      return give(notAssessed('it does not keep every call, and whether another trail does could not be looked at'));
    }
    return [...against, ...(isUnseen(trail) ? [] : gapsOf(trail, kept, asked))].map(give);
  });
}

/** What neither the trail nor any sound one keeps. */
function gapsOf(trail: SeenTrail, kept: ReadonlySet<Calls>, asked: readonly Calls[]): readonly Outcome[] {
  const missing = asked.filter((calls) => !kept.has(calls) && !trail.calls.has(calls));
  const management = missing.filter((calls) => managementCalls.includes(calls));
  const data = missing.filter((calls) => dataCalls.includes(calls));
  const sources = trail.excludedSources.join(', ') || 'none';
  const words = (calls: readonly Calls[]) => ({ missing: calls.join(', ') });
  return [
    ...(management.length > 0
      ? [finding('trailOmitsManagement', 'EventSelectors', { ...words(management), sources })]
      : []),
    ...(data.length > 0 ? [finding('trailOmitsData', 'EventSelectors', words(data))] : []),
  ];
}
