import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { residencyRegions } from '../parameters';
import { isRouted } from './alert-rules';
import { besides } from './beside';
import { liveHalf } from './det-01.live';
import { judgeFeatures } from './detector-features';
import {
  centralConfiguration,
  configurationPolicy,
  findingAggregator,
  judgeAssociation,
  judgeCenter,
  judgeHome,
  judgePlaces,
  judgePolicy,
  judgeThreats,
  organizationThreats,
  policyAssociation,
} from './organization-detection';

/** DET-01: attackers and weaknesses are looked for without pause, and what is found leaves the console. */
export const control = defineControl({
  id: 'det-01',
  title:
    'GuardDuty runs with every feature that applies, publishes within 15 minutes and has a rule that reports it; Security Hub checks a standard against what AWS Config records; where an organization brings both, it brings them to every account',
  family: 'detection',
  claims: ['cfeu-continuous-monitoring', 'cfeu-intrusion-alerting', 'cly-flow-anomaly'],
  doesNotProve:
    'That GuardDuty finds what matters, that its agents start in every task, that an account belongs to the organization that is to watch it and has been reached by it, and that somebody reads the findings (det-02 follows them to a topic).',
  runbook: 'respond-to-incident',
  parameters: { 'residency.regions': residencyRegions },
  messages: {
    missing: {
      violation: 'no GuardDuty detector is deployed, so nobody looks for attackers',
      fix: 'deploy a detector in every Region in use',
    },
    undetected: {
      violation: 'no GuardDuty detector is in {name}, so nobody looks for attackers there',
      fix: 'have the organization bring one to every Region that may be used, or promise fewer Regions',
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
    unwatched: {
      violation: 'nothing brings {service} to account {account} in {region}',
      fix: 'deploy it there, or add {region} to the Regions of the organization’s detection',
    },
    wrongHome: {
      violation: '{name} gathers findings elsewhere than where Security Hub is configured: {property} is {value}',
      fix: 'deploy it in its home Region',
    },
    notEveryone: {
      violation: '{name} does not switch GuardDuty on in every account: {property} is {value}',
      fix: 'set AutoEnable to ALL',
    },
    notDelegated: {
      violation:
        '{name} sets {service} for other accounts, and nothing makes its account the administrator of {service}',
      fix: 'name the account, the service and the Regions in the management account, before this stack is deployed',
    },
    noCenter: {
      violation: 'no central configuration of Security Hub is beside {name}, so accounts are checked against nothing',
      fix: 'deploy AWS::SecurityHub::OrganizationConfiguration with CENTRAL, a policy and its association',
    },
    notCentral: {
      violation: '{name} does not configure Security Hub from one account: {property} is {value}',
      fix: 'set ConfigurationType to CENTRAL',
    },
    noHome: {
      violation: 'nothing gathers the findings of Security Hub, and {name} needs a home Region that does',
      fix: 'deploy a finding aggregator before the central configuration',
    },
    nobodyBound: {
      violation: 'no policy of {name} binds the root of the organization: accounts that join get no Security Hub',
      fix: 'associate the policy with the root',
    },
    policyOff: {
      violation: 'policy {name} switches Security Hub off in the accounts that it binds: {property} is {value}',
      fix: 'set ServiceEnabled: true',
    },
    policyWithoutStandard: {
      violation: 'policy {name} checks accounts against no standard: {property} is {value}',
      fix: 'name a standard such as AWS Foundational Security Best Practices',
    },
    exempt: {
      violation: '{name} lets {target} manage Security Hub by itself, and no hub of that account is deployed here',
      fix: 'remove the association, so that the account inherits the policy of the root',
    },
    unsubscribed: {
      violation: 'account {name} has no Security Hub, so nobody checks it against a standard',
      fix: 'have its organization reach it, or deploy a hub; then find out who switched it off',
    },
    unchecked: {
      violation: 'hub {name} checks no standard to its end: their states are {states}',
      fix: 'enable AWS Foundational Security Best Practices, and read why its state is what it is',
    },
    noStandard: {
      violation: 'hub {name} checks no standard: {property} is {value}',
      fix: 'add a standard such as AWS Foundational Security Best Practices',
    },
  },
  template: {
    judges: [
      'AWS::GuardDuty::Detector',
      'AWS::SecurityHub::Hub',
      organizationThreats,
      findingAggregator,
      centralConfiguration,
      configurationPolicy,
      policyAssociation,
    ],
    expects: 'at-least-one',
    expected: ['AWS::GuardDuty::Detector', organizationThreats],
    judge: (subject, { presentOnly, scope }) => {
      switch (subject.type) {
        case 'AWS::SecurityHub::Hub':
          return judgeHub(subject, scope);
        case organizationThreats:
          return judgeThreats(subject, scope);
        case findingAggregator:
          return judgeHome(subject);
        case centralConfiguration:
          return judgeCenter(subject, scope);
        case configurationPolicy:
          return judgePolicy(subject);
        case policyAssociation:
          return judgeAssociation(subject, scope);
        default:
          return [
            ...judgeDetector(subject, scope),
            presentOnly || isChecked(subject, scope) ? satisfied : finding('noHub'),
          ];
      }
    },
    *judgeWhole({ presentOnly, scope }) {
      if (!presentOnly) {
        yield* judgePlaces(scope);
      }
    },
  },
  live: liveHalf,
});

function isChecked(detector: Subject, scope: Scope): boolean {
  return (
    besides(detector, scope, 'AWS::SecurityHub::Hub').length > 0 || scope.resources(centralConfiguration).length > 0
  );
}

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
    ...judgeFeatures(detector, 'Status', 'ENABLED'),
    ...judgeFilters(detector, scope),
    isRouted('aws.guardduty', detector, scope) ? satisfied : finding('unrouted'),
  ];
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
