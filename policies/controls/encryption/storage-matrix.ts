/**
 * How one type of resource encrypts what it stores. Every default is the one that the type's page of
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ or the service's guide documents.
 */
export interface StoreEncryption {
  /** Whether it encrypts when nothing says otherwise. */
  readonly byDefault: boolean;
  /** What switches encryption on or off, and the value that means on. */
  readonly switch?: { readonly path: string; readonly on: RegExp };
  /** Where a key of the customer goes; none: the service offers only its own. */
  readonly key?: string;
  /** Without this value elsewhere the key is not used. */
  readonly keyNeeds?: { readonly path: string; readonly value: RegExp };
  /** Naming a key switches encryption on by itself. */
  readonly keySuffices?: boolean;
}

const yes = /^true$/i;
const always = (key?: string): StoreEncryption => ({ byDefault: true, key });
const ifSaid = (path: string, key?: string): StoreEncryption => ({ byDefault: false, switch: { path, on: yes }, key });
const unlessDenied = (path: string, key: string): StoreEncryption => ({ ...ifSaid(path, key), byDefault: true });

/** Stores other than S3 buckets and relational databases, which have rules of their own. */
export const storageMatrix: Readonly<Record<string, StoreEncryption>> = {
  // Messages and events
  'AWS::SQS::Queue': { ...unlessDenied('SqsManagedSseEnabled', 'KmsMasterKeyId'), keySuffices: true },
  'AWS::SNS::Topic': { byDefault: false, key: 'KmsMasterKeyId', keySuffices: true },
  'AWS::Kinesis::Stream': {
    byDefault: false,
    switch: { path: 'StreamEncryption.EncryptionType', on: /^KMS$/ },
    key: 'StreamEncryption.KeyId',
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    byDefault: false,
    switch: { path: 'DeliveryStreamEncryptionConfigurationInput.KeyType', on: /./ },
    key: 'DeliveryStreamEncryptionConfigurationInput.KeyARN',
    keyNeeds: { path: 'DeliveryStreamEncryptionConfigurationInput.KeyType', value: /^CUSTOMER_MANAGED_CMK$/ },
  },
  'AWS::KinesisVideo::Stream': always('KmsKeyId'),
  'AWS::MSK::Cluster': always('EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId'),
  'AWS::MSK::ServerlessCluster': always(),
  'AWS::AmazonMQ::Broker': {
    ...always('EncryptionOptions.KmsKeyId'),
    keyNeeds: { path: 'EncryptionOptions.UseAwsOwnedKey', value: /^false$/i },
  },
  'AWS::Events::Archive': always('KmsKeyIdentifier'),

  // Tables, caches, graphs, searches
  'AWS::DynamoDB::Table': {
    ...always('SSESpecification.KMSMasterKeyId'),
    keyNeeds: { path: 'SSESpecification.SSEEnabled', value: yes },
  },
  'AWS::Cassandra::Table': {
    ...always('EncryptionSpecification.KmsKeyIdentifier'),
    keyNeeds: { path: 'EncryptionSpecification.EncryptionType', value: /^CUSTOMER_MANAGED_KMS_KEY$/ },
  },
  'AWS::ElastiCache::ReplicationGroup': ifSaid('AtRestEncryptionEnabled', 'KmsKeyId'),
  'AWS::ElastiCache::CacheCluster': { byDefault: false },
  'AWS::ElastiCache::ServerlessCache': always('KmsKeyId'),
  'AWS::MemoryDB::Cluster': always('KmsKeyId'),
  'AWS::DAX::Cluster': ifSaid('SSESpecification.SSEEnabled'),
  'AWS::AppSync::ApiCache': ifSaid('AtRestEncryptionEnabled'),
  'AWS::DocDB::DBCluster': ifSaid('StorageEncrypted', 'KmsKeyId'),
  'AWS::DocDBElastic::Cluster': always('KmsKeyId'),
  'AWS::Neptune::DBCluster': ifSaid('StorageEncrypted', 'KmsKeyId'),
  'AWS::NeptuneGraph::Graph': always('KmsKeyIdentifier'),
  'AWS::DSQL::Cluster': always('KmsEncryptionKey'),
  'AWS::Redshift::Cluster': unlessDenied('Encrypted', 'KmsKeyId'),
  'AWS::RedshiftServerless::Namespace': always('KmsKeyId'),
  'AWS::Timestream::Database': always('KmsKeyId'),
  'AWS::Timestream::InfluxDBInstance': always('KmsKeyId'),
  'AWS::QLDB::Ledger': always('KmsKey'),
  'AWS::OpenSearchService::Domain': ifSaid('EncryptionAtRestOptions.Enabled', 'EncryptionAtRestOptions.KmsKeyId'),
  'AWS::Elasticsearch::Domain': ifSaid('EncryptionAtRestOptions.Enabled', 'EncryptionAtRestOptions.KmsKeyId'),
  'AWS::Kendra::Index': always('ServerSideEncryptionConfiguration.KmsKeyId'),

  // Volumes, files, images, backups
  'AWS::EC2::Volume': ifSaid('Encrypted', 'KmsKeyId'),
  'AWS::EFS::FileSystem': ifSaid('Encrypted', 'KmsKeyId'),
  'AWS::FSx::FileSystem': always('KmsKeyId'),
  'AWS::FSx::FileCache': always('KmsKeyId'),
  'AWS::ECR::Repository': {
    ...always('EncryptionConfiguration.KmsKey'),
    keyNeeds: { path: 'EncryptionConfiguration.EncryptionType', value: /^KMS(_DSSE)?$/ },
  },
  'AWS::CodeArtifact::Domain': always('EncryptionKey'),
  'AWS::CodeCommit::Repository': always('KmsKeyId'),
  'AWS::Backup::BackupVault': always('EncryptionKeyArn'),
  'AWS::Backup::LogicallyAirGappedBackupVault': always('EncryptionKeyArn'),
  'AWS::S3Tables::TableBucket': {
    ...always('EncryptionConfiguration.KMSKeyArn'),
    keyNeeds: { path: 'EncryptionConfiguration.SSEAlgorithm', value: /^aws:kms$/ },
  },
  'AWS::S3Vectors::VectorBucket': {
    ...always('EncryptionConfiguration.KmsKeyArn'),
    keyNeeds: { path: 'EncryptionConfiguration.SseType', value: /^aws:kms$/ },
  },

  // Logs, secrets, metrics
  'AWS::Logs::LogGroup': always('KmsKeyId'),
  'AWS::CloudTrail::Trail': always('KMSKeyId'),
  'AWS::CloudTrail::EventDataStore': always('KmsKeyId'),
  'AWS::SecretsManager::Secret': always('KmsKeyId'),
  'AWS::APS::Workspace': always('KmsKeyArn'),
  'AWS::SageMaker::Domain': always('KmsKeyId'),
  'AWS::SageMaker::NotebookInstance': always('KmsKeyId'),
  'AWS::DMS::ReplicationInstance': always('KmsKeyId'),
};
