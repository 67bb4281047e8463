import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

/**
 * What GuardDuty must look at besides calls, flows and name resolution, which it always does.
 *
 * Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html
 */
export const features = [
  'S3_DATA_EVENTS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
  'RUNTIME_MONITORING',
] as const;

/** Runtime monitoring sees only what its agents run in; this one brings itself into every task. */
export const agents = ['ECS_FARGATE_AGENT_MANAGEMENT'] as const;

/**
 * Judges the features of a detector, or of all detectors of an organization. What is not named is left as GuardDuty has it for new detectors,
 * which changes with time: it must be named.
 *
 * @param member property of a feature that says whether it is on
 * @param on its value that says so
 */
export function judgeFeatures(resource: Subject, member: 'Status' | 'AutoEnable', on: string): readonly Outcome[] {
  const judge = (places: readonly Node[], feature: string): readonly Outcome[] => {
    const place = places.find((each) => isNamed(each, feature));
    const off = () => finding('featureOff', undefined, { feature });
    return place
      ? decide(place.at(member).text(), { known: (word) => (word === on ? satisfied : off()), absent: off })
      : [off()];
  };
  return decide(resource.items('Features'), {
    known: (places) => {
      const runtime = places.find((place) => isNamed(place, 'RUNTIME_MONITORING'));
      const inside = runtime?.at('AdditionalConfiguration').items();
      const agentPlaces = inside?.kind === 'known' ? inside.value : [];
      return [
        ...features.flatMap((name) => judge(places, name)),
        ...(runtime ? agents.flatMap((name) => judge(agentPlaces, name)) : []),
      ];
    },
    absent: () => features.map((feature) => finding('featureOff', undefined, { feature })),
  });
}

/** Looked at before it is read: only the name that is sought goes on record. */
function isNamed(place: Node, name: string): boolean {
  const { resolved } = place.at('Name');
  return resolved.kind === 'scalar' && resolved.value === name && place.at('Name').text().kind === 'known';
}
