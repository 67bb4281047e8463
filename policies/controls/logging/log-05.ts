import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { keysMode, networkFlowLogSeconds } from '../parameters';

/**
 * Days of records that anomaly detection learns from.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/LogsAnomalyDetection.html
 */
const learningDays = 14;

/** LOG-05: what passes through a VPC is written down whole, soon, safely, and somebody reads it. */
export const control = defineControl({
  id: 'log-05',
  title:
    'Every VPC records accepted and rejected traffic every minute, in a protected place, and something reads the records',
  family: 'logging',
  claims: ['cly-flow-logs', 'cly-flow-anomaly', 'clvr-sysmon-firewall'],
  doesNotProve:
    'That records arrive, that anybody acts on an anomaly (det-02), what DNS and instance metadata traffic says (flow logs leave both out), and how a bucket that receives them is encrypted (enc-05).',
  runbook: 'mend-flow-log',
  parameters: { 'network.flowLogSeconds': networkFlowLogSeconds, 'keys.mode': keysMode },
  messages: {
    missing: {
      violation: 'no VPC is deployed, so nothing keeps the promise of recorded traffic',
      fix: 'deploy a VPC with a flow log',
    },
    noFlowLog: {
      violation: 'VPC {name} has no flow log',
      fix: 'add a flow log of the VPC for all traffic',
    },
    partial: {
      violation: 'flow log {name} records part of the traffic: {property} is {value}',
      fix: 'set trafficType to ALL',
    },
    slow: {
      violation:
        'flow log {name} gathers records for longer than {promised} seconds: {property} is {value} (600 where nothing is set)',
      fix: 'set maxAggregationInterval to 60 seconds',
    },
    platformKey: {
      violation: 'the log group of flow log {name} is encrypted with a key that AWS owns: {group} has no KmsKeyId',
      fix: 'give the log group the key of the logs',
    },
    shortLived: {
      violation:
        'the records of flow log {name} are deleted after {days} days, before anybody can compare them with two weeks',
      fix: 'keep them for 14 days or more',
    },
    unread: {
      violation:
        'nothing reads the records of flow log {name}: no anomaly detector, metric filter, subscription, query or GuardDuty detector',
      fix: 'add an anomaly detector for the log group',
    },
  },
  template: {
    judges: ['AWS::EC2::VPC', 'AWS::EC2::FlowLog'],
    expects: 'at-least-one',
    expected: ['AWS::EC2::VPC'],
    judge: (subject, context) =>
      subject.type === 'AWS::EC2::VPC' ? judgeVpc(subject, context) : judgeFlowLog(subject, context),
  },
});

function judgeVpc(vpc: Subject, { scope }: JudgementContext): Outcome {
  return scope.referring(vpc, 'AWS::EC2::FlowLog', 'ResourceId').length > 0 ? satisfied : finding('noFlowLog');
}

function judgeFlowLog(log: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const seconds = figures.number('network.flowLogSeconds');
  // Transit gateways record all traffic, every minute, and allow no other choice.
  const isOfVpc = !/^TransitGateway/.test(wordAt(log, 'ResourceType'));
  const traffic = decide(log.text('TrafficType'), {
    known: (word) => (word === 'ALL' ? satisfied : finding('partial')),
    absent: () => finding('partial'),
  });
  // 600 seconds where nothing is set: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
  const interval = decide(log.number('MaxAggregationInterval'), {
    known: (value) => (value <= seconds ? satisfied : finding('slow', undefined, { promised: seconds })),
    absent: () => (seconds >= 600 ? satisfied : finding('slow', undefined, { promised: seconds })),
  });
  return [...(isOfVpc ? [...traffic, ...interval] : []), ...judgeDestination(log, scope, figures.choice('keys.mode'))];
}

function wordAt(log: Subject, property: string): string {
  const word = log.text(property);
  return word.kind === 'known' ? word.value : '';
}

/** CloudWatch Logs unless another kind is named: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html */
function judgeDestination(log: Subject, scope: Scope, keys: string): readonly Outcome[] {
  const kind = log.text('LogDestinationType');
  if (kind.kind === 'unresolved') {
    return [notAssessed(kind.reason, kind.property)];
  }
  switch (kind.kind === 'absent' ? 'cloud-watch-logs' : kind.value) {
    case 'cloud-watch-logs':
      return judgeGroup(log, scope, keys);
    case 's3':
      return judgeBucket(log, scope);
    default:
      return [notAssessed('where the records end is not in the templates', kind.property)];
  }
}

function judgeGroup(log: Subject, scope: Scope, keys: string): readonly Outcome[] {
  const property = log.at('LogGroupName').resolved.kind === 'absent' ? 'LogDestination' : 'LogGroupName';
  const group = destinationOf(log, property, 'AWS::Logs::LogGroup', scope);
  if (!group) {
    return [notAssessed('its log group is not in the templates, nor what reads it', property)];
  }
  const key = group.at('KmsKeyId').pattern();
  const days = group.number('RetentionInDays');
  return [
    ...(keys !== 'customer' || key.kind === 'known'
      ? [satisfied]
      : key.kind === 'unresolved'
        ? [notAssessed(`${group.logicalId}: KmsKeyId: ${key.reason}`)]
        : [finding('platformKey', undefined, { group: group.logicalId })]),
    // Without a retention the records stay for ever.
    ...judgeDays(days.kind === 'unresolved' ? days.reason : days.kind === 'known' ? days.value : undefined),
    ...(isRead(group, scope) ? [satisfied] : [finding('unread')]),
  ];
}

function judgeBucket(log: Subject, scope: Scope): readonly Outcome[] {
  const bucket = destinationOf(log, 'LogDestination', 'AWS::S3::Bucket', scope);
  if (!bucket) {
    return [notAssessed('its bucket is not in the templates', 'LogDestination')];
  }
  const rules = bucket.items('LifecycleConfiguration.Rules');
  const days = rules.kind !== 'known' ? [] : rules.value.map((rule) => rule.at('ExpirationInDays').number());
  return [
    satisfied,
    ...days.flatMap((each) =>
      judgeDays(each.kind === 'unresolved' ? each.reason : each.kind === 'known' ? each.value : undefined),
    ),
    ...(rules.kind === 'unresolved' ? [notAssessed(rules.reason)] : []),
    ...(scope.resources('AWS::GuardDuty::Detector').length > 0
      ? []
      : [notAssessed('what reads the records in the bucket is not in the templates')]),
  ];
}

function judgeDays(days: number | string | undefined): readonly Outcome[] {
  if (typeof days === 'string') {
    return [notAssessed(`how long the records are kept is not known: ${days}`)];
  }
  return days !== undefined && days < learningDays ? [finding('shortLived', undefined, { days })] : [satisfied];
}

/** The destination by reference, by its name, or by a path below its ARN. */
function destinationOf(log: Subject, property: string, type: string, scope: Scope): Subject | undefined {
  const place = log.at(property);
  if (place.resolved.kind === 'reference') {
    const reference = place.reference();
    return reference.kind === 'known' && reference.value.subject.type === type ? reference.value.subject : undefined;
  }
  place.pattern();
  return scope.resources(type).find((each) => scope.referring(each, 'AWS::EC2::FlowLog', property).includes(log));
}

const readers: readonly (readonly [string, string])[] = [
  ['AWS::Logs::LogAnomalyDetector', 'LogGroupArnList.*'],
  ['AWS::Logs::MetricFilter', 'LogGroupName'],
  ['AWS::Logs::SubscriptionFilter', 'LogGroupName'],
  ['AWS::Logs::ScheduledQuery', 'LogGroupIdentifiers.*'],
];

/** Reads what the reader reads, so that the record shows it. */
function isOnRecord(reader: Subject, path: string): boolean {
  const list = reader.at(path.replace('.*', '')).items();
  return list.kind === 'known' && list.value.some((item) => item.pattern().kind === 'known');
}

/** GuardDuty reads the traffic of VPCs by itself, whatever the flow log writes. */
function isRead(group: Subject, scope: Scope): boolean {
  return (
    readers.some(([type, path]) => scope.referring(group, type, path).some((reader) => isOnRecord(reader, path))) ||
    scope.resources('AWS::GuardDuty::Detector').some((detector) => {
      const on = detector.bool('Enable');
      return on.kind === 'known' && on.value;
    })
  );
}
