import { type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { databaseCases } from './log-03-database.cases';

const cluster = 'AWS::RDS::DBCluster';
const code = 'AWS::Lambda::Function';
const rule = 'AWS::Events::Rule';
const bucket = 'AWS::S3::Bucket';
const alarm = 'AWS::CloudWatch::Alarm';

const alarmOn = (MetricName: string, TreatMissingData: string): Json => ({
  Type: alarm,
  Properties: {
    MetricName,
    TreatMissingData,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Anchor' } }],
    AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:alerts'],
  },
});

const resources = {
  Database: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } },
  Anchor: {
    Type: code,
    Properties: {
      Tags: [{ Key: 'purpose', Value: 'audit-anchor' }],
      Environment: {
        Variables: {
          HOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] },
          BUCKET: { Ref: 'Anchors' },
          LEVEL: 'info',
        },
      },
    },
  },
  Schedule: {
    Type: rule,
    Properties: {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Anchor', 'Arn'] } }],
    },
  },
  Anchors: {
    Type: bucket,
    Properties: {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 731 } },
      },
    },
  },
  Broken: alarmOn('Errors', 'notBreaching'),
  Missed: alarmOn('Invocations', 'breaching'),
};
const template: Json = { Resources: resources };

const isAnchor = (resource: Json) => JSON.stringify(resource).includes('audit-anchor');
const isOurs = (resource: Json) => /AuditAnchor/.test(JSON.stringify(resource));

export const cases: ControlCases = {
  compliant: { anchored: { template } },
  mutations: [
    {
      name: 'trap 25: nothing anchors the chain',
      of: 'anchored',
      edit: removeResource(code),
      expect: { message: 'unanchored', at: 'Database' },
      shippedWhere: isAnchor,
    },
    {
      name: 'the function anchors another database',
      of: 'anchored',
      edit: change(code, (properties) => {
        const { Variables } = properties.Environment as { Variables: Json };
        for (const [name, value] of Object.entries(Variables)) {
          Variables[name] = /Endpoint/.test(JSON.stringify(value)) ? 'another.example.com' : value;
        }
      }),
      expect: { message: 'unanchored', at: 'Database' },
      shippedWhere: isAnchor,
    },
    {
      name: 'the function does not say what it is',
      of: 'anchored',
      edit: remove(code, 'Tags'),
      expect: { message: 'unanchored', at: 'Database' },
      shippedWhere: isAnchor,
    },
    {
      name: 'nothing starts it',
      of: 'anchored',
      edit: removeResource(rule),
      expect: { message: 'unscheduled', at: 'Anchor' },
      notShipped: 'another schedule of the project starts it once a day, and is found too rare',
    },
    {
      name: 'the schedule is off',
      of: 'anchored',
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'unscheduled', at: 'Anchor' },
      notShipped: 'another schedule of the project starts it once a day, and is found too rare',
    },
    {
      name: 'once a day',
      of: 'anchored',
      edit: set(rule, 'ScheduleExpression', 'rate(1 day)'),
      expect: { message: 'rare', at: 'Anchor' },
      shippedWhere: (resource) => isOurs(resource) && JSON.stringify(resource).includes('rate(30 minutes)'),
    },
    {
      name: 'a time that cannot be read',
      of: 'anchored',
      edit: set(rule, 'ScheduleExpression', 'cron(7 3 1W * ? 2031)'),
      expect: { message: 'not-assessed', at: 'Anchor' },
      shippedWhere: (resource) => isOurs(resource) && JSON.stringify(resource).includes('rate(30 minutes)'),
    },
    {
      name: 'no bucket is named',
      of: 'anchored',
      edit: set(code, 'Environment.Variables.BUCKET', 'somewhere'),
      expect: { message: 'nowhere', at: 'Anchor' },
      shippedWhere: isAnchor,
    },
    {
      name: 'trap 25: the lock can be lifted by those who may',
      of: 'anchored',
      edit: set(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'GOVERNANCE'),
      expect: { message: 'unlocked', at: 'Anchor' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('log-class'),
    },
    {
      name: 'anchors may go before the entries that they prove',
      of: 'anchored',
      edit: set(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention', { Mode: 'COMPLIANCE', Days: 1 }),
      expect: { message: 'shortLock', at: 'Anchor' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('log-class'),
    },
    {
      name: 'the function may run zero times at once',
      of: 'anchored',
      edit: set(code, 'ReservedConcurrentExecutions', 0),
      expect: { message: 'unscheduled' },
      shippedWhere: isAnchor,
    },
    {
      name: 'the bucket locks nothing',
      of: 'anchored',
      edit: remove(bucket, 'ObjectLockConfiguration'),
      expect: { message: 'unlocked', at: 'Anchor' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('log-class'),
    },
    {
      name: 'the bucket cannot lock',
      of: 'anchored',
      edit: set(bucket, 'ObjectLockEnabled', false),
      expect: { message: 'unlocked', at: 'Anchor' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('log-class'),
    },
    {
      name: 'no alarm on a broken chain',
      of: 'anchored',
      target: 'Broken',
      edit: removeResource(alarm),
      expect: { message: 'unheard', at: 'Anchor' },
      shippedWhere: (resource) => isOurs(resource) && JSON.stringify(resource).includes('"Errors"'),
    },
    {
      name: 'the alarm on a broken chain tells nobody',
      of: 'anchored',
      target: 'Broken',
      edit: set(alarm, 'AlarmActions', []),
      expect: { message: 'unheard', at: 'Anchor' },
      shippedWhere: (resource) => isOurs(resource) && JSON.stringify(resource).includes('"Errors"'),
    },
    {
      name: 'the actions of the alarm are off',
      of: 'anchored',
      target: 'Broken',
      edit: set(alarm, 'ActionsEnabled', false),
      expect: { message: 'unheard', at: 'Anchor' },
      shippedWhere: (resource) => isOurs(resource) && JSON.stringify(resource).includes('"Errors"'),
    },
    {
      name: 'trap 39: nothing measured is taken for fine',
      of: 'anchored',
      target: 'Missed',
      edit: set(alarm, 'TreatMissingData', 'notBreaching'),
      expect: { message: 'missedUnheard', at: 'Anchor' },
      shippedWhere: (resource) => isOurs(resource) && JSON.stringify(resource).includes('"Invocations"'),
    },
  ],
  others: [
    {
      name: 'fails closed without a database',
      template: { Resources: { Files: { Type: bucket } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'MySQL has no such log, a reader has that of its cluster, and a function need not anchor',
      template: {
        Resources: {
          ...resources,
          Other: { Type: cluster, Properties: { Engine: 'aurora-mysql' } },
          Reader: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Database' } } },
          Mail: { Type: code, Properties: { FunctionName: 'mail' } },
        },
      },
      expect: { Other: 'not-applicable', Reader: 'not-applicable', Mail: 'not-applicable', Database: 'satisfied' },
    },
    {
      name: 'a schedule of EventBridge Scheduler every quarter of an hour, over a shorter promise',
      template: {
        Resources: {
          ...resources,
          Schedule: {
            Type: 'AWS::Scheduler::Schedule',
            Properties: {
              ScheduleExpression: 'rate(15 minutes)',
              Target: { Arn: { 'Fn::GetAtt': ['Anchor', 'Arn'] } },
            },
          },
        },
      },
      figures: { 'audit.anchorMinutes': 15 },
      expect: { Anchor: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::Events::Rule: State':
      'ENABLED: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
    'AWS::CloudWatch::Alarm: ActionsEnabled':
      'true: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
  },
  database: databaseCases,
};
