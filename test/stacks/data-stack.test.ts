import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { TenantDatabase, type TenantDatabaseProps } from '../../lib/constructs/database/tenant-database';
import { TenantFiles } from '../../lib/constructs/tenants/tenant-files';
import { DataStack } from '../../lib/stacks/data-stack';
import { bucketStatements, FIGURES, keyNamed, only, Surroundings, settingsOf, synthesize } from './data-and-identity';

const production = synthesize().data;
const development = synthesize({ name: 'development', figures: { minimumTls: '1.2', pitrDays: 35 } }).data;
const sovereign = synthesize({ region: 'eusc-de-east-1' }).data;
const byFolder = synthesize({ figures: { tenantFiles: 'prefix' } }).data;

describe('the database', () => {
  const cluster = () => only(production, 'AWS::RDS::DBCluster');

  test('says every property that decides about encryption, reach, sign-in, recovery and deletion', () => {
    expect(cluster()).toMatchObject({
      Engine: 'aurora-postgresql',
      EngineVersion: '17.7',
      StorageEncrypted: true,
      KmsKeyId: keyNamed('DatabaseKey'),
      EnableHttpEndpoint: false,
      EnableIAMDatabaseAuthentication: true,
      NetworkType: 'IPV4',
      Port: 6543,
      BackupRetentionPeriod: 9,
      PreferredBackupWindow: expect.any(String),
      PreferredMaintenanceWindow: expect.any(String),
      CopyTagsToSnapshot: true,
      DeleteAutomatedBackups: false,
      DeletionProtection: true,
      AutoMinorVersionUpgrade: true,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsKmsKeyId: keyNamed('DatabaseKey'),
      DatabaseInsightsMode: 'standard',
      EngineLifecycleSupport: 'open-source-rds-extended-support',
    });
  });

  test('stays when its stack is deleted or the resource is replaced', () => {
    for (const type of ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup']) {
      production.allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('has a password that RDS makes, encrypts with our key and replaces, and that stands nowhere in the template', () => {
    expect(cluster()).toMatchObject({
      ManageMasterUserPassword: true,
      MasterUserSecret: { KmsKeyId: keyNamed('SecretsKey') },
    });
    expect(cluster()).not.toHaveProperty('MasterUserPassword');
    expect(JSON.stringify(production.toJSON())).not.toContain('{{resolve:');
    expect(production.toJSON()).not.toHaveProperty('Outputs');
    expect(production.toJSON()).not.toHaveProperty('Transform');
  });

  test('uses a parameter group of its own that demands TLS at the floor and keeps rows out of the log', () => {
    const [[groupId, group] = []] = Object.entries(production.findResources('AWS::RDS::DBClusterParameterGroup'));
    expect(cluster().DBClusterParameterGroupName).toEqual({ Ref: groupId });
    expect(group?.Properties).toMatchObject({
      Family: 'aurora-postgresql17',
      Parameters: {
        'rds.force_ssl': '1',
        ssl_min_protocol_version: 'TLSv1.3',
        ssl_max_protocol_version: 'TLSv1.3',
        password_encryption: 'scram-sha-256',
        log_connections: '1',
        log_disconnections: '1',
        log_error_verbosity: 'terse',
        log_min_error_statement: 'panic',
        log_statement: 'none',
        log_min_duration_statement: '-1',
        shared_preload_libraries: expect.stringMatching(/\bpgaudit\b/),
        'pgaudit.log': 'ddl,role',
        'pgaudit.log_parameter': '0',
      },
    });
    expect(only(development, 'AWS::RDS::DBClusterParameterGroup').Parameters).toMatchObject({
      ssl_min_protocol_version: 'TLSv1.2',
    });
  });

  test('lies in isolated subnets only', () => {
    const subnets = only(production, 'AWS::RDS::DBSubnetGroup').SubnetIds;
    expect(subnets).toHaveLength(2);
    expect(JSON.stringify(subnets).match(/RefVpcisolatedSubnet/g)).toHaveLength(2);
  });

  test.each([
    ['production', production, 2],
    ['development', development, 1],
  ])('has the instances that %s needs', (_name, template, instances) => {
    template.resourceCountIs('AWS::RDS::DBInstance', instances);
  });

  test('has instances that nobody outside reaches, with a named certificate authority and watched with our key', () => {
    production.allResourcesProperties('AWS::RDS::DBInstance', {
      DBInstanceClass: 'db.serverless',
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: true,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      EnablePerformanceInsights: true,
      MonitoringInterval: 60,
    });
    for (const { Properties } of Object.values(production.findResources('AWS::RDS::DBInstance'))) {
      expect(Properties.PerformanceInsightsKMSKeyId).toEqual(keyNamed('DatabaseKey'));
      expect(Properties.MonitoringRoleArn).toBeDefined();
    }
  });

  test('admits the migrator and the provisioner alone and sends nothing out', () => {
    const group = only(production, 'AWS::EC2::SecurityGroup', 'TenantDatabase');
    expect(group).not.toHaveProperty('SecurityGroupIngress');
    expect(group.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    const admitted = Object.values(production.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(admitted.map(({ Properties }) => Properties.SourceSecurityGroupId['Fn::GetAtt'][0])).toEqual([
      expect.stringMatching(/^TenantProvisioner/),
      expect.stringMatching(/^Schema/),
    ]);
    for (const { Properties } of admitted) {
      expect(Properties).toMatchObject({ IpProtocol: 'tcp', FromPort: 6543, ToPort: 6543 });
    }
  });

  test('finds its log groups there already: exact names, our key, the next legal retention', () => {
    const { DBClusterIdentifier: identifier, EnableCloudwatchLogsExports: exported } = cluster();
    expect(exported).toEqual(['postgresql', 'iam-db-auth-error']);
    const groups = Object.entries(production.findResources('AWS::Logs::LogGroup'));
    const names = groups.map(([, { Properties }]) => Properties.LogGroupName).sort();
    expect(names).toEqual([
      `/aws/rds/cluster/${identifier}/iam-db-auth-error`,
      `/aws/rds/cluster/${identifier}/postgresql`,
      'RDSOSMetrics',
    ]);
    for (const [, { Properties }] of groups) {
      expect(Properties).toMatchObject({ KmsKeyId: keyNamed('LogsKey'), RetentionInDays: 545 });
    }
    const exports = groups.map(([id]) => id).filter((id) => id.startsWith('TenantDatabaseLogs'));
    const [{ DependsOn: waitsFor } = {}] = Object.values(production.findResources('AWS::RDS::DBCluster'));
    expect(waitsFor).toEqual(expect.arrayContaining(exports));
  });

  test('lets Enhanced Monitoring write to its one log group only', () => {
    const policy = only(production, 'AWS::IAM::ManagedPolicy', 'TenantDatabase');
    const resources = JSON.stringify(policy).match(/log-group:[^"]*/g);
    expect(resources).toEqual(['log-group:RDSOSMetrics', 'log-group:RDSOSMetrics:log-stream:*']);
    expect(only(production, 'AWS::IAM::Role', 'TenantDatabase').AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } }],
    });
  });
});

describe('what is of one tenant', () => {
  test('is reached by the application alone, for a tenant that it names: in one bucket below the folder of that name', () => {
    expect(only(production, 'AWS::IAM::Role', 'TenantAccess').AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: {
            ArnEquals: {
              'aws:PrincipalArn': {
                'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::123456789012:role/production-application']],
              },
            },
            StringLike: { 'aws:RequestTag/tenant': '?'.repeat(32) },
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
          },
        },
      ],
    });
    const bucketArn = { 'Fn::GetAtt': [expect.stringMatching(/^TenantFilesBucket/), 'Arn'] };
    expect(only(byFolder, 'AWS::IAM::ManagedPolicy', 'TenantAccess').PolicyDocument).toMatchObject({
      Statement: [
        { Action: 'rds-db:connect' },
        { Resource: { 'Fn::Join': ['', [bucketArn, '/${aws:PrincipalTag/tenant}/*']] } },
        { Resource: bucketArn, Condition: { StringLike: { 's3:prefix': '${aws:PrincipalTag/tenant}/*' } } },
        { Sid: 'AskForExports', Action: 's3:PutObject' },
        { Sid: 'FetchExports', Action: 's3:GetObject' },
        { Sid: 'FindExports', Action: 's3:ListBucket' },
        { Action: ['kms:Decrypt', 'kms:GenerateDataKey'] },
      ],
    });
  });

  test('is a database that the user of that name opens, and none where tenants share one', () => {
    const users = (template: Template) => {
      const policy = only(template, 'AWS::IAM::ManagedPolicy', 'TenantAccess');
      return JSON.stringify(policy).match(/[^"]*\/tenant_[^"]*/g);
    };
    expect(users(production)).toEqual(['/tenant_${aws:PrincipalTag/tenant}']);
    const shared = synthesize({ figures: { tenancyMode: 'rls' } }).data;
    expect(JSON.stringify(only(shared, 'AWS::IAM::ManagedPolicy', 'TenantAccess'))).not.toContain('rds-db');
  });

  test('lies in a bucket of that name where each tenant has one, in this account alone', () => {
    const own = (path: string) => {
      const name = `-\${aws:PrincipalTag/tenant}${path}`;
      const account = { Ref: 'AWS::AccountId' };
      return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::tenant-files-', account, name]] };
    };
    const Condition = { StringEquals: { 'aws:ResourceAccount': '123456789012' } };
    const { Statement: statements } = only(production, 'AWS::IAM::ManagedPolicy', 'TenantAccess').PolicyDocument as {
      Statement: unknown[];
    };
    expect(statements).toMatchObject([
      { Action: 'rds-db:connect' },
      { Resource: own('/*'), Condition },
      { Action: 's3:ListBucket', Resource: own(''), Condition },
      { Sid: 'AskForExports', Action: 's3:PutObject' },
      { Sid: 'FetchExports', Action: 's3:GetObject' },
      { Sid: 'FindExports', Action: 's3:ListBucket' },
      { Action: ['kms:Decrypt', 'kms:GenerateDataKey'] },
    ]);
  });
});

describe('the files of tenants', () => {
  const bucket = () => only(production, 'AWS::S3::Bucket', 'TenantFiles');

  test('are encrypted with our key, private, versioned, logged and without keys of callers', () => {
    expect(bucket()).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyNamed('FilesKey') },
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
          },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: {
        DestinationBucketName: { Ref: expect.stringMatching(/^AccessLogs/) },
        LogFilePrefix: 'tenant-files/',
      },
    });
  });

  test('are gone when deleted, after the days in which they can be brought back', () => {
    expect(bucket().LifecycleConfiguration).toEqual({
      Rules: [
        expect.objectContaining({
          Status: 'Enabled',
          NoncurrentVersionExpiration: { NoncurrentDays: 30 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          ExpiredObjectDeleteMarker: true,
        }),
      ],
    });
    expect(JSON.stringify(bucket())).not.toContain('Replication');
  });

  test('are refused without TLS, below the floor, and under any other encryption', () => {
    const denied = bucketStatements(production, 'TenantFiles').filter(({ Effect }) => Effect === 'Deny');
    for (const statement of denied) {
      expect(statement.Principal).toEqual({ AWS: '*' });
    }
    expect(denied.map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { NumericLessThan: { 's3:TlsVersion': 1.3 } },
      { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
      { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keyNamed('FilesKey') } },
      { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
    ]);
    expect(bucketStatements(production, 'TenantFiles')).toHaveLength(denied.length);
  });
});

describe('the access logs', () => {
  test('are encrypted in the one way that S3 delivers to, private, and kept as long as audit logs', () => {
    expect(only(production, 'AWS::S3::Bucket', 'AccessLogs')).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [expect.objectContaining({ ExpirationInDays: 500 })] },
    });
  });

  test('are written by S3 for this account and by nobody else', () => {
    const allowed = bucketStatements(production, 'AccessLogs').filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: 's3:PutObject',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      }),
    ]);
  });

  test('go to a bucket that is handed in, whose policy is left alone', () => {
    const app = new App();
    const around = new Surroundings(app, 'eu-central-1');
    const accessLogs = new s3.Bucket(around, 'Elsewhere');
    const key = around.key('Key');
    const stack = new DataStack(app, 'Data', {
      env: { account: '123456789012', region: 'eu-central-1' },
      settings: settingsOf('production', 'eu-central-1'),
      figures: FIGURES,
      vpc: around.vpc,
      alerts: around.alerts,
      keys: { database: key, files: key, secrets: key, logs: key },
      accessLogs,
    });
    const template = Template.fromStack(stack);
    const buckets = Object.values(template.findResources('AWS::S3::Bucket'));
    expect(buckets).toHaveLength(2);
    for (const { Properties } of buckets) {
      expect(Properties.LoggingConfiguration).toMatchObject({
        DestinationBucketName: { 'Fn::ImportValue': expect.stringContaining('Elsewhere') },
      });
    }
    Template.fromStack(around).resourceCountIs('AWS::S3::BucketPolicy', 0);
  });
});

test('every stack fits both partitions', () => {
  expect(JSON.stringify(production.toJSON())).not.toContain('arn:aws');
  expect(JSON.stringify(sovereign.toJSON())).not.toContain('arn:aws');
  expect(Object.keys(sovereign.toJSON().Resources)).toEqual(Object.keys(production.toJSON().Resources));
});

describe('the constructs alone', () => {
  const given = (overrides: Partial<TenantDatabaseProps> = {}) => {
    const around = new Surroundings(new App(), 'eu-central-1');
    const key = around.key('Key');
    const props: TenantDatabaseProps = {
      vpc: around.vpc,
      key,
      secretKey: key,
      logKey: key,
      logRetention: RetentionDays.ONE_YEAR,
      pitrDays: 7,
      minimumTls: '1.3',
      ...overrides,
    };
    return { around, props };
  };

  test("a database with nothing optional has two instances on PostgreSQL's port", () => {
    const { around, props } = given();
    new TenantDatabase(around, 'Database', props);
    const template = Template.fromStack(around);
    template.resourceCountIs('AWS::RDS::DBInstance', 2);
    expect(only(template, 'AWS::RDS::DBCluster')).toMatchObject({ Port: 5432, MasterUsername: 'platform_admin' });
  });

  test('a client in the same stack may open sessions on the port of the database and nothing more', () => {
    const { around, props } = given({ port: 6000 });
    const client = new ec2.SecurityGroup(around, 'Client', { vpc: around.vpc, allowAllOutbound: false });
    new TenantDatabase(around, 'Database', { ...props, clients: [client] });
    expect(only(Template.fromStack(around), 'AWS::EC2::SecurityGroupIngress')).toMatchObject({
      FromPort: 6000,
      ToPort: 6000,
      IpProtocol: 'tcp',
      SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^Client/), 'GroupId'] },
    });
  });

  test('a client in a later stack is admitted from there, without a circle of stacks', () => {
    const { around, props } = given();
    const database = new TenantDatabase(around, 'Database', props);
    const later = new Stack(Stack.of(around).node.root, 'Later', {
      env: { account: around.account, region: around.region },
    });
    const client = new ec2.SecurityGroup(later, 'Client', { vpc: around.vpc, allowAllOutbound: false });
    client.connections.allowToDefaultPort(database);
    Template.fromStack(later).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    Template.fromStack(around).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test.each([0, 36, 7.5])('fails for %p days of recovery, naming what Aurora offers', (pitrDays) => {
    const { around, props } = given({ pitrDays });
    expect(() => new TenantDatabase(around, 'Database', props)).toThrow(/1 to 35 whole days/);
  });

  test.each([0, 17, 1.5])('fails for %p instances, naming what Aurora offers', (instances) => {
    const { around, props } = given({ instances });
    expect(() => new TenantDatabase(around, 'Database', props)).toThrow(/1 to 16/);
  });

  test('files keep their deleted versions for as long as told', () => {
    const { around, props } = given();
    const accessLogs = s3.Bucket.fromBucketName(around, 'Logs', 'logs-of-somebody-else');
    new TenantFiles(around, 'Files', { key: props.key, minimumTls: '1.2', accessLogs, keepReplacedDays: 3 });
    expect(only(Template.fromStack(around), 'AWS::S3::Bucket')).toMatchObject({
      LoggingConfiguration: { DestinationBucketName: 'logs-of-somebody-else' },
      LifecycleConfiguration: {
        Rules: [
          expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: Duration.days(3).toDays() } }),
        ],
      },
    });
  });
});
