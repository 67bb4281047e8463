import {
  BREAK_GLASS_ROLE,
  DEPLOYING_ROLES,
  except,
  GUARDING_ROLES,
  type GuardRailDocument,
  type GuardRailStatement,
  guardRail,
} from './guard-rail-principals';

/**
 * Nothing is made that the world could read or that lies in clear text: no public bucket or snapshot, no unencrypted database, volume or file
 * system, and no machine that gives its credentials to whoever makes it fetch a page.
 */
export function dataGuardRail(): GuardRailDocument {
  return guardRail(...exposed(), ...clearText(), ...machines());
}

function exposed(): readonly GuardRailStatement[] {
  return [
    {
      Sid: 'NoPublicAcl',
      Effect: 'Deny',
      Action: ['s3:CreateBucket', 's3:PutBucketAcl', 's3:PutObject', 's3:PutObjectAcl'],
      Resource: '*',
      Condition: {
        StringEquals: { 's3:x-amz-acl': ['authenticated-read', 'public-read', 'public-read-write'] },
      },
    },
    {
      Sid: 'KeepPublicAccessBlock',
      Effect: 'Deny',
      Action: [
        'ec2:DisableSnapshotBlockPublicAccess',
        's3:PutAccountPublicAccessBlock',
        's3:PutBucketPublicAccessBlock',
      ],
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE, ...DEPLOYING_ROLES, ...GUARDING_ROLES),
    },
    {
      Sid: 'NoSharedCopies',
      Effect: 'Deny',
      Action: [
        'ec2:ModifyImageAttribute',
        'ec2:ModifySnapshotAttribute',
        'rds:ModifyDBClusterSnapshotAttribute',
        'rds:ModifyDBSnapshotAttribute',
      ],
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE),
    },
  ];
}

function clearText(): readonly GuardRailStatement[] {
  return [
    {
      Sid: 'EncryptClusters',
      Effect: 'Deny',
      Action: ['rds:CreateDBCluster'],
      Resource: '*',
      Condition: { Bool: { 'rds:StorageEncrypted': 'false' } },
    },
    {
      // An instance of an Aurora cluster says nothing of encryption: its cluster does
      Sid: 'EncryptDatabases',
      Effect: 'Deny',
      Action: ['rds:CreateDBInstance'],
      Resource: '*',
      Condition: { Bool: { 'rds:StorageEncrypted': 'false' }, StringNotLike: { 'rds:DatabaseEngine': 'aurora*' } },
    },
    {
      Sid: 'EncryptVolumes',
      Effect: 'Deny',
      Action: ['ec2:CreateVolume', 'ec2:RunInstances'],
      Resource: 'arn:*:ec2:*:*:volume/*',
      Condition: { Bool: { 'ec2:Encrypted': 'false' } },
    },
    {
      Sid: 'KeepVolumesEncrypted',
      Effect: 'Deny',
      Action: ['ec2:DisableEbsEncryptionByDefault'],
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE),
    },
    {
      Sid: 'EncryptFileSystems',
      Effect: 'Deny',
      Action: ['elasticfilesystem:CreateFileSystem'],
      Resource: '*',
      Condition: { Bool: { 'elasticfilesystem:Encrypted': 'false' } },
    },
  ];
}

/**
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-instance-metadata. `StringNotEquals` matches
 * where the key is absent too: who says nothing of tokens is refused.
 */
function machines(): readonly GuardRailStatement[] {
  return [
    {
      Sid: 'MetadataByTokenOnly',
      Effect: 'Deny',
      Action: ['ec2:RunInstances'],
      Resource: 'arn:*:ec2:*:*:instance/*',
      Condition: { StringNotEquals: { 'ec2:MetadataHttpTokens': 'required' } },
    },
    {
      Sid: 'KeepMetadataByToken',
      Effect: 'Deny',
      Action: ['ec2:ModifyInstanceMetadataOptions'],
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE),
    },
    {
      Sid: 'NoCredentialsWithoutToken',
      Effect: 'Deny',
      Action: ['*'],
      Resource: '*',
      Condition: { NumericLessThan: { 'ec2:RoleDelivery': '2.0' } },
    },
  ];
}
