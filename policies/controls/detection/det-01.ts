import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isRouted } from './alert-rules';
import { besides } from './beside';

/**
 * What GuardDuty must look at besides calls, flows and name resolution, which it always does.
 *
 * Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html
 */
const features = [
  'S3_DATA_EVENTS',
  'EBS_MALWARE_PROTECTION',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
  'RUNTIME_MONITORING',
] as const;

/** Runtime monitoring sees only what its agents run in; this one brings itself into every task. */
const agents = ['ECS_FARGATE_AGENT_MANAGEMENT'] as const;

/** DET-01: attackers and weaknesses are looked for without pause, and what is found leaves the console. */
export const control = defineControl({
  id: 'det-01',
  title:
    'GuardDuty runs with every feature that applies, publishes within 15 minutes and has a rule that reports it; Security Hub checks a standard against what AWS Config records',
  family: 'detection',
  claims: ['cfeu-continuous-monitoring', 'cfeu-intrusion-alerting', 'cly-flow-anomaly'],
  doesNotProve:
    'That GuardDuty finds what matters, that its agents start in every task, that Regions without a stack have a detector, and that somebody reads the findings (det-02 follows them to a topic).',
  runbook: 'respond-to-incident',
  parameters: {},
  messages: {
    missing: {
      violation: 'no GuardDuty detector is deployed, so nobody looks for attackers',
      fix: 'deploy a detector in every Region in use',
    },
    noHub: {
      violation: 'no Security Hub is beside detector {name}, so nobody checks the account against a standard',
      fix: 'deploy a hub with a standard beside the recorder of AWS Config',
    },
    off: {
      violation: 'detector {name} is off: {property} is {value}',
      fix: 'set enable: true',
    },
    featureOff: {
      violation: 'detector {name} does not look at {feature}',
      fix: 'add the feature {feature} with the status ENABLED',
    },
    slow: {
      violation:
        'detector {name} publishes what goes on only once in hours: {property} is {value} (SIX_HOURS where nothing is set)',
      fix: 'set findingPublishingFrequency to FIFTEEN_MINUTES',
    },
    suppressed: {
      violation: 'filter {filter} archives findings of detector {name} before anybody sees them',
      fix: 'remove the filter, or let it take no action',
    },
    unrouted: {
      violation: 'no rule reports what detector {name} finds: findings of medium severity stay in the console',
      fix: 'add a rule of EventBridge for aws.guardduty from severity 4, with the topic of the alerts as target',
    },
    noRecorder: {
      violation: 'hub {name} checks what AWS Config records, and no recorder is there: its checks find nothing',
      fix: 'deploy a configuration recorder in the Region of the hub',
    },
    noStandard: {
      violation: 'hub {name} checks no standard: {property} is {value}',
      fix: 'add a standard such as AWS Foundational Security Best Practices',
    },
  },
  template: {
    judges: ['AWS::GuardDuty::Detector', 'AWS::SecurityHub::Hub'],
    expects: 'at-least-one',
    expected: ['AWS::GuardDuty::Detector'],
    judge: (subject, { presentOnly, scope }) =>
      subject.type === 'AWS::SecurityHub::Hub'
        ? judgeHub(subject, scope)
        : [
            ...judgeDetector(subject, scope),
            presentOnly || besides(subject, scope, 'AWS::SecurityHub::Hub').length > 0 ? satisfied : finding('noHub'),
          ],
  },
});

/** Defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-guardduty-detector.html. */
function judgeDetector(detector: Subject, scope: Scope): readonly Outcome[] {
  return [
    ...decide(detector.bool('Enable'), {
      known: (on) => (on ? satisfied : finding('off')),
      absent: () => notAssessed('CloudFormation requires Enable'),
    }),
    ...decide(detector.text('FindingPublishingFrequency'), {
      known: (word) => (word === 'FIFTEEN_MINUTES' ? satisfied : finding('slow')),
      absent: () => finding('slow'),
    }),
    ...judgeFeatures(detector),
    ...judgeFilters(detector, scope),
    isRouted('aws.guardduty', scope) ? satisfied : finding('unrouted'),
  ];
}

/** What is not named is left as GuardDuty has it for new detectors, which changes with time: it must be named. */
function judgeFeatures(detector: Subject): readonly Outcome[] {
  return decide(detector.items('Features'), {
    known: (places) => {
      const runtime = places.find((place) => isNamed(place, 'RUNTIME_MONITORING'));
      const inside = runtime?.at('AdditionalConfiguration').items();
      const agentPlaces = inside?.kind === 'known' ? inside.value : [];
      return [
        ...features.flatMap((name) => judgeFeature(places, name)),
        ...(runtime ? agents.flatMap((name) => judgeFeature(agentPlaces, name)) : []),
      ];
    },
    absent: () => features.map((feature) => finding('featureOff', undefined, { feature })),
  });
}

function judgeFeature(places: readonly Node[], feature: string): readonly Outcome[] {
  const place = places.find((each) => isNamed(each, feature));
  const off = () => finding('featureOff', undefined, { feature });
  return place
    ? decide(place.at('Status').text(), { known: (word) => (word === 'ENABLED' ? satisfied : off()), absent: off })
    : [off()];
}

/** Looked at before it is read: only the name that is sought goes on record. */
function isNamed(place: Node, name: string): boolean {
  const { resolved } = place.at('Name');
  return resolved.kind === 'scalar' && resolved.value === name && place.at('Name').text().kind === 'known';
}

function judgeFilters(detector: Subject, scope: Scope): readonly Outcome[] {
  return scope.referring(detector, 'AWS::GuardDuty::Filter', 'DetectorId').flatMap((filter) =>
    decide(filter.text('Action'), {
      known: (action) =>
        action === 'ARCHIVE' ? finding('suppressed', undefined, { filter: filter.logicalId }) : satisfied,
      // NOOP where nothing is set
      absent: () => satisfied,
    }),
  );
}

function judgeHub(hub: Subject, scope: Scope): readonly Outcome[] {
  return [
    besides(hub, scope, 'AWS::Config::ConfigurationRecorder').length > 0 ? satisfied : finding('noRecorder'),
    ...(besides(hub, scope, 'AWS::SecurityHub::Standard').length > 0
      ? [satisfied]
      : // true where nothing is set: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-securityhub-hub.html
        decide(hub.bool('EnableDefaultStandards'), {
          known: (on) => (on ? satisfied : finding('noStandard')),
          absent: () => satisfied,
        })),
  ];
}
