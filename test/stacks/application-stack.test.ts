import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { pinnedImage } from '../../lib/constructs/application/application-service-image';
import { VendorSecrets } from '../../lib/constructs/application/vendor-secrets';
import { ENVIRONMENTS } from '../../lib/settings/environments';
import { environment } from './synthesize';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const own = (region: string, suffix: string) => ({
  ...ENVIRONMENTS.production.application,
  image: `333333333333.dkr.ecr.${region}.${suffix}/production/application@${DIGEST}`,
  proxyImage: `333333333333.dkr.ecr.${region}.${suffix}/production/proxy@${DIGEST}`,
});

const stage = environment({ application: own('eu-central-1', 'amazonaws.com') });
const together = Template.fromStack(
  environment({ application: own('eu-central-1', 'amazonaws.com') }, { tenancyMode: 'rls', tenantFiles: 'prefix' })
    .application,
);
const application = Template.fromStack(stage.application);
const images = Template.fromStack(stage.images);

interface Container {
  readonly Name: string;
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly [property: string]: unknown;
}

function containers(template: Template): readonly Container[] {
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  return JSON.parse(JSON.stringify(task?.Properties.ContainerDefinitions));
}

function container(name: string, template = application): Container {
  const found = containers(template).find(({ Name }) => Name === name);
  if (!found) {
    throw new Error(`no container '${name}'`);
  }
  return found;
}

const variables = ({ Environment = [] }: Container) =>
  Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value]));

test('no container can write to its root or holds a capability, and every line it writes is kept', () => {
  expect(containers(application).map(({ Name }) => Name)).toEqual(['certificates', 'application', 'proxy']);
  for (const each of containers(application)) {
    expect(each).toMatchObject({
      Privileged: false,
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
      LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking', 'awslogs-stream-prefix': each.Name } },
    });
    expect(JSON.stringify(each.LinuxParameters)).not.toContain('Add');
  }
});

const tenantRole = { 'Fn::ImportValue': expect.stringMatching(/^production-Data:.*TenantAccessRole/) };

test('the application is told where files of tenants lie: in one bucket, or in buckets that begin alike', () => {
  const [bucket, prefix] = ['TENANT_FILES_BUCKET', 'TENANT_FILES_BUCKET_PREFIX'];
  expect(variables(container('application', together))).toMatchObject({
    [bucket]: { 'Fn::ImportValue': expect.stringMatching(/TenantFilesBucket/) },
    TENANT_ROLE_ARN: tenantRole,
  });
  expect(variables(container('application', together))).not.toHaveProperty(prefix);
  expect(variables(container('application'))).toMatchObject({
    [prefix]: { 'Fn::Join': ['', ['tenant-files-', { Ref: 'AWS::AccountId' }, '-']] },
    TENANT_ROLE_ARN: tenantRole,
  });
  expect(variables(container('application'))).not.toHaveProperty(bucket);
});

test('nobody is root, and what is written goes to memory or to the one empty volume', () => {
  expect(containers(application).map(({ Name, User }) => [Name, User])).toEqual([
    ['certificates', '10001:10001'],
    ['application', '10001:10001'],
    ['proxy', '101:101'],
  ]);
  expect(variables(container('application')).TMPDIR).toBe('/dev/shm');
  expect(containers(application).flatMap(({ MountPoints = [] }) => MountPoints)).toEqual([
    { SourceVolume: 'scratch', ContainerPath: '/tmp', ReadOnly: false },
  ]);
  application.hasResourceProperties('AWS::ECS::TaskDefinition', { Volumes: [{ Name: 'scratch' }] });
});

test('the application starts after its authorities were found to be the reviewed ones, the proxy after it', () => {
  const { path, sha256 } = ENVIRONMENTS.production.application.databaseCertificates;
  expect(container('certificates')).toMatchObject({ Command: [`echo '${sha256}  ${path}' | sha256sum -c -`] });
  expect(container('certificates').Image).toEqual(container('application').Image);
  expect(container('application').DependsOn).toEqual([{ ContainerName: 'certificates', Condition: 'SUCCESS' }]);
  expect(container('proxy').DependsOn).toContainEqual({ ContainerName: 'application', Condition: 'HEALTHY' });
  for (const name of ['application', 'proxy']) {
    expect(container(name).HealthCheck).toMatchObject({ Command: ['CMD-SHELL', expect.any(String)] });
  }
});

test('the proxy carries its whole configuration, and only the proxy is reachable', () => {
  const configuration = String(variables(container('proxy')).PROXY_CONFIGURATION);
  for (const part of [
    'listen 0.0.0.0:8443 ssl;',
    'server 127.0.0.1:8080;',
    'server_name app.example.com;',
    'ssl_protocols TLSv1.3;',
    'set_real_ip_from 10.30.0.0/16;',
    'proxy_cookie_flags ~ httponly secure samesite=strict;',
    'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;',
  ]) {
    expect(configuration).toContain(part);
  }
  expect(container('proxy').Command).toEqual([
    expect.stringContaining('"$PROXY_CONFIGURATION" > /dev/shm/proxy/nginx.conf'),
  ]);
  expect(containers(application).filter((each) => each.PortMappings)).toEqual([container('proxy')]);
});

test('the database is verified in full and signed in to without a password; the one secret is fetched', () => {
  expect(variables(container('application'))).toMatchObject({
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: ENVIRONMENTS.production.application.databaseCertificates.path,
    TENANT_ROLE_ARN: tenantRole,
    PGPORT: '5432',
  });
  expect(variables(container('application'))).not.toHaveProperty('PGUSER');
  expect(variables(container('application', together))).toMatchObject({
    PGUSER: 'application',
    PGDATABASE: 'application',
  });
  expect(container('application').Secrets).toEqual([
    { Name: 'TOKEN_KEY', ValueFrom: { Ref: expect.stringMatching(/^ServiceTokenKey/) } },
  ]);
  application.hasResourceProperties('AWS::SecretsManager::Secret', {
    KmsKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp('production-Keys.*Secrets') },
    SecretString: Match.absent(),
  });
});

interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const statementsOf = (template: Template) =>
  Object.values(template.findResources('AWS::IAM::ManagedPolicy')).flatMap(({ Properties }): Statement[] =>
    JSON.parse(JSON.stringify(Properties.PolicyDocument.Statement)),
  );

test('the application works for one tenant at a time: alone it signs in to no database and reaches no file', () => {
  const statements = statementsOf(application);
  expect(statements.find(({ Sid }) => Sid === 'BecomeTenant')).toMatchObject({
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Resource: tenantRole,
  });
  expect(JSON.stringify(statements)).not.toMatch(/rds-db:|"s3:/);
  expect(Object.keys(application.findResources('AWS::IAM::Role'))).toHaveLength(2);
});

test('the application may sign in to the database as one user, ECS may start the task, and neither any more', () => {
  const statements = statementsOf(together);
  expect(Object.fromEntries(statements.map(({ Sid, Action }) => [Sid, Action]))).toEqual({
    WriteLogs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ReadSecrets: 'secretsmanager:GetSecretValue',
    DecryptSecrets: 'kms:Decrypt',
    SendMail: ['ses:SendEmail', 'ses:SendRawEmail'],
    KeepOptOuts: ['ses:CreateContact', 'ses:DeleteContact', 'ses:GetContact', 'ses:ListContacts', 'ses:UpdateContact'],
    SendCriticalMail: 'sts:AssumeRole',
    SignInToRegistry: 'ecr:GetAuthorizationToken',
    PullImages: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    SignInToDatabase: 'rds-db:connect',
    AskWhoMayDoWhat: ['verifiedpermissions:BatchIsAuthorized', 'verifiedpermissions:IsAuthorized'],
    BecomeTenant: ['sts:AssumeRole', 'sts:TagSession'],
  });
  expect(statements.filter(({ Resource }) => Resource === '*').map(({ Sid }) => Sid)).toEqual(['SignInToRegistry']);
  expect(JSON.stringify(statements.find(({ Sid }) => Sid === 'SignInToDatabase')?.Resource)).toMatch(
    /arn:aws:rds-db:eu-central-1:333333333333:dbuser:.*ClusterResourceId.*\/application/,
  );
  application.resourceCountIs('AWS::IAM::Policy', 0);
  together.allResourcesProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Condition: {
            StringEquals: { 'aws:SourceAccount': '333333333333' },
            ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:eu-central-1:333333333333:*' },
          },
        }),
      ],
    },
  });
});

test('a deployment that does not become healthy is taken back, and nobody gets a shell', () => {
  application.hasResourceProperties('AWS::ECS::Service', {
    LaunchType: 'FARGATE',
    PlatformVersion: 'LATEST',
    DesiredCount: 2,
    EnableExecuteCommand: false,
    DeploymentConfiguration: {
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
    },
    NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
  });
  const text = JSON.stringify(application.toJSON());
  expect(text).not.toMatch(/ssmmessages|"(From|To)Port":22\b/);
});

test('the load balancer alone comes in, over TLS, by the name of the service, without cookies of its own', () => {
  application.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Protocol: 'HTTPS',
    Port: 8443,
    TargetType: 'ip',
    HealthCheckProtocol: 'HTTPS',
    TargetGroupAttributes: Match.arrayWith([{ Key: 'stickiness.enabled', Value: 'false' }]),
  });
  application.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
    ListenerArn: { 'Fn::ImportValue': Match.stringLikeRegexp('production-Edge.*Https') },
    Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['app.example.com'] } }],
  });
  const group = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceSecurityGroup'), 'GroupId'] };
  application.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: group,
    FromPort: 8443,
    ToPort: 8443,
    SourceSecurityGroupId: { 'Fn::ImportValue': Match.stringLikeRegexp('production-Edge.*SecurityGroup') },
  });
  // The other one is the database's, for this group
  application.resourceCountIs('AWS::EC2::SecurityGroupIngress', 2);
  application.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
});

test('out go the database and HTTPS', () => {
  application.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
  });
  application.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceSecurityGroup'), 'GroupId'] },
    DestinationSecurityGroupId: { 'Fn::ImportValue': Match.stringLikeRegexp('production-Data.*SecurityGroup') },
    FromPort: 5432,
    ToPort: 5432,
  });
});

test('grows with the load, by processor and by requests', () => {
  application.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 8 });
  const metrics = Object.values(application.findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(
    ({ Properties }) =>
      Properties.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType,
  );
  expect(metrics).toEqual(['ECSServiceAverageCPUUtilization', 'ALBRequestCountPerTarget']);
});

test('logs and measurements are encrypted with our key and kept, under the name that ECS writes to', () => {
  application.allResourcesProperties('AWS::Logs::LogGroup', {
    RetentionInDays: 731,
    KmsKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp('production-Keys.*Logs') },
  });
  application.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  application.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/ecs/containerinsights/production-application/performance',
  });
  application.hasResourceProperties('AWS::ECS::Cluster', {
    ClusterName: 'production-application',
    ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
  });
});

test('images cannot be moved under a tag, are scanned, encrypted and kept', () => {
  images.resourceCountIs('AWS::ECR::Repository', 2);
  images.allResourcesProperties('AWS::ECR::Repository', {
    RepositoryName: Match.stringLikeRegexp('^production/'),
    ImageTagMutability: 'IMMUTABLE',
    ImageScanningConfiguration: { ScanOnPush: true },
    EncryptionConfiguration: {
      EncryptionType: 'KMS',
      KmsKey: { 'Fn::ImportValue': Match.stringLikeRegexp('production-Keys.*Images') },
    },
    LifecyclePolicy: Match.anyValue(),
  });
  images.allResources('AWS::ECR::Repository', { DeletionPolicy: 'Retain' });
});

test('another environment and partition follow their own settings and figures', () => {
  const other = environment(
    {
      name: 'development',
      account: '333333333333',
      region: 'eusc-de-east-1',
      application: {
        ...own('eusc-de-east-1', 'amazonaws.eu'),
        readers: ['https://status.example.com'],
        healthPath: '/up',
        endpoints: [{ method: 'GET', path: '/api/me' }],
      },
    },
    { edgeMinimumTls: '1.2', hstsSeconds: 600, strictCookies: false, databasePort: 6432 },
  );
  const template = Template.fromStack(other.application);
  const text = JSON.stringify(template.toJSON());
  expect(text).not.toContain('arn:aws:');
  expect(text).toContain('333333333333.dkr.ecr.eusc-de-east-1.');
  expect(text).toContain('arn:aws-eusc:ecr:eusc-de-east-1:333333333333:repository/production/application');
  template.hasResourceProperties('AWS::ECS::Service', { DesiredCount: 1, EnableExecuteCommand: false });
  const configuration = String(variables(container('proxy', template)).PROXY_CONFIGURATION);
  for (const part of [
    'ssl_protocols TLSv1.2 TLSv1.3;',
    'max-age=600;',
    'proxy_cookie_flags ~ secure;',
    'location = /up {',
  ]) {
    expect(configuration).toContain(part);
  }
  expect(configuration).toContain('"https://status.example.com" $http_origin;');
  expect(configuration).toContain('"~^GET:/api/me$" 0;');
  expect(variables(container('application', template)).PGPORT).toBe('6432');
});

test.each([
  'docker.io/library/nginx',
  'docker.io/library/nginx:1.29',
  `docker.io/library/nginx@sha256:${'a'.repeat(63)}`,
  `docker.io/library/nginx@sha512:${'a'.repeat(64)}`,
  `docker.io/library/nginx@${DIGEST}; rm -rf /`,
])('fails on %s, which is no image by its digest', (reference) => {
  expect(() => pinnedImage(new Stack(new App(), 'Stack'), 'Image', reference)).toThrow(
    `image is '${reference}', expected registry/repository@sha256:`,
  );
});

describe('keys of vendors', () => {
  const withVendors = environment(
    { application: own('eu-central-1', 'amazonaws.com') },
    { vendorSecrets: ['vendors/dropbox-sign/api-key', 'vendors/stripe/api-key'] },
  );
  const template = Template.fromStack(withVendors.application);
  const secrets = Object.entries(template.findResources('AWS::SecretsManager::Secret')).filter(([id]) =>
    id.startsWith('VendorSecrets'),
  );

  test('are made under the name of the register, encrypted with the key of the secrets, and kept', () => {
    expect(secrets.map(([, { Properties }]) => Properties.Name)).toEqual([
      'production/vendors/dropbox-sign/api-key',
      'production/vendors/stripe/api-key',
    ]);
    for (const [, secret] of secrets) {
      expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(secret.Properties.KmsKeyId).toEqual({ 'Fn::ImportValue': expect.stringContaining('Secrets') });
      expect(secret.Properties).not.toHaveProperty('SecretString');
    }
  });

  test('reach the application as secrets of its container, and no other container', () => {
    const secretsOf = (name: string) =>
      Object(container(name, template).Secrets ?? []).map(({ Name }: { Name: string }) => Name);
    expect(secretsOf('application')).toEqual(['TOKEN_KEY', 'DROPBOX_SIGN_API_KEY', 'STRIPE_API_KEY']);
    expect([...secretsOf('proxy'), ...secretsOf('certificates')]).toEqual([]);
  });

  test('are read by the role that starts tasks, and by nobody else whatever IAM says', () => {
    const policies = Object.values(template.findResources('AWS::SecretsManager::ResourcePolicy'));
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies) {
      expect(Properties.ResourcePolicy.Statement).toEqual([
        {
          Sid: 'ReadByOneRole',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'],
          Resource: '*',
          Condition: {
            ArnNotEquals: {
              'aws:PrincipalArn': { 'Fn::GetAtt': [expect.stringMatching(/^ServiceRolesExecution/), 'Arn'] },
            },
          },
        },
      ]);
    }
    const [execution] = Object.entries(template.findResources('AWS::IAM::ManagedPolicy')).filter(([id]) =>
      id.startsWith('ServiceRolesExecutionPolicy'),
    );
    const read = execution?.[1].Properties.PolicyDocument.Statement.find(
      ({ Sid }: { Sid: string }) => Sid === 'ReadSecrets',
    );
    expect(read.Resource).toHaveLength(3);
  });

  test('are none where the profile uses no such vendor', () => {
    const others = Object.keys(application.findResources('AWS::SecretsManager::Secret'));
    expect(others).toEqual([expect.stringMatching(/^ServiceTokenKey/)]);
  });

  test.each(['stripe', 'vendors/Stripe/key', 'vendors/stripe', 'vendors/a/b/c'])('fail for the name %p', (name) => {
    const key = new kms.Key(new Stack(), 'Key');
    expect(() => new VendorSecrets(new Stack(), 'Secrets', { environment: 'production', names: [name], key })).toThrow(
      'expected vendors/VENDOR/SECRET in lower case: change names',
    );
  });
});
