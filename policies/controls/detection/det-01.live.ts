import { type Fact, factsIn, factsOf, optionalFactIn, optionalTextIn, textIn } from '../../../lib/control/fact';
import {
  type AccountReader,
  couldNotLook,
  type FailedRead,
  type LiveHalf,
  type LiveOutcome,
  type ReadResult,
} from '../../../lib/control/live';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { agents, features } from './detector-features';

const reads = {
  detectors: 'guardduty:ListDetectors',
  detector: 'guardduty:GetDetector',
  hub: 'securityhub:DescribeHub',
  standards: 'securityhub:GetEnabledStandards',
} as const;

/** What GuardDuty and Security Hub say of themselves in one Region of an account. */
interface Place {
  readonly region: string;
  readonly ids: ReadResult<readonly unknown[]>;
  readonly detectors: readonly (readonly [id: string, answer: ReadResult<Fact>])[];
  readonly hub: ReadResult<Fact>;
  readonly standards: ReadResult<readonly unknown[]>;
}

interface Facts {
  readonly accountId: string;
  readonly places: readonly Place[];
}

/**
 * DET-01 in the running account: a detector with every feature, and a hub with a standard, whoever brought them, in each Region that anything may be
 * deployed to. A Region that the account has not switched on refuses to be looked at, which says nothing of what is in it.
 */
export const liveHalf: LiveHalf<Facts> = {
  reads: Object.values(reads),
  expects: 'at-least-one',
  collect: async (account, { figures }) => ({
    accountId: account.accountId,
    places: await Promise.all(
      regionsOf(account, figures.set('residency.regions')).map((region) => look(account.in(region))),
    ),
  }),
  judge: ({ accountId, places }) =>
    places.flatMap((place) => {
      const account = { subject: `${accountId} ${place.region}`, type: 'AWS::Account' };
      return [...judgeDetectors(account, place), ...judgeHub(account, place)];
    }),
};

/** The Region of the run and every promised one that the same credentials reach: those of another partition are no use there. */
function regionsOf({ region }: AccountReader, promised: readonly string[]): readonly string[] {
  const isSovereign = (name: string) => name.startsWith('eusc-');
  return [...new Set([region, ...promised.filter((each) => isSovereign(each) === isSovereign(region))])];
}

async function look(account: AccountReader): Promise<Place> {
  const [ids, hub, standards] = await Promise.all([
    account.list(reads.detectors, 'DetectorIds'),
    account.read(reads.hub),
    account.list(reads.standards, 'StandardsSubscriptions'),
  ]);
  const known = ids.ok ? ids.value.filter((id) => typeof id === 'string') : [];
  const detectors = await Promise.all(
    known.map(async (DetectorId) => [DetectorId, await account.read(reads.detector, { DetectorId })] as const),
  );
  return { region: account.region, ids, detectors, hub, standards };
}

type Whole = Pick<LiveOutcome, 'subject' | 'type'>;

function judgeDetectors(account: Whole, { ids, detectors }: Place): readonly LiveOutcome[] {
  if (!ids.ok) {
    return [{ ...account, outcome: couldNotLook(reads.detectors, ids) }];
  }
  return detectors.length === 0
    ? [{ ...account, outcome: finding('undetected') }]
    : detectors.flatMap(([subject, answer]): readonly LiveOutcome[] => {
        const type = 'AWS::GuardDuty::Detector';
        return answer.ok
          ? judgeDetector(answer.value).map((outcome) => ({
              subject,
              type,
              outcome,
              observations: ['Status', 'FindingPublishingFrequency', 'Features'].map((property) => ({
                property,
                value: answer.value[property] ?? null,
              })),
            }))
          : [{ subject, type, outcome: couldNotLook(reads.detector, answer) }];
      });
}

function judgeDetector(detector: Fact): readonly Outcome[] {
  const status = textIn(detector, 'Status');
  const named = factsIn(detector, 'Features');
  const inside = named
    .filter((feature) => feature.Name === 'RUNTIME_MONITORING')
    .flatMap((feature) => factsIn(feature, 'AdditionalConfiguration'));
  const against = [
    ...(status === 'ENABLED' ? [] : [finding('off', 'Status')]),
    ...(optionalTextIn(detector, 'FindingPublishingFrequency') === 'FIFTEEN_MINUTES'
      ? []
      : [finding('slow', 'FindingPublishingFrequency')]),
    ...features.filter((name) => !isOn(named, name)).map(featureOff),
    ...agents.filter((name) => isOn(named, 'RUNTIME_MONITORING') && !isOn(inside, name)).map(featureOff),
  ];
  return against.length > 0 ? against : [satisfied];
}

function featureOff(feature: string): Outcome {
  return finding('featureOff', 'Features', { feature });
}

function isOn(places: readonly Fact[], name: string): boolean {
  return places.some((place) => place.Name === name && place.Status === 'ENABLED');
}

function judgeHub(account: Whole, { hub, standards }: Place): readonly LiveOutcome[] {
  if (!hub.ok) {
    return [{ ...account, outcome: hasNoHub(hub) ? finding('unsubscribed') : couldNotLook(reads.hub, hub) }];
  }
  const subject = { subject: optionalTextIn(hub.value, 'HubArn') ?? account.subject, type: 'AWS::SecurityHub::Hub' };
  if (!standards.ok) {
    return [{ ...subject, outcome: couldNotLook(reads.standards, standards) }];
  }
  const subscriptions = factsOf(standards.value, 'StandardsSubscriptions');
  const states = subscriptions.map((each) => optionalTextIn(each, 'StandardsStatus') ?? 'unknown');
  return [
    {
      ...subject,
      outcome: outcomeOf(states, subscriptions),
      observations: [{ property: 'StandardsStatus', value: states }],
    },
  ];
}

function outcomeOf(states: readonly string[], subscriptions: readonly Fact[]): Outcome {
  if (states.includes('READY')) {
    return satisfied;
  }
  const pending = subscriptions.find((each) => each.StandardsStatus === 'PENDING');
  if (pending) {
    const reason = optionalTextIn(optionalFactIn(pending, 'StandardsStatusReason') ?? {}, 'StatusReasonCode');
    return notAssessed(`a standard is being enabled${reason === undefined ? '' : `: ${reason}`}`);
  }
  return finding('unchecked', undefined, { states: states.join(', ') || 'none is enabled' });
}

/** Security Hub answers who has none with an error, which no right would cure. */
function hasNoHub({ message }: FailedRead): boolean {
  return /not subscribed to AWS Security Hub/.test(message);
}
