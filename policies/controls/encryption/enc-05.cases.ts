import { addBeside, type ControlCases, type Mutation, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const bucket = 'AWS::S3::Bucket';
const key = { 'Fn::GetAtt': ['Key', 'Arn'] };
const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const algorithm = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm';
const keyOfBucket = 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID';
const blocked = 'BucketEncryption.ServerSideEncryptionConfiguration.0.BlockedEncryptionTypes';

const sse = (SSEAlgorithm: string, KMSMasterKeyID?: unknown): Json => ({
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      {
        ServerSideEncryptionByDefault: { SSEAlgorithm, ...(KMSMasterKeyID === undefined ? {} : { KMSMasterKeyID }) },
        BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
      },
    ],
  },
});
const only = (Type: string, Properties: Json = {}): Json => ({ Resources: { It: { Type, Properties } } });

/** Every type, encrypted with our key; where it is switched off or forgotten, and where the key stands. */
const stores: readonly {
  readonly type: string;
  readonly properties: Json;
  readonly key?: string;
  /** Edits of the switch after which nothing is encrypted; `undefined` removes it. */
  readonly off?: readonly (readonly [string, unknown])[];
}[] = [
  { type: 'AWS::SQS::Queue', properties: { KmsMasterKeyId: key }, key: 'KmsMasterKeyId' },
  { type: 'AWS::SNS::Topic', properties: { KmsMasterKeyId: key }, off: [['KmsMasterKeyId', undefined]] },
  {
    type: 'AWS::Kinesis::Stream',
    properties: { StreamEncryption: { EncryptionType: 'KMS', KeyId: key } },
    key: 'StreamEncryption.KeyId',
    off: [['StreamEncryption', undefined]],
  },
  {
    type: 'AWS::KinesisFirehose::DeliveryStream',
    properties: { DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: key } },
    key: 'DeliveryStreamEncryptionConfigurationInput.KeyARN',
    off: [['DeliveryStreamEncryptionConfigurationInput', undefined]],
  },
  { type: 'AWS::KinesisVideo::Stream', properties: { KmsKeyId: key }, key: 'KmsKeyId' },
  {
    type: 'AWS::MSK::Cluster',
    properties: { EncryptionInfo: { EncryptionAtRest: { DataVolumeKMSKeyId: key } } },
    key: 'EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId',
  },
  {
    type: 'AWS::AmazonMQ::Broker',
    properties: { EncryptionOptions: { KmsKeyId: key, UseAwsOwnedKey: false } },
    key: 'EncryptionOptions.KmsKeyId',
  },
  { type: 'AWS::Events::Archive', properties: { KmsKeyIdentifier: key }, key: 'KmsKeyIdentifier' },
  {
    type: 'AWS::DynamoDB::Table',
    properties: { SSESpecification: { SSEEnabled: true, KMSMasterKeyId: key } },
    key: 'SSESpecification.KMSMasterKeyId',
  },
  {
    type: 'AWS::DynamoDB::GlobalTable',
    properties: {
      SSESpecification: { SSEEnabled: true },
      Replicas: [{ SSESpecification: { KMSMasterKeyId: key } }],
    },
    key: 'Replicas.0.SSESpecification.KMSMasterKeyId',
  },
  {
    type: 'AWS::Cassandra::Table',
    properties: {
      EncryptionSpecification: { EncryptionType: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyIdentifier: key },
    },
    key: 'EncryptionSpecification.KmsKeyIdentifier',
  },
  ...['AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'].map((type) => ({
    type,
    properties: { StorageEncrypted: true, KmsKeyId: key },
    key: 'KmsKeyId',
    off: [
      ['StorageEncrypted', false],
      ['StorageEncrypted', undefined],
    ] as const,
  })),
  {
    type: 'AWS::ElastiCache::ReplicationGroup',
    properties: { AtRestEncryptionEnabled: 'true', KmsKeyId: key },
    key: 'KmsKeyId',
    off: [
      ['AtRestEncryptionEnabled', 'false'],
      ['AtRestEncryptionEnabled', undefined],
    ],
  },
  ...['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'].map((type) => ({
    type,
    properties: { EncryptionAtRestOptions: { Enabled: true, KmsKeyId: key } },
    key: 'EncryptionAtRestOptions.KmsKeyId',
    off: [
      ['EncryptionAtRestOptions.Enabled', false],
      ['EncryptionAtRestOptions', undefined],
    ] as const,
  })),
  ...['AWS::EC2::Volume', 'AWS::EFS::FileSystem'].map((type) => ({
    type,
    properties: { Encrypted: true, KmsKeyId: key },
    key: 'KmsKeyId',
    off: [
      ['Encrypted', false],
      ['Encrypted', undefined],
    ] as const,
  })),
  {
    type: 'AWS::EC2::LaunchTemplate',
    properties: {
      LaunchTemplateData: {
        BlockDeviceMappings: [{ Ebs: { Encrypted: true, KmsKeyId: key } }, { NoDevice: '' }],
      },
    },
    key: 'LaunchTemplateData.BlockDeviceMappings.0.Ebs.KmsKeyId',
    off: [['LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted', false]],
  },
  { type: 'AWS::FSx::FileSystem', properties: { KmsKeyId: key }, key: 'KmsKeyId' },
  {
    type: 'AWS::ECR::Repository',
    properties: { EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: key } },
    key: 'EncryptionConfiguration.KmsKey',
  },
  { type: 'AWS::Backup::BackupVault', properties: { EncryptionKeyArn: key }, key: 'EncryptionKeyArn' },
  {
    type: 'AWS::Redshift::Cluster',
    properties: { Encrypted: true, KmsKeyId: key },
    key: 'KmsKeyId',
    off: [['Encrypted', false]],
  },
  { type: 'AWS::Logs::LogGroup', properties: { KmsKeyId: key }, key: 'KmsKeyId' },
  { type: 'AWS::CloudTrail::Trail', properties: { KMSKeyId: key }, key: 'KMSKeyId' },
  { type: 'AWS::SecretsManager::Secret', properties: { KmsKeyId: key }, key: 'KmsKeyId' },
];

const shipped = new Set(['AWS::Logs::LogGroup', 'AWS::CloudTrail::Trail']);
const notShipped = (type: string) => (shipped.has(type) ? undefined : `the project deploys no ${type}`);
const idOf = (type: string) => type.replace(/\W+/g, '');

const everything = 'one of every type, each with our key';
const logged = 'bucket with our key, its logs in a bucket that S3 cannot write to under a key of ours';

const ofStores: readonly Mutation[] = stores.flatMap(({ type, key: path, off = [] }) => [
  ...off.map(([property, value]) => ({
    name: `${type} in clear text: ${property} ${value === undefined ? 'forgotten' : `is ${value}`}`,
    of: everything,
    edit: value === undefined ? remove(type, property) : set(type, property, value),
    expect: { message: 'unencrypted' },
    notShipped: notShipped(type),
  })),
  ...(path === undefined
    ? []
    : [undefined, 'alias/aws/service', 'arn:aws:kms:eu-central-1:111122223333:alias/aws/service'].map((value) => ({
        name: `${type} with a key of AWS: ${value ?? 'none named'}`,
        of: everything,
        edit: value === undefined ? remove(type, path) : set(type, path, value),
        expect: { message: 'platformKey' },
        notShipped: notShipped(type),
      }))),
]);

export const cases: ControlCases = {
  compliant: {
    [everything]: {
      template: {
        Resources: {
          Key: { Type: 'AWS::KMS::Key', Properties: {} },
          Files: { Type: bucket, Properties: sse('aws:kms', key) },
          ...Object.fromEntries(
            stores.map(({ type, properties }) => [idOf(type), { Type: type, Properties: properties }]),
          ),
        },
      },
    },
    [logged]: {
      template: {
        Resources: {
          Key: { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'SYMMETRIC_DEFAULT' } },
          Files: {
            Type: bucket,
            Properties: { ...sse('aws:kms', key), LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' } } },
          },
          Logs: { Type: bucket, Properties: sse('AES256') },
        },
      },
    },
    'buckets where the profile asks for AES-256 and no more': {
      figures: { 's3.sse': 'AES256' },
      template: {
        Resources: {
          Said: { Type: bucket, Properties: sse('AES256') },
          Stricter: { Type: bucket, Properties: sse('aws:kms') },
        },
      },
    },
    'stores under keys of AWS, where the profile asks for no more': {
      figures: { 'keys.mode': 'platform' },
      template: {
        Resources: {
          Queue: { Type: 'AWS::SQS::Queue' },
          Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: 'alias/aws/sns' } },
          Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
          Global: { Type: 'AWS::DynamoDB::GlobalTable', Properties: {} },
          Group: { Type: 'AWS::Logs::LogGroup' },
          Files: { Type: 'AWS::EFS::FileSystem', Properties: { Encrypted: true } },
          Cache: { Type: 'AWS::DAX::Cluster', Properties: { SSESpecification: { SSEEnabled: true } } },
          Bucket: { Type: bucket, Properties: sse('aws:kms') },
        },
      },
    },
  },
  mutations: [
    ...ofStores,
    {
      name: 'a queue whose encryption is denied',
      of: 'stores under keys of AWS, where the profile asks for no more',
      edit: set('AWS::SQS::Queue', 'SqsManagedSseEnabled', false),
      expect: { message: 'unencrypted' },
      notShipped: 'the project deploys no queue',
    },
    ...['AES256', undefined].map((value) => ({
      name: `bucket without KMS: ${value ?? 'algorithm forgotten'}`,
      of: logged,
      target: 'Files',
      edit: value === undefined ? remove(bucket, algorithm) : set(bucket, algorithm, value),
      expect: { message: 'weakAlgorithm' },
      shippedWhere: isUnderKms,
    })),
    {
      name: 'bucket left to its default',
      of: logged,
      target: 'Files',
      edit: remove(bucket, 'BucketEncryption'),
      expect: { message: 'weakAlgorithm' },
      shippedWhere: isUnderKms,
    },
    ...[undefined, 'alias/aws/s3'].map((value) => ({
      name: `bucket with a key of AWS: ${value ?? 'none named'}`,
      of: logged,
      target: 'Files',
      edit: value === undefined ? remove(bucket, keyOfBucket) : set(bucket, keyOfBucket, value),
      expect: { message: 'platformKey' },
      shippedWhere: isUnderKms,
    })),
    {
      name: 'uploads with keys of their own',
      of: logged,
      target: 'Files',
      edit: set(bucket, blocked, { EncryptionType: ['NONE'] }),
      expect: { message: 'callerKeys' },
      shippedWhere: isUnderKms,
    },
    {
      name: 'a bucket that receives logs from nobody but itself',
      of: logged,
      target: 'Files',
      edit: set(bucket, 'LoggingConfiguration.DestinationBucketName', { Ref: 'Files' }),
      expect: { message: 'weakAlgorithm', at: 'Logs' },
      notShipped: 'several buckets send their logs there, so one that stops changes nothing',
    },
    {
      name: 'a key that cannot encrypt stored data',
      of: logged,
      edit: set('AWS::KMS::Key', 'KeySpec', 'RSA_2048'),
      expect: { message: 'wrongKind', at: 'Files' },
      notShipped: 'a key protects several stores there, so that one edit breaks several',
    },
    {
      name: 'a store that this control does not know',
      of: logged,
      target: 'Logs',
      edit: addBeside(bucket, 'Sky', () => ({ Type: 'AWS::Lightsail::Database', Properties: {} })),
      expect: { message: 'not-assessed', at: 'Sky' },
    },
  ],
  others: [
    {
      name: 'fails closed without any store',
      template: only('AWS::IAM::Role'),
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'nothing stored is no concern where only what is present is judged',
      presentOnly: true,
      template: only('AWS::ECS::Cluster'),
      expect: {},
    },
    {
      name: 'an algorithm that does not exist is not assessed',
      template: only(bucket, sse('AES-256')),
      expect: { It: 'not-assessed' },
    },
    {
      name: 'the default of S3 keeps AES-256',
      figures: { 's3.sse': 'AES256' },
      template: only(bucket),
      expect: { It: 'satisfied' },
    },
    {
      name: 'a bucket for the logs of a load balancer',
      template: {
        Resources: {
          Logs: { Type: bucket, Properties: {} },
          Balancer: {
            Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
            Properties: { LoadBalancerAttributes: [{ Key: 'access_logs.s3.bucket', Value: { Ref: 'Logs' } }] },
          },
        },
      },
      expect: { Logs: 'satisfied' },
    },
    {
      name: 'SSE-C denied by default',
      template: only(bucket, {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms:dsse', KMSMasterKeyID: arn } },
          ],
        },
      }),
      expect: { It: 'satisfied' },
    },
    {
      name: 'one branch in clear text breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        ...only('AWS::EFS::FileSystem', {
          Encrypted: { 'Fn::If': ['IsProd', true, { Ref: 'AWS::NoValue' }] },
          KmsKeyId: arn,
        }),
      },
      expect: { It: { message: 'unencrypted' } },
    },
    {
      name: "a key behind a parameter without default is the deployer's to choose",
      template: {
        Parameters: { Key: { Type: 'String' } },
        ...only('AWS::Logs::LogGroup', { KmsKeyId: { Ref: 'Key' } }),
      },
      expect: { It: 'not-assessed' },
    },
    {
      name: 'a table whose key is switched off',
      template: only('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: false, KMSMasterKeyId: arn } }),
      expect: { It: { message: 'platformKey' } },
    },
    {
      name: 'a cache that cannot be encrypted',
      template: only('AWS::ElastiCache::CacheCluster'),
      expect: { It: { message: 'unencrypted' } },
    },
    {
      name: 'a store that takes no key of a customer',
      template: only('AWS::MSK::ServerlessCluster'),
      expect: { It: { message: 'platformKey' } },
    },
    {
      name: 'a delivery stream that reads an encrypted stream keeps nothing itself',
      presentOnly: true,
      template: only('AWS::KinesisFirehose::DeliveryStream', { DeliveryStreamType: 'KinesisStreamAsSource' }),
      expect: {},
    },
    {
      name: 'volumes made from an image cannot be seen',
      template: only('AWS::EC2::Instance', { ImageId: 'ami-1' }),
      expect: { It: 'not-assessed' },
    },
    {
      name: 'volumes of a launch template are judged there',
      presentOnly: true,
      template: only('AWS::EC2::Instance', { LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' } }),
      expect: {},
    },
    {
      name: 'a type of another vendor that says it stores something',
      template: only('MongoDB::Atlas::Cluster'),
      expect: { It: 'not-assessed' },
    },
    {
      name: 'a type that says so by a property alone',
      template: only('AWS::WorkSpaces::Pool', { UserVolumeEncryptionEnabled: true }),
      expect: { It: 'not-assessed' },
    },
  ],
  absentKeeps: {
    'AWS::Redshift::Cluster: Encrypted':
      'true: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-redshift-cluster.html',
    'AWS::KMS::Key: KeySpec':
      'SYMMETRIC_DEFAULT: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
    [`${bucket}: ${blocked}.EncryptionType`]:
      'SSE-C is blocked: https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html',
  },
  indifferent: {
    'AWS::EC2::LaunchTemplate: LaunchTemplateData.BlockDeviceMappings.1.**': 'no volume is made there',
  },
};

/** Buckets that receive access logs cannot be under KMS. */
function isUnderKms(resource: Json): boolean {
  return JSON.stringify(resource).includes('aws:kms');
}
