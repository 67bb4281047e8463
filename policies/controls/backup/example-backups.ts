import type { Json } from '../../../lib/template/parse';

/** A database, its plan and its vaults, as the cases of this family deploy them: everything that is promised is kept. */
export const exampleBackups: Json = {
  Resources: {
    DatabaseKey: { Type: 'AWS::KMS::Key', Properties: {} },
    CopyKey: { Type: 'AWS::KMS::Key', Properties: {} },
    BackupKey: { Type: 'AWS::KMS::Key', Properties: {} },
    Db: {
      Type: 'AWS::RDS::DBCluster',
      Properties: {
        Engine: 'aurora-postgresql',
        StorageEncrypted: true,
        KmsKeyId: { 'Fn::GetAtt': ['DatabaseKey', 'Arn'] },
      },
    },
    Vault: {
      Type: 'AWS::Backup::BackupVault',
      Properties: {
        BackupVaultName: 'backups',
        EncryptionKeyArn: { 'Fn::GetAtt': ['BackupKey', 'Arn'] },
        LockConfiguration: { ChangeableForDays: 3, MinRetentionDays: 7, MaxRetentionDays: 90 },
        AccessPolicy: {
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
              Resource: '*',
            },
          ],
        },
      },
    },
    AirGapped: {
      Type: 'AWS::Backup::LogicallyAirGappedBackupVault',
      Properties: {
        BackupVaultName: 'air-gapped',
        EncryptionKeyArn: { 'Fn::GetAtt': ['CopyKey', 'Arn'] },
        MinRetentionDays: 7,
        MaxRetentionDays: 90,
      },
    },
    Plan: {
      Type: 'AWS::Backup::BackupPlan',
      Properties: {
        BackupPlan: {
          BackupPlanName: 'snapshots',
          BackupPlanRule: [rule('daily', 'cron(0 2 * * ? *)', 30), rule('weekly', 'cron(0 3 ? * SUN *)', 90)],
        },
      },
    },
    Selection: {
      Type: 'AWS::Backup::BackupSelection',
      Properties: {
        BackupPlanId: { Ref: 'Plan' },
        BackupSelection: {
          SelectionName: 'stores',
          IamRoleArn: 'arn:aws:iam::111122223333:role/backup',
          Resources: [
            { 'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Db}' },
            { 'Fn::GetAtt': ['Files', 'Arn'] },
          ],
        },
      },
    },
    Files: { Type: 'AWS::S3::Bucket', Properties: {} },
    Continuous: {
      Type: 'AWS::Backup::BackupPlan',
      Properties: {
        BackupPlan: {
          BackupPlanName: 'continuous',
          BackupPlanRule: [{ ...rule('continuous', 'cron(0 2 * * ? *)', 7), EnableContinuousBackup: true }],
        },
      },
    },
    FilesSelection: {
      Type: 'AWS::Backup::BackupSelection',
      Properties: {
        BackupPlanId: { Ref: 'Continuous' },
        BackupSelection: {
          SelectionName: 'files',
          IamRoleArn: 'arn:aws:iam::111122223333:role/backup',
          Resources: [{ 'Fn::GetAtt': ['Files', 'Arn'] }],
        },
      },
    },
  },
};

/** A function that looks every half hour whether the database has a backup and was restored, and the alarms that tell. */
export const exampleWatch: Json = {
  Look: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Role: { 'Fn::GetAtt': ['LookRole', 'Arn'] },
      Environment: {
        Variables: {
          STORES: {
            'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Db},${Files.Arn}',
          },
          VAULT: { Ref: 'Vault' },
          PLAN: 'drill',
          NAMESPACE: 'production/Backup',
        },
      },
    },
  },
  LookRole: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'LookPolicy' }] } },
  LookPolicy: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'backup:ListRecoveryPointsByBackupVault', Resource: '*' },
          { Effect: 'Allow', Action: 'backup:ListRestoreJobs', Resource: '*' },
          { Effect: 'Allow', Action: 'dynamodb:ListTables', Resource: '*' },
        ],
      },
    },
  },
  LookOften: {
    Type: 'AWS::Events::Rule',
    Properties: {
      State: 'ENABLED',
      ScheduleExpression: 'rate(30 minutes)',
      Targets: [{ Id: 'look', Arn: { 'Fn::GetAtt': ['Look', 'Arn'] } }],
    },
  },
  Unprotected: alarm('StoresWithoutRecentBackup', 0),
  Overdue: alarm('DaysSinceRestoreDrill', 34, { Dimensions: [{ Name: 'Kind', Value: 'Aurora' }] }),
  Silent: alarm('StoresWithoutRecentBackup', 1, {
    ComparisonOperator: 'LessThanThreshold',
    Statistic: 'SampleCount',
    TreatMissingData: 'breaching',
  }),
};

/** An alarm of the function that looks, ringing above a figure. */
export function alarm(MetricName: string, Threshold: number, over: Json = {}): Json {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'production/Backup',
      MetricName,
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold,
      TreatMissingData: 'notBreaching',
      AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:alerts'],
      ...over,
    },
  };
}

/** One rule of a plan whose backups and copies are kept for so many days. */
export function rule(name: string, schedule: string, days: number): Json {
  return {
    RuleName: name,
    ScheduleExpression: schedule,
    TargetBackupVault: { Ref: 'Vault' },
    Lifecycle: { DeleteAfterDays: days },
    CopyActions: [
      {
        DestinationBackupVaultArn: { 'Fn::GetAtt': ['AirGapped', 'BackupVaultArn'] },
        Lifecycle: { DeleteAfterDays: days },
      },
    ],
  };
}
