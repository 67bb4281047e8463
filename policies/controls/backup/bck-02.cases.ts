import {
  type ControlCases,
  change,
  type Edit,
  remove,
  removeResource,
  resourcesOf,
  set,
} from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { exampleBackups, exampleWatch, rule } from './example-backups';

const cluster = 'AWS::RDS::DBCluster';
const plan = 'AWS::Backup::BackupPlan';
const selection = 'AWS::Backup::BackupSelection';
const vault = 'AWS::Backup::BackupVault';
const rules = 'BackupPlan.BackupPlanRule';

const look = 'AWS::Lambda::Function';
const lookPolicy = 'AWS::IAM::ManagedPolicy';
const alarms = 'AWS::CloudWatch::Alarm';
const schedule = 'AWS::Events::Rule';

const changing = 'buckets that are made as tenants come, beside the cluster';
const whole = 'a cluster that is backed up daily and weekly';
const byTag = 'stores that are taken by their tag';
const rolling = 'seven days and not one more';
const lone = 'a lone instance, backed up every six hours and kept long';

const holdsDaily = (resource: object) => /"RuleName":"daily"/.test(JSON.stringify(resource));
const isCheck = (resource: object) => /"STORES"/.test(JSON.stringify(resource));
const startsCheck = (resource: object) =>
  /rate\(30 minutes\)/.test(JSON.stringify(resource)) && /BackupCheck/.test(JSON.stringify(resource));
const looksIntoVaults = (resource: object) => /"backup:ListRecoveryPointsByBackupVault"/.test(JSON.stringify(resource));
const rings = (metric: string, direction: string) => (resource: object) =>
  new RegExp(`"${direction}.*"${metric}"|"${metric}".*"${direction}`).test(JSON.stringify(resource));
const inStores = (resource: object) => /cluster:/.test(JSON.stringify(resource));

/** The example, with other parts in place of its own. */
function example(over: Json = {}): Json {
  const copy = structuredClone(exampleBackups);
  return { Resources: { ...resourcesOf(copy), ...structuredClone(exampleWatch), ...over } };
}

/** The example without its plan for files. */
function snapshotsOnly(over: Json): Json {
  const { Continuous: _plan, FilesSelection: _selection, ...resources } = resourcesOf(example(over));
  return { Resources: resources };
}

/** Changes the first rule of a plan. */
function firstRule(path: string, value: unknown): Edit {
  return set(plan, `${rules}.0.${path}`, value);
}

const selected = (over: Json) => ({
  Type: selection,
  Properties: { BackupPlanId: { Ref: 'Plan' }, BackupSelection: { IamRoleArn: 'role', ...over } },
});

/** Buckets that a function makes, a plan that takes them by name and tag, and the list that the check reads. */
const tenantBuckets: Json = {
  Maker: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 's3:CreateBucket', Resource: 'arn:aws:s3:::tenant-files-*' }],
      },
    },
  },
  Tenants: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'tenants' } },
  Changing: selected({
    Resources: ['arn:aws:s3:::tenant-files-*'],
    Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'in-use' }] },
  }),
  Selection: selected({
    Resources: [
      { 'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Db}' },
      { 'Fn::GetAtt': ['Tenants', 'Arn'] },
    ],
  }),
  Look: {
    Type: look,
    Properties: {
      Role: { 'Fn::GetAtt': ['LookRole', 'Arn'] },
      Environment: {
        Variables: {
          STORES: { 'Fn::Sub': 'arn:aws:rds:eu-central-1:111122223333:cluster:${Db}' },
          LIST: { Ref: 'Tenants' },
          VAULT: { Ref: 'Vault' },
          NAMESPACE: 'production/Backup',
        },
      },
    },
  },
  LookPolicy: {
    Type: lookPolicy,
    Properties: {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'backup:ListRecoveryPointsByBackupVault', Resource: '*' },
          { Effect: 'Allow', Action: 'dynamodb:Scan', Resource: { 'Fn::GetAtt': ['Tenants', 'Arn'] } },
          { Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' },
        ],
      },
    },
  },
};

const tagged = {
  Type: cluster,
  Properties: { Tags: [{ Key: 'data-class', Value: 'personal' }] },
};

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: example() },
    [byTag]: {
      template: snapshotsOnly({
        Db: tagged,
        Sessions: { Type: 'AWS::DynamoDB::Table', Properties: { Tags: [{ Key: 'data-class', Value: 'personal' }] } },
        Selection: selected({
          ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'data-class', ConditionValue: 'personal' }],
        }),
      }),
    },
    [rolling]: {
      exact: ['backup.dailyRetentionDays', 'backup.weeklyRetentionDays'],
      figures: { 'backup.dailyRetentionDays': 7, 'backup.weeklyRetentionDays': 7 },
      template: snapshotsOnly({
        Plan: {
          Type: plan,
          Properties: { BackupPlan: { BackupPlanRule: [rule('daily', 'cron(0 2 * * ? *)', 7)] } },
        },
      }),
    },
    [changing]: { template: snapshotsOnly(tenantBuckets) },
    [lone]: {
      template: snapshotsOnly({
        Db: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceIdentifier: 'main' } },
        Plan: {
          Type: plan,
          Properties: { BackupPlan: { BackupPlanRule: [rule('often', 'cron(0 0/6 ? * * *)', 90)] } },
        },
        Selection: selected({ Resources: ['arn:aws:rds:eu-central-1:111122223333:db:main'] }),
      }),
    },
  },
  mutations: [
    {
      name: 'daily backups that are kept a day too short',
      of: whole,
      target: 'Plan',
      edit: firstRule('Lifecycle.DeleteAfterDays', 29),
      expect: { message: 'dailyTooShort', at: 'Db' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'a rule that is called daily and runs weekly',
      of: whole,
      target: 'Plan',
      edit: firstRule('ScheduleExpression', 'cron(0 2 ? * SUN *)'),
      expect: { message: 'rare', at: 'Db' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'a rule that runs from Monday to Friday',
      of: whole,
      target: 'Plan',
      edit: firstRule('ScheduleExpression', 'cron(0 2 ? * MON-FRI *)'),
      expect: { message: 'rare', at: 'Db' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'a schedule of a year that is over',
      of: whole,
      target: 'Plan',
      edit: firstRule('ScheduleExpression', 'cron(0 2 * * ? 2024)'),
      expect: { message: 'rare', at: 'Db' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'weekly backups that are kept a day too short',
      of: whole,
      target: 'Plan',
      edit: set(plan, `${rules}.1.Lifecycle.DeleteAfterDays`, 89),
      expect: { message: 'weeklyTooShort', at: 'Db' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'a weekly rule that runs every month',
      of: whole,
      target: 'Plan',
      edit: set(plan, `${rules}.1.ScheduleExpression`, 'cron(0 3 1 * ? *)'),
      expect: { message: 'weeklyTooShort', at: 'Db' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'a weekly rule that is gone',
      of: whole,
      target: 'Plan',
      edit: remove(plan, `${rules}.1`),
      expect: { message: 'weeklyTooShort', at: 'Db' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'continuous backups that shall be kept for longer than there are any',
      of: whole,
      target: 'Plan',
      edit: set(plan, `${rules}.1.EnableContinuousBackup`, true),
      expect: { message: 'continuousTooLong' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'cold storage that is left before its ninety days',
      of: whole,
      target: 'Plan',
      edit: set(plan, `${rules}.1.Lifecycle.MoveToColdStorageAfterDays`, 30),
      expect: { message: 'coldTooShort' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'a retention that the lock refuses as too long',
      of: whole,
      target: 'Plan',
      edit: set(plan, `${rules}.1.Lifecycle.DeleteAfterDays`, 91),
      expect: { message: 'refusedByVault' },
      shippedWhere: holdsDaily,
    },
    {
      name: 'a copy that is kept for a time that its vault refuses',
      of: whole,
      target: 'Plan',
      edit: set(plan, `${rules}.0.CopyActions.0.Lifecycle.DeleteAfterDays`, 6),
      expect: { message: 'refusedByVault' },
    },
    {
      name: 'a lock that ends before the weekly backups do',
      of: whole,
      edit: set(vault, 'LockConfiguration.MaxRetentionDays', 60),
      expect: { message: 'refusedByVault', at: 'Plan' },
    },
    {
      name: 'a backup that nobody deletes, where seven days are the limit',
      of: rolling,
      edit: change(plan, (properties, template) => {
        const copy = resourcesOf(template).Vault;
        if (isObject(copy) && isObject(copy.Properties)) {
          delete copy.Properties.LockConfiguration;
        }
        const body = properties.BackupPlan;
        const [first] = isObject(body) && Array.isArray(body.BackupPlanRule) ? body.BackupPlanRule : [];
        delete first.Lifecycle;
      }),
      expect: { message: 'tooLong' },
      notShipped: 'the default profile sets no limit: that of the profile cly is tried in its cases',
    },
    {
      name: 'a copy that is kept for thirty days, where seven are the limit',
      of: rolling,
      edit: set(plan, `${rules}.0.CopyActions.0.Lifecycle.DeleteAfterDays`, 30),
      expect: { message: 'tooLong' },
      notShipped: 'the default profile sets no limit: that of the profile cly is tried in its cases',
    },
    {
      name: 'a plan without a rule',
      of: whole,
      target: 'Continuous',
      edit: set(plan, rules, []),
      expect: { message: 'noRules' },
    },
    {
      name: 'a plan whose selection is gone',
      of: whole,
      target: 'FilesSelection',
      edit: removeResource(selection),
      expect: { message: 'noSelection', at: 'Continuous' },
      notShipped: 'each plan has two selections there: one that is gone leaves the other',
    },
    {
      name: 'the cluster left out of the selection',
      of: whole,
      target: 'Selection',
      edit: remove(selection, 'BackupSelection.Resources.0'),
      expect: { message: 'unprotected', at: 'Db' },
      shippedWhere: inStores,
    },
    {
      name: 'everything excluded again',
      of: whole,
      target: 'FilesSelection',
      edit: set(selection, 'BackupSelection.NotResources', ['*']),
      expect: { message: 'selectsNothing' },
    },
    {
      name: 'an alarm about missing backups that is gone',
      of: whole,
      target: 'Unprotected',
      edit: removeResource(alarms),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: rings('StoresWithoutRecentBackup', 'GreaterThan'),
    },
    {
      name: 'an alarm about missing backups that tells nobody',
      of: whole,
      target: 'Unprotected',
      edit: set(alarms, 'AlarmActions', []),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: rings('StoresWithoutRecentBackup', 'GreaterThan'),
    },
    {
      name: 'an alarm about missing backups that is muted',
      of: whole,
      target: 'Unprotected',
      edit: set(alarms, 'ActionsEnabled', false),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: rings('StoresWithoutRecentBackup', 'GreaterThan'),
    },
    {
      name: 'an alarm that waits for three stores without a backup',
      of: whole,
      target: 'Unprotected',
      edit: set(alarms, 'Threshold', 2),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: rings('StoresWithoutRecentBackup', 'GreaterThan'),
    },
    {
      name: 'silence of the check that is taken for good news',
      of: whole,
      target: 'Silent',
      edit: set(alarms, 'TreatMissingData', 'notBreaching'),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: rings('StoresWithoutRecentBackup', 'LessThan'),
    },
    {
      name: 'a check that nothing starts',
      of: whole,
      target: 'LookOften',
      edit: set(schedule, 'State', 'DISABLED'),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: startsCheck,
    },
    {
      name: 'a check that may run zero times at once',
      of: whole,
      target: 'Look',
      edit: set('AWS::Lambda::Function', 'ReservedConcurrentExecutions', 0),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: (resource) => /BackupCheck|backup-check/.test(JSON.stringify(resource)),
    },
    {
      name: 'a check that is denied to look',
      of: whole,
      target: 'LookPolicy',
      edit: change('AWS::IAM::ManagedPolicy', (properties) => {
        const { Statement } = properties.PolicyDocument as { readonly Statement: object[] };
        Statement.push({ Effect: 'Deny', Action: 'backup:*', Resource: '*' });
      }),
      expect: { message: 'unwatched', at: 'Db' },
      notShipped: 'the check has a policy of its own in another form',
    },
    {
      name: 'a check that looks once a week',
      of: whole,
      target: 'LookOften',
      edit: set(schedule, 'ScheduleExpression', 'rate(7 days)'),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: startsCheck,
    },
    {
      name: 'a check whose list is empty',
      of: whole,
      target: 'Look',
      edit: set(look, 'Environment.Variables.STORES', ''),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: isCheck,
    },
    {
      name: 'a check that may not look into a vault',
      of: whole,
      target: 'LookPolicy',
      edit: set(lookPolicy, 'PolicyDocument.Statement', [
        { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*' },
      ]),
      expect: { message: 'unwatched', at: 'Db' },
      shippedWhere: looksIntoVaults,
    },
    {
      name: 'a check that is told of no list of tenants',
      of: changing,
      target: 'Look',
      edit: change(look, (properties) => {
        const place = properties.Environment;
        const variables = isObject(place) && isObject(place.Variables) ? place.Variables : {};
        delete variables.LIST;
        // Its name in the project's own stacks
        delete variables.CATALOGUE;
      }),
      expect: { message: 'uncounted', at: 'Changing' },
      shippedWhere: isCheck,
    },
    {
      name: 'a check that may not read the list of tenants',
      of: changing,
      target: 'LookPolicy',
      edit: set(lookPolicy, 'PolicyDocument.Statement', [
        { Effect: 'Allow', Action: 'backup:ListRecoveryPointsByBackupVault', Resource: '*' },
        { Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' },
      ]),
      expect: { message: 'uncounted', at: 'Changing' },
      shippedWhere: looksIntoVaults,
    },
    {
      name: 'buckets of another name than those that are made',
      of: changing,
      target: 'Changing',
      edit: set(selection, 'BackupSelection.Resources', ['arn:aws:s3:::tenant-flies-*']),
      expect: { message: 'selectsNothing' },
      shippedWhere: (resource) => /ChangingBuckets/.test(JSON.stringify(resource)),
    },
  ],
  others: [
    {
      name: 'a typing error in the tag takes nothing, and nobody would notice',
      template: example({
        Db: tagged,
        Selection: selected({
          ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'data-class', ConditionValue: 'presonal' }],
        }),
      }),
      expect: { Selection: { message: 'selectsNothing' }, Db: { message: 'unprotected' } },
    },
    {
      name: 'an empty selection',
      template: example({ Selection: selected({ Resources: [] }) }),
      expect: { Selection: { message: 'selectsNothing' }, Db: { message: 'unprotected' } },
    },
    {
      name: 'fails closed without any database',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a database without any plan',
      template: { Resources: { Db: { Type: cluster, Properties: {} } } },
      expect: { Db: { message: 'unprotected' } },
    },
    {
      name: 'a condition that no store meets leaves all of them out',
      template: example({
        Db: tagged,
        Selection: selected({
          Resources: ['*'],
          Conditions: { StringEquals: [{ ConditionKey: 'aws:ResourceTag/data-class', ConditionValue: 'public' }] },
        }),
      }),
      expect: { Selection: { message: 'selectsNothing' }, Db: { message: 'unprotected' } },
    },
    {
      name: 'a condition that the store meets, and one that it must not',
      template: example({
        Db: tagged,
        Selection: selected({
          Resources: ['*'],
          Conditions: {
            StringLike: [{ ConditionKey: 'aws:ResourceTag/data-class', ConditionValue: 'person*' }],
            StringNotEquals: [{ ConditionKey: 'aws:ResourceTag/scratch', ConditionValue: 'yes' }],
          },
        }),
      }),
      expect: { Selection: 'satisfied', Db: 'satisfied' },
    },
    {
      name: 'everything but one store takes the other',
      template: example({
        Selection: selected({ NotResources: ['arn:aws:dynamodb:*:*:table/scratch'] }),
        Scratch: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'scratch' } },
      }),
      expect: { Selection: 'satisfied', Db: 'satisfied', Scratch: { message: 'unprotected' } },
    },
    {
      name: 'every table of the account, whatever it is called',
      template: example({
        Selection: selected({
          Resources: [
            { 'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Db}' },
            { 'Fn::Sub': 'arn:${AWS::Partition}:dynamodb:*:*:table/*' },
          ],
        }),
        Sessions: { Type: 'AWS::DynamoDB::Table', Properties: {} },
        Orders: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } },
      }),
      expect: { Db: 'satisfied', Sessions: 'satisfied', Orders: 'satisfied' },
    },
    {
      name: 'clusters of another Region are other clusters',
      template: example({ Selection: selected({ Resources: ['arn:aws:rds:eu-west-1:*:cluster:*'] }) }),
      expect: { Selection: { message: 'selectsNothing' }, Db: { message: 'unprotected' } },
    },
    {
      name: 'a rate of a day, and the schedule that AWS Backup takes where there is none',
      template: example({
        Plan: {
          Type: plan,
          Properties: {
            BackupPlan: {
              BackupPlanRule: [
                { ...rule('daily', '', 30), ScheduleExpression: undefined },
                rule('weekly', 'rate(7 days)', 90),
              ],
            },
          },
        },
      }),
      expect: { Plan: 'satisfied', Db: 'satisfied' },
    },
    {
      name: 'a schedule that runs once is no rhythm',
      template: example({
        Plan: {
          Type: plan,
          Properties: { BackupPlan: { BackupPlanRule: [rule('once', 'at(2026-01-01T02:00:00)', 90)] } },
        },
      }),
      expect: { Db: { message: 'rare' } },
    },
    {
      name: 'a schedule that nobody understands is not assessed',
      template: example({
        Plan: {
          Type: plan,
          Properties: { BackupPlan: { BackupPlanRule: [rule('daily', 'every day at two', 90)] } },
        },
      }),
      expect: { Plan: 'not-assessed', Db: 'not-assessed' },
    },
    {
      name: 'a plan that nobody selects for, in a template read by itself',
      template: {
        Resources: {
          Plan: resourcesOf(exampleBackups).Plan,
          Vault: resourcesOf(exampleBackups).Vault,
          AirGapped: resourcesOf(exampleBackups).AirGapped,
        },
      },
      presentOnly: true,
      expect: { Plan: 'satisfied' },
    },
    {
      name: 'a selection of stores elsewhere is not assessed',
      template: example({
        Selection: selected({ Resources: ['arn:aws:rds:eu-central-1:111122223333:cluster:of-another-stack'] }),
      }),
      expect: { Selection: 'not-assessed', Db: { message: 'unprotected' } },
    },
    {
      name: 'an instance of a cluster and a replica are backed up with their source',
      template: example({
        Writer: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Db' } } },
        Replica: { Type: 'AWS::RDS::DBInstance', Properties: { SourceDBInstanceIdentifier: 'main' } },
      }),
      expect: { Writer: 'not-applicable', Replica: 'not-applicable' },
    },
  ],
  absentKeeps: {
    [`${plan}: ${rules}.*.ScheduleExpression`]:
      'daily by default: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-backup-backupplan-backupruleresourcetype.html',
    [`${schedule}: State`]:
      'enabled by default: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
    [`${plan}: ${rules}.*.EnableContinuousBackup`]: 'off by default, as the same page says',
    [`${vault}: LockConfiguration.MinRetentionDays`]: 'a lock without this bound refuses nothing',
    [`${vault}: LockConfiguration.MaxRetentionDays`]: 'a lock without this bound refuses nothing',
  },
  indifferent: {
    [`${lookPolicy}: PolicyDocument.Statement.1.**`]: 'allows something else: what the check needs is tried above',
    [`${lookPolicy}: PolicyDocument.Statement.2.**`]: 'allows something else: what the check needs is tried above',
    [`${selection}: BackupSelection.Conditions.**`]:
      'the tag of what comes and goes is given in the account: the check misses a bucket without it',
    [`${selection}: BackupSelection.Resources.1`]: 'the bucket of the example: it is no database',
  },
};
