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
