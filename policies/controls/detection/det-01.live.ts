import { type Fact, factsIn, factsOf, optionalFactIn, optionalTextIn, textIn } from '../../../lib/control/fact';
import {
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

/** What GuardDuty and Security Hub say of themselves in one account and Region. */
interface Facts {
  readonly accountId: string;
  readonly ids: ReadResult<readonly unknown[]>;
  readonly detectors: readonly (readonly [id: string, answer: ReadResult<Fact>])[];
  readonly hub: ReadResult<Fact>;
  readonly standards: ReadResult<readonly unknown[]>;
}

/** DET-01 in the running account, in the Region of the run: a detector with every feature, and a hub with a standard, whoever brought them. */
export const liveHalf: LiveHalf<Facts> = {
  reads: Object.values(reads),
  expects: 'at-least-one',
  collect: async (account) => {
    const [ids, hub, standards] = await Promise.all([
      account.list(reads.detectors, 'DetectorIds'),
      account.read(reads.hub),
      account.list(reads.standards, 'StandardsSubscriptions'),
    ]);
    const known = ids.ok ? ids.value.filter((id) => typeof id === 'string') : [];
    const detectors = await Promise.all(
      known.map(async (DetectorId) => [DetectorId, await account.read(reads.detector, { DetectorId })] as const),
    );
    return { accountId: account.accountId, ids, detectors, hub, standards };
  },
  judge: (facts) => [...judgeDetectors(facts), ...judgeHub(facts)],
};

function judgeDetectors({ accountId, ids, detectors }: Facts): readonly LiveOutcome[] {
  const account = { subject: accountId, type: 'AWS::Account' };
  if (!ids.ok) {
    return [{ ...account, outcome: couldNotLook(reads.detectors, ids) }];
  }
  return detectors.length === 0
    ? [{ ...account, outcome: finding('missing') }]
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

function judgeHub({ accountId, hub, standards }: Facts): readonly LiveOutcome[] {
  const account = { subject: accountId, type: 'AWS::Account' };
  if (!hub.ok) {
    return [{ ...account, outcome: hasNoHub(hub) ? finding('unsubscribed') : couldNotLook(reads.hub, hub) }];
  }
  const subject = { subject: optionalTextIn(hub.value, 'HubArn') ?? accountId, type: 'AWS::SecurityHub::Hub' };
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
