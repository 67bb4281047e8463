import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { besides } from './beside';
import { liveHalf } from './det-05.live';
import { judgeMembers, manager } from './member-recorders';
import { recordedOnceByIam } from './recorded-types';

/** DET-05: AWS Config. CloudFormation starts a recorder as soon as there is a delivery channel, so no property says "recording". */
export const control = defineControl({
  id: 'det-05',
  title:
    'AWS Config records every change of every resource as it happens, delivers the history, and its rules find nothing',
  family: 'detection',
  claims: ['cfeu-continuous-monitoring'],
  doesNotProve:
    'That the rules ask the right questions, that global resources are recorded in another Region where this one leaves them out, and that anybody reads what they find (det-01).',
  runbook: 'handle-joining-account',
  parameters: {
    'config.mode': {
      kind: 'choice',
      weakestFirst: ['DAILY', 'CONTINUOUS'],
      default: 'CONTINUOUS',
      description: 'how often AWS Config records a resource that changed: once a day, or each change',
    },
  },
  messages: {
    missing: {
      violation: 'no configuration recorder is there, so changes of resources in the account and Region go unseen',
      fix: 'deploy a configuration recorder with a delivery channel in every Region in use',
    },
    members: {
      violation: 'trail {name} records a whole organization, but no stack set brings a recorder to its accounts',
      fix: 'deploy a stack set with a recorder to the root of the organization',
    },
    management: {
      violation:
        '{account} manages the organization and is not recorded in {region}: no stack set of the organization reaches it',
      fix: 'deploy a recorder, a delivery channel and rules to that account and Region with a stack of their own',
    },
    joiners: {
      violation: 'accounts that join the organization get no recorder: {name} is not deployed to them by itself',
      fix: 'set AutoDeployment.Enabled of the stack set',
    },
    infrequent: {
      violation: 'recorder {name} looks only once in a while: {property} is {value}',
      fix: 'set recordingFrequency to CONTINUOUS, and drop the overrides that say otherwise',
    },
    partial: {
      violation: 'recorder {name} leaves out kinds of resources: {property} is {value}',
      fix: 'record all supported resource types',
    },
    noChannel: {
      violation: 'recorder {name} has no delivery channel: it is not started, and keeps nothing',
      fix: 'add a delivery channel with a bucket to the Region of the recorder',
    },
    noDestination: {
      violation: 'the delivery channel of recorder {name} names no bucket',
      fix: 'set s3BucketName of the delivery channel',
    },
    recorderStopped: {
      violation: 'recorder {name} is stopped',
      fix: 'start it with aws configservice start-configuration-recorder, and find out who stopped it',
    },
    recorderFails: {
      violation: 'recorder {name} fails to record: {reason}',
      fix: 'give the service-linked role of AWS Config back what it lacks, and start the recorder again',
    },
    channelFails: {
      violation: 'delivery channel {name} fails: {property} reports {reason}',
      fix: 'let the bucket, its key and the topic admit config.amazonaws.com for this account',
    },
    noRules: {
      violation: 'no rule of AWS Config watches account {name}: changes are kept, but nobody judges them',
      fix: 'deploy the managed rules',
    },
    nonCompliant: {
      violation: 'rule {name} of AWS Config is broken; resources that break it: {count}',
      fix: 'mend what aws configservice get-compliance-details-by-config-rule names for the rule',
    },
  },
  template: {
    judges: ['AWS::Config::ConfigurationRecorder'],
    expects: 'at-least-one',
    judge: (recorder, { figures, scope }) => [
      ...(figures.choice('config.mode') === 'CONTINUOUS' ? judgeFrequency(recorder) : []),
      ...judgeGroup(recorder),
      ...judgeChannel(recorder, scope),
      ...judgeRules(recorder, scope),
    ],
    // Where there is none at all, the engine says so
    *judgeWhole({ presentOnly, scope }) {
      if (presentOnly) {
        return;
      }
      yield* judgeMembers(scope);
      if (scope.resources('AWS::Config::ConfigurationRecorder').length === 0) {
        return;
      }
      const used = users.flatMap((type) => scope.resources(type));
      for (const resource of used) {
        if (besides(resource, scope, 'AWS::Config::ConfigurationRecorder').length === 0) {
          const { logicalId: subject, template, type } = resource;
          yield { target: template.path, subject, type, outcome: finding('missing') };
        }
      }
    },
  },
  live: liveHalf,
});

/** What is there only where something must be recorded: networks, hubs, who configures the hubs of others and has one itself, and who appoints that account. */
const users = ['AWS::EC2::VPC', 'AWS::SecurityHub::Hub', 'AWS::SecurityHub::OrganizationConfiguration', manager];

/**
 * Absent, the recorder is continuous.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configurationrecorder.html
 */
function judgeFrequency(recorder: Subject): readonly Outcome[] {
  const continuous = (frequency: string) => (frequency === 'CONTINUOUS' ? satisfied : finding('infrequent'));
  const overrides = decide(recorder.items('RecordingMode.RecordingModeOverrides'), {
    known: (items) =>
      items.flatMap((item) =>
        decide(item.at('RecordingFrequency').text(), {
          known: continuous,
          absent: () => notAssessed('an override without a frequency is refused by the service'),
        }),
      ),
    absent: () => satisfied,
  });
  const mode = recorder.text('RecordingMode.RecordingFrequency');
  return [...decide(mode, { known: continuous, absent: () => satisfied }), ...overrides];
}

function judgeGroup(recorder: Subject): readonly Outcome[] {
  return decide(recorder.text('RecordingGroup.RecordingStrategy.UseOnly'), {
    known: (strategy) => {
      switch (strategy) {
        case 'ALL_SUPPORTED_RESOURCE_TYPES':
          return satisfied;
        case 'EXCLUSION_BY_RESOURCE_TYPES':
          return judgeExclusions(recorder);
        default:
          return finding('partial');
      }
    },
    absent: () =>
      decide(recorder.bool('RecordingGroup.AllSupported'), {
        known: (all) => (all ? satisfied : finding('partial')),
        absent: () => {
          if (recorder.at('RecordingGroup').state() === 'absent') {
            return satisfied;
          }
          return recorder.at('RecordingGroup.ResourceTypes').state() === 'absent'
            ? notAssessed('what a recording group without any member records is not documented', 'RecordingGroup')
            : finding('partial', 'RecordingGroup.ResourceTypes');
        },
      }),
  });
}

function judgeExclusions(recorder: Subject): readonly Outcome[] {
  return decide(recorder.items('RecordingGroup.ExclusionByResourceTypes.ResourceTypes'), {
    known: (types) =>
      types.flatMap((type) =>
        decide(type.text(), {
          known: (name) => (recordedOnceByIam.has(name) ? satisfied : finding('partial')),
          absent: () => satisfied,
        }),
      ),
    absent: () => satisfied,
  });
}

function judgeChannel(recorder: Subject, scope: Scope): readonly Outcome[] {
  const channels = besides(recorder, scope, 'AWS::Config::DeliveryChannel');
  if (channels.length === 0) {
    return [finding('noChannel')];
  }
  // Which bucket, and who reads it, is judged by the controls of buckets
  const named = channels.filter((channel) => channel.at('S3BucketName').state() !== 'absent');
  return [named.length > 0 ? satisfied : finding('noDestination')];
}

/** What judges the recorded configuration; Security Hub deploys rules of its own. */
const watchers = [
  'AWS::Config::ConfigRule',
  'AWS::Config::ConformancePack',
  'AWS::Config::OrganizationConfigRule',
  'AWS::Config::OrganizationConformancePack',
  'AWS::SecurityHub::Hub',
];

function judgeRules(recorder: Subject, scope: Scope): readonly Outcome[] {
  const isWatched = watchers.some((type) => besides(recorder, scope, type).length > 0);
  return isWatched
    ? []
    : [notAssessed('no rule is deployed with the recorder: whether others watch what it keeps is seen only by verify')];
}
