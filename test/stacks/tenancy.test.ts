import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { AccessLogBucket } from '../../lib/constructs/logging/access-log-bucket';
import { TenantBuckets } from '../../lib/constructs/tenants/tenant-buckets';
import { TenantCatalogue } from '../../lib/constructs/tenants/tenant-catalogue';
import { TenantProvisioner } from '../../lib/constructs/tenants/tenant-provisioner';
import { readApplicationMigrations } from '../../lib/database/application-migrations';
import { digestOf } from '../../lib/database/migration-files';
import { keyNamed, only, Surroundings, synthesize } from './data-and-identity';

const apart = synthesize().data;
const shared = { tenancyMode: 'rls', tenantKey: 'organization_id' } as const;
const together = synthesize({ figures: { ...shared, tenantFiles: 'prefix' } }).data;
const filesApart = synthesize({ figures: { ...shared, tenantFiles: 'bucket' } }).data;

describe('the schema', () => {
  const schema = () => only(apart, 'Custom::DatabaseSchema');

  test('is deployed to the cluster, as the profile keeps tenants apart, and again whenever its SQL changes', () => {
    expect(schema()).toMatchObject({
      Cluster: { Ref: expect.stringMatching(/^TenantDatabaseCluster/) },
      Mode: 'database',
      TenantKey: 'tenant_id',
      Digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      ServiceTimeout: '960',
    });
    expect(only(together, 'Custom::DatabaseSchema')).toMatchObject({
      Mode: 'rls',
      TenantKey: 'organization_id',
      Database: 'application',
    });
  });

  test('waits for an instance that answers, and for the rules that let its function in', () => {
    const [{ DependsOn: waitsFor } = {}] = Object.values(apart.findResources('Custom::DatabaseSchema'));
    const instances = Object.keys(apart.findResources('AWS::RDS::DBInstance'));
    const rules = Object.keys(apart.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(waitsFor).toEqual(expect.arrayContaining([...instances, ...rules]));
  });

  test('is brought by a function that verifies the server, and reads one secret', () => {
    const { Environment: environment } = only(apart, 'AWS::Lambda::Function', 'Schema') as {
      Environment: { Variables: Record<string, unknown> };
    };
    expect(environment.Variables).toMatchObject({
      PGHOST: { 'Fn::GetAtt': [expect.stringMatching(/^TenantDatabaseCluster/), 'Endpoint.Address'] },
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/var/runtime/ca-cert.pem',
    });
    const policy = JSON.stringify(only(apart, 'AWS::IAM::ManagedPolicy', 'Schema'));
    expect(policy.match(/secretsmanager:\w+/g)).toEqual(['secretsmanager:GetSecretValue']);
    expect(policy.match(/dbuser:|\/(migrator|provisioner|application)"/g)).toEqual([
      'dbuser:',
      '/migrator"',
      'dbuser:',
      '/provisioner"',
    ]);
    expect(policy).not.toMatch(/dynamodb:(Put|Update|Delete)/);
  });
});

describe('the catalogue of tenants', () => {
  test('is encrypted with our key, restorable, and not deletable by a slip', () => {
    expect(only(apart, 'AWS::DynamoDB::Table')).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyNamed('DatabaseKey') },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 9 },
      DeletionProtectionEnabled: true,
    });
    apart.allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('loses no tenant by a function: nobody may delete', () => {
    expect(JSON.stringify(apart.findResources('AWS::IAM::ManagedPolicy'))).not.toMatch(/dynamodb:(Delete|Batch|\*)/);
  });
});

describe('the provisioner', () => {
  test('is there where each tenant has a database of its own, and takes up a schema first', () => {
    expect(only(apart, 'Custom::DatabaseSchema')).toMatchObject({
      Provisioner: { 'Fn::GetAtt': [expect.stringMatching(/^TenantProvisioner/), 'Arn'] },
    });
    expect(Object.keys(together.findResources('AWS::Lambda::Function'))).toEqual([expect.stringMatching(/^Schema/)]);
  });

  test('reads no secret, and signs in as the roles that provision and migrate', () => {
    const policy = JSON.stringify(only(apart, 'AWS::IAM::ManagedPolicy', 'TenantProvisioner'));
    expect(policy).not.toMatch(/secretsmanager/);
    expect(policy.match(/\/(\w+)"/g)).toEqual(expect.arrayContaining(['/provisioner"', '/migrator"']));
  });

  test('makes buckets without a database where tenants share one and have a bucket each', () => {
    expect(only(filesApart, 'Custom::DatabaseSchema')).not.toHaveProperty('Provisioner');
    const { Environment: environment } = only(filesApart, 'AWS::Lambda::Function', 'TenantProvisioner') as {
      Environment: { Variables: Record<string, unknown> };
    };
    expect(environment.Variables).not.toHaveProperty('PGHOST');
    expect(environment.Variables).toMatchObject({
      BUCKET_PREFIX: { 'Fn::Join': ['', ['tenant-files-', { Ref: 'AWS::AccountId' }, '-']] },
      BUCKET_KEY: keyNamed('FilesKey'),
      BUCKET_MINIMUM_TLS: '1.3',
      BUCKET_TENANT_ROLE: { 'Fn::GetAtt': [expect.stringMatching(/^TenantAccessRole/), 'Arn'] },
      BUCKET_ADMITTED: expect.stringMatching(/^arn:\*:iam::\*:role\/backup\/\* .*AWSReservedSSO_BreakGlass_\*$/),
      CATALOGUE: expect.anything(),
    });
    expect(JSON.stringify(only(filesApart, 'AWS::IAM::ManagedPolicy', 'TenantProvisioner'))).not.toMatch(/rds-db/);
    const admitted = Object.keys(filesApart.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(admitted).toEqual([expect.stringMatching(/Schema/)]);
  });

  test('fails where tenants get nothing, or buckets that admit nobody', () => {
    const app = new App();
    const stack = new Surroundings(app, 'eu-central-1');
    const key = stack.key('Key');
    const { alerts, vpc } = stack;
    const catalogue = new TenantCatalogue(stack, 'Catalogue', { key, pitrDays: 7 });
    const props = { catalogue, tenantKey: 'tenant_id', vpc, logKey: key, retentionDays: 90, alerts };
    expect(() => new TenantProvisioner(stack, 'Nothing', props)).toThrow(/neither a database nor buckets/);
    const { bucket: accessLogs } = new AccessLogBucket(stack, 'AccessLogs', { retentionDays: 90 });
    const buckets = new TenantBuckets(stack, 'Buckets', { key, minimumTls: '1.3', accessLogs });
    expect(() => new TenantProvisioner(stack, 'Nobody', { ...props, buckets })).toThrow(
      /knows no role that they admit/,
    );
  });

  test('may make and set up buckets of tenants, and neither use nor unlock what lies in them', () => {
    for (const template of [apart, filesApart]) {
      const policy = JSON.stringify(only(template, 'AWS::IAM::ManagedPolicy', 'TenantProvisioner'));
      expect(policy.match(/s3:[A-Z]\w+/g)).toEqual([
        's3:CreateBucket',
        's3:LocationConstraint',
        's3:GetBucketPublicAccessBlock',
        's3:PutBucketLogging',
        's3:PutBucketOwnershipControls',
        's3:PutBucketPolicy',
        's3:PutBucketTagging',
        's3:PutBucketVersioning',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
      ]);
      expect(policy.match(/:s3:::[^"]*/g)).toEqual([':s3:::tenant-files-', ':s3:::tenant-files-']);
    }
  });
});

describe.each(['database', 'rls'] as const)('migrations of the application, in mode %s', (tenancyMode) => {
  const migrations = join(__dirname, '..', 'database', 'example-migrations');
  const { data, outdir } = synthesize({ figures: { tenancyMode, tenantFiles: 'bucket' }, migrations });
  const carriers = tenancyMode === 'database' ? ['Schema', 'TenantProvisioner'] : ['Schema'];

  /** What is deployed as the code of a function. */
  const codeOf = (template: Template, idBegins: string) => {
    const { Code: code } = only(template, 'AWS::Lambda::Function', idBegins) as { Code: { S3Key: string } };
    return join(outdir, `asset.${code.S3Key.replace('.zip', '')}`);
  };

  test.each(carriers)('travel with %s, whole and beside its own', (carrier) => {
    const code = codeOf(data, carrier);
    expect(readApplicationMigrations(join(code, 'application'))).toEqual(readApplicationMigrations(migrations));
    expect(readdirSync(code)).toEqual(expect.arrayContaining(['handler.js', 'migrations']));
    expect(readFileSync(join(code, 'handler.js'), 'utf8')).toContain('APPLICATION_MIGRATIONS');
    expect(only(data, 'AWS::Lambda::Function', carrier)).toMatchObject({
      Environment: { Variables: { APPLICATION_MIGRATIONS: 'application' } },
    });
  });

  test.each(carriers)('are run by %s as a role that only it signs in as', (carrier) => {
    expect(JSON.stringify(only(data, 'AWS::IAM::ManagedPolicy', carrier))).toContain('/application_migrator"');
    expect(JSON.stringify(only(apart, 'AWS::IAM::ManagedPolicy', carrier))).not.toContain('application_migrator');
  });

  test('are run again when one of them changes', () => {
    const digest = digestOf(readApplicationMigrations(migrations));
    expect(only(data, 'Custom::DatabaseSchema')).toMatchObject({ ApplicationDigest: digest });
    expect(only(apart, 'Custom::DatabaseSchema')).not.toHaveProperty('ApplicationDigest');
  });

  test("are nobody else's: a function without a database carries none", () => {
    const others = Object.values(data.findResources('AWS::Lambda::Function')).filter(
      ({ Properties: properties }) => 'APPLICATION_MIGRATIONS' in properties.Environment.Variables,
    );
    expect(others).toHaveLength(carriers.length);
  });
});

test('fails on a folder whose files leave out a number', () => {
  const migrations = join(__dirname, '..', '..', 'lib', 'database', 'migrations');
  expect(() => synthesize({ migrations })).toThrow(/0100-audit-log stands where 0004 is expected/);
});
