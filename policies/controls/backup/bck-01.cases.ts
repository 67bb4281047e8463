import { type ControlCases, change, remove, resourcesOf, set } from '../../../lib/control/cases';
import { isObject } from '../../../lib/template/parse';

const cluster = 'AWS::RDS::DBCluster';
const instance = 'AWS::RDS::DBInstance';
const table = 'AWS::DynamoDB::Table';
const bucket = 'AWS::S3::Bucket';

const whole = 'an Aurora cluster and a bucket of files';
const others = 'lone instances, tables and other engines';
const exactly = 'seven days and not one more';
const noOther = 'the project deploys no database or table beside its cluster';
const holdsFiles = (resource: object) =>
  /"data-class","Value":"personal"/.test(JSON.stringify(resource)) &&
  !/"Value":"tenant-exports"/.test(JSON.stringify(resource));

const policy = (name: string, value: unknown = 'Delete', type = cluster) =>
  change(type, (_properties, template, logicalId) => {
    const resource = resourcesOf(template)[logicalId];
    if (isObject(resource)) {
      resource[name] = value;
    }
  });

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: {
          Db: {
            Type: cluster,
            DeletionPolicy: 'Retain',
            UpdateReplacePolicy: 'Retain',
            Properties: { Engine: 'aurora-postgresql', BackupRetentionPeriod: 7 },
          },
          Writer: { Type: instance, Properties: { DBClusterIdentifier: { Ref: 'Db' } } },
          Files: {
            Type: bucket,
            Properties: {
              VersioningConfiguration: { Status: 'Enabled' },
              LifecycleConfiguration: {
                Rules: [{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
              },
              LoggingConfiguration: { DestinationBucketName: { Ref: 'AccessLogs' } },
            },
          },
          AccessLogs: { Type: bucket, Properties: {} },
        },
      },
    },
    [others]: {
      template: {
        Resources: {
          Lone: { Type: instance, Properties: { Engine: 'postgres', BackupRetentionPeriod: '14' } },
          Documents: {
            Type: 'AWS::DocDB::DBCluster',
            DeletionPolicy: 'Snapshot',
            Properties: { BackupRetentionPeriod: 7 },
          },
          Sessions: {
            Type: table,
            Properties: {
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
            },
          },
          Global: {
            Type: 'AWS::DynamoDB::GlobalTable',
            Properties: {
              Replicas: [
                { Region: 'eu-central-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: 'true' } },
              ],
            },
          },
          Keyspace: { Type: 'AWS::Cassandra::Table', Properties: { PointInTimeRecoveryEnabled: true } },
        },
      },
    },
    [exactly]: {
      exact: ['backup.pitrDays'],
      template: { Resources: { Db: { Type: cluster, Properties: { BackupRetentionPeriod: 7 } } } },
    },
  },
  mutations: [
    {
      name: 'a window of six days',
      of: whole,
      edit: set(cluster, 'BackupRetentionPeriod', 6),
      expect: { message: 'tooShort' },
    },
    {
      name: 'the one day of Aurora by default',
      of: whole,
      edit: remove(cluster, 'BackupRetentionPeriod'),
      expect: { message: 'tooShort' },
    },
    {
      name: 'a window of thirty days, where seven are the limit',
      of: exactly,
      edit: set(cluster, 'BackupRetentionPeriod', 30),
      expect: { message: 'tooLong' },
    },
    {
      name: 'CloudFormation takes no last snapshot of its own accord',
      of: others,
      edit: policy('DeletionPolicy', undefined, 'AWS::DocDB::DBCluster'),
      expect: { message: 'deletedWithStack' },
      notShipped: noOther,
    },
    {
      name: 'a parameter decides what becomes of it',
      of: whole,
      edit: policy('DeletionPolicy', { Ref: 'Policy' }),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a cluster that goes with its stack',
      of: whole,
      edit: policy('DeletionPolicy'),
      expect: { message: 'deletedWithStack' },
    },
    {
      name: 'a cluster that goes when it is replaced',
      of: whole,
      edit: policy('UpdateReplacePolicy'),
      expect: { message: 'deletedWithStack' },
    },
    {
      name: 'backups of a lone instance switched off',
      of: others,
      edit: set(instance, 'BackupRetentionPeriod', 0),
      expect: { message: 'tooShort' },
      notShipped: noOther,
    },
    {
      name: 'the one day of another engine by default',
      of: others,
      edit: remove('AWS::DocDB::DBCluster', 'BackupRetentionPeriod'),
      expect: { message: 'tooShort' },
      notShipped: noOther,
    },
    {
      name: 'a table without recovery',
      of: others,
      edit: remove(table, 'PointInTimeRecoverySpecification'),
      expect: { message: 'noRecovery' },
      notShipped: noOther,
    },
    {
      name: 'recovery of a table switched off',
      of: others,
      edit: set(table, 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', false),
      expect: { message: 'noRecovery' },
      notShipped: noOther,
    },
    {
      name: 'a table that goes back a day',
      of: others,
      edit: set(table, 'PointInTimeRecoverySpecification.RecoveryPeriodInDays', 1),
      expect: { message: 'tooShort' },
      notShipped: noOther,
    },
    {
      name: 'a replica without recovery',
      of: others,
      edit: set('AWS::DynamoDB::GlobalTable', 'Replicas.1', { Region: 'eu-west-1' }),
      expect: { message: 'noRecovery' },
      notShipped: noOther,
    },
    {
      name: 'a table of another engine without recovery',
      of: others,
      edit: remove('AWS::Cassandra::Table', 'PointInTimeRecoveryEnabled'),
      expect: { message: 'noRecovery' },
      notShipped: noOther,
    },
    {
      name: 'versions suspended',
      of: whole,
      target: 'Files',
      edit: set(bucket, 'VersioningConfiguration.Status', 'Suspended'),
      expect: { message: 'unversioned' },
      shippedWhere: holdsFiles,
    },
    {
      name: 'versions forgotten in the template',
      of: whole,
      target: 'Files',
      edit: remove(bucket, 'VersioningConfiguration'),
      expect: { message: 'unversioned' },
      shippedWhere: holdsFiles,
    },
    {
      name: 'versions that are gone after a day',
      of: whole,
      target: 'Files',
      edit: set(bucket, 'LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration.NoncurrentDays', 1),
      expect: { message: 'versionsForgotten' },
      shippedWhere: holdsFiles,
    },
    {
      name: 'a bucket that writes its access log into itself',
      of: whole,
      target: 'AccessLogs',
      edit: change(bucket, (properties, template) => {
        const files = resourcesOf(template).Files;
        if (isObject(files) && isObject(files.Properties)) {
          files.Properties.LoggingConfiguration = {};
        }
        properties.LoggingConfiguration = { DestinationBucketName: { Ref: 'AccessLogs' } };
      }),
      expect: { message: 'unversioned' },
      notShipped: 'it rewires the buckets of the case',
    },
  ],
  others: [
    {
      name: 'fails closed without any database or table',
      template: {
        Resources: { Files: { Type: bucket, Properties: { VersioningConfiguration: { Status: 'Enabled' } } } },
      },
      expect: { '': { message: 'missing' }, Files: 'satisfied' },
    },
    {
      name: 'copies that are gone within the window need not be brought back, but what stays longer does',
      template: {
        Resources: {
          Copies: {
            Type: bucket,
            Properties: { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 7 }] } },
          },
          Longer: {
            Type: bucket,
            Properties: { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 8 }] } },
          },
          Partly: {
            Type: bucket,
            Properties: {
              LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 7, Prefix: 'a/' }] },
            },
          },
          Off: {
            Type: bucket,
            Properties: { LifecycleConfiguration: { Rules: [{ Status: 'Disabled', ExpirationInDays: 7 }] } },
          },
        },
      },
      presentOnly: true,
      expect: {
        Copies: 'not-applicable',
        Longer: { message: 'unversioned' },
        Partly: { message: 'unversioned' },
        Off: { message: 'unversioned' },
      },
    },
    {
      name: 'a replica of another instance is restored in its place',
      template: {
        Resources: {
          Replica: { Type: instance, Properties: { SourceDBInstanceIdentifier: 'primary', BackupRetentionPeriod: 0 } },
        },
      },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a table goes back 35 days by default, which is beyond a limit of seven',
      exact: ['backup.pitrDays'],
      template: {
        Resources: {
          Sessions: {
            Type: table,
            Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
          },
        },
      },
      expect: { Sessions: { message: 'tooLong' } },
    },
    {
      name: 'buckets of logs need no versions',
      template: {
        Resources: {
          Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Archive' } } },
          Archive: { Type: bucket },
          Balancer: {
            Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
            Properties: { LoadBalancerAttributes: [{ Key: 'access_logs.s3.bucket', Value: { Ref: 'Requests' } }] },
          },
          Requests: { Type: bucket },
        },
      },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a store that the control does not know is named',
      template: { Resources: { Warehouse: { Type: 'AWS::Redshift::Cluster', Properties: {} } } },
      presentOnly: true,
      expect: { Warehouse: 'not-assessed' },
    },
    {
      name: 'a window that the deployer may set to a day is not assessed',
      template: {
        Parameters: { Days: { Type: 'Number', Default: 30 } },
        Resources: { Db: { Type: cluster, Properties: { BackupRetentionPeriod: { Ref: 'Days' } } } },
      },
      expect: { Db: 'not-assessed' },
    },
    {
      name: 'one day outside production breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Db: { Type: cluster, Properties: { BackupRetentionPeriod: { 'Fn::If': ['IsProd', 7, 1] } } },
        },
      },
      expect: { Db: { message: 'tooShort' } },
    },
  ],
  absentKeeps: {
    [`${table}: PointInTimeRecoverySpecification.RecoveryPeriodInDays`]:
      '35 days by default: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-table-pointintimerecoveryspecification.html',
    [`${bucket}: LifecycleConfiguration.Rules.*.NoncurrentVersionExpiration.NoncurrentDays`]:
      'versions are kept for ever',
  },
  indifferent: {
    [`${instance}: DBClusterIdentifier`]: 'decides only whose window counts: the cluster is judged by itself',
  },
};
