import {
  addBeside,
  type ControlCases,
  change,
  type Edit,
  remove,
  removeResource,
  set,
} from '../../../lib/control/cases';
import type { Register } from '../../../lib/control/claim';
import type { Json } from '../../../lib/template/parse';
import { databaseCases } from './dat-01-database.cases';

const cluster = 'AWS::RDS::DBCluster';
const bucket = 'AWS::S3::Bucket';
const group = 'AWS::Logs::LogGroup';
const table = 'AWS::DynamoDB::Table';
const pool = 'AWS::Cognito::UserPool';
const contacts = 'AWS::SES::ContactList';
const lambda = 'AWS::Lambda::Function';
const rule = 'AWS::Events::Rule';
const alarm = 'AWS::CloudWatch::Alarm';

const tagged = (rule: string) => [{ Key: 'retention', Value: rule }];
const schedule = {
  'retention.schedule': [
    `account-data ${cluster} untagged while-active`,
    `account-data ${pool} untagged while-active`,
    `opt-outs ${contacts} untagged while-active`,
    `files ${bucket} tagged while-active`,
    `log-files ${bucket} untagged 731`,
    `log-lines ${group} untagged 730`,
    `sessions ${table} untagged while-active`,
    `attempts ${table} tagged 1`,
  ],
};

const retained = (Type: string, Properties: Json): Json => ({ Type, DeletionPolicy: 'Retain', Properties });
const expiring = (days: unknown, more: Json = {}) => ({
  LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: days, ...more }] },
});

const alarmOn = (MetricName: string, TreatMissingData: string): Json => ({
  Type: alarm,
  Properties: {
    MetricName,
    TreatMissingData,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Sweep' } }],
    AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:alerts'],
  },
});

const usual = 'stores as the schedule says';

const resources: Json = {
  Database: retained(cluster, { Engine: 'aurora-postgresql' }),
  Sweep: {
    Type: lambda,
    Properties: {
      Tags: [{ Key: 'purpose', Value: 'row-retention' }],
      Environment: { Variables: { PGHOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] }, PGPORT: '5432' } },
      LoggingConfig: { LogGroup: { Ref: 'Lines' } },
    },
  },
  Schedule: {
    Type: rule,
    Properties: {
      ScheduleExpression: 'rate(30 minutes)',
      State: 'ENABLED',
      Targets: [{ Id: 'a', Arn: { 'Fn::GetAtt': ['Sweep', 'Arn'] } }],
    },
  },
  Failed: alarmOn('Errors', 'notBreaching'),
  Silent: alarmOn('Invocations', 'breaching'),
  People: retained(pool, {}),
  Contacts: retained(contacts, {}),
  Sessions: retained(table, { TimeToLiveSpecification: { Enabled: false, AttributeName: 'ends' } }),
  Attempts: retained(table, {
    Tags: tagged('attempts'),
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'ends' },
  }),
  Files: retained(bucket, {
    Tags: tagged('files'),
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } }] },
  }),
  Logs: retained(bucket, expiring(731, { Prefix: '' })),
  Versions: retained(bucket, {
    ...expiring(731, { NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
    VersioningConfiguration: { Status: 'Enabled' },
  }),
  Archive: retained(bucket, {
    ...expiring(732),
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 731 } } },
  }),
  Lines: retained(group, { RetentionInDays: 731 }),
  Function: { Type: lambda, Properties: { LoggingConfig: { LogGroup: { Ref: 'Lines' } } } },
};

/** A document that promises a review of the schedule at each release. */
const promising: Register = {
  document: 'clvr',
  title: 'a document',
  source: { file: 'document.txt', sha256: '0'.repeat(64), fingerprints: {}, nonClaimLines: [] },
  claims: [
    {
      id: 'clvr-retention-release-review',
      document: 'clvr',
      section: 'Data Governance',
      lines: [1],
      statement: 'The schedule is reviewed at each release.',
      kind: 'procedure',
      enforceability: 'enforced',
      planned: false,
      figures: [],
      controls: ['dat-01'],
    },
  ],
};
const reviewedOn = (retentionReviewed: string | undefined) => ({
  registers: [promising],
  records: { retentionReviewed },
});

const isFiles = ({ Properties }: Json) => JSON.stringify((Properties as Json).Tags).includes('tenant-files');

const hasEnd = ({ Properties }: Json) => (Properties as Json).TimeToLiveSpecification !== undefined;

const isSweep = (resource: Json) => JSON.stringify(resource).includes('row-retention');
const isOfSweep = (resource: Json) => JSON.stringify(resource).includes('RowRetention');

/** Takes the deletion policy away, or sets another. */
function policy(type: string, word: string | undefined): Edit {
  return change(type, (_properties, template, logicalId) => {
    const resource = (template.Resources as Json)[logicalId] as Json;
    resource.DeletionPolicy = word;
  });
}

export const cases: ControlCases = {
  database: databaseCases,
  registers: [
    {
      name: 'a review counts for a quarter of a year, to the day',
      ...reviewedOn('2026-11-20'),
      today: '2027-02-20',
      expect: { reviewed: 'satisfied' },
    },
    {
      name: 'fails to assess what nobody went through for longer',
      ...reviewedOn('2026-11-20'),
      today: '2027-02-21',
      expect: { reviewed: 'not-assessed' },
    },
    {
      name: 'a profile may ask for a review more often',
      ...reviewedOn('2026-11-20'),
      figures: { 'retention.reviewDays': 8 },
      expect: { reviewed: 'not-assessed' },
    },
    {
      name: 'fails to assess a schedule that was never gone through',
      ...reviewedOn(undefined),
      expect: { reviewed: 'not-assessed' },
    },
    {
      name: 'it is tomorrow already where the review was',
      ...reviewedOn('2026-12-02'),
      expect: { reviewed: 'satisfied' },
    },
    {
      name: 'fails where the review is still to come',
      ...reviewedOn('2026-12-03'),
      expect: { reviewed: { message: 'reviewAhead' } },
    },
    {
      name: 'a profile that binds no such promise asks for no review',
      ...reviewedOn('2020-01-01'),
      documents: ['cly'],
      expect: { reviewed: 'not-applicable' },
    },
  ],
  compliant: { [usual]: { template: { Resources: resources }, figures: schedule } },
  mutations: [
    {
      name: 'log lines are kept for a quarter',
      of: usual,
      edit: set(group, 'RetentionInDays', 90),
      expect: { message: 'differs' },
    },
    {
      name: 'log lines are kept for longer than scheduled',
      of: usual,
      edit: set(group, 'RetentionInDays', 3653),
      expect: { message: 'differs' },
    },
    {
      name: 'log lines are kept for ever',
      of: usual,
      edit: remove(group, 'RetentionInDays'),
      expect: { message: 'neverDeleted' },
    },
    {
      name: 'log files are kept for a month',
      of: usual,
      target: 'Logs',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 30),
      expect: { message: 'differs' },
      shippedWhere: (resource) => !isFiles(resource),
    },
    {
      name: 'log files are kept for ever',
      of: usual,
      target: 'Logs',
      edit: remove(bucket, 'LifecycleConfiguration'),
      expect: { message: 'neverDeleted' },
      shippedWhere: (resource) => !isFiles(resource),
    },
    {
      name: 'what is deleted stays as a version',
      of: usual,
      target: 'Versions',
      edit: remove(bucket, 'LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration'),
      expect: { message: 'versionsStay' },
      shippedWhere: (resource) => !isFiles(resource) && /"ExpirationInDays"/.test(JSON.stringify(resource)),
    },
    {
      name: 'the newest versions of what is deleted stay',
      of: usual,
      target: 'Versions',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration', {
        NoncurrentDays: 1,
        NewerNoncurrentVersions: 5,
      }),
      expect: { message: 'versionsStay' },
      shippedWhere: (resource) => !isFiles(resource) && /"ExpirationInDays"/.test(JSON.stringify(resource)),
    },
    {
      name: 'a lock outlives the rule',
      of: usual,
      target: 'Archive',
      edit: set(bucket, 'ObjectLockConfiguration.Rule.DefaultRetention', { Mode: 'COMPLIANCE', Years: 10 }),
      expect: { message: 'differs' },
      shippedWhere: (resource) => /DefaultRetention/.test(JSON.stringify(resource)),
    },
    {
      name: 'the rule for log files is off',
      of: usual,
      target: 'Logs',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.Status', 'Disabled'),
      expect: { message: 'neverDeleted' },
      shippedWhere: (resource) => !isFiles(resource),
    },
    {
      name: 'the rule for log files is for a part of them',
      of: usual,
      target: 'Logs',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.Prefix', 'old/'),
      expect: { message: 'neverDeleted' },
      shippedWhere: (resource) => !isFiles(resource),
    },
    {
      name: 'files of customers are deleted by age',
      of: usual,
      target: 'Files',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.ExpirationInDays', 365),
      expect: { message: 'deletesActive' },
      shippedWhere: isFiles,
    },
    {
      name: 'files of customers go with the stack',
      of: usual,
      target: 'Files',
      edit: policy(bucket, 'Delete'),
      expect: { message: 'deletedWithStack' },
      shippedWhere: isFiles,
    },
    {
      name: 'items that have an end outlive it',
      of: usual,
      target: 'Attempts',
      edit: set(table, 'TimeToLiveSpecification.Enabled', false),
      expect: { message: 'neverDeleted' },
      shippedWhere: hasEnd,
    },
    {
      name: 'items have no end',
      of: usual,
      target: 'Attempts',
      edit: remove(table, 'TimeToLiveSpecification'),
      expect: { message: 'neverDeleted' },
      shippedWhere: hasEnd,
    },
    {
      name: 'the database goes with the stack',
      of: usual,
      edit: policy(cluster, 'Delete'),
      expect: { message: 'deletedWithStack' },
    },
    {
      name: 'accounts go with the stack',
      of: usual,
      edit: policy(pool, undefined),
      expect: { message: 'deletedWithStack' },
    },
    {
      name: 'who opted out goes with the stack',
      of: usual,
      edit: policy(contacts, undefined),
      expect: { message: 'deletedWithStack' },
    },
    {
      name: 'rows of customers end by their age',
      of: usual,
      target: 'Sessions',
      edit: set(table, 'TimeToLiveSpecification.Enabled', true),
      expect: { message: 'deletesActive' },
      shippedWhere: (resource) => !hasEnd(resource),
    },
    {
      name: 'a store that the schedule does not know',
      of: usual,
      edit: addBeside(cluster, 'More', () =>
        retained(cluster.replace('DBCluster', 'DBInstance'), { Engine: 'postgres' }),
      ),
      expect: { message: 'unscheduled', at: 'More' },
    },
    {
      name: 'a rule whose stores are gone',
      of: usual,
      target: 'Sessions',
      edit: removeResource(table),
      expect: { message: 'unusedRule', at: 'sessions' },
    },
    {
      name: 'a rule whose database is gone',
      of: usual,
      edit: removeResource(cluster),
      expect: { message: 'unusedRule', at: 'account-data' },
    },
    {
      name: 'nothing deletes rows whose period is over',
      of: usual,
      target: 'Sweep',
      edit: removeResource(lambda),
      expect: { message: 'unswept', at: 'Database' },
      shippedWhere: isSweep,
    },
    {
      name: 'rows of another database are deleted',
      of: usual,
      target: 'Sweep',
      edit: change(lambda, (properties) => {
        const { Variables } = properties.Environment as { Variables: Json };
        Variables.PGHOST = 'another.example.com';
      }),
      expect: { message: 'unswept', at: 'Database' },
      shippedWhere: isSweep,
    },
    {
      name: 'nothing starts the sweep of rows',
      of: usual,
      edit: removeResource(rule),
      expect: { message: 'sweepUnscheduled', at: 'Sweep' },
      shippedWhere: isOfSweep,
    },
    {
      name: 'the schedule of the sweep is off',
      of: usual,
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'sweepUnscheduled', at: 'Sweep' },
      shippedWhere: isOfSweep,
    },
    {
      name: 'rows are swept once a day, so that one failure lets them outlive the day of grace',
      of: usual,
      edit: set(rule, 'ScheduleExpression', 'rate(1 day)'),
      expect: { message: 'sweepRare', at: 'Sweep' },
      shippedWhere: isOfSweep,
    },
    {
      name: 'a time of the sweep that cannot be read',
      of: usual,
      edit: set(rule, 'ScheduleExpression', 'cron(7 3 1W * ? 2031)'),
      expect: { message: 'not-assessed', at: 'Sweep' },
      shippedWhere: isOfSweep,
    },
    {
      name: 'nobody hears of rows that are left',
      of: usual,
      target: 'Failed',
      edit: remove(alarm, 'AlarmActions'),
      expect: { message: 'sweepUnheard', at: 'Sweep' },
      shippedWhere: (resource) => isOfSweep(resource) && JSON.stringify(resource).includes('"Errors"'),
    },
    {
      name: 'nobody hears of a sweep that does not run',
      of: usual,
      target: 'Silent',
      edit: set(alarm, 'TreatMissingData', 'notBreaching'),
      expect: { message: 'sweepMissed', at: 'Sweep' },
      shippedWhere: (resource) => isOfSweep(resource) && JSON.stringify(resource).includes('"Invocations"'),
    },
    {
      name: 'trap 40: a function that makes its log group past the schedule',
      of: usual,
      target: 'Function',
      edit: remove(lambda, 'LoggingConfig'),
      expect: { message: 'undeclared' },
    },
  ],
  others: [
    {
      name: 'a template without a store',
      template: { Resources: { Key: { Type: 'AWS::KMS::Key' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'somebody’s bucket is under somebody’s schedule',
      template: { Resources: { Bucket: { Type: bucket } } },
      figures: schedule,
      presentOnly: true,
      expect: { Bucket: 'not-applicable' },
    },
    {
      name: 'a store that names a rule which is not there',
      template: { Resources: { Bucket: { Type: bucket, Properties: { Tags: tagged('pictures') } } } },
      figures: schedule,
      expect: { Bucket: { message: 'unknownRule' }, files: { message: 'unusedRule' } },
    },
    {
      name: 'a kind of store that nobody can judge is named',
      template: { Resources: { Search: { Type: 'AWS::OpenSearchService::Domain' } } },
      presentOnly: true,
      expect: { Search: 'not-assessed' },
    },
    {
      name: 'a store that names its rule is judged wherever it stands',
      template: { Resources: { Bucket: { Type: bucket, Properties: { Tags: tagged('files'), ...expiring(30) } } } },
      figures: schedule,
      presentOnly: true,
      expect: { Bucket: { message: 'deletesActive' } },
    },
    {
      name: 'a table whose items never end',
      template: { Resources: { Table: { Type: table } } },
      figures: { 'retention.schedule': [`sessions ${table} untagged 30`] },
      expect: { Table: { message: 'neverDeleted' } },
    },
    {
      name: 'a database cluster without a deletion policy leaves a last snapshot behind',
      template: { Resources: { Database: { Type: cluster, Properties: { Engine: 'aurora-mysql' } } } },
      figures: { 'retention.schedule': [`account-data ${cluster} untagged while-active`] },
      expect: { Database: 'satisfied' },
    },
  ],
  absentKeeps: {
    [`${rule}: State`]: 'ENABLED: the page of the resource',
    [`${table}: TimeToLiveSpecification.Enabled`]: 'off: the page of the resource',
    [`${bucket}: LifecycleConfiguration.Rules.*.Status`]: 'required: a rule without it is refused',
    [`${bucket}: ObjectLockConfiguration.Rule.DefaultRetention`]: 'tells only whether a day more is allowed',
    [`${bucket}: ObjectLockConfiguration.Rule.DefaultRetention.Days`]: 'nothing is locked by itself',
    [`${bucket}: VersioningConfiguration.Status`]: 'no versions are kept',
  },
  indifferent: {
    [`${alarm}: MetricName`]: 'an alarm on something else is another alarm',
    [`${bucket}: ObjectLockConfiguration.Rule.DefaultRetention`]: 'tells only whether a day more is allowed',
    [`${bucket}: Tags.*.Key`]: 'another key is another tag',
  },
};
