import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { environment } from './synthesize';

const template = Template.fromStack(environment().detection);

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

const ofType = (type: string): readonly Resource[] =>
  Object.values(template.findResources(type)).map(({ Type, Properties }) => ({ Type, Properties }));

const alarms = ofType('AWS::CloudWatch::Alarm');
const rules = ofType('AWS::Events::Rule').map(({ Properties }) => Properties);

test('GuardDuty looks at everything that is deployed, and its agents come along', () => {
  template.hasResourceProperties('AWS::GuardDuty::Detector', {
    Enable: true,
    FindingPublishingFrequency: 'FIFTEEN_MINUTES',
    Features: Match.arrayWith([
      { Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' },
      Match.objectLike({
        Name: 'RUNTIME_MONITORING',
        AdditionalConfiguration: Match.arrayWith([{ Name: 'ECS_FARGATE_AGENT_MANAGEMENT', Status: 'ENABLED' }]),
      }),
    ]),
  });
});

test('an account of an organization has no detector and no hub of its own, and hears of everything all the same', () => {
  const member = Template.fromStack(environment({}, {}, true).detection);
  for (const type of ['AWS::GuardDuty::Detector', 'AWS::SecurityHub::Hub', 'AWS::SecurityHub::Standard']) {
    expect([type, ofType(type).length > 0]).toEqual([type, true]);
    member.resourceCountIs(type, 0);
  }
  member.resourceCountIs('AWS::Events::Rule', rules.length);
  member.resourceCountIs('Custom::InspectorEnablement', 1);
});

test.each([
  ['eu-central-1', 'aws'],
  ['eusc-de-east-1', 'aws-eusc'],
] as const)('the standards of Security Hub are those of %s', (region, partition) => {
  const standards = Object.values(
    Template.fromStack(environment({ region }).detection).findResources('AWS::SecurityHub::Standard'),
  ).map(({ Properties }) => Properties.StandardsArn);
  expect(standards).toEqual(
    expect.arrayContaining([
      `arn:${partition}:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`,
    ]),
  );
});

test('Inspector is enabled once there is a way out to it, and the registry is scanned after that', () => {
  template.hasResourceProperties('Custom::InspectorEnablement', {
    AccountId: '333333333333',
    ResourceTypes: ['EC2', 'ECR', 'LAMBDA', 'LAMBDA_CODE'],
  });
  template.hasResource('AWS::ECR::RegistryScanningConfiguration', {
    Properties: { ScanType: 'ENHANCED' },
    DependsOn: [Match.stringLikeRegexp('VulnerabilitiesInspector')],
  });
});

test('every alarm has words for whom it wakes, reports to the one topic, and says what silence means', () => {
  const topics = new Set(alarms.map(({ Properties }) => JSON.stringify((Properties.AlarmActions as unknown[])[0])));
  expect([...topics]).toEqual([expect.stringMatching(/ExportsOutputRefAlertPathAlertsTopic/)]);
  for (const { Properties } of alarms) {
    expect(Properties.AlarmDescription).toMatch(/\w/);
    expect(['breaching', 'notBreaching']).toContain(Properties.TreatMissingData);
  }
});

test('what looks for too little takes silence for it', () => {
  const heartbeats = alarms.filter(({ Properties }) => Properties.ComparisonOperator === 'LessThanThreshold');
  expect(heartbeats.map(({ Properties }) => Properties.MetricName).sort()).toEqual([
    'AlertLatencySeconds',
    'FreeableMemory',
    'IncomingLogEvents',
    'IncomingLogEvents',
    'IncomingLogEvents',
    'IncomingLogEvents',
    'RunningTaskCount',
  ]);
  expect(new Set(heartbeats.map(({ Properties }) => Properties.TreatMissingData))).toEqual(new Set(['breaching']));
});

test('every filter on the trail has an alarm on exactly its metric, within a minute', () => {
  const filters = ofType('AWS::Logs::MetricFilter').filter(({ Properties }) =>
    JSON.stringify(Properties.LogGroupName).includes('AuditTrailLogGroup'),
  );
  expect(filters).toHaveLength(13);
  for (const { Properties } of filters) {
    const [transformation] = Properties.MetricTransformations as { MetricName: string; MetricNamespace: string }[];
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: transformation?.MetricName,
      Namespace: transformation?.MetricNamespace,
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
    });
  }
});

test('every rule that matches events leads to a topic without a role, which an encrypted one may not take', () => {
  const reporting = rules.filter(({ EventPattern }) => EventPattern !== undefined);
  expect(reporting.length).toBeGreaterThan(10);
  for (const { Targets } of reporting) {
    expect(Targets).toEqual([expect.objectContaining({ Id: expect.any(String), Arn: expect.anything() })]);
    expect(Targets).toEqual([expect.not.objectContaining({ RoleArn: expect.anything() })]);
  }
});

describe('the probe', () => {
  test.each([
    ['rate(30 minutes)', /ProbeCall/, { Ref: Match.stringLikeRegexp('ProbeTopic') }],
    ['cron(0 6 * * ? *)', /ProbeDailyCall/, { 'Fn::ImportValue': Match.stringLikeRegexp('RefAlertPathAlertsTopic') }],
  ])('makes its call at %s, and only its own rule reports it', (ScheduleExpression, parameter, Arn) => {
    const name = { Ref: Match.stringLikeRegexp(parameter.source) };
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression,
      Targets: [Match.objectLike({ Input: { 'Fn::Join': ['', ['{"call":"', name, '"}']] } })],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ssm'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: ['PutParameter'], requestParameters: { name: [name] } },
      },
      Targets: [Match.objectLike({ Arn })],
    });
  });

  test('what people read once a day is words, and as much of the event as is measured by', () => {
    const [daily] = rules
      .flatMap(({ Targets }) => Targets as { InputTransformer?: { InputTemplate: string } }[])
      .filter(({ InputTransformer }) => InputTransformer !== undefined);
    const message = daily?.InputTransformer?.InputTemplate.replace(/<([\w-]+)>/g, '"$1"') ?? '';
    expect(JSON.parse(message)).toEqual({
      message: expect.stringContaining('nothing to do'),
      detail: {
        eventName: 'detail-eventName',
        eventTime: 'detail-eventTime',
        requestParameters: { name: 'detail-requestParameters-name' },
      },
    });
  });

  test('its topic has the key of the alerts, and its function hears of its own call alone on theirs', () => {
    template.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp('AlertsKey') },
    });
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'lambda',
      TopicArn: { Ref: Match.stringLikeRegexp('ProbeTopic') },
      FilterPolicy: Match.absent(),
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'lambda',
      TopicArn: { 'Fn::ImportValue': Match.stringLikeRegexp('RefAlertPathAlertsTopic') },
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: { detail: { requestParameters: { name: [{ Ref: Match.stringLikeRegexp('ProbeDailyCall') }] } } },
    });
  });

  test('alerts that are slow or stay out are reported to a second topic as well: the first may be broken', () => {
    const ofProbe = alarms.filter(({ Properties }) =>
      /^AlertLatency|^AlertSilence/.test(String(Properties.MetricName)),
    );
    expect(ofProbe).toHaveLength(4);
    for (const { Properties } of ofProbe) {
      expect(Properties.AlarmActions).toEqual([
        { 'Fn::ImportValue': expect.stringMatching(/RefAlertPathAlertsTopic/) },
        { 'Fn::ImportValue': expect.stringMatching(/RefAlertPathFallbackTopic/) },
      ]);
    }
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'AlertSilenceSeconds',
      Threshold: 26 * 3600,
      Dimensions: [{ Name: 'Topic', Value: { 'Fn::ImportValue': Match.stringLikeRegexp('AlertsTopic') } }],
    });
  });

  test('may write its parameter and its metric, and nothing else', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: 'MakeTheCall', Action: 'ssm:PutParameter' }),
          Match.objectLike({ Sid: 'Recall', Action: 'ssm:GetParameter' }),
          Match.objectLike({
            Sid: 'Measure',
            Action: 'cloudwatch:PutMetricData',
            Condition: { StringEquals: { 'cloudwatch:namespace': 'Avouch/Detection' } },
          }),
        ]),
      },
    });
  });

  test.each([
    [299, 300],
    [120, 121],
  ])('an alert that takes longer than %d seconds raises an alarm', (maxAlertSeconds, Threshold) => {
    Template.fromStack(environment({}, { maxAlertSeconds }).detection).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'AlertLatencySeconds',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold,
    });
  });
});

describe('whoever is turned away again and again', () => {
  const alarmOn = (MetricName: string) => alarms.filter(({ Properties }) => Properties.MetricName === MetricName);

  test.each([
    ['DatabaseSignIns', 5],
    ['BlockedConnections', 5],
    ['BlockedNames', 5],
    ['BlockedRequests', 500],
    ['Errors', 1],
  ])('is reported within a minute: %s from %d on', (metric, threshold) => {
    expect(alarmOn(metric).length).toBeGreaterThan(0);
    for (const { Properties } of alarmOn(metric)) {
      expect(Properties).toMatchObject({ Period: 60, EvaluationPeriods: 1, Statistic: 'Sum', Threshold: threshold });
    }
  });

  test('at either firewall, by all its rules together', () => {
    expect(alarmOn('BlockedRequests').map(({ Properties }) => Properties.Dimensions)).toEqual(
      ['application', 'directories'].map((Value) => [
        { Name: 'Region', Value: 'eu-central-1' },
        { Name: 'Rule', Value: 'ALL' },
        { Name: 'WebACL', Value },
      ]),
    );
  });

  test('is counted from the figures of the profile', () => {
    const refusalLimits = { databaseSignIns: 2, blockedRequests: 30, blockedEgress: 4, lockedSignIns: 3 };
    const stricter = Template.fromStack(environment({}, { refusalLimits }).detection);
    for (const [MetricName, Threshold] of [
      ['DatabaseSignIns', 2],
      ['BlockedRequests', 30],
      ['BlockedConnections', 4],
      ['BlockedNames', 4],
      ['Errors', 3],
    ]) {
      stricter.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold });
    }
  });
});

test('what a detector finds in a log is counted by the name that it has, and reported', () => {
  const { network, detection } = environment();
  const named = [network, detection].flatMap((stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogAnomalyDetector')).map(
      ({ Properties }) => Properties.DetectorName,
    ),
  );
  expect(new Set(named).size).toBe(2);
  for (const Value of named) {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Logs',
      MetricName: 'AnomalyCount',
      Dimensions: [
        { Name: 'LogAnomalyDetector', Value },
        { Name: 'LogAnomalyPriority', Value: 'HIGH' },
      ],
      Threshold: 1,
    });
  }
});

test('the application is watched over the period that is promised', () => {
  const periods = Object.values(
    Template.fromStack(environment({}, { monitorPeriodSeconds: 300 }).detection).findResources(
      'AWS::CloudWatch::Alarm',
      {
        Properties: { Namespace: 'AWS/ECS' },
      },
    ),
  ).map(({ Properties }) => Properties.Period);
  expect(periods).toEqual([300, 300]);
});

test('each band stands in the template, before the alarm that needs it', () => {
  const bands = Object.keys(template.findResources('AWS::CloudWatch::AnomalyDetector'));
  expect(bands).toHaveLength(5);
  const waiting = Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(
    ({ DependsOn }) => DependsOn ?? [],
  );
  expect(waiting.sort()).toEqual(bands.sort());
});

describe.each([
  ['eu-central-1', 'arn:aws:ecr:eu-central-1:323658145986:repository/aws-guardduty-agent-fargate'],
  ['eusc-de-east-1', undefined],
] as const)('in %s the agent of GuardDuty', (region, repository) => {
  const stage = environment({ region });
  const text = (stack: Stack) => JSON.stringify(Template.fromStack(stack).toJSON());

  test('is pulled by the tasks, and let through the doors to the registry, from its one repository', () => {
    const pulled = text(stage.application).match(/"[^"]*aws-guardduty-agent-fargate"/g) ?? [];
    const admitted = text(stage.network).match(/"[^"]*aws-guardduty-agent-fargate"/g) ?? [];
    const times = (count: number) => (repository ? Array.from({ length: count }, () => `"${repository}"`) : []);
    expect(pulled).toEqual(times(1));
    expect(admitted).toEqual(times(2));
  });
});
