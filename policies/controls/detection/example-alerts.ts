import type { Json } from '../../../lib/template/parse';

/** A topic that everything can report to, with its key and a subscriber, for cases. */
export const soundTopic: Json = {
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      KeyPolicy: {
        Statement: [
          {
            Sid: 'Alarms',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          },
          {
            Sid: 'Events',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
          },
        ],
      },
    },
  },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
  TopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: { Ref: 'Topic' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: { Ref: 'Topic' },
          },
        ],
      },
    },
  },
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'security@example.com' },
  },
};

/** Another topic like it, with a key of its own, that admits alarms alone. */
export function second(name: string): Json {
  const text = JSON.stringify(soundTopic)
    .replaceAll('{"Ref":"Topic"}', `{"Ref":"${name}"}`)
    .replaceAll('["Key","Arn"]', `["${name}Key","Arn"]`);
  const resources = Object.entries<Json>(
    JSON.parse(text, (key, value) =>
      key === 'Statement' ? value.filter((each: Json) => JSON.stringify(each).includes('cloudwatch')) : value,
    ),
  );
  return Object.fromEntries(
    resources.map(([logicalId, resource]) => [logicalId === 'Topic' ? name : `${name}${logicalId}`, resource]),
  );
}

/** A rule that reports to that topic what matches. */
export const reportingRule = (pattern: Json): Json => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventPattern: pattern, State: 'ENABLED', Targets: [{ Id: 'Alerts', Arn: { Ref: 'Topic' } }] },
});

const calls = (source: string, ...eventName: readonly string[]) =>
  reportingRule({ source: [source], 'detail-type': ['AWS API Call via CloudTrail'], detail: { eventName } });

/** Rules for everything that happens in the Region and must be reported. */
export const soundRules: Json = {
  Threats: reportingRule({
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', 4] }] },
  }),
  Weaknesses: reportingRule({
    source: [{ prefix: 'aws.securityhub' }],
    'detail-type': ['Security Hub Findings - Imported'],
    detail: { findings: { ProductName: [{ 'anything-but': ['GuardDuty'] }], Severity: { Label: ['CRITICAL'] } } },
  }),
  Vulnerabilities: reportingRule({
    source: ['aws.inspector2'],
    'detail-type': ['Inspector2 Finding'],
    detail: { severity: [{ 'equals-ignore-case': 'critical' }], status: ['ACTIVE'] },
  }),
  Access: reportingRule({
    source: ['aws.access-analyzer'],
    'detail-type': [{ suffix: 'Analyzer Finding' }],
    detail: { status: [{ 'anything-but': 'RESOLVED' }] },
  }),
  Abuse: reportingRule({ source: ['aws.health'], 'detail-type': ['AWS Health Abuse Event'] }),
  Trails: calls('aws.cloudtrail', 'StopLogging', 'DeleteTrail', 'PutEventSelectors', 'PutInsightSelectors'),
  Flows: calls('aws.ec2', 'DeleteFlowLogs'),
  Filters: calls('aws.logs', 'DeleteMetricFilter'),
  Subscribers: calls('aws.sns', 'Unsubscribe', 'SetSubscriptionAttributes'),
  Doors: calls('aws.wafv2', 'DisassociateWebACL'),
  WayOut: calls('aws.network-firewall', 'UpdateLoggingConfiguration'),
  Names: calls('aws.route53resolver', 'DisassociateFirewallRuleGroup', 'DisassociateResolverQueryLogConfig'),
  Recorder: calls('aws.config', 'StopConfigurationRecorder'),
  Detector: calls('aws.guardduty', 'DeleteDetector'),
  Alarms: calls('aws.monitoring', 'DisableAlarmActions', 'DeleteAlarms'),
  Keys: calls('aws.kms', 'ScheduleKeyDeletion', 'DisableKey', 'PutKeyPolicy'),
  Buckets: calls('aws.s3', 'PutBucketPolicy', 'PutBucketAcl'),
  Snapshots: calls('aws.rds', 'ModifyDBClusterSnapshotAttribute'),
  Groups: calls('aws.ec2', 'AuthorizeSecurityGroupIngress'),
};
