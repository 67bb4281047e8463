import { type ControlCases, change, type Mutation, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const alarm = 'AWS::CloudWatch::Alarm';
const filter = 'AWS::Logs::MetricFilter';
const group = 'AWS::Logs::LogGroup';
const acl = 'AWS::WAFv2::WebACL';
const detector = 'AWS::Logs::LogAnomalyDetector';

const failedSignIn =
  '?"authentication failed for user" ?"FATAL:  no pg_hba.conf entry" ?"FATAL:  role" ?"FATAL:  permission denied for database"';
const blocked = '{ $.event.alert.action = "blocked" }';
const refused = '{ $.firewall_rule_action = "BLOCK" }';

const above = (properties: Json): Json => ({
  Type: alarm,
  Properties: {
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Period: 60,
    Statistic: 'Sum',
    ...properties,
  },
});

/** A metric filter on a log, and the alarm on its metric. */
const counted = (name: string, log: string, pattern: string, threshold: number): Json => ({
  [`${name}Filter`]: {
    Type: filter,
    Properties: {
      LogGroupName: { Ref: log },
      FilterPattern: pattern,
      MetricTransformations: [{ MetricNamespace: 'Refused', MetricName: name, MetricValue: '1' }],
    },
  },
  [name]: above({ Namespace: 'Refused', MetricName: name, Threshold: threshold }),
});

const dimensions = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value }));

const heartbeat = (log: string) =>
  above({
    ComparisonOperator: 'LessThanThreshold',
    Namespace: 'AWS/Logs',
    MetricName: 'IncomingLogEvents',
    Dimensions: dimensions({ LogGroupName: { Ref: log } }),
    Threshold: 1,
  });

const database: Json = {
  Cluster: {
    Type: 'AWS::RDS::DBCluster',
    Properties: {
      DBClusterIdentifier: 'tenants',
      Engine: 'aurora-postgresql',
      EnableCloudwatchLogsExports: ['postgresql'],
    },
  },
  Writer: {
    Type: 'AWS::RDS::DBInstance',
    Properties: { DBClusterIdentifier: { Ref: 'Cluster' }, Engine: 'aurora-postgresql' },
  },
  ServerLog: { Type: group, Properties: { LogGroupName: '/aws/rds/cluster/tenants/postgresql' } },
  ...counted('SignIns', 'ServerLog', failedSignIn, 5),
  ServerBeats: heartbeat('ServerLog'),
};

const network: Json = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: {} },
  Association: {
    Type: 'AWS::Route53Resolver::FirewallRuleGroupAssociation',
    Properties: { VpcId: { Ref: 'Vpc' }, FirewallRuleGroupId: 'rslvr-frg-1', Priority: 101 },
  },
  Questions: {
    Type: 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
    Properties: { ResourceId: { Ref: 'Vpc' }, ResolverQueryLogConfigId: { 'Fn::GetAtt': ['Config', 'Id'] } },
  },
  Config: {
    Type: 'AWS::Route53Resolver::ResolverQueryLoggingConfig',
    Properties: { DestinationArn: { 'Fn::GetAtt': ['Names', 'Arn'] } },
  },
  Names: { Type: group, Properties: {} },
  ...counted('BlockedNames', 'Names', refused, 5),
  NamesBeat: heartbeat('Names'),
  Firewall: { Type: 'AWS::NetworkFirewall::Firewall', Properties: {} },
  FirewallLog: {
    Type: 'AWS::NetworkFirewall::LoggingConfiguration',
    Properties: {
      FirewallArn: { Ref: 'Firewall' },
      LoggingConfiguration: {
        LogDestinationConfigs: [
          { LogType: 'ALERT', LogDestinationType: 'CloudWatchLogs', LogDestination: { logGroup: { Ref: 'Stopped' } } },
        ],
      },
    },
  },
  Stopped: { Type: group, Properties: {} },
  ...counted('BlockedConnections', 'Stopped', blocked, 5),
  FlowLog: {
    Type: 'AWS::EC2::FlowLog',
    Properties: {
      LogDestinationType: 'cloud-watch-logs',
      LogGroupName: { Ref: 'Flows' },
      ResourceId: { Ref: 'Vpc' },
      ResourceType: 'VPC',
    },
  },
  Flows: { Type: group, Properties: {} },
  Detector: {
    Type: detector,
    Properties: { DetectorName: 'flows', LogGroupArnList: [{ 'Fn::GetAtt': ['Flows', 'Arn'] }] },
  },
  Unusual: above({
    Namespace: 'AWS/Logs',
    MetricName: 'AnomalyCount',
    Dimensions: dimensions({ LogAnomalyDetector: 'flows', LogAnomalyPriority: 'HIGH' }),
    Threshold: 1,
  }),
};

const edge: Json = {
  Acl: {
    Type: acl,
    Properties: {
      Scope: 'REGIONAL',
      VisibilityConfig: { CloudWatchMetricsEnabled: true, MetricName: 'front', SampledRequestsEnabled: true },
    },
  },
  Surge: above({
    Namespace: 'AWS/WAFV2',
    MetricName: 'BlockedRequests',
    Dimensions: dimensions({ WebACL: 'front', Rule: 'ALL', Region: { Ref: 'AWS::Region' } }),
    Threshold: 500,
  }),
  Pool: {
    Type: 'AWS::Cognito::UserPool',
    Properties: { LambdaConfig: { PreAuthentication: { 'Fn::GetAtt': ['Lockout', 'Arn'] } } },
  },
  Lockout: { Type: 'AWS::Lambda::Function', Properties: {} },
  Locked: above({
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Dimensions: dimensions({ FunctionName: { Ref: 'Lockout' } }),
    Threshold: 1,
  }),
};

const everything: Json = { ...database, ...network, ...edge };
const whole = 'a database, a way out, a door and a lock, each with its alarm';

const rejected = '[version, account, eni, from, to, a, b, protocol, packets, bytes, start, end, action = REJECT, ...]';
const banded: Json = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: {} },
  FlowLog: network.FlowLog,
  Flows: network.Flows,
  Filter: {
    Type: filter,
    Properties: {
      LogGroupName: { Ref: 'Flows' },
      FilterPattern: rejected,
      MetricTransformations: [{ MetricNamespace: 'Flows', MetricName: 'Rejected', MetricValue: '1' }],
    },
  },
  Band: {
    Type: alarm,
    Properties: {
      ComparisonOperator: 'GreaterThanUpperThreshold',
      EvaluationPeriods: 3,
      ThresholdMetricId: 'band',
      Metrics: [
        { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m0, 3)' },
        { Id: 'm0', MetricStat: { Period: 60, Stat: 'Sum', Metric: { MetricName: 'Rejected', Namespace: 'Flows' } } },
      ],
    },
  },
};
const band = 'rejected connections that are compared with what is usual';

const says = (words: RegExp) => (resource: Json) => words.test(JSON.stringify(resource.Properties ?? {}));

/** An edit of the filter on the log of the database. */
const ofSignIns = (name: string, pattern: string, message: string): Mutation => ({
  name,
  of: whole,
  target: 'SignInsFilter',
  edit: set(filter, 'FilterPattern', pattern),
  expect: { message, at: 'Cluster' },
  shippedWhere: says(/FATAL/),
});

const ofAlarm = (name: string, target: string, at: string, edit: Mutation['edit'], message: string, is: RegExp) => ({
  name,
  of: whole,
  target,
  edit,
  expect: { message, at },
  shippedWhere: says(is),
});

/** Changes a dimension of an alarm. */
const dimension = (name: string, value: string) =>
  change(alarm, ({ Dimensions: given }) => {
    for (const each of Array.isArray(given) ? given : []) {
      if (isObject(each) && each.Name === name) {
        each.Value = value;
      }
    }
  });

const ourSignIns = /"MetricName":"DatabaseSignIns"/;
const ourSurge = /"MetricName":"BlockedRequests"/;

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: { Resources: everything } },
    [band]: { template: { Resources: banded } },
  },
  mutations: [
    ofSignIns('a pattern matches nothing', '%FATAL:\\s+login\\sfailed%', 'uncounted'),
    ofSignIns('a pattern knows passwords only', '"password authentication failed for user"', 'uncounted'),
    ofSignIns('a pattern has a regular expression with parentheses', '%FATAL: (password|PAM)%', 'uncounted'),
    ofSignIns('a pattern asks for all of them at once', failedSignIn.replaceAll('?', ''), 'uncounted'),
    ofSignIns('a pattern is one for JSON', '{ $.level = "FATAL" }', 'uncounted'),
    ofSignIns('a pattern counts whatever ends a session', 'FATAL', 'indiscriminate'),
    ofSignIns('a pattern counts every line', '', 'indiscriminate'),
    {
      name: 'a filter reads another log',
      of: whole,
      target: 'SignInsFilter',
      edit: change(filter, (properties, template) => {
        const resources = template.Resources as Json;
        resources.Elsewhere = { Type: group };
        properties.LogGroupName = { Ref: 'Elsewhere' };
      }),
      expect: { message: 'uncounted', at: 'Cluster' },
      shippedWhere: says(/FATAL/),
    },
    {
      name: 'a filter adds nothing to its metric',
      of: whole,
      target: 'SignInsFilter',
      edit: change(filter, (properties) => {
        properties.MetricTransformations = [{ MetricNamespace: 'Refused', MetricName: 'SignIns', MetricValue: '0' }];
      }),
      expect: { message: 'unalarmed', at: 'Cluster' },
      shippedWhere: says(/FATAL/),
    },
    ofAlarm(
      'the alarm is on another metric',
      'SignIns',
      'Cluster',
      set(alarm, 'MetricName', 'SignIn'),
      'unalarmed',
      ourSignIns,
    ),
    ofAlarm(
      'the alarm waits for a thousand failed sign-ins',
      'SignIns',
      'Cluster',
      set(alarm, 'Threshold', 1000),
      'lenient',
      ourSignIns,
    ),
    ofAlarm(
      'the alarm is on the average of what is always one',
      'SignIns',
      'Cluster',
      set(alarm, 'Statistic', 'Average'),
      'averaged',
      ourSignIns,
    ),
    ofAlarm('the alarm has no statistic', 'SignIns', 'Cluster', remove(alarm, 'Statistic'), 'averaged', ourSignIns),
    ofAlarm(
      'the alarm wants fewer',
      'SignIns',
      'Cluster',
      set(alarm, 'ComparisonOperator', 'LessThanThreshold'),
      'lenient',
      ourSignIns,
    ),
    ofAlarm(
      'nobody notices when the log of the database ends',
      'ServerBeats',
      'Cluster',
      removeResource(alarm),
      'silent',
      /(?=.*IncomingLogEvents).*TenantDatabaseLogs/,
    ),
    ofAlarm(
      'nobody notices when the log of names ends',
      'NamesBeat',
      'Vpc',
      set(alarm, 'ComparisonOperator', 'GreaterThanThreshold'),
      'silent',
      /(?=.*IncomingLogEvents).*EgressLogQueries/,
    ),
    {
      name: 'connections are counted that are let through',
      of: whole,
      target: 'BlockedConnectionsFilter',
      edit: set(filter, 'FilterPattern', '{ $.event.alert.action = * }'),
      expect: { message: 'indiscriminate', at: 'Firewall' },
      shippedWhere: says(/event.alert.action/),
    },
    {
      name: 'a field of the alert is misspelt',
      of: whole,
      target: 'BlockedConnectionsFilter',
      edit: set(filter, 'FilterPattern', '{ $.alert.action = "blocked" }'),
      expect: { message: 'uncounted', at: 'Firewall' },
      shippedWhere: says(/event.alert.action/),
    },
    {
      name: 'names are counted by a word that the resolver does not write',
      of: whole,
      target: 'BlockedNamesFilter',
      edit: set(filter, 'FilterPattern', '{ $.firewall_rule_action = "BLOCKED" }'),
      expect: { message: 'uncounted', at: 'Vpc' },
      shippedWhere: says(/firewall_rule_action/),
    },
    ofAlarm(
      'a firewall must block a hundred connections first',
      'BlockedConnections',
      'Firewall',
      set(alarm, 'Threshold', 100),
      'lenient',
      /"MetricName":"BlockedConnections"/,
    ),
    ofAlarm('a surge is a million requests', 'Surge', 'Acl', set(alarm, 'Threshold', 1_000_000), 'lenient', ourSurge),
    ofAlarm('one rule of the firewall is watched', 'Surge', 'Acl', dimension('Rule', 'login'), 'unalarmed', ourSurge),
    ofAlarm('another firewall is watched', 'Surge', 'Acl', dimension('WebACL', 'back'), 'unalarmed', ourSurge),
    {
      name: 'a firewall publishes no metric',
      of: whole,
      edit: set(acl, 'VisibilityConfig.CloudWatchMetricsEnabled', false),
      expect: { message: 'unmetered' },
    },
    ofAlarm(
      'refused sign-ins are counted for all functions together',
      'Locked',
      'Pool',
      remove(alarm, 'Dimensions'),
      'unalarmed',
      /(?=.*"MetricName":"Errors").*LockoutCount/,
    ),
    ofAlarm(
      'a hundred attempts at locked accounts are nothing',
      'Locked',
      'Pool',
      set(alarm, 'Threshold', 100),
      'lenient',
      /(?=.*"MetricName":"Errors").*LockoutCount/,
    ),
    {
      name: 'what the detector finds reaches nobody',
      of: whole,
      target: 'Unusual',
      edit: set(alarm, 'MetricName', 'Anomalies'),
      expect: { message: 'unlearnt', at: 'FlowLog' },
      notShipped: 'a band watches rejected connections of ours too; test/policies/detection.test.ts takes both away',
    },
    {
      name: 'the alarm names another detector',
      of: whole,
      edit: set(detector, 'DetectorName', 'application'),
      expect: { message: 'unlearnt', at: 'FlowLog' },
      notShipped: 'a band watches rejected connections of ours too; test/policies/detection.test.ts takes both away',
    },
    {
      name: 'accepted connections are compared with what is usual',
      of: band,
      edit: set(filter, 'FilterPattern', rejected.replace('REJECT', 'ACCEPT')),
      expect: { message: 'unlearnt', at: 'FlowLog' },
      notShipped: 'a detector reads our flow log too; test/policies/detection.test.ts takes both away',
    },
    {
      name: 'the fields are one short',
      of: band,
      edit: set(filter, 'FilterPattern', rejected.replace('eni, ', '')),
      expect: { message: 'unlearnt', at: 'FlowLog' },
      notShipped: 'a detector reads our flow log too; test/policies/detection.test.ts takes both away',
    },
    {
      name: 'the band is on another metric',
      of: band,
      edit: change(alarm, ({ Metrics: metrics }) => {
        for (const each of Array.isArray(metrics) ? metrics : []) {
          if (each.MetricStat) {
            each.MetricStat.Metric.MetricName = 'Accepted';
          }
        }
      }),
      expect: { message: 'unlearnt', at: 'FlowLog' },
      notShipped: 'a detector reads our flow log too; test/policies/detection.test.ts takes both away',
    },
  ],
  others: [
    {
      name: 'what turns nobody away needs no alarm',
      template: {
        Resources: {
          Plain: { Type: 'AWS::EC2::VPC', Properties: {} },
          Open: { Type: 'AWS::Cognito::UserPool', Properties: {} },
          MySql: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-mysql' } },
          Mute: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres' } },
          Unlogged: { Type: 'AWS::NetworkFirewall::Firewall', Properties: {} },
          Kept: {
            Type: 'AWS::EC2::FlowLog',
            Properties: { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::flows' },
          },
        },
      },
      expect: {
        Plain: 'not-applicable',
        Open: 'not-applicable',
        MySql: 'not-applicable',
        Mute: 'not-applicable',
        Unlogged: 'not-applicable',
        Kept: 'not-applicable',
      },
    },
    {
      name: 'a log group, a function or metrics that lie elsewhere are not seen',
      template: {
        Resources: {
          Far: {
            Type: 'AWS::RDS::DBCluster',
            Properties: {
              DBClusterIdentifier: 'far',
              Engine: 'aurora-postgresql',
              EnableCloudwatchLogsExports: ['postgresql'],
            },
          },
          Log: { Type: 'AWS::EC2::FlowLog', Properties: { LogGroupName: 'elsewhere', ResourceType: 'VPC' } },
          Worldwide: { Type: acl, Properties: { Scope: 'CLOUDFRONT' } },
          Pool: {
            Type: 'AWS::Cognito::UserPool',
            Properties: { LambdaConfig: { PreAuthentication: 'arn:aws:lambda:eu-central-1:111122223333:function:a' } },
          },
        },
      },
      expect: { Far: 'not-assessed', Log: 'not-assessed', Worldwide: 'not-assessed', Pool: 'not-assessed' },
    },
    {
      name: 'one alarm that is strict enough makes up for a lenient one',
      template: {
        Resources: {
          ...everything,
          Earlier: above({ Namespace: 'Refused', MetricName: 'SignIns', Threshold: 1000 }),
          SignIns: above({ Namespace: 'Refused', MetricName: 'SignIns', Threshold: 25, Period: 300 }),
        },
      },
      expect: { Cluster: 'satisfied' },
    },
    {
      name: 'several filters count together what one does not',
      template: {
        Resources: {
          ...everything,
          ...counted('Passwords', 'ServerLog', '"authentication failed for user"', 1),
          ...counted('SignIns', 'ServerLog', failedSignIn.replace('?"authentication failed for user" ', ''), 5),
        },
      },
      expect: { Cluster: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::RDS::DBCluster: EnableCloudwatchLogsExports.*': 'what exports no log is for log-06',
    'AWS::NetworkFirewall::LoggingConfiguration: LoggingConfiguration.LogDestinationConfigs.*':
      'what logs no alerts is for log-06',
    'AWS::EC2::FlowLog: LogDestinationType':
      'cloud-watch-logs: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html',
    'AWS::Cognito::UserPool: LambdaConfig.PreAuthentication': 'a pool that locks no account is for idn-05',
  },
};
