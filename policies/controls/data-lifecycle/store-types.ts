/** Types of stores whose periods a template shows. */
export const periodStores: readonly string[] = [
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::S3::Bucket',
  'AWS::SES::ContactList',
];

/** Stores whose periods no control here can read. */
export const periodlessStores: readonly string[] = [
  'AWS::DocDB::DBCluster',
  'AWS::EFS::FileSystem',
  'AWS::Neptune::DBCluster',
  'AWS::OpenSearchService::Domain',
  'AWS::Redshift::Cluster',
  'AWS::S3Express::DirectoryBucket',
  'AWS::Timestream::Table',
];
