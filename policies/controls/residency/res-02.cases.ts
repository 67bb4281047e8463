import { addBeside, type ControlCases, change, remove, set } from '../../../lib/control/cases';

const here = 'eu-central-1';
const there = 'eu-north-1';
const vault = (region: string) => `arn:aws:backup:${region}:111122223333:backup-vault:copies`;

/** Everything that can send a copy somewhere, and sends it to a promised Region. */
const copies = {
  Plan: {
    Type: 'AWS::Backup::BackupPlan',
    Properties: {
      BackupPlan: {
        BackupPlanRule: [
          { RuleName: 'daily', CopyActions: [{ DestinationBackupVaultArn: vault(there) }] },
          { RuleName: 'weekly' },
        ],
      },
    },
  },
  Files: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      ReplicationConfiguration: {
        Rules: [{ Status: 'Enabled', Destination: { Bucket: { 'Fn::GetAtt': ['Copies', 'Arn'] } } }],
      },
    },
  },
  Copies: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'copies-of-files' } },
  Door: { Type: 'AWS::S3::MultiRegionAccessPoint', Properties: { Regions: [{ Bucket: 'copies-of-files' }] } },
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: { Replicas: [{ Region: { Ref: 'AWS::Region' } }, { Region: there }] },
  },
  Key: { Type: 'AWS::KMS::Key', Properties: { MultiRegion: true } },
  Replica: { Type: 'AWS::KMS::ReplicaKey', Properties: { PrimaryKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { ReplicaRegions: [{ Region: there }] } },
  Pool: {
    Type: 'AWS::Cognito::UserPool',
    Properties: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::111122223333:role/sms', SnsRegion: here } },
  },
  PoolReplica: { Type: 'AWS::Cognito::UserPoolReplica', Properties: { RegionName: there } },
  Images: {
    Type: 'AWS::ECR::ReplicationConfiguration',
    Properties: {
      ReplicationConfiguration: { Rules: [{ Destinations: [{ Region: there, RegistryId: '111122223333' }] }] },
    },
  },
  Snapshots: {
    Type: 'AWS::DLM::LifecyclePolicy',
    Properties: {
      PolicyDetails: {
        Schedules: [
          {
            CrossRegionCopyRules: [{ TargetRegion: there, Encrypted: true }],
            ShareRules: [{ TargetAccounts: ['111122223333'] }],
          },
        ],
      },
    },
  },
  Database: { Type: 'AWS::RDS::DBInstance', Properties: { AutomaticBackupReplicationRegion: there } },
  Writer: { Type: 'Custom::CrossRegionExportWriter', Properties: { WriterProps: { region: there, exports: {} } } },
  List: { Type: 'AWS::WAFv2::WebACL', Properties: { Scope: 'REGIONAL' } },
};

const quiet = {
  Resources: {
    Call: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Environment: { Variables: { BUCKET: 'files', MODEL: 'anthropic.claude-sonnet-4' } },
        Description: 'replaces the function that ran in us-east-1',
      },
    },
    Files: { Type: 'AWS::S3::Bucket', Properties: {} },
    Keys: { Type: 'AWS::KMS::Key', Properties: { MultiRegion: false } },
    Db: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql' } },
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
  },
};

const all = 'copies inside the promised Regions';
const none = 'nothing that leaves';
const noCopies = 'the project makes no copies in other Regions yet';

const leaves = (name: string, type: string, path: string, value: unknown = 'us-east-1', target?: string) => ({
  name,
  of: all,
  edit: set(type, path, value),
  expect: { message: 'copyLeaves' },
  ...(target === undefined ? {} : { target }),
  notShipped: noCopies,
});

const unknown = (name: string, type: string, path: string, value: unknown) => ({
  ...leaves(name, type, path, value),
  expect: { message: 'not-assessed' },
});

const added = (name: string, type: string, properties: object, message: string) => ({
  name,
  of: none,
  edit: addBeside('AWS::KMS::Key', 'Added', () => ({ Type: type, Properties: properties })),
  expect: { message, at: 'Added' },
});

const variable = (name: string, value: unknown, message = 'foreignRegion') => ({
  name,
  of: none,
  edit: set('AWS::Lambda::Function', 'Environment.Variables.TARGET', value),
  expect: { message },
});

const distribution = (more: object = {}) => ({
  Type: 'AWS::CloudFront::Distribution',
  Properties: {
    DistributionConfig: {
      DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https', ...more },
      ViewerCertificate: { AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1' },
    },
  },
});

export const cases: ControlCases = {
  compliant: {
    [all]: { template: { Resources: copies } },
    [none]: { template: quiet },
    'a replica of a key of another stack': {
      template: {
        Resources: {
          Replica: {
            Type: 'AWS::KMS::ReplicaKey',
            Properties: { PrimaryKeyArn: `arn:aws:kms:${there}:111122223333:key/mrk-1` },
          },
        },
      },
    },
    'a network of edges where the profile wants one': {
      figures: { 'edge.mode': 'cdn' },
      template: { Resources: { Edge: distribution() } },
    },
  },
  mutations: [
    leaves(
      'a backup is copied to Virginia',
      'AWS::Backup::BackupPlan',
      'BackupPlan.BackupPlanRule.0.CopyActions.0.DestinationBackupVaultArn',
      vault('us-east-1'),
    ),
    leaves(
      'a second rule copies backups to London',
      'AWS::Backup::BackupPlan',
      'BackupPlan.BackupPlanRule.1.CopyActions',
      [{ DestinationBackupVaultArn: vault('eu-west-2') }],
    ),
    unknown(
      'a backup is copied to a vault that nobody shows',
      'AWS::Backup::BackupPlan',
      'BackupPlan.BackupPlanRule.0.CopyActions.0.DestinationBackupVaultArn',
      { 'Fn::ImportValue': 'vault-elsewhere' },
    ),
    leaves('a table has a replica in Zurich', 'AWS::DynamoDB::GlobalTable', 'Replicas.1.Region', 'eu-central-2'),
    leaves('a secret is replicated to London', 'AWS::SecretsManager::Secret', 'ReplicaRegions.0.Region', 'eu-west-2'),
    leaves('text messages leave from Virginia', 'AWS::Cognito::UserPool', 'SmsConfiguration.SnsRegion'),
    {
      name: 'nobody says from where text messages leave',
      of: all,
      edit: remove('AWS::Cognito::UserPool', 'SmsConfiguration.SnsRegion'),
      expect: { message: 'not-assessed' },
      notShipped: 'the pools of the default profile send no text messages',
    },
    leaves('users are replicated', 'AWS::Cognito::UserPoolReplica', 'RegionName', 'us-west-2'),
    leaves(
      'images are replicated',
      'AWS::ECR::ReplicationConfiguration',
      'ReplicationConfiguration.Rules.0.Destinations.0.Region',
    ),
    leaves(
      'volume snapshots are copied',
      'AWS::DLM::LifecyclePolicy',
      'PolicyDetails.Schedules.0.CrossRegionCopyRules.0.TargetRegion',
    ),
    {
      ...leaves(
        'volume snapshots are shared',
        'AWS::DLM::LifecyclePolicy',
        'PolicyDetails.Schedules.0.ShareRules.0.TargetAccounts.0',
        '999988887777',
      ),
      expect: { message: 'shared' },
    },
    leaves('backups of a database go elsewhere', 'AWS::RDS::DBInstance', 'AutomaticBackupReplicationRegion'),
    leaves('an export is written into another Region', 'Custom::CrossRegionExportWriter', 'WriterProps.region'),
    {
      name: 'a key is a replica of one elsewhere',
      of: 'a replica of a key of another stack',
      edit: set('AWS::KMS::ReplicaKey', 'PrimaryKeyArn', 'arn:aws:kms:us-east-1:111122223333:key/mrk-1'),
      expect: { message: 'copyLeaves' },
      notShipped: noCopies,
    },
    {
      ...unknown(
        'objects are replicated to a bucket from elsewhere',
        'AWS::S3::Bucket',
        'ReplicationConfiguration.Rules.0.Destination.Bucket',
        'arn:aws:s3:::somewhere',
      ),
      target: 'Files',
    },
    unknown(
      'an access point of several Regions leads to a bucket from elsewhere',
      'AWS::S3::MultiRegionAccessPoint',
      'Regions.0.Bucket',
      'somewhere',
    ),
    {
      name: 'uploads are accelerated',
      of: none,
      edit: set('AWS::S3::Bucket', 'AccelerateConfiguration.AccelerationStatus', 'Enabled'),
      expect: { message: 'accelerated' },
    },
    {
      name: 'a key may be copied anywhere',
      of: none,
      edit: set('AWS::KMS::Key', 'MultiRegion', true),
      expect: { message: 'multiRegionKey' },
    },
    {
      name: 'a database joins a global one',
      of: none,
      edit: set('AWS::RDS::DBCluster', 'GlobalClusterIdentifier', 'all-over-the-world'),
      expect: { message: 'globalDatabase' },
    },
    {
      name: 'a database replicates one of another Region',
      of: none,
      edit: set('AWS::RDS::DBCluster', 'SourceRegion', 'us-east-1'),
      expect: { message: 'copyLeaves' },
    },
    {
      name: 'a web access list belongs to CloudFront',
      of: all,
      edit: set('AWS::WAFv2::WebACL', 'Scope', 'CLOUDFRONT'),
      expect: { message: 'worldwide' },
      notShipped: 'the project deploys no web access list yet',
    },
    {
      name: 'functions run at the edges',
      of: 'a network of edges where the profile wants one',
      edit: change('AWS::CloudFront::Distribution', (properties) => {
        Object.assign(
          properties,
          distribution({ LambdaFunctionAssociations: [{ EventType: 'viewer-request' }] }).Properties,
        );
      }),
      expect: { message: 'edgeCode' },
      notShipped: 'the project deploys no distribution',
    },
    added('a distribution appears', 'AWS::CloudFront::Distribution', { DistributionConfig: {} }, 'worldwide'),
    added('an accelerator appears', 'AWS::GlobalAccelerator::Accelerator', { Name: 'fast' }, 'worldwide'),
    added('a global database appears', 'AWS::RDS::GlobalCluster', { Engine: 'aurora-postgresql' }, 'globalDatabase'),
    added(
      'a network of London is peered',
      'AWS::EC2::VPCPeeringConnection',
      { VpcId: 'vpc-1', PeerVpcId: 'vpc-2', PeerRegion: 'eu-west-2' },
      'copyLeaves',
    ),
    variable('a function is told to work in Virginia', 'us-east-1'),
    variable('a function calls an endpoint in London', 'https://sqs.eu-west-2.amazonaws.com/111122223333/jobs'),
    variable('a function writes to a resource in Oregon', {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':dynamodb:us-west-2:', { Ref: 'AWS::AccountId' }, ':table/x'],
      ],
    }),
    variable('a Region is put together from pieces', { 'Fn::Join': ['-', ['us', 'east', '1']] }),
    variable('a function calls a model in the United States', 'us.anthropic.claude-sonnet-4-v1:0', 'foreignModel'),
    variable(
      'a function calls a model anywhere',
      'arn:aws:bedrock:eu-central-1:111122223333:inference-profile/global.amazon.nova-pro-v1:0',
      'foreignModel',
    ),
  ],
  others: [
    {
      name: 'a profile for Europe reaches further than Frankfurt',
      figures: { 'residency.regions': ['eu-central-1'] },
      template: {
        Resources: {
          Call: {
            Type: 'AWS::Lambda::Function',
            Properties: { Environment: { Variables: { MODEL: 'eu.anthropic.claude-sonnet-4-v1:0' } } },
          },
        },
      },
      expect: { Call: { message: 'foreignModel' } },
    },
    {
      name: 'a profile for Europe stays where all of its Regions are promised',
      template: {
        Resources: {
          Call: {
            Type: 'AWS::Lambda::Function',
            Properties: { Environment: { Variables: { MODEL: 'eu.anthropic.claude-sonnet-4-v1:0' } } },
          },
        },
      },
      expect: { Call: 'satisfied' },
    },
    {
      name: 'a copy to Stockholm leaves where only Frankfurt is promised',
      figures: { 'residency.regions': ['eu-central-1'] },
      template: { Resources: { Secret: copies.Secret } },
      expect: { Secret: { message: 'copyLeaves' } },
    },
    {
      name: 'a mapping of every Region is judged by what it gives in this one',
      template: {
        Mappings: {
          Zones: {
            'us-east-1': { Name: 'us-east-1.elb.amazonaws.com' },
            'eu-central-1': { Name: 'eu-central-1.elb.amazonaws.com' },
          },
        },
        Resources: {
          Record: {
            Type: 'AWS::Route53::RecordSet',
            Properties: { Name: { 'Fn::FindInMap': ['Zones', { Ref: 'AWS::Region' }, 'Name'] } },
          },
        },
      },
      expect: { Record: 'satisfied' },
    },
    {
      name: 'a region name in one branch of a condition breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
        Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } },
        Resources: {
          Secret: {
            Type: 'AWS::SecretsManager::Secret',
            Properties: { ReplicaRegions: { 'Fn::If': ['IsDev', [{ Region: 'us-east-1' }], { Ref: 'AWS::NoValue' }] } },
          },
        },
      },
      expect: { Secret: { message: 'copyLeaves' } },
    },
    {
      name: 'what is denied elsewhere, and patterns that name other Regions, take nothing out',
      template: {
        Resources: {
          Guard: {
            Type: 'AWS::Organizations::Policy',
            Properties: {
              Content: { Statement: [{ Condition: { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1'] } } }] },
            },
          },
          Policy: {
            Type: 'AWS::IAM::ManagedPolicy',
            Properties: { PolicyDocument: { Statement: [{ Effect: 'Deny', Resource: 'arn:aws:s3:us-east-1::*' }] } },
          },
          Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { region: ['us-east-1'] } } },
        },
      },
      expect: { Guard: 'satisfied', Policy: 'satisfied', Rule: 'satisfied' },
    },
    {
      name: 'a global database whose members all lie in one Region is none that can be seen whole',
      template: {
        Resources: {
          Global: { Type: 'AWS::RDS::GlobalCluster', Properties: {} },
          Member: { Type: 'AWS::RDS::DBCluster', Properties: { GlobalClusterIdentifier: { Ref: 'Global' } } },
        },
      },
      expect: { Global: { message: 'globalDatabase' }, Member: 'satisfied' },
    },
    {
      name: 'a replica Region that the deployer chooses is not assessed',
      template: {
        Parameters: { Second: { Type: 'String', Default: 'eu-north-1' } },
        Resources: {
          Secret: {
            Type: 'AWS::SecretsManager::Secret',
            Properties: { ReplicaRegions: [{ Region: { Ref: 'Second' } }] },
          },
        },
      },
      expect: { Secret: 'not-assessed' },
    },
  ],
  absentKeeps: {
    'AWS::Cognito::UserPool: SmsConfiguration': 'without it the pool sends no text messages',
    'AWS::DLM::LifecyclePolicy: PolicyDetails.Schedules.*.ShareRules.*.TargetAccounts.*':
      'an account less is told less',
    'AWS::RDS::DBInstance: AutomaticBackupReplicationRegion':
      'no replication: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html',
    'AWS::S3::Bucket: AccelerateConfiguration.AccelerationStatus':
      'off: https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html',
    'AWS::KMS::Key: MultiRegion':
      'false: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
  },
  indifferent: {
    'AWS::CloudFront::Distribution: DistributionConfig.ViewerCertificate.AcmCertificateArn':
      'CloudFront takes certificates from us-east-1 and nowhere else; they hold no data of customers',
  },
};
