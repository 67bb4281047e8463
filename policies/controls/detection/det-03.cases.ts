import { type ControlCases, change, type Mutation, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const alarm = 'AWS::CloudWatch::Alarm';
const logGroup = 'AWS::Logs::LogGroup';

const watch = (MetricName: string, dimension: string, Value: unknown, more: Json = {}): Json => ({
  Type: alarm,
  Properties: {
    MetricName,
    Dimensions: [{ Name: dimension, Value }],
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 1,
    ...more,
  },
});

const loadBalancer = { 'Fn::GetAtt': ['Door', 'LoadBalancerFullName'] };
const targets = { 'Fn::GetAtt': ['Targets', 'TargetGroupFullName'] };
const service = { 'Fn::GetAtt': ['Service', 'Name'] };
const database = { Ref: 'Database' };

const masking: Json = {
  Name: 'personal-data',
  Version: '2021-06-01',
  Statement: [
    {
      Sid: 'mask',
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
      Operation: { Deidentify: { MaskConfig: {} } },
    },
  ],
};

const deployed: Json = {
  Door: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type: 'application' } },
  Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Port: 443 } },
  Service: { Type: 'AWS::ECS::Service', Properties: { ServiceName: 'application' } },
  Database: { Type: 'AWS::RDS::DBCluster', Properties: { DBClusterIdentifier: 'tenants' } },
  Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'small' } },
  Log: { Type: logGroup, Properties: { DataProtectionPolicy: masking } },
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      ContainerDefinitions: [
        { Name: 'app', LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': { Ref: 'Log' } } } },
      ],
    },
  },
  Search: {
    Type: 'AWS::Logs::LogAnomalyDetector',
    Properties: { DetectorName: 'application', LogGroupArnList: [{ 'Fn::GetAtt': ['Log', 'Arn'] }] },
  },
  Found: {
    Type: alarm,
    Properties: {
      Namespace: 'AWS/Logs',
      MetricName: 'AnomalyCount',
      Dimensions: [
        { Name: 'LogAnomalyDetector', Value: 'application' },
        { Name: 'LogAnomalyPriority', Value: 'HIGH' },
      ],
      Threshold: 1,
    },
  },
  DoorErrors: watch('HTTPCode_ELB_5XX_Count', 'LoadBalancer', loadBalancer),
  Errors: watch('HTTPCode_Target_5XX_Count', 'TargetGroup', targets),
  Unhealthy: watch('UnHealthyHostCount', 'TargetGroup', targets),
  Band: {
    Type: alarm,
    Properties: {
      ComparisonOperator: 'GreaterThanUpperThreshold',
      EvaluationPeriods: 3,
      Metrics: [
        { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m0, 3)' },
        {
          Id: 'm0',
          MetricStat: {
            Metric: { MetricName: 'TargetResponseTime', Dimensions: [{ Name: 'TargetGroup', Value: targets }] },
            Period: 60,
            Stat: 'Average',
          },
        },
      ],
    },
  },
  Cpu: watch('CPUUtilization', 'ServiceName', service),
  Memory: watch('MemoryUtilization', 'ServiceName', service),
  Running: watch('RunningTaskCount', 'ServiceName', service),
  DatabaseCpu: watch('CPUUtilization', 'DBClusterIdentifier', database),
  Connections: watch('DatabaseConnections', 'DBClusterIdentifier', database),
  Deadlocks: watch('Deadlocks', 'DBClusterIdentifier', database),
  Capacity: watch('ACUUtilization', 'DBClusterIdentifier', database),
  FunctionErrors: { Type: alarm, Properties: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Period: 60 } },
};

const usual = 'everything is watched each minute';

const metricOf = (resource: Json) => (isObject(resource.Properties) ? resource.Properties.MetricName : undefined);
const namespaceOf = (resource: Json) => (isObject(resource.Properties) ? resource.Properties.Namespace : undefined);

/** Takes away the only alarm on a metric. */
const unwatched = (target: string, at: string, metric: string, namespace: string): Mutation => ({
  name: `nobody looks at ${metric} of ${at}`,
  of: usual,
  target,
  edit: removeResource(alarm),
  expect: { message: 'unwatched', at },
  // An alarm on one function is beside the one on all of them
  shippedWhere: (resource) =>
    metricOf(resource) === metric &&
    namespaceOf(resource) === namespace &&
    (namespace !== 'AWS/Lambda' || !JSON.stringify(resource).includes('FunctionName')),
});

export const cases: ControlCases = {
  compliant: { [usual]: { template: { Resources: deployed } } },
  mutations: [
    unwatched('DoorErrors', 'Door', 'HTTPCode_ELB_5XX_Count', 'AWS/ApplicationELB'),
    unwatched('Unhealthy', 'Targets', 'UnHealthyHostCount', 'AWS/ApplicationELB'),
    unwatched('Cpu', 'Service', 'CPUUtilization', 'AWS/ECS'),
    unwatched('Memory', 'Service', 'MemoryUtilization', 'AWS/ECS'),
    unwatched('Running', 'Service', 'RunningTaskCount', 'ECS/ContainerInsights'),
    unwatched('DatabaseCpu', 'Database', 'CPUUtilization', 'AWS/RDS'),
    unwatched('Deadlocks', 'Database', 'Deadlocks', 'AWS/RDS'),
    unwatched('FunctionErrors', 'Function', 'Errors', 'AWS/Lambda'),
    {
      ...unwatched('Errors', 'Targets', 'HTTPCode_Target_5XX_Count', 'AWS/ApplicationELB'),
      notShipped: 'ours has a second alarm on it, which compares with what is usual',
    },
    {
      ...unwatched('Capacity', 'Database', 'ACUUtilization', 'AWS/RDS'),
      notShipped: 'ours watches the memory that is free as well',
    },
    {
      ...unwatched('Connections', 'Database', 'DatabaseConnections', 'AWS/RDS'),
      notShipped: 'ours compares connections with what is usual, in an alarm that has no metric name of its own',
    },
    {
      name: 'an alarm looks at another metric',
      of: usual,
      target: 'Memory',
      edit: set(alarm, 'MetricName', 'MemoryReservation'),
      expect: { message: 'unwatched', at: 'Service' },
      shippedWhere: (resource) => metricOf(resource) === 'MemoryUtilization',
    },
    {
      name: 'an alarm looks at another resource',
      of: usual,
      target: 'Memory',
      edit: set(alarm, 'Dimensions', [{ Name: 'ServiceName', Value: 'somebody-else' }]),
      expect: { message: 'unwatched', at: 'Service' },
      shippedWhere: (resource) => metricOf(resource) === 'MemoryUtilization',
    },
    {
      name: 'a metric is gathered over five minutes',
      of: usual,
      target: 'Deadlocks',
      edit: set(alarm, 'Period', 300),
      expect: { message: 'coarse', at: 'Database' },
      shippedWhere: (resource) =>
        /^(Deadlocks|MemoryUtilization|RunningTaskCount|HTTPCode_ELB_5XX_Count)$/.test(String(metricOf(resource))),
    },
    {
      name: 'nothing is compared with what is usual',
      of: usual,
      target: 'Band',
      edit: change(alarm, (properties) => {
        const metrics: Json[] = Array.isArray(properties.Metrics) ? properties.Metrics : [];
        properties.Metrics = metrics.map((metric) =>
          metric.Expression === undefined ? metric : { ...metric, Expression: 'm0 * 2' },
        );
      }),
      expect: { message: 'noBand', at: 'Targets' },
      notShipped: 'two alarms of ours compare; test/policies/detection.test.ts takes both away',
    },
    {
      name: 'nobody searches the log',
      of: usual,
      edit: removeResource('AWS::Logs::LogAnomalyDetector'),
      expect: { message: 'unsearched', at: 'Log' },
      notShipped: 'a detector is followed without a read; test/policies/detection.test.ts takes ours away',
    },
    {
      name: 'what the search finds reaches nobody',
      of: usual,
      target: 'Found',
      edit: set(alarm, 'MetricName', 'Anomalies'),
      expect: { message: 'unreported', at: 'Log' },
      shippedWhere: ({ Properties: properties }) => /(?=.*AnomalyCount).*LogAnomalies/.test(JSON.stringify(properties)),
    },
    {
      name: 'the search has another name',
      of: usual,
      edit: set('AWS::Logs::LogAnomalyDetector', 'DetectorName', 'flows'),
      expect: { message: 'unreported', at: 'Log' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('LogAnomalies'),
    },
    {
      name: 'the log shows everything',
      of: usual,
      edit: remove(logGroup, 'DataProtectionPolicy'),
      expect: { message: 'unmasked' },
    },
    {
      name: 'the policy reports mail addresses and masks nothing',
      of: usual,
      edit: change(logGroup, ({ DataProtectionPolicy: policy }) => {
        const { Statement: statements } = isObject(policy) ? policy : {};
        for (const statement of Array.isArray(statements) ? statements : []) {
          statement.Operation = { Audit: { FindingsDestination: {} } };
        }
      }),
      expect: { message: 'unmasked' },
    },
  ],
  others: [
    {
      name: 'an empty template watches nothing',
      template: { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a database without a cluster has a disk that fills',
      template: {
        Resources: {
          ...deployed,
          Lone: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceIdentifier: 'lone' } },
          Member: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Database' } } },
          LoneCpu: watch('CPUUtilization', 'DBInstanceIdentifier', { Ref: 'Lone' }),
          LoneConnections: watch('DatabaseConnections', 'DBInstanceIdentifier', { Ref: 'Lone' }),
        },
      },
      expect: { Lone: { message: 'unwatched' }, Member: 'not-applicable' },
    },
    {
      name: 'a function with an alarm of its own, a network load balancer, and a log of no application',
      template: {
        Resources: {
          ...deployed,
          FunctionErrors: watch('Errors', 'FunctionName', { Ref: 'Function' }),
          Wire: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type: 'network' } },
          Other: { Type: logGroup, Properties: { LogGroupName: '/other' } },
        },
      },
      expect: { Function: 'satisfied', Wire: 'not-applicable', Other: 'not-applicable' },
    },
    {
      name: 'a function that CloudFormation alone calls fails a deployment, not in silence',
      template: {
        Resources: {
          Code: { Type: 'AWS::Lambda::Function', Properties: { Description: 'guards' } },
          Guards: { Type: 'Custom::Guards', Properties: { ServiceToken: { 'Fn::GetAtt': ['Code', 'Arn'] } } },
          Clock: { Type: 'AWS::Lambda::Function', Properties: { Description: 'guards, every day' } },
          Set: { Type: 'Custom::Guards', Properties: { ServiceToken: { 'Fn::GetAtt': ['Clock', 'Arn'] } } },
          Daily: {
            Type: 'AWS::Events::Rule',
            Properties: { Targets: [{ Id: 'Clock', Arn: { 'Fn::GetAtt': ['Clock', 'Arn'] } }] },
          },
        },
      },
      expect: { Code: 'not-applicable', Clock: { message: 'unwatched' } },
    },
    {
      name: 'five minutes are enough where no more is promised',
      figures: { 'monitor.periodSeconds': 300 },
      template: {
        Resources: { ...deployed, Deadlocks: watch('Deadlocks', 'DBClusterIdentifier', database, { Period: 300 }) },
      },
      expect: { Database: 'satisfied' },
    },
  ],
  indifferent: {
    'AWS::ElasticLoadBalancingV2::LoadBalancer: Type':
      'a kind that cannot be read is watched like one that answers HTTP',
  },
};
