import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { auditDataEvents } from '../parameters';
import { liveHalf, liveMessages } from './log-01.live';
import { soundTrail } from './sound-trail';
import { bothWays, type Call, dataKinds, type RecordedCalls, recordedCalls } from './trail-selectors';

const trailType = 'AWS::CloudTrail::Trail';

/** LOG-01: the trails of an account, which together must record every call. */
export const control = defineControl({
  id: 'log-01',
  title: 'Every call to the account is recorded, in every Region, so that a change of the record would be noticed',
  family: 'logging',
  claims: ['cfeu-continuous-monitoring', 'cly-cloudtrail-all-api'],
  doesNotProve:
    'That somebody reads the record or checks the digests of its files, and that services whose calls CloudTrail does not offer are recorded. Data events are asked for of S3 objects, Lambda functions, and DynamoDB tables and policy stores where there are any.',
  runbook: 'restore-audit-trail',
  parameters: { 'audit.dataEvents': auditDataEvents },
  messages: {
    missing: {
      violation: 'no trail is deployed, so nothing records who did what',
      fix: 'deploy a trail that is multi-region, validated, encrypted and records data events',
    },
    stopped: {
      violation: 'trail {name} is deployed without logging: {property} is {value}',
      fix: 'set IsLogging: true',
    },
    oneRegion: {
      violation: 'trail {name} records one Region only: {property} is {value}',
      fix: 'set isMultiRegionTrail: true',
    },
    withoutGlobalServices: {
      violation: 'trail {name} leaves out sign-ins and IAM: {property} is {value}',
      fix: 'set includeGlobalServiceEvents: true',
    },
    unsigned: {
      violation: 'files of trail {name} can be changed unnoticed: {property} is {value}',
      fix: 'set enableFileValidation: true',
    },
    withoutKey: {
      violation: 'files of trail {name} are encrypted with a key of S3: {property} is {value}',
      fix: 'set encryptionKey to the customer-managed key of the logs',
    },
    unwatched: {
      violation: 'nothing can watch trail {name} as it is written: {property} is {value}',
      fix: 'set sendToCloudWatchLogs: true',
    },
    openArchive: {
      violation: 'trail {name} delivers to bucket {bucket}, which does not rule out public access',
      fix: 'set blockPublicAccess: BlockPublicAccess.BLOCK_ALL on the bucket',
    },
    omitsManagement: {
      violation: 'trail {name} does not record {missing} (left out: {excluded})',
      fix: 'record management events, reads and writes, and exclude no event source',
    },
    omitsData: {
      violation: 'trail {name} does not record {missing}',
      fix: 'record data events of all resources of the kind, reads and writes',
    },
    ...liveMessages,
  },
  template: {
    judges: [trailType],
    expects: 'at-least-one',
    judge: (trail, context) => {
      const asked = askedOf(trail, context);
      const own = look(trail);
      if (own.isSound && asked.every((call) => own.recorded.calls.has(call))) {
        return [...own.against, satisfied];
      }
      const others = othersOf(trail, context).map(look);
      const kept = new Set(others.filter(({ isSound }) => isSound).flatMap(({ recorded }) => [...recorded.calls]));
      return asked.every((call) => kept.has(call))
        ? notApplicable('other trails of the account record every call')
        : [...own.against, ...gapsOf(own.recorded, asked, others)];
    },
  },
  live: liveHalf,
});

interface SeenTrail {
  readonly against: readonly Outcome[];
  readonly isSound: boolean;
  readonly recorded: RecordedCalls;
}

function look(trail: Subject): SeenTrail {
  const recorded = recordedCalls(trail);
  const against = soundTrail(trail);
  const isSound = recorded.unread === undefined && against.every(({ verdict }) => verdict === 'satisfied');
  return { against, isSound, recorded };
}

/** What neither the trail nor another one records. Another that is broken answers for its part by itself. */
function gapsOf(own: RecordedCalls, asked: readonly Call[], others: readonly SeenTrail[]): readonly Outcome[] {
  if (own.unread) {
    return [notAssessed(own.unread.reason, own.unread.property)];
  }
  const calls = new Set([own, ...others.map(({ recorded }) => recorded)].flatMap((recorded) => [...recorded.calls]));
  const missing = asked.filter((call) => !calls.has(call));
  if (missing.length > 0 && others.some(({ recorded }) => recorded.unread)) {
    return [notAssessed(`whether another trail records ${missing.join(', ')}: its selectors cannot be read`)];
  }
  const management = missing.filter((call) => call.startsWith('management '));
  const data = missing.filter((call) => !management.includes(call));
  const excluded = own.excluded.join(', ') || 'no event source';
  return [
    ...(management.length > 0
      ? [finding('omitsManagement', undefined, { missing: management.join(', '), excluded })]
      : []),
    ...(data.length > 0 ? [finding('omitsData', undefined, { missing: data.join(', ') })] : []),
    ...(missing.length === 0 ? [satisfied] : []),
  ];
}

/** Objects and functions always; other stores where the account has any. */
function askedOf(trail: Subject, { figures, scope }: JudgementContext): readonly Call[] {
  const isHere = (type: string) => scope.resources(type).some((resource) => samePlace(resource, trail));
  const present = {
    'AWS::S3::Object': true,
    'AWS::Lambda::Function': true,
    'AWS::DynamoDB::Table': isHere('AWS::DynamoDB::Table') || isHere('AWS::DynamoDB::GlobalTable'),
    'AWS::VerifiedPermissions::PolicyStore': isHere('AWS::VerifiedPermissions::PolicyStore'),
  };
  const data = Object.entries(present).flatMap(([type, is]) => (is ? bothWays(dataKinds.get(type) ?? type) : []));
  return figures.flag('audit.dataEvents') ? [...bothWays('management'), ...data] : bothWays('management');
}

/** An account has five trails in a Region at most, so looking at all others is no walk. */
function othersOf(trail: Subject, { scope }: JudgementContext): readonly Subject[] {
  return scope
    .resources(trailType)
    .filter((other) => other !== trail && samePlace(other, trail))
    .slice(0, 5);
}

/** Whether both are deployed to one account; without an account given, to one stack. */
function samePlace(one: Subject, other: Subject): boolean {
  const account = one.template.origin.account;
  return one.template === other.template || (account !== undefined && account === other.template.origin.account);
}
