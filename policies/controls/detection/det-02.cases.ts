import { type ControlCases, change, type Mutation, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { liveCases } from './det-02-live.cases';
import { reportingRule, second, soundRules, soundTopic } from './example-alerts';

const alarm = 'AWS::CloudWatch::Alarm';
const rule = 'AWS::Events::Rule';
const filter = 'AWS::Logs::MetricFilter';
const topic = 'AWS::SNS::Topic';
const key = 'AWS::KMS::Key';
const subscription = 'AWS::SNS::Subscription';

const counted = (name: string, pattern: string): Json => ({
  [`${name}Filter`]: {
    Type: filter,
    Properties: {
      LogGroupName: { Ref: 'TrailLog' },
      FilterPattern: pattern,
      MetricTransformations: [{ MetricNamespace: 'Trail', MetricName: name, MetricValue: '1' }],
    },
  },
  [name]: above({ Namespace: 'Trail', MetricName: name }),
});

function above(properties: Json): Json {
  return {
    Type: alarm,
    Properties: {
      AlarmActions: [{ Ref: 'Topic' }],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      ...properties,
    },
  };
}

const heartbeat: Json = {
  Type: alarm,
  Properties: {
    AlarmActions: [{ Ref: 'Topic' }],
    ComparisonOperator: 'LessThanThreshold',
    EvaluationPeriods: 3,
    Period: 300,
    Namespace: 'AWS/Logs',
    MetricName: 'IncomingLogEvents',
    Dimensions: [{ Name: 'LogGroupName', Value: { Ref: 'TrailLog' } }],
    Statistic: 'Sum',
    Threshold: 1,
    TreatMissingData: 'breaching',
  },
};

const policyChange =
  '{ ($.eventSource = iam.amazonaws.com) && (($.eventName = AttachRolePolicy) || ($.eventName = PutRolePolicy)) }';

/** A stack set that brings members a rule which sends to a bus, the bus, and a rule on it that reports what it hears. */
function membersReport({ rule = {}, heard = ['StopLogging', 'DisableKey'] }: { rule?: Json; heard?: string[] }): Json {
  const pattern = (eventName: string[]) => ({ 'detail-type': ['AWS API Call via CloudTrail'], detail: { eventName } });
  const memberRule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: pattern(['StopLogging', 'DisableKey']),
      Targets: [{ Id: 'Bus', Arn: { Ref: 'Bus' }, RoleArn: 'arn:aws:iam::111122223333:role/report' }],
      ...rule,
    },
  };
  const body = { Parameters: { Bus: { Type: 'String' } }, Resources: { MemberRule: memberRule } };
  return {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'organization' } },
    BusRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventBusName: { Ref: 'Bus' },
        EventPattern: pattern(heard),
        Targets: [{ Id: 'Alerts', Arn: { Ref: 'Topic' } }],
      },
    },
    Members: {
      Type: 'AWS::CloudFormation::StackSet',
      Properties: {
        Parameters: [{ ParameterKey: 'Bus', ParameterValue: { 'Fn::GetAtt': ['Bus', 'Arn'] } }],
        TemplateBody: JSON.stringify(body),
      },
    },
  };
}

/** A rule that sends to a bus whose name it writes out. */
const sending = (
  Arn: unknown = { 'Fn::Sub': 'arn:${AWS::Partition}:events:eu-central-1:111122223333:event-bus/organization' },
): Json => ({
  Type: rule,
  Properties: {
    EventPattern: { 'detail-type': ['AWS API Call via CloudTrail'], detail: { eventName: ['StopLogging'] } },
    Targets: [{ Id: 'Bus', Arn, RoleArn: 'arn:aws:iam::111122223333:role/report' }],
  },
});

const credentials =
  '{ ($.eventName = CreateAccessKey) || ($.eventName = DeactivateMFADevice) || ($.eventName = UpdateAssumeRolePolicy) }';

const everything: Json = {
  ...soundTopic,
  ...soundRules,
  TrailLog: { Type: 'AWS::Logs::LogGroup' },
  Trail: {
    Type: 'AWS::CloudTrail::Trail',
    Properties: {
      IsLogging: true,
      IsMultiRegionTrail: true,
      S3BucketName: 'archive',
      CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['TrailLog', 'Arn'] },
    },
  },
  ...counted(
    'RootUse',
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  ),
  ...counted(
    'WithoutMfa',
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.responseElements.ConsoleLogin = "Success") }',
  ),
  ...counted('FailedSignIn', '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }'),
  ...counted('Refused', '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'),
  ...counted('PolicyChange', policyChange),
  ...counted('Credential', credentials),
  Heartbeat: heartbeat,
  Policy: { Type: 'AWS::ApplicationAutoScaling::ScalingPolicy', Properties: { PolicyName: 'more' } },
  Scales: above({ AlarmActions: [{ Ref: 'Policy' }], Period: 900, TreatMissingData: 'ignore' }),
  Band: above({
    ComparisonOperator: 'GreaterThanUpperThreshold',
    EvaluationPeriods: 3,
    Period: undefined,
    Metrics: [
      { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m0, 3)' },
      { Id: 'm0', MetricStat: { Period: 60, Stat: 'Sum', Metric: { MetricName: 'Errors', Namespace: 'App' } } },
    ],
  }),
  Slow: above({
    Namespace: 'Probe',
    MetricName: 'AlertLatencySeconds',
    Dimensions: [{ Name: 'Topic', Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } }],
    Threshold: 300,
    Statistic: 'Maximum',
  }),
  Listens: {
    Type: subscription,
    Properties: {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'lambda',
      Endpoint: { 'Fn::GetAtt': ['Probe', 'Arn'] },
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: { detail: { requestParameters: { name: ['probe'] } } },
    },
  },
  Probe: { Type: 'AWS::Lambda::Function', Properties: {} },
  Undelivered: above({
    Namespace: 'AWS/SNS',
    MetricName: 'NumberOfNotificationsFailed',
    Dimensions: [{ Name: 'TopicName', Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } }],
    AlarmActions: [{ Ref: 'Other' }],
  }),
  ...second('Other'),
};

const whole = 'rules for the Region, filters for the rest, a heartbeat, a band and a probe';

/** An edit of the alarm on the root user. */
const ofAlarm = (name: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: whole,
  target: 'RootUse',
  edit,
  expect: { message },
  shippedWhere: looksForMuch,
});

function looksForMuch({ Properties: properties }: Json): boolean {
  return (
    isObject(properties) && /^Greater/.test(String(properties.ComparisonOperator)) && properties.Period !== undefined
  );
}

const says = (words: RegExp) => (resource: Json) => words.test(JSON.stringify(resource.Properties ?? {}));

/** Alarms on topics that alerts go through; where people are asked is prv-02's. */
const isOfAlerts = (resource: Json) => /^(?!.*Desk).*NumberOfNotificationsFailed/.test(JSON.stringify(resource));

/** The topic whose name a dimension holds. */
const topicOf = (name: unknown): unknown => {
  const [logicalId] = isObject(name) && Array.isArray(name['Fn::GetAtt']) ? name['Fn::GetAtt'] : [];
  return { Ref: logicalId };
};

const nameOf = (resource: Json) => String(isObject(resource.Properties) ? resource.Properties.MetricName : '');
const patternOf = ({ Properties: properties }: Json) => (isObject(properties) ? properties.EventPattern : undefined);
const patternSays = (word: string) => (resource: Json) => JSON.stringify(patternOf(resource) ?? '').includes(word);

/** Takes a name out of the calls that a rule matches. */
const withoutCall = (name: string): Mutation['edit'] =>
  change(rule, ({ EventPattern: pattern }) => {
    const detail = isObject(pattern) ? pattern.detail : undefined;
    if (isObject(detail) && Array.isArray(detail.eventName)) {
      detail.eventName = detail.eventName.filter((each) => each !== name);
    }
  });

const statementsOf = (properties: Json, document: string): Json[] => {
  const policy = properties[document];
  const statements = isObject(policy) ? policy.Statement : undefined;
  return Array.isArray(statements) ? statements : [];
};

/** Takes a service out of whoever a policy admits. */
const withoutService = (type: string, document: string, service: string): Mutation['edit'] =>
  change(type, (properties) => {
    for (const { Principal: principal } of statementsOf(properties, document)) {
      if (isObject(principal) && JSON.stringify(principal.Service ?? '').includes(service)) {
        principal.Service = ['nobody.amazonaws.com'];
      }
    }
  });

const withCondition = (type: string, document: string, service: string, condition: Json): Mutation['edit'] =>
  change(type, (properties) => {
    for (const statement of statementsOf(properties, document)) {
      const { Principal: principal } = statement;
      if (isObject(principal) && JSON.stringify(principal.Service ?? '').includes(service)) {
        statement.Condition = condition;
      }
    }
  });

const ofKey = (name: string, edit: Mutation['edit'], admits = /cloudwatch.amazonaws.com/): Mutation => ({
  name,
  of: whole,
  target: 'Key',
  edit,
  expect: { message: 'keyRefuses', at: 'Topic' },
  shippedWhere: says(admits),
});

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: { Resources: everything } },
  },
  mutations: [
    ofAlarm('an alarm has no action', remove(alarm, 'AlarmActions'), 'noAction'),
    ofAlarm('an alarm has a list of actions with nothing in it', set(alarm, 'AlarmActions', []), 'noAction'),
    ofAlarm('an alarm may not act', set(alarm, 'ActionsEnabled', false), 'muted'),
    ofAlarm('an alarm looks at a whole hour', set(alarm, 'Period', 3600), 'late'),
    ofAlarm('an alarm waits for six minutes in a row', set(alarm, 'EvaluationPeriods', 6), 'late'),
    ofAlarm('missing data changes nothing', set(alarm, 'TreatMissingData', 'ignore'), 'undecided'),
    ofAlarm('missing data is missing data', remove(alarm, 'TreatMissingData'), 'undecided'),
    {
      name: 'a band is looked at for an hour',
      of: whole,
      target: 'Band',
      edit: change(alarm, ({ Metrics: metrics }) => {
        for (const metric of Array.isArray(metrics) ? metrics : []) {
          if (metric.MetricStat) {
            metric.MetricStat.Period = 3600;
          }
        }
      }),
      expect: { message: 'late' },
      shippedWhere: ({ Properties: properties }) => isObject(properties) && properties.Metrics !== undefined,
    },
    {
      name: 'a heartbeat takes silence for health',
      of: whole,
      target: 'Heartbeat',
      edit: set(alarm, 'TreatMissingData', 'notBreaching'),
      expect: { message: 'deaf' },
      shippedWhere: (resource) => !looksForMuch(resource) && nameOf(resource) !== 'undefined',
    },
    {
      name: 'a heartbeat says nothing of silence',
      of: whole,
      target: 'Heartbeat',
      edit: remove(alarm, 'TreatMissingData'),
      expect: { message: 'deaf' },
      shippedWhere: (resource) => nameOf(resource) === 'IncomingLogEvents',
    },
    {
      name: 'a heartbeat is looked for once a day',
      of: whole,
      target: 'Heartbeat',
      edit: set(alarm, 'Period', 86_400),
      expect: { message: 'late' },
      shippedWhere: (resource) => nameOf(resource) === 'IncomingLogEvents',
    },
    {
      name: 'there is no alarm on the probe',
      of: whole,
      target: 'Slow',
      edit: set(alarm, 'MetricName', 'SomethingElse'),
      expect: { message: 'noProbe', at: 'the probe' },
      notShipped: 'two alarms of ours look at the probe; test/policies/detection.test.ts takes both away',
    },
    {
      name: 'the probe measures a topic that nobody is subscribed to (trap 39)',
      of: whole,
      target: 'Slow',
      edit: remove(alarm, 'Dimensions'),
      expect: { message: 'bypassed', at: 'the probe' },
      shippedWhere: says(/(?=.*AlertLatencySeconds).*"Name":"Topic"/),
    },
    {
      name: 'the probe does not listen to the topic of the alerts',
      of: whole,
      target: 'Listens',
      edit: removeResource(subscription),
      expect: { message: 'bypassed', at: 'the probe' },
      notShipped: 'a whole leaves no record of what it followed; test/policies/detection.test.ts takes ours away',
    },
    {
      name: 'nobody hears of alerts that are not delivered',
      of: whole,
      target: 'Undelivered',
      edit: removeResource(alarm),
      expect: { message: 'unwatched', at: 'Topic' },
      shippedWhere: isOfAlerts,
    },
    {
      name: 'alerts that are delivered are counted',
      of: whole,
      target: 'Undelivered',
      edit: set(alarm, 'MetricName', 'NumberOfNotificationsDelivered'),
      expect: { message: 'unwatched', at: 'Topic' },
      shippedWhere: isOfAlerts,
    },
    {
      name: 'a topic reports its own failure to itself',
      of: whole,
      target: 'Undelivered',
      edit: change(alarm, (properties) => {
        const [dimension] = Array.isArray(properties.Dimensions) ? properties.Dimensions : [];
        properties.AlarmActions = [topicOf(dimension?.Value)];
      }),
      expect: { message: 'unwatched', at: 'Topic' },
      shippedWhere: isOfAlerts,
    },
    {
      name: 'people get what a filter lets through',
      of: whole,
      target: 'Subscription',
      edit: change(subscription, (properties) => {
        properties.FilterPolicyScope = 'MessageBody';
        properties.FilterPolicy = { detail: [{ exists: true }] };
      }),
      expect: { message: 'filtered', at: 'Topic' },
      shippedWhere: says(/"email"/),
    },
    {
      name: 'a rule is off',
      of: whole,
      target: 'Threats',
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'disabled' },
      shippedWhere: (resource) =>
        patternOf(resource) !== undefined &&
        !/aws.(acm|backup|ssm|config|ses)"|Unused|Sign In|"AWS (Health Event|Insight)|"Region"/.test(
          JSON.stringify(patternOf(resource)),
        ),
    },
    {
      name: 'a rule has no target',
      of: whole,
      target: 'Threats',
      edit: remove(rule, 'Targets'),
      expect: { message: 'deadEnd' },
      shippedWhere: patternSays('aws.guardduty'),
    },
    {
      name: 'a rule leads to a log only',
      of: whole,
      target: 'Threats',
      edit: change(rule, (properties, template) => {
        const resources = template.Resources as Json;
        resources.Diary = { Type: 'AWS::Logs::LogGroup' };
        properties.Targets = [{ Id: 'Diary', Arn: { 'Fn::GetAtt': ['Diary', 'Arn'] } }];
      }),
      expect: { message: 'deadEnd' },
      shippedWhere: patternSays('aws.guardduty'),
    },
    {
      name: 'only severe threats are reported',
      of: whole,
      target: 'Threats',
      edit: set(rule, 'EventPattern.detail.severity', [{ numeric: ['>=', 7] }]),
      expect: { message: 'unseen', at: 'a threat of medium severity' },
      shippedWhere: patternSays('aws.guardduty'),
    },
    {
      name: 'threats are reported that are below nothing',
      of: whole,
      target: 'Threats',
      edit: set(rule, 'EventPattern.detail.severity', [{ numeric: ['>', 4, '<', 0] }]),
      expect: { message: 'unseen', at: 'a threat of medium severity' },
      shippedWhere: patternSays('aws.guardduty'),
    },
    {
      name: 'a pattern says something that is not known',
      of: whole,
      target: 'Abuse',
      edit: set(rule, 'EventPattern.detail-type', [{ cidr: '10.0.0.0/8' }]),
      expect: { message: 'unseen', at: 'abuse that AWS reports' },
      shippedWhere: patternSays('Abuse'),
    },
    {
      name: 'the source is misspelt',
      of: whole,
      target: 'Vulnerabilities',
      edit: set(rule, 'EventPattern.source', ['aws.inspector']),
      expect: { message: 'unseen', at: 'a critical vulnerability' },
      shippedWhere: patternSays('aws.inspector2'),
    },
    {
      name: 'findings of Security Hub are not reported',
      of: whole,
      target: 'Weaknesses',
      edit: set(rule, 'EventPattern.detail.findings.ProductName', [{ 'anything-but': ['Security Hub'] }]),
      expect: { message: 'unseen', at: 'a critical weakness' },
      shippedWhere: patternSays('"anything-but":["GuardDuty"'),
    },
    {
      name: 'access from outside is reported when it ends',
      of: whole,
      target: 'Access',
      edit: set(rule, 'EventPattern.detail.status', ['RESOLVED']),
      expect: { message: 'unseen', at: 'access from outside' },
      shippedWhere: patternSays('"Access Analyzer Finding'),
    },
    ...(
      [
        ['Trails', 'StopLogging', 'a trail is stopped'],
        ['Trails', 'DeleteTrail', 'a trail is deleted'],
        ['Recorder', 'StopConfigurationRecorder', 'the recorder is stopped'],
        ['Detector', 'DeleteDetector', 'the detector is deleted'],
        ['Alarms', 'DisableAlarmActions', 'an alarm is muted'],
        ['Alarms', 'DeleteAlarms', 'an alarm is deleted'],
        ['Filters', 'DeleteMetricFilter', 'a metric filter is deleted'],
        ['Subscribers', 'Unsubscribe', 'somebody is taken off the alerts'],
        ['Subscribers', 'SetSubscriptionAttributes', 'a subscription gets a filter'],
        ['Trails', 'PutEventSelectors', 'a trail records less'],
        ['Flows', 'DeleteFlowLogs', 'flow logs are deleted'],
        ['Doors', 'DisassociateWebACL', 'a web firewall is taken off'],
        ['WayOut', 'UpdateLoggingConfiguration', 'a network firewall logs elsewhere'],
        ['Names', 'DisassociateFirewallRuleGroup', 'the firewall of names is taken off'],
        ['Names', 'DisassociateResolverQueryLogConfig', 'names are logged no more'],
        ['Keys', 'PutKeyPolicy', 'who may use a key is changed'],
        ['Keys', 'ScheduleKeyDeletion', 'a key is to be deleted'],
        ['Keys', 'DisableKey', 'a key is disabled'],
        ['Buckets', 'PutBucketPolicy', 'a bucket gets a policy'],
        ['Buckets', 'PutBucketAcl', 'a bucket gets an access list'],
        ['Snapshots', 'ModifyDBClusterSnapshotAttribute', 'a snapshot is shared'],
        ['Groups', 'AuthorizeSecurityGroupIngress', 'a security group is opened'],
      ] as const
    ).map(
      ([target, name, at]): Mutation => ({
        name: `nobody hears of ${name}`,
        of: whole,
        target,
        edit: withoutCall(name),
        expect: { message: 'unseen', at },
        shippedWhere: patternSays(`"${name}"`),
      }),
    ),
    {
      name: 'a filter matches nothing',
      of: whole,
      target: 'RootUseFilter',
      edit: set(filter, 'FilterPattern', '{ $.userIdentity.type = "root" }'),
      expect: { message: 'unseen', at: 'the root user acts' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('Root'),
    },
    {
      name: 'a filter is no pattern for JSON',
      of: whole,
      target: 'RootUseFilter',
      edit: set(filter, 'FilterPattern', 'Root'),
      expect: { message: 'unseen', at: 'the root user acts' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('Root'),
    },
    {
      name: 'a parenthesis is lost',
      of: whole,
      target: 'PolicyChangeFilter',
      edit: set(filter, 'FilterPattern', policyChange.replace('AttachRolePolicy)', 'AttachRolePolicy')),
      expect: { message: 'unseen', at: 'a policy of IAM is attached' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('AttachRolePolicy'),
    },
    ...(
      [
        ['CreateAccessKey', 'an access key is made'],
        ['DeactivateMFADevice', 'a second factor is removed'],
        ['UpdateAssumeRolePolicy', 'who may take a role is changed'],
      ] as const
    ).map(
      ([name, at]): Mutation => ({
        name: `nobody counts ${name}`,
        of: whole,
        target: 'CredentialFilter',
        edit: change(filter, (properties) => {
          properties.FilterPattern = String(properties.FilterPattern).replace(`= ${name})`, '= Nothing)');
        }),
        expect: { message: 'unseen', at },
        shippedWhere: says(new RegExp(`= ${name}\\)`)),
      }),
    ),
    {
      name: 'a filter finds those with a second factor',
      of: whole,
      target: 'WithoutMfaFilter',
      edit: set(filter, 'FilterPattern', '{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed = "Yes") }'),
      expect: { message: 'unseen', at: 'a sign-in without a second factor' },
      notShipped: 'such a filter would find the failed sign-in, which another of ours finds as well',
    },
    {
      name: 'a filter reads another log',
      of: whole,
      target: 'RootUseFilter',
      edit: change(filter, (properties, template) => {
        const resources = template.Resources as Json;
        resources.Elsewhere = { Type: 'AWS::Logs::LogGroup' };
        properties.LogGroupName = { Ref: 'Elsewhere' };
      }),
      expect: { message: 'wrongLog' },
      shippedWhere: (resource) =>
        /Root|ConsoleLogin|AccessDenied|AttachRolePolicy|CreateAccessKey/.test(JSON.stringify(resource)),
    },
    {
      name: 'no alarm looks at the metric',
      of: whole,
      target: 'RootUseFilter',
      edit: set(filter, 'MetricTransformations', [{ MetricNamespace: 'Trail', MetricName: 'Roots', MetricValue: '1' }]),
      expect: { message: 'unalarmed' },
      shippedWhere: (resource) =>
        /Root|ConsoleLogin|AccessDenied|AttachRolePolicy|CreateAccessKey/.test(JSON.stringify(resource)),
    },
    {
      name: 'what is counted is counted as nothing',
      of: whole,
      target: 'RootUseFilter',
      edit: set(filter, 'MetricTransformations.0.MetricValue', '0'),
      expect: { message: 'unalarmed' },
      shippedWhere: (resource) =>
        /Root|ConsoleLogin|AccessDenied|AttachRolePolicy|CreateAccessKey/.test(JSON.stringify(resource)),
    },
    {
      name: 'an alarm waits for the hundredth use of root',
      of: whole,
      target: 'RootUse',
      edit: set(alarm, 'Threshold', 100),
      expect: { message: 'unalarmed', at: 'RootUseFilter' },
      notShipped: 'which filter its alarm is about is told by the metric',
    },
    {
      name: 'the topic has no key',
      of: whole,
      target: 'Topic',
      edit: remove(topic, 'KmsMasterKeyId'),
      expect: { message: 'clear' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('"Alerts"'),
    },
    {
      name: 'the topic has the key of SNS itself, which admits nobody',
      of: whole,
      target: 'Topic',
      edit: set(topic, 'KmsMasterKeyId', 'alias/aws/sns'),
      expect: { message: 'keyRefuses' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('"Alerts"'),
    },
    ofKey('the key does not admit alarms', withoutService(key, 'KeyPolicy', 'cloudwatch.amazonaws.com')),
    ofKey(
      'the key does not admit EventBridge',
      withoutService(key, 'KeyPolicy', 'events.amazonaws.com'),
      /events.amazonaws.com/,
    ),
    ofKey(
      'the key asks EventBridge for its source, which it does not give',
      withCondition(key, 'KeyPolicy', 'events.amazonaws.com', {
        StringEquals: { 'aws:SourceAccount': '111122223333' },
      }),
      /events.amazonaws.com/,
    ),
    ofKey(
      'the key admits the alarms of another account',
      withCondition(key, 'KeyPolicy', 'cloudwatch.amazonaws.com', {
        StringEquals: { 'aws:SourceAccount': '999999999999' },
      }),
    ),
    {
      name: 'the policy of the topic does not admit alarms',
      of: whole,
      target: 'TopicPolicy',
      edit: withoutService('AWS::SNS::TopicPolicy', 'PolicyDocument', 'cloudwatch.amazonaws.com'),
      expect: { message: 'topicRefuses', at: 'Topic' },
    },
    {
      name: 'the topic has no policy, and SNS admits no rules by itself',
      of: whole,
      target: 'TopicPolicy',
      edit: removeResource('AWS::SNS::TopicPolicy'),
      expect: { message: 'topicRefuses', at: 'Topic' },
      shippedWhere: says(/events.amazonaws.com/),
    },
    {
      name: 'nobody is subscribed',
      of: whole,
      target: 'Subscription',
      edit: removeResource('AWS::SNS::Subscription'),
      expect: { message: 'unheard', at: 'Topic' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('"email"'),
    },
  ],
  others: [
    {
      name: 'what a member sends to a bus is heard, where a rule of the bus reports it',
      template: { Resources: { ...everything, ...membersReport({}) } },
      expect: { MemberRule: 'satisfied', BusRule: 'satisfied' },
    },
    {
      name: 'nobody hears what the members of an organization do',
      template: {
        Resources: {
          ...everything,
          Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsOrganizationTrail: true } },
          ...membersReport({}),
        },
      },
      expect: { 'a trail is stopped': 'satisfied', 'a trail is deleted': { message: 'unseen' } },
    },
    {
      name: 'nothing sends what is done in the account that manages the organization',
      template: {
        Resources: {
          ...membersReport({}),
          Topic: { Type: topic },
          Administrator: { Type: 'AWS::SecurityHub::DelegatedAdmin', Properties: { AdminAccountId: '111122223333' } },
          Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsOrganizationTrail: true } },
        },
      },
      expect: { 'a trail is stopped': { message: 'unseen' } },
    },
    {
      name: 'a rule of a member is off',
      template: { Resources: { ...everything, ...membersReport({ rule: { State: 'DISABLED' } }) } },
      expect: { MemberRule: { message: 'disabled' } },
    },
    {
      name: 'no rule of the bus reports what a member sends',
      template: { Resources: { ...everything, ...membersReport({ heard: ['DisableKey'] }) } },
      expect: { MemberRule: { message: 'deadEnd' } },
    },
    ...[
      { name: 'people hear what is sent to a bus by its name', expected: 'satisfied' as const },
      {
        name: 'no rule of the bus reports what is sent to it by its name',
        heard: ['DisableKey'],
        expected: { message: 'deadEnd' },
      },
      {
        name: 'a bus of that name in another Region is another bus',
        arn: 'arn:aws:events:eu-west-1:111122223333:event-bus/organization',
        expected: 'not-assessed' as const,
      },
      {
        name: 'a bus that is not here may be heard or not',
        arn: 'arn:aws:events:eu-central-1:111122223333:event-bus/elsewhere',
        expected: 'not-assessed' as const,
      },
    ].map(({ name, heard, arn, expected }) => ({
      name,
      template: {
        Resources: { ...everything, ...membersReport(heard ? { heard } : {}), Sender: sending(arn) },
      },
      expect: { Sender: expected },
    })),
    {
      name: 'what is heard on a bus of the members is not seen of the own account',
      template: {
        Resources: {
          ...Object.fromEntries(Object.entries(everything).filter(([id]) => id !== 'Trails')),
          ...membersReport({}),
        },
      },
      expect: { 'a trail is stopped': { message: 'unseen' } },
    },
    {
      name: 'a subscription inside the topic, and the policy that SNS writes',
      template: {
        Resources: {
          ...everything,
          Own: {
            Type: topic,
            Properties: {
              KmsMasterKeyId: { Ref: 'Key' },
              Subscription: [{ Protocol: 'sqs', Endpoint: 'arn:aws:sqs:eu-central-1:111122223333:on-call' }],
            },
          },
          Busy: above({ AlarmActions: [{ Ref: 'Own' }], Namespace: 'App', MetricName: 'Busy' }),
          OwnFails: above({
            AlarmActions: [{ Ref: 'Topic' }],
            Namespace: 'AWS/SNS',
            MetricName: 'NumberOfNotificationsFailed',
            Dimensions: [{ Name: 'TopicName', Value: { 'Fn::GetAtt': ['Own', 'TopicName'] } }],
          }),
        },
      },
      expect: { Own: 'satisfied' },
    },
    {
      name: 'a trail that records one Region does not see the sign-ins',
      template: {
        Resources: {
          ...everything,
          Trail: {
            Type: 'AWS::CloudTrail::Trail',
            Properties: { CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['TrailLog', 'Arn'] } },
          },
        },
      },
      expect: { RootUseFilter: { message: 'wrongLog' } },
    },
    {
      name: 'no alarm at all',
      template: { Resources: { ...soundTopic, ...soundRules } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'somebody else’s template is judged by what it holds',
      presentOnly: true,
      template: { Resources: { ...soundTopic, Busy: above({ MetricName: 'Busy', Namespace: 'App' }) } },
      expect: { Busy: 'satisfied', Topic: 'satisfied' },
    },
    {
      name: 'a topic in another template is not seen',
      template: {
        Resources: {
          ...everything,
          Far: above({ AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:elsewhere'] }),
          FarRule: {
            Type: rule,
            Properties: {
              EventPattern: { source: ['aws.guardduty'] },
              Targets: [{ Id: 'Far', Arn: 'arn:aws:sns:eu-central-1:111122223333:elsewhere' }],
            },
          },
        },
      },
      expect: { Far: 'not-assessed', FarRule: 'not-assessed' },
    },
    {
      name: 'a machine that acts on a finding is no report, and no dead end',
      template: {
        Resources: {
          ...everything,
          Isolate: { Type: 'AWS::StepFunctions::StateMachine' },
          Act: {
            Type: rule,
            Properties: {
              EventPattern: { source: ['aws.guardduty'] },
              Targets: [{ Id: 'A', Arn: { Ref: 'Isolate' } }],
            },
          },
        },
      },
      expect: { Act: 'not-applicable' },
    },
    {
      name: 'what nobody must hear of is not judged',
      template: {
        Resources: {
          ...everything,
          Clock: { Type: rule, Properties: { ScheduleExpression: 'rate(1 hour)' } },
          Pushed: reportingRule({ source: ['aws.ecr'], 'detail-type': ['ECR Image Action'] }),
          Chat: { Type: topic, Properties: { TopicName: 'chat' } },
          Lines: { Type: filter, Properties: { LogGroupName: 'application', FilterPattern: 'ERROR' } },
        },
      },
      expect: { Clock: 'not-applicable', Pushed: 'not-applicable', Chat: 'not-applicable', Lines: 'not-applicable' },
    },
    {
      name: 'an alternative of a pattern may match',
      template: {
        Resources: {
          ...everything,
          Abuse: reportingRule({
            $or: [{ source: ['aws.ec2'] }, { source: ['aws.health'], detail: { service: [{ exists: true }] } }],
          }),
        },
      },
      expect: { 'abuse that AWS reports': 'satisfied', Abuse: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::KMS::Key: KeyPolicy.Statement.*.Condition.**':
      'a statement that asks for less admits more; how far is key-01',
    'AWS::SNS::TopicPolicy: PolicyDocument.Statement.*.Condition.**': 'a statement that asks for less admits more',
    'AWS::CloudWatch::Alarm: ActionsEnabled':
      'true: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html',
    'AWS::Events::Rule: State':
      'ENABLED: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
  },
  live: liveCases,
};
