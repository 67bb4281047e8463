import { addBeside, type ControlCases, change, removeResource } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const policy = 'AWS::Organizations::Policy';
const key = 'AWS::KMS::Key';
const bucketPolicy = 'AWS::S3::BucketPolicy';
const secretPolicy = 'AWS::SecretsManager::ResourcePolicy';
const vault = 'AWS::Backup::BackupVault';
const apart = 'AWS::Backup::LogicallyAirGappedBackupVault';
const accounts = ['111122223333', '222233334444', '333344445555'];
const whole = 'environments that are apart, and data that stays';
const stranger = 'arn:aws:iam::222233334444:root';

const separation = (account: string) => ({
  Type: policy,
  Properties: {
    Name: `environment-${account}`,
    Type: 'SERVICE_CONTROL_POLICY',
    TargetIds: [account],
    Content: {
      Statement: [
        {
          Effect: 'Deny',
          Action: ['*'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceAccount': accounts.filter((each) => each !== account) } },
        },
      ],
    },
  },
});

const copies = {
  Type: policy,
  Properties: {
    Name: 'data',
    Type: 'SERVICE_CONTROL_POLICY',
    TargetIds: ['r-abcd'],
    Content: {
      Statement: [
        {
          Sid: 'NoSharedCopies',
          Effect: 'Deny',
          Action: [
            'rds:ModifyDBClusterSnapshotAttribute',
            'rds:ModifyDBSnapshotAttribute',
            'ec2:ModifySnapshotAttribute',
          ],
          Resource: '*',
          Condition: {
            ArnNotLike: {
              'aws:PrincipalArn': 'arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_BreakGlass_*',
            },
          },
        },
      ],
    },
  },
};

const own = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] };

const resources = {
  Development: separation('111122223333'),
  Staging: separation('222233334444'),
  Production: separation('333344445555'),
  Copies: copies,
  Key: {
    Type: key,
    Properties: {
      KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: own }, Action: 'kms:Decrypt', Resource: '*' }] },
    },
  },
  Door: {
    Type: bucketPolicy,
    Properties: {
      Bucket: 'files',
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: '*',
            Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
          },
          { Effect: 'Allow', Principal: { AWS: '127311923021' }, Action: 's3:PutObject', Resource: '*' },
        ],
      },
    },
  },
  SecretDoor: {
    Type: secretPolicy,
    Properties: {
      SecretId: 'secret',
      ResourcePolicy: {
        Statement: [
          { Effect: 'Allow', Principal: { AWS: own }, Action: 'secretsmanager:GetSecretValue', Resource: '*' },
        ],
      },
    },
  },
  Vault: {
    Type: vault,
    Properties: {
      AccessPolicy: {
        Statement: [{ Effect: 'Allow', Principal: { AWS: own }, Action: 'backup:StartRestoreJob', Resource: '*' }],
      },
    },
  },
  Apart: { Type: apart, Properties: {} },
};

/** The statements at data, wherever their type keeps them. */
function statementsOf(properties: Json): unknown[] {
  const document = [
    properties.KeyPolicy,
    properties.PolicyDocument,
    properties.ResourcePolicy,
    properties.AccessPolicy,
    properties.Content,
  ].find(isObject);
  if (isObject(document)) {
    return Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  }
  return [];
}

/** One statement more, beside those that are there. */
const letIn = (place: string, statement: Json) => (properties: Json) => {
  properties[place] = { Version: '2012-10-17', Statement: [...statementsOf(properties), statement] };
};

const sharingStatement = (properties: Json): Json =>
  (statementsOf(properties) as Json[]).find((each) => JSON.stringify(each).includes('SnapshotAttribute')) ?? {};

const forbidsSharing = (resource: Json) => JSON.stringify(resource).includes('ModifyDBClusterSnapshotAttribute');
const separates = (resource: Json) => JSON.stringify(resource).includes('aws:ResourceAccount');

const allow = (action: string, principal: unknown, more: Json = {}): Json => ({
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  Resource: '*',
  ...more,
});

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: { Resources: resources } },
  },
  mutations: [
    {
      name: 'a key for the account of another environment',
      of: whole,
      edit: change(key, letIn('KeyPolicy', allow('kms:Decrypt', { AWS: stranger }))),
      expect: { message: 'forOthers' },
    },
    {
      name: 'a key for the whole organization, which development is in',
      of: whole,
      edit: change(
        key,
        letIn(
          'KeyPolicy',
          allow(
            'kms:Decrypt',
            { AWS: '*' },
            { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } },
          ),
        ),
      ),
      expect: { message: 'forOthers' },
    },
    {
      name: 'a key that another account may pass on',
      of: whole,
      edit: change(key, letIn('KeyPolicy', allow('kms:Create*', { AWS: '222233334444' }))),
      expect: { message: 'forOthers' },
    },
    {
      name: 'files for a role of another account',
      of: whole,
      edit: change(
        bucketPolicy,
        letIn('PolicyDocument', allow('s3:Get*', { AWS: 'arn:aws:iam::222233334444:role/tests' })),
      ),
      expect: { message: 'forOthers' },
    },
    {
      name: 'files for everybody but some',
      of: whole,
      edit: change(
        bucketPolicy,
        letIn('PolicyDocument', {
          Effect: 'Allow',
          NotPrincipal: { AWS: stranger },
          Action: 's3:GetObject',
          Resource: '*',
        }),
      ),
      expect: { message: 'forOthers' },
    },
    {
      name: 'a condition that a request may leave out',
      of: whole,
      edit: change(
        bucketPolicy,
        letIn(
          'PolicyDocument',
          allow('s3:GetObject', '*', {
            Condition: { StringEqualsIfExists: { 'aws:PrincipalAccount': '333344445555' } },
          }),
        ),
      ),
      expect: { message: 'forOthers' },
    },
    {
      name: 'a secret for another account',
      of: whole,
      edit: change(secretPolicy, letIn('ResourcePolicy', allow('secretsmanager:*', { AWS: stranger }))),
      expect: { message: 'forOthers' },
      notShipped: 'the profile that is tried has no vendor, and so no secret with a policy of its own',
    },
    {
      name: 'backups that another account may copy',
      of: whole,
      edit: change(vault, letIn('AccessPolicy', allow('backup:CopyFromBackupVault', { AWS: stranger }))),
      expect: { message: 'forOthers' },
    },
    {
      name: 'copies apart that another account may restore',
      of: whole,
      edit: change(apart, letIn('AccessPolicy', allow('backup:*', { AWS: stranger }))),
      expect: { message: 'forOthers' },
    },
    {
      name: 'a share beside',
      of: whole,
      edit: addBeside(key, 'Share', () => ({
        Type: 'AWS::RAM::ResourceShare',
        Properties: { Name: 'vault', Principals: ['222233334444'] },
      })),
      expect: { message: 'sharedWith', at: 'Share' },
    },
    {
      name: 'snapshots that may be handed over',
      of: whole,
      edit: change(policy, (properties) => {
        sharingStatement(properties).Action = ['ec2:ModifySnapshotAttribute', 'rds:ModifyDBSnapshotAttribute'];
      }),
      target: 'Copies',
      expect: { message: 'shares', at: '' },
      shippedWhere: forbidsSharing,
    },
    {
      name: 'deployers who may hand over snapshots',
      of: whole,
      edit: change(policy, (properties) => {
        sharingStatement(properties).Condition = {
          ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/cdk-*-cfn-exec-role-*' },
        };
      }),
      target: 'Copies',
      expect: { message: 'shares', at: '' },
      shippedWhere: forbidsSharing,
    },
    {
      name: 'an environment that nothing keeps apart',
      of: whole,
      edit: removeResource(policy),
      target: 'Staging',
      expect: { message: 'tooFew', at: '' },
      shippedWhere: separates,
    },
    {
      name: 'environments that are apart no more',
      of: whole,
      edit: change(policy, (properties) => {
        const [statement] = statementsOf(properties) as Json[];
        const { StringEquals: equals } = (statement?.Condition ?? {}) as { StringEquals: Json };
        const others = equals['aws:ResourceAccount'];
        equals['aws:ResourceAccount'] = Array.isArray(others) ? others.slice(1) : others;
      }),
      target: 'Development',
      expect: { message: 'reaches' },
      shippedWhere: separates,
    },
  ],
  others: [
    {
      name: 'fails closed without an organization',
      template: { Resources: { Key: { Type: key, Properties: {} } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a rail that spares whoever deploys forbids nothing',
      template: {
        Resources: {
          ...resources,
          Copies: {
            Type: policy,
            Properties: {
              ...copies.Properties,
              Content: {
                Statement: [
                  {
                    Effect: 'Deny',
                    Action: 'rds:*',
                    Resource: '*',
                    Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/*' } },
                  },
                ],
              },
            },
          },
        },
      },
      expect: { '': { message: 'shares' } },
    },
    {
      name: 'a rail on a unit whose accounts nobody sees is not assessed',
      template: {
        Resources: {
          ...resources,
          Copies: { Type: policy, Properties: { ...copies.Properties, TargetIds: ['ou-abcd-11111111'] } },
        },
      },
      expect: { Copies: 'not-assessed' },
    },
    {
      name: 'a canonical user may be of any account',
      template: {
        Resources: {
          Door: {
            Type: bucketPolicy,
            Properties: {
              PolicyDocument: { Statement: [allow('s3:GetObject', { CanonicalUser: 'abc' })] },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Door: 'not-assessed' },
    },
    {
      name: 'a service that reads for us is no other account',
      template: {
        Resources: {
          Door: {
            Type: bucketPolicy,
            Properties: {
              PolicyDocument: { Statement: [allow('s3:GetObject', { Service: 'cloudfront.amazonaws.com' })] },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Door: 'satisfied' },
    },
    {
      name: 'a principal that the deployer chooses is not assessed',
      template: {
        Parameters: { Who: { Type: 'String' } },
        Resources: {
          Key: {
            Type: key,
            Properties: { KeyPolicy: { Statement: [allow('kms:Decrypt', { AWS: { Ref: 'Who' } })] } },
          },
        },
      },
      presentOnly: true,
      expect: { Key: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${policy}: Content.Statement.*.Condition.ArnNotLike.aws:PrincipalArn`]: 'nobody is spared then',
    [`${policy}: TargetIds.*`]: 'attached to nothing, the environment is missing, which is said of the whole',
  },
  indifferent: {
    [`${bucketPolicy}: PolicyDocument.Statement.1.Principal.AWS`]: 'who may only write takes nothing away',
  },
};
