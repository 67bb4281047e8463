import { type ControlCases, change, remove, removeResource, resourcesOf, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { alarm, exampleBackups, exampleWatch } from './example-backups';

const plan = 'AWS::Backup::RestoreTestingPlan';
const selection = 'AWS::Backup::RestoreTestingSelection';
const rule = 'AWS::Events::Rule';
const policy = 'AWS::IAM::Policy';
const alarms = 'AWS::CloudWatch::Alarm';

const whole = 'a monthly drill from the air-gapped copy, and a function that looks into it';
const two = 'a drill of databases, and one of tables';
const every = 'a drill of a database, a bucket and a table';
const standard = 'a drill from a locked vault of another kind, with a managed policy';

const hearsOfBackups = (resource: object) =>
  /"Restore Job State Change"/.test(JSON.stringify(resource)) && /COMPLETED/.test(JSON.stringify(resource));
const isCheck = (resource: object) => /"DRILL_PLAN"/.test(JSON.stringify(resource));
const seesRestores = (resource: object) => /"backup:ListRestoreJobs"/.test(JSON.stringify(resource));
const startsCheck = (resource: object) =>
  /rate\(30 minutes\)/.test(JSON.stringify(resource)) && /BackupCheck/.test(JSON.stringify(resource));
const rings = (word: string) => (resource: object) => JSON.stringify(resource).includes(`"${word}"`);
const judges = (resource: object) => /PutRestoreValidationResult/.test(JSON.stringify(resource));

const allowing = (action: string): Json => ({
  Statement: [{ Effect: 'Allow', Action: [action], Resource: '*' }],
});

const overdue = (Value: string) => alarm('DaysSinceRestoreDrill', 34, { Dimensions: [{ Name: 'Kind', Value }] });

const selected = (...Resources: readonly unknown[]): Json => ({
  Type: 'AWS::Backup::BackupSelection',
  Properties: { BackupPlanId: { Ref: 'Plan' }, BackupSelection: { IamRoleArn: 'role', Resources } },
});

const tested = (ProtectedResourceType: string, ...ProtectedResourceArns: readonly unknown[]): Json => ({
  Type: selection,
  Properties: {
    RestoreTestingPlanName: 'drill',
    ProtectedResourceType,
    ProtectedResourceArns,
    ValidationWindowHours: 1,
  },
});

/** A bucket and a table that are backed up and restored, beside the database. */
const otherStores: Json = {
  Files: { Type: 'AWS::S3::Bucket', Properties: {} },
  FilesSelection: selected({ 'Fn::GetAtt': ['Files', 'Arn'] }),
  FilesTest: tested('S3', { 'Fn::GetAtt': ['Files', 'Arn'] }),
  FilesOverdue: overdue('S3'),
  Tenants: { Type: 'AWS::DynamoDB::Table', Properties: {} },
  TenantsSelection: selected({ 'Fn::GetAtt': ['Tenants', 'Arn'] }),
  TenantsTest: tested('DynamoDB', { 'Fn::GetAtt': ['Tenants', 'Arn'] }),
  TenantsOverdue: overdue('DynamoDB'),
};

function example(over: Json = {}): Json {
  // A database and nothing beside it
  const {
    Continuous: _plan,
    FilesSelection: _selection,
    Files: _files,
    ...resources
  } = resourcesOf(structuredClone(exampleBackups));
  return {
    Resources: {
      ...resources,
      ...structuredClone(exampleWatch),
      Selection: selected({
        'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Db}',
      }),
      Drill: {
        Type: plan,
        Properties: {
          RestoreTestingPlanName: 'drill',
          ScheduleExpression: 'cron(0 4 1 * ? *)',
          RecoveryPointSelection: {
            Algorithm: 'LATEST_WITHIN_WINDOW',
            IncludeVaults: [{ 'Fn::GetAtt': ['AirGapped', 'BackupVaultArn'] }],
            RecoveryPointTypes: ['SNAPSHOT'],
          },
        },
      },
      Databases: {
        Type: selection,
        Properties: {
          RestoreTestingPlanName: 'drill',
          RestoreTestingSelectionName: 'databases',
          ProtectedResourceType: 'Aurora',
          ProtectedResourceArns: [
            { 'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Db}' },
          ],
          ValidationWindowHours: 12,
          IamRoleArn: 'arn:aws:iam::111122223333:role/restore',
        },
      },
      Validation: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Policy: {
        Type: policy,
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: allowing('backup:PutRestoreValidationResult'),
        },
      },
      Completed: {
        Type: rule,
        Properties: {
          State: 'ENABLED',
          EventPattern: {
            source: ['aws.backup'],
            'detail-type': ['Restore Job State Change'],
            detail: { status: ['COMPLETED'] },
          },
          Targets: [{ Id: 'validation', Arn: { 'Fn::GetAtt': ['Validation', 'Arn'] } }],
        },
      },
      ...over,
    },
  };
}

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: example() },
    [two]: {
      template: example({
        Tables: {
          Type: selection,
          Properties: {
            RestoreTestingPlanName: 'drill',
            ProtectedResourceType: 'DynamoDB',
            ProtectedResourceArns: ['*'],
            ValidationWindowHours: 1,
          },
        },
        TablesOverdue: overdue('DynamoDB'),
      }),
    },
    [every]: { template: example(otherStores) },
    [standard]: {
      template: example({
        AirGapped: {
          Type: 'AWS::Backup::BackupVault',
          Properties: {
            BackupVaultName: 'air-gapped',
            LockConfiguration: { ChangeableForDays: 3, MinRetentionDays: 7 },
          },
        },
        Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'Policy' }] } },
        Policy: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: allowing('backup:*') },
        },
      }),
    },
  },
  mutations: [
    {
      name: 'a drill every quarter',
      of: whole,
      edit: set(plan, 'ScheduleExpression', 'cron(0 4 1 */3 ? *)'),
      expect: { message: 'rare' },
    },
    {
      name: 'a drill in a year that is over',
      of: whole,
      edit: set(plan, 'ScheduleExpression', 'cron(0 4 1 * ? 2025)'),
      expect: { message: 'rare' },
    },
    {
      name: 'a drill from the vault beside the database',
      of: whole,
      edit: set(plan, 'RecoveryPointSelection.IncludeVaults', ['*']),
      expect: { message: 'wrongVault' },
    },
    {
      name: 'a drill from no vault',
      of: whole,
      edit: set(plan, 'RecoveryPointSelection.IncludeVaults', []),
      expect: { message: 'wrongVault' },
    },
    {
      name: 'a drill from a vault that nothing is copied to',
      of: standard,
      edit: set(plan, 'RecoveryPointSelection.IncludeVaults', [{ 'Fn::GetAtt': ['Vault', 'BackupVaultArn'] }]),
      expect: { message: 'wrongVault' },
      notShipped: 'the vault has another name in the project: the wildcard is tried there',
    },
    {
      name: 'a drill from a copy that is not locked for good',
      of: standard,
      target: 'AirGapped',
      edit: remove('AWS::Backup::BackupVault', 'LockConfiguration'),
      expect: { message: 'wrongVault', at: 'Drill' },
      notShipped: 'the project drills from an air-gapped vault, which is always locked',
    },
    {
      name: 'a selection of nothing',
      of: two,
      target: 'Tables',
      edit: set(selection, 'ProtectedResourceArns', []),
      expect: { message: 'selectsNothing' },
    },
    {
      name: 'a selection of another kind of resource',
      of: whole,
      target: 'Databases',
      edit: set(selection, 'ProtectedResourceType', 'EBS'),
      expect: { message: 'untested', at: 'Db' },
      shippedWhere: rings('Aurora'),
    },
    {
      name: 'a restored cluster that is removed at once',
      of: whole,
      target: 'Databases',
      edit: remove(selection, 'ValidationWindowHours'),
      expect: { message: 'noWindow' },
    },
    {
      name: 'a rule that nobody subscribed to completed restores',
      of: whole,
      target: 'Completed',
      edit: set(rule, 'EventPattern.detail-type', ['Backup Job State Change']),
      expect: { message: 'notValidated', at: 'Databases' },
      shippedWhere: hearsOfBackups,
    },
    {
      name: 'a rule that waits for a state, where restores have a status',
      of: whole,
      target: 'Completed',
      edit: set(rule, 'EventPattern.detail', { state: ['COMPLETED'] }),
      expect: { message: 'notValidated', at: 'Databases' },
      shippedWhere: hearsOfBackups,
    },
    {
      name: 'a rule that is switched off',
      of: whole,
      target: 'Completed',
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'notValidated', at: 'Databases' },
      shippedWhere: hearsOfBackups,
    },
    {
      name: 'a rule where nobody puts these events',
      of: whole,
      target: 'Completed',
      edit: set(rule, 'EventBusName', 'ours'),
      expect: { message: 'notValidated', at: 'Databases' },
      shippedWhere: hearsOfBackups,
    },
    {
      name: 'a rule without a target',
      of: whole,
      target: 'Completed',
      edit: set(rule, 'Targets', []),
      expect: { message: 'notValidated', at: 'Databases' },
      shippedWhere: hearsOfBackups,
    },
    {
      name: 'a function that may not give a verdict',
      of: whole,
      edit: set(policy, 'PolicyDocument.Statement.0.Action', ['backup:DescribeRestoreJob']),
      expect: { message: 'notValidated', at: 'Databases' },
      notShipped: 'the project attaches a managed policy: see below',
    },
    {
      name: 'a managed policy that is silent about verdicts',
      of: standard,
      target: 'Policy',
      edit: set('AWS::IAM::ManagedPolicy', 'PolicyDocument.Statement', [
        { Effect: 'Allow', Action: ['backup:DescribeRestoreJob'], Resource: '*' },
      ]),
      expect: { message: 'notValidated', at: 'Databases' },
      shippedWhere: judges,
    },
    {
      name: 'a plan whose selection names another plan',
      of: whole,
      edit: set(selection, 'RestoreTestingPlanName', 'another'),
      expect: { message: 'idle', at: 'Drill' },
      notShipped: 'three selections name the plan there: one that does is enough',
    },
    {
      name: 'a drill that leaves the files out',
      of: every,
      target: 'FilesTest',
      edit: removeResource(selection),
      expect: { message: 'untestedKind', at: 'Drill' },
      shippedWhere: rings('S3'),
    },
    {
      name: 'a drill that leaves the tables out',
      of: every,
      target: 'TenantsTest',
      edit: removeResource(selection),
      expect: { message: 'untestedKind', at: 'Drill' },
      shippedWhere: rings('DynamoDB'),
    },
    {
      name: 'a drill of a bucket that is somebody else’s',
      of: every,
      target: 'FilesTest',
      edit: set(selection, 'ProtectedResourceArns', ['arn:aws:s3:::another']),
      expect: { message: 'untestedKind', at: 'Drill' },
      shippedWhere: rings('S3'),
    },
    {
      name: 'an alarm about overdue drills that is gone',
      of: whole,
      target: 'Overdue',
      edit: removeResource(alarms),
      expect: { message: 'unheard', at: 'Databases' },
      shippedWhere: rings('Aurora'),
    },
    {
      name: 'an alarm about drills of one kind that is gone',
      of: every,
      target: 'FilesOverdue',
      edit: removeResource(alarms),
      expect: { message: 'unheard', at: 'FilesTest' },
      shippedWhere: rings('S3'),
    },
    {
      name: 'an alarm about overdue drills that tells nobody',
      of: whole,
      target: 'Overdue',
      edit: set(alarms, 'AlarmActions', []),
      expect: { message: 'unheard', at: 'Databases' },
      shippedWhere: rings('Aurora'),
    },
    {
      name: 'an alarm that rings after a quarter',
      of: whole,
      target: 'Overdue',
      edit: set(alarms, 'Threshold', 92),
      expect: { message: 'unheard', at: 'Databases' },
      shippedWhere: rings('Aurora'),
    },
    {
      name: 'silence of whoever counts the days, taken for good news',
      of: whole,
      target: 'Silent',
      edit: set(alarms, 'TreatMissingData', 'notBreaching'),
      expect: { message: 'unheard', at: 'Databases' },
      shippedWhere: rings('LessThanThreshold'),
    },
    {
      name: 'nobody counts the days',
      of: whole,
      target: 'LookOften',
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'unheard', at: 'Databases' },
      shippedWhere: startsCheck,
    },
    {
      name: 'whoever counts the days may not see a drill',
      of: whole,
      target: 'LookPolicy',
      edit: set('AWS::IAM::ManagedPolicy', 'PolicyDocument.Statement', [
        { Effect: 'Allow', Action: ['backup:ListBackupJobs'], Resource: '*' },
      ]),
      expect: { message: 'unheard', at: 'Databases' },
      shippedWhere: seesRestores,
    },
    {
      name: 'whoever counts the days is told of another plan',
      of: whole,
      target: 'Look',
      edit: change('AWS::Lambda::Function', (properties) => {
        const place = properties.Environment;
        const variables = isObject(place) && isObject(place.Variables) ? place.Variables : {};
        variables.PLAN = 'another';
        // Its name in the project's own stacks
        variables.DRILL_PLAN = 'another';
      }),
      expect: { message: 'unheard', at: 'Databases' },
      shippedWhere: isCheck,
    },
  ],
  others: [
    {
      name: 'fails closed without any plan',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a selection that names nothing restores nothing',
      template: example({
        Databases: {
          Type: selection,
          Properties: { RestoreTestingPlanName: 'drill', ProtectedResourceType: 'Aurora', ValidationWindowHours: 12 },
        },
      }),
      expect: { Databases: { message: 'selectsNothing' }, Db: { message: 'untested' } },
    },
    {
      name: 'what conditions on recovery points select is known in the account only',
      template: example({
        Databases: {
          Type: selection,
          Properties: {
            RestoreTestingPlanName: 'drill',
            ProtectedResourceType: 'Aurora',
            ProtectedResourceConditions: { StringEquals: [{ Key: 'aws:ResourceTag/data-class', Value: 'personal' }] },
            ValidationWindowHours: 12,
          },
        },
      }),
      expect: { Databases: 'satisfied', Db: 'not-assessed' },
    },
    {
      name: 'all clusters by a wildcard, by a state machine, and its own policy',
      template: example({
        Databases: {
          Type: selection,
          Properties: {
            RestoreTestingPlanName: { Ref: 'Drill' },
            ProtectedResourceType: 'Aurora',
            ProtectedResourceArns: ['*'],
            ValidationWindowHours: 1,
          },
        },
        Validation: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        },
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            Policies: [{ PolicyName: 'judge', PolicyDocument: allowing('backup:PutRestoreValidationResult') }],
          },
        },
        Policy: { Type: policy, Properties: { Roles: ['another'], PolicyDocument: allowing('s3:GetObject') } },
      }),
      expect: { Drill: 'satisfied', Databases: 'satisfied', Db: 'satisfied' },
    },
    {
      name: 'a cluster that is not Aurora is restored as RDS',
      template: example({ Db: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'postgres' } } }),
      expect: { Db: { message: 'untested' } },
    },
    {
      name: 'vaults that are left after an exclusion are not assessed',
      template: example({
        Drill: {
          Type: plan,
          Properties: {
            RestoreTestingPlanName: 'drill',
            ScheduleExpression: 'cron(0 4 1 * ? *)',
            RecoveryPointSelection: {
              IncludeVaults: [{ 'Fn::GetAtt': ['AirGapped', 'BackupVaultArn'] }],
              ExcludeVaults: [{ 'Fn::GetAtt': ['AirGapped', 'BackupVaultArn'] }],
            },
          },
        },
      }),
      expect: { Drill: 'not-assessed' },
    },
    {
      name: 'a topic that hears of restores looks into none',
      template: example({
        Validation: { Type: 'AWS::SNS::Topic', Properties: {} },
        Completed: {
          Type: rule,
          Properties: {
            EventPattern: { source: ['aws.backup'] },
            Targets: [{ Id: 'topic', Arn: { Ref: 'Validation' } }],
          },
        },
      }),
      expect: { Databases: { message: 'notValidated' } },
    },
    {
      name: 'a selection by itself, read without what is deployed beside it',
      template: {
        Resources: {
          Databases: {
            Type: selection,
            Properties: { ProtectedResourceType: 'Aurora', ProtectedResourceArns: ['*'], ValidationWindowHours: 1 },
          },
        },
      },
      presentOnly: true,
      expect: { Databases: 'not-assessed' },
    },
    {
      name: 'an instance of a cluster and a replica are restored with their source',
      template: example({
        Writer: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Db' } } },
        Replica: { Type: 'AWS::RDS::DBInstance', Properties: { SourceDBInstanceIdentifier: 'main' } },
      }),
      expect: { Writer: 'not-applicable', Replica: 'not-applicable' },
    },
  ],
  absentKeeps: {
    [`${rule}: State`]:
      'enabled by default: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
  },
  indifferent: {
    'AWS::Backup::BackupSelection: BackupSelection.**':
      'says only which kinds there are to restore: who is left out of a backup is a finding of bck-02',
    'AWS::IAM::ManagedPolicy: PolicyDocument.Statement.0.**': 'allows something else: what is needed is tried above',
    'AWS::IAM::ManagedPolicy: PolicyDocument.Statement.2.**': 'allows something else: what is needed is tried above',
    'AWS::Backup::BackupPlan: BackupPlan.BackupPlanRule.*.CopyActions.*.DestinationBackupVaultArn':
      'one rule that copies into the vault is enough',
    [`${selection}: ProtectedResourceType`]:
      'the other selection takes the databases: the edit of it breaks the promise, see above',
    [`${selection}: RestoreTestingPlanName`]: 'with several selections, one that names the plan is enough',
  },
};
