import { type ControlCases, remove, set } from '../../../lib/control/cases';

const cluster = 'AWS::RDS::DBCluster';

export const cases: ControlCases = {
  compliant: {
    'cluster with its own key, and an instance of it': {
      template: {
        Resources: {
          Key: { Type: 'AWS::KMS::Key', Properties: {} },
          Db: {
            Type: cluster,
            Properties: {
              Engine: 'aurora-postgresql',
              StorageEncrypted: true,
              KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
            },
          },
          Writer: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Db' } } },
        },
      },
    },
    'lone instance with its own key': {
      template: {
        Resources: {
          Key: { Type: 'AWS::KMS::Key', Properties: {} },
          Db: { Type: 'AWS::RDS::DBInstance', Properties: { StorageEncrypted: 'true', KmsKeyId: { Ref: 'Key' } } },
        },
      },
    },
    'global cluster': {
      template: { Resources: { Db: { Type: 'AWS::RDS::GlobalCluster', Properties: { StorageEncrypted: true } } } },
    },
    'platform key where the profile asks no more': {
      figures: { 'keys.mode': 'platform' },
      template: { Resources: { Db: { Type: cluster, Properties: { StorageEncrypted: true } } } },
    },
  },
  mutations: [
    {
      name: 'encryption switched off',
      of: 'cluster with its own key, and an instance of it',
      edit: set(cluster, 'StorageEncrypted', false),
      expect: { message: 'unencrypted' },
    },
    {
      name: 'encryption switched off as text',
      of: 'cluster with its own key, and an instance of it',
      edit: set(cluster, 'StorageEncrypted', 'false'),
      expect: { message: 'unencrypted' },
    },
    {
      name: 'encryption forgotten',
      of: 'cluster with its own key, and an instance of it',
      edit: remove(cluster, 'StorageEncrypted'),
      expect: { message: 'unencrypted' },
    },
    {
      name: 'the key that AWS owns, by absence',
      of: 'cluster with its own key, and an instance of it',
      edit: remove(cluster, 'KmsKeyId'),
      expect: { message: 'platformKey' },
    },
    {
      name: 'the key that AWS owns, by alias',
      of: 'cluster with its own key, and an instance of it',
      edit: set(cluster, 'KmsKeyId', 'alias/aws/rds'),
      expect: { message: 'platformKey' },
    },
    {
      name: 'lone instance in clear text',
      of: 'lone instance with its own key',
      edit: set('AWS::RDS::DBInstance', 'StorageEncrypted', false),
      expect: { message: 'unencrypted' },
      notShipped: 'the project deploys no instance outside a cluster',
    },
    {
      name: 'global cluster in clear text',
      of: 'global cluster',
      edit: remove('AWS::RDS::GlobalCluster', 'StorageEncrypted'),
      expect: { message: 'unencrypted' },
      notShipped: 'the project deploys no global cluster',
    },
  ],
  others: [
    {
      name: 'fails closed without any database',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a bucket alone is no concern where only what is present is judged',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'one branch of a condition in clear text breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Db: {
            Type: cluster,
            Properties: {
              KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
              StorageEncrypted: { 'Fn::If': ['IsProd', true, false] },
            },
          },
        },
      },
      expect: { Db: { message: 'unencrypted' } },
    },
    {
      name: 'a parameter that the deployer may set to false is not assessed',
      template: {
        Parameters: { Encrypt: { Type: 'String', Default: 'true', AllowedValues: ['true', 'false'] } },
        Resources: {
          Db: {
            Type: cluster,
            Properties: {
              KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
              StorageEncrypted: { Ref: 'Encrypt' },
            },
          },
        },
      },
      expect: { Db: 'not-assessed' },
    },
    {
      name: 'a parameter whose default is false breaks it',
      template: {
        Parameters: { Encrypt: { Type: 'String', Default: 'false' } },
        Resources: {
          Db: {
            Type: cluster,
            Properties: {
              KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
              StorageEncrypted: { Ref: 'Encrypt' },
            },
          },
        },
      },
      expect: { Db: { message: 'unencrypted' } },
    },
    {
      name: 'what lies in clear text is not said to have a key as well',
      template: { Resources: { Db: { Type: cluster, Properties: {} } } },
      expect: { Db: { message: 'unencrypted' } },
    },
    {
      name: 'a replica is stored as its source in the same template is',
      template: {
        Resources: {
          Db: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'mysql', StorageEncrypted: false } },
          Replica: { Type: 'AWS::RDS::DBInstance', Properties: { SourceDBInstanceIdentifier: { Ref: 'Db' } } },
        },
      },
      expect: { Db: { message: 'unencrypted' }, Replica: 'not-applicable' },
    },
    {
      name: 'a replica of a database elsewhere cannot be seen',
      template: {
        Resources: {
          Replica: { Type: 'AWS::RDS::DBInstance', Properties: { SourceDBInstanceIdentifier: 'main' } },
        },
      },
      expect: { Replica: 'not-assessed' },
    },
    {
      name: 'a parameter that allows nothing but true keeps it',
      template: {
        Parameters: { Encrypt: { Type: 'String', AllowedValues: ['true'] } },
        Resources: {
          Db: {
            Type: cluster,
            Properties: {
              KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
              StorageEncrypted: { Ref: 'Encrypt' },
            },
          },
        },
      },
      expect: { Db: 'satisfied' },
    },
  ],
  indifferent: {
    'AWS::RDS::DBInstance: DBClusterIdentifier':
      'decides only whose encryption counts: the cluster is judged by itself',
  },
};
