/** What the template for member accounts depends on; plain data, as it is deployed by another stack set in another account. */
export interface BaselineProps {
  /** Name of the policy that bounds what people may do. */
  readonly boundaryName: string;
  /** Name of the vault into which the backup policy of the organization puts its copies. */
  readonly vaultName: string;
  /** Name of the role with which AWS Backup makes them. */
  readonly backupRoleName: string;
  /** Days for which a copy is kept at least, and at most that and a month. */
  readonly backupDays: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties: object;
  readonly DeletionPolicy?: 'Retain';
  readonly UpdateReplacePolicy?: 'Retain';
}

/** What nobody may do to a backup, not even before the lock is final. */
const keeping = [
  'backup:DeleteBackupVault',
  'backup:DeleteRecoveryPoint',
  'backup:DisassociateRecoveryPoint',
  'backup:UpdateRecoveryPointLifecycle',
];

/**
 * What every member account has, as a template without assets. It runs in accounts of which nothing is known but that they belong to the
 * organization, so nothing in it depends on another stack. What exists once in an account is not in it, because the environments make theirs.
 */
export function memberBaselineTemplate(props: BaselineProps): object {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'What every account of the organization has',
    Resources: {
      PeopleBoundary: peopleBoundary(props),
      ...backup(props),
    } satisfies Record<string, Resource>,
  };
}

/**
 * A boundary grants nothing; it takes away. Whatever policies people are given, they change no access, their own or others', and read no content of
 * customers.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
function peopleBoundary({ boundaryName }: BaselineProps): Resource {
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: boundaryName,
      Description: 'The most that people may do outside an emergency',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Sid: 'OnlyWhatTheirPoliciesAllow', Effect: 'Allow', Action: '*', Resource: '*' },
          {
            Sid: 'ChangeNoAccess',
            Effect: 'Deny',
            Action: [
              'iam:Add*',
              'iam:Attach*',
              'iam:Create*',
              'iam:Delete*',
              'iam:Detach*',
              'iam:PassRole',
              'iam:Put*',
              'iam:Remove*',
              'iam:Set*',
              'iam:Update*',
              'kms:CreateGrant',
              'kms:PutKeyPolicy',
              'organizations:*',
              'sso:*',
            ],
            Resource: '*',
          },
          {
            Sid: 'ReadNoContent',
            Effect: 'Deny',
            Action: [
              'dynamodb:BatchGetItem',
              'dynamodb:GetItem',
              'dynamodb:Query',
              'dynamodb:Scan',
              'kms:Decrypt',
              'rds-data:*',
              's3:GetObject*',
              'secretsmanager:GetSecretValue',
              'ssm:GetParameter*',
            ],
            Resource: '*',
          },
        ],
      },
    },
  };
}

function backup({ vaultName, backupRoleName, backupDays }: BaselineProps): Readonly<Record<string, Resource>> {
  const retain = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' } as const;
  return {
    BackupKey: {
      Type: 'AWS::KMS::Key',
      ...retain,
      Properties: {
        Description: 'Copies that the backup policy of the organization asks for',
        EnableKeyRotation: true,
        PendingWindowInDays: 30,
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'DelegateToAccount',
              Effect: 'Allow',
              Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
              Action: 'kms:*',
              Resource: '*',
            },
          ],
        },
      },
    },
    BackupVault: {
      Type: 'AWS::Backup::BackupVault',
      ...retain,
      Properties: {
        BackupVaultName: vaultName,
        EncryptionKeyArn: { 'Fn::GetAtt': ['BackupKey', 'Arn'] },
        AccessPolicy: {
          Version: '2012-10-17',
          Statement: [{ Sid: 'KeepBackups', Effect: 'Deny', Principal: '*', Action: keeping, Resource: '*' }],
        },
        // Without a number of days to think it over the lock could be taken off again by whoever may
        LockConfiguration: { MinRetentionDays: backupDays, MaxRetentionDays: backupDays + 31, ChangeableForDays: 7 },
      },
    },
    BackupRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: backupRoleName,
        Description: 'Lets AWS Backup make the copies that the organization asks for',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'backup.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            },
          ],
        },
        ManagedPolicyArns: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup' },
        ],
      },
    },
  };
}
