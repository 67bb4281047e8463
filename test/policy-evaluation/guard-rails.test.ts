import fc from 'fast-check';
import { POLICY_CHARACTERS } from '../../lib/constructs/organization/organization-policy';
import { ENVIRONMENT_NAMES } from '../../lib/settings/environment';
import { ENVIRONMENTS } from '../../lib/settings/environments';
import { REGIONS } from '../../lib/settings/regions';
import type { Context } from './conditions';
import { decide, type Principal } from './evaluate';
import { guardRailsOf, organization, policiesIn } from './guard-rails';

const account = '333333333333';
const org = 'o-exampleorgid';
const stage = organization({}, { allowedRegions: Object.keys(REGIONS) });
const guardRails = guardRailsOf(stage);
const ownPartition = Object.entries(REGIONS)
  .filter(([, { partition }]) => partition === 'aws')
  .map(([name]) => name);

const as = (name: string, more: Partial<Principal> = {}): Principal => ({
  arn: `arn:aws:iam::${account}:${name}`,
  account,
  organization: org,
  ...more,
});

const deployment = as('role/cdk-hnb659fds-cfn-exec-role-333333333333-eu-central-1');
const application = as('role/production-Application-ServiceRolesTask8A77EB47-AbC');
const session = (set: string) =>
  as(`role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_${set}_0123456789abcdef`);
const deployer = session('Deployer');
const breakGlass = session('BreakGlass');
const memberGuards = as('role/organization-guards');
const guards = as('role/production-Network-AccountGuardsRole7B9D257F-AbC');
const detecting = as('role/organization-Record-CentralDetectionRole7B9D257F-AbC');
const root = as('root', { context: { 'aws:multifactorauthpresent': 'true' } });
const userWithKey = as('user/alice');
const userSigned = (mfa: string) => as('user/alice', { context: { 'aws:multifactorauthpresent': mfa } });
const linked = as('role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup', { serviceLinked: true });
const imposter = as('role/AWSReservedSSO_BreakGlass_0123456789abcdef');

interface Row {
  readonly who: Principal;
  readonly action: string;
  readonly region?: string;
  readonly resource?: string;
  readonly context?: Context;
}

const ask = ({ who, action, region = 'eu-central-1', resource = '*', context = {} }: Row) =>
  decide({ principal: who, action, resource, context: { 'aws:requestedregion': region, ...context } }, guardRails);

const allowed: readonly (readonly [string, Row])[] = [
  ['a deployment to Frankfurt', { who: deployment, action: 'cloudformation:CreateStack' }],
  [
    'a database made with encryption',
    { who: deployment, action: 'rds:CreateDBCluster', context: { 'rds:storageencrypted': 'true' } },
  ],
  [
    'an instance of an Aurora cluster',
    {
      who: deployment,
      action: 'rds:CreateDBInstance',
      context: { 'rds:storageencrypted': 'false', 'rds:databaseengine': 'aurora-postgresql' },
    },
  ],
  ['a trail made by a deployment', { who: deployment, action: 'cloudtrail:PutEventSelectors' }],
  ['a recorder made by a deployment', { who: deployment, action: 'config:PutConfigurationRecorder' }],
  [
    'a report of the organization made by a stack set',
    {
      who: deployment,
      action: 'events:PutRule',
      resource: `arn:aws:events:eu-central-1:${account}:rule/organization-keys`,
    },
  ],
  [
    'a rule of one’s own',
    { who: deployer, action: 'events:DisableRule', resource: `arn:aws:events:eu-central-1:${account}:rule/nightly` },
  ],
  ['a bucket closed by a deployment', { who: deployment, action: 's3:PutBucketPublicAccessBlock' }],
  ['a log group kept by a deployment', { who: deployment, action: 'logs:PutRetentionPolicy' }],
  [
    'a role made by a deployment',
    {
      who: deployment,
      action: 'iam:CreateRole',
      region: 'us-east-1',
      resource: `arn:aws:iam::${account}:role/production-Network-AccountGuardsRole7B9D257F-AbC`,
    },
  ],
  ['the guards of the account', { who: guards, action: 's3:PutAccountPublicAccessBlock', region: 'us-east-1' }],
  ['the guards of a member', { who: memberGuards, action: 's3:PutAccountPublicAccessBlock', region: 'us-east-1' }],
  [
    'encryption of volumes by the guards of a member',
    { who: memberGuards, action: 'ec2:EnableEbsEncryptionByDefault' },
  ],
  [
    'detection in every account, by its function',
    { who: detecting, action: 'guardduty:UpdateOrganizationConfiguration' },
  ],
  ['the detector of the administrator, by its function', { who: detecting, action: 'guardduty:UpdateDetector' }],
  ['central configuration by a deployment', { who: deployment, action: 'securityhub:UpdateConfigurationPolicy' }],
  [
    'taking on a deploying role',
    {
      who: deployer,
      action: 'sts:AssumeRole',
      resource: `arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-333333333333-eu-central-1`,
    },
  ],
  ['a support case', { who: deployer, action: 'support:CreateCase', region: 'us-east-1' }],
  ['reading the bill', { who: deployer, action: 'ce:GetCostAndUsage', region: 'us-east-1' }],
  [
    'IAM, which answers in one Region',
    { who: deployment, action: 'iam:PutRolePolicy', region: 'us-east-1', resource: `arn:aws:iam::${account}:role/own` },
  ],
  ['a record in the zone', { who: deployment, action: 'route53:ChangeResourceRecordSets', region: 'us-east-1' }],
  [
    'reading sign-ins, which are recorded elsewhere',
    { who: deployer, action: 'cloudtrail:LookupEvents', region: 'us-east-1' },
  ],
  ['health events', { who: deployer, action: 'health:DescribeEvents', region: 'us-east-1' }],
  ['a session of Identity Center, which carries no second factor', { who: deployer, action: 'ecs:DescribeServices' }],
  ['the application reading its files', { who: application, action: 's3:GetObject' }],
  ['the application decrypting', { who: application, action: 'kms:Decrypt' }],
  ['the service-linked role of AWS Backup, expiring a copy', { who: linked, action: 'backup:DeleteRecoveryPoint' }],
  [
    'a service-linked role elsewhere, which no guard-rail binds',
    { who: linked, action: 's3:PutObject', region: 'us-east-1' },
  ],
  ['an IAM user with a second factor, reading', { who: userSigned('true'), action: 's3:ListBucket' }],
  [
    'an IAM user registering a second factor',
    { who: userSigned('false'), action: 'iam:EnableMFADevice', region: 'us-east-1' },
  ],
  ['an emergency: a key disabled', { who: breakGlass, action: 'kms:DisableKey' }],
  ['an emergency: a trail stopped', { who: breakGlass, action: 'cloudtrail:StopLogging' }],
  ['an emergency: a snapshot handed over', { who: breakGlass, action: 'rds:ModifyDBClusterSnapshotAttribute' }],
  [
    'a machine that asks for tokens',
    {
      who: deployment,
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:eu-central-1:${account}:instance/*`,
      context: { 'ec2:metadatahttptokens': 'required' },
    },
  ],
  [
    'its encrypted volume',
    {
      who: deployment,
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:eu-central-1:${account}:volume/*`,
      context: { 'ec2:encrypted': 'true' },
    },
  ],
  [
    'its subnet, which has no tokens',
    { who: deployment, action: 'ec2:RunInstances', resource: `arn:aws:ec2:eu-central-1:${account}:subnet/subnet-1` },
  ],
  [
    'credentials fetched by token',
    { who: application, action: 's3:GetObject', context: { 'ec2:roledelivery': '2.0' } },
  ],
  ...ownPartition.map(
    (region) => [`a deployment to ${region}`, { who: deployment, action: 's3:CreateBucket', region }] as const,
  ),
];

const denied: readonly (readonly [string, Row, string])[] = [
  ...['us-east-1', 'eu-west-2', 'eu-central-2', 'eu-isoe-west-1', 'eu-central-10', 'EU-CENTRAL-1'].map(
    (region) =>
      [`a bucket in ${region}`, { who: deployment, action: 's3:CreateBucket', region }, 'StayInRegions'] as const,
  ),
  [
    'a bucket in London in an emergency',
    { who: breakGlass, action: 's3:CreateBucket', region: 'eu-west-2' },
    'StayInRegions',
  ],
  ['a key in London', { who: deployment, action: 'kms:CreateKey', region: 'eu-west-2' }, 'StayInRegions'],
  [
    'a model that answers from anywhere',
    { who: application, action: 'bedrock:InvokeModel', region: 'unspecified' },
    'StayInRegions',
  ],
  [
    'a model that answers from Ohio',
    { who: application, action: 'bedrock:InvokeModel', region: 'us-east-2' },
    'StayInRegions',
  ],
  [
    'a worldwide delivery network where none is promised',
    { who: deployment, action: 'cloudfront:CreateDistribution', region: 'us-east-1' },
    'StayInRegions',
  ],
  ['switching on another Region', { who: breakGlass, action: 'account:EnableRegion', region: 'us-east-1' }, 'NoWayOut'],
  ['a peering connection', { who: deployment, action: 'ec2:CreateVpcPeeringConnection' }, 'NoWayOut'],
  ['accepting a peering connection', { who: deployment, action: 'ec2:AcceptVpcPeeringConnection' }, 'NoWayOut'],
  [
    'uploads through edges all over the world',
    { who: deployment, action: 's3:PutAccelerateConfiguration' },
    'NoWayOut',
  ],
  [
    'leaving the organization',
    { who: breakGlass, action: 'organizations:LeaveOrganization', region: 'us-east-1' },
    'StayInOrganization',
  ],
  ['the root user, with second factor', { who: root, action: 's3:ListAllMyBuckets' }, 'NobodyIsRoot'],
  ['the root user, making a key', { who: root, action: 'iam:CreateAccessKey', region: 'us-east-1' }, 'NobodyIsRoot'],
  [
    'a user with an access key: no such key in the request',
    { who: userWithKey, action: 's3:GetObject' },
    'UsersNeedSecondFactor',
  ],
  [
    'a user who signed in without second factor',
    { who: userSigned('false'), action: 's3:GetObject' },
    'UsersNeedSecondFactor',
  ],
  [
    'a user made by a deployment',
    { who: deployment, action: 'iam:CreateUser', region: 'us-east-1' },
    'NoUsersNoLongLivedKeys',
  ],
  [
    'an access key made by a person',
    { who: deployer, action: 'iam:CreateAccessKey', region: 'us-east-1' },
    'NoUsersNoLongLivedKeys',
  ],
  ['stopping the trail', { who: deployer, action: 'cloudtrail:StopLogging' }, 'KeepRecordsDetectorsBackups'],
  [
    'stopping the trail by deployment',
    { who: deployment, action: 'cloudtrail:StopLogging' },
    'KeepRecordsDetectorsBackups',
  ],
  [
    'making the trail record less',
    { who: deployer, action: 'cloudtrail:PutEventSelectors' },
    'ChangeRecordsByDeploymentOnly',
  ],
  [
    'making the trail look for nothing unusual',
    { who: deployer, action: 'cloudtrail:PutInsightSelectors' },
    'ChangeRecordsByDeploymentOnly',
  ],
  [
    'a role that is only called like the one for emergencies',
    { who: imposter, action: 'cloudtrail:StopLogging' },
    'KeepRecordsDetectorsBackups',
  ],
  [
    'stopping the recorder',
    { who: deployer, action: 'config:StopConfigurationRecorder' },
    'KeepRecordsDetectorsBackups',
  ],
  [
    'removing a rule of AWS Config',
    { who: deployer, action: 'config:DeleteConfigRule' },
    'ChangeRecordsByDeploymentOnly',
  ],
  [
    'silencing a report of the organization',
    {
      who: deployer,
      action: 'events:DisableRule',
      resource: `arn:aws:events:eu-central-1:${account}:rule/organization-keys`,
    },
    'KeepReports',
  ],
  [
    'taking the role of the reports away',
    {
      who: deployer,
      action: 'iam:DeleteRole',
      region: 'us-east-1',
      resource: `arn:aws:iam::${account}:role/organization-events`,
    },
    'KeepSparedRoles',
  ],
  ['removing the detector', { who: deployer, action: 'guardduty:DeleteDetector' }, 'KeepRecordsDetectorsBackups'],
  ...[
    'guardduty:UpdateOrganizationConfiguration',
    'inspector2:UpdateOrganizationConfiguration',
    'securityhub:UpdateOrganizationConfiguration',
    'securityhub:StartConfigurationPolicyDisassociation',
    'securityhub:DeleteConfigurationPolicy',
  ].map(
    (action) =>
      [
        `turning detection of every account off: ${action}`,
        { who: deployer, action },
        'ChangeRecordsByDeploymentOnly',
      ] as const,
  ),
  [
    'widening the role that detects in every account',
    {
      who: application,
      action: 'iam:PutRolePolicy',
      region: 'us-east-1',
      resource: `arn:aws:iam::${account}:role/organization-Record-CentralDetectionRole7B9D257F-AbC`,
    },
    'KeepSparedRoles',
  ],
  ['hiding findings', { who: deployer, action: 'guardduty:CreateFilter' }, 'ChangeRecordsByDeploymentOnly'],
  [
    'switching Security Hub off',
    { who: deployer, action: 'securityhub:DisableSecurityHub' },
    'KeepRecordsDetectorsBackups',
  ],
  [
    'unlocking the vault',
    { who: deployer, action: 'backup:DeleteBackupVaultLockConfiguration' },
    'KeepRecordsDetectorsBackups',
  ],
  ['removing a copy', { who: application, action: 'backup:DeleteRecoveryPoint' }, 'KeepRecordsDetectorsBackups'],
  ['removing a key', { who: deployment, action: 'kms:ScheduleKeyDeletion' }, 'KeepKeys'],
  ['disabling a key', { who: deployer, action: 'kms:DisableKey' }, 'KeepKeys'],
  [
    'making a role that is spared',
    {
      who: deployer,
      action: 'iam:CreateRole',
      region: 'us-east-1',
      resource: `arn:aws:iam::${account}:role/cdk-x-cfn-exec-role-y`,
    },
    'KeepSparedRoles',
  ],
  [
    'widening a role that is spared',
    {
      who: application,
      action: 'iam:PutRolePolicy',
      region: 'us-east-1',
      resource: `arn:aws:iam::${account}:role/a-AccountGuardsRole-b`,
    },
    'KeepSparedRoles',
  ],
  [
    'a bucket that everybody reads',
    { who: deployment, action: 's3:PutBucketAcl', context: { 's3:x-amz-acl': 'public-read' } },
    'NoPublicAcl',
  ],
  ['opening a bucket', { who: deployer, action: 's3:PutBucketPublicAccessBlock' }, 'KeepPublicAccessBlock'],
  ['sharing a snapshot', { who: deployer, action: 'rds:ModifyDBClusterSnapshotAttribute' }, 'NoSharedCopies'],
  [
    'a cluster in clear text',
    { who: deployment, action: 'rds:CreateDBCluster', context: { 'rds:storageencrypted': 'false' } },
    'EncryptClusters',
  ],
  [
    'a database in clear text',
    {
      who: deployment,
      action: 'rds:CreateDBInstance',
      context: { 'rds:storageencrypted': 'false', 'rds:databaseengine': 'postgres' },
    },
    'EncryptDatabases',
  ],
  [
    'a volume in clear text',
    {
      who: deployment,
      action: 'ec2:CreateVolume',
      resource: `arn:aws:ec2:eu-central-1:${account}:volume/*`,
      context: { 'ec2:encrypted': 'false' },
    },
    'EncryptVolumes',
  ],
  [
    'a file system in clear text',
    {
      who: deployment,
      action: 'elasticfilesystem:CreateFileSystem',
      context: { 'elasticfilesystem:encrypted': 'false' },
    },
    'EncryptFileSystems',
  ],
  [
    'a machine that hands out credentials without token',
    {
      who: deployment,
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:eu-central-1:${account}:instance/*`,
      context: { 'ec2:metadatahttptokens': 'optional' },
    },
    'MetadataByTokenOnly',
  ],
  [
    'a machine that says nothing of tokens',
    { who: deployment, action: 'ec2:RunInstances', resource: `arn:aws:ec2:eu-central-1:${account}:instance/*` },
    'MetadataByTokenOnly',
  ],
  [
    'credentials fetched without token',
    { who: application, action: 's3:GetObject', context: { 'ec2:roledelivery': '1.0' } },
    'NoCredentialsWithoutToken',
  ],
  [
    'making new volumes clear text again',
    { who: deployer, action: 'ec2:DisableEbsEncryptionByDefault' },
    'KeepVolumesEncrypted',
  ],
  [
    'making a machine answer without token',
    { who: deployer, action: 'ec2:ModifyInstanceMetadataOptions' },
    'KeepMetadataByToken',
  ],
];

test.each(allowed)('%s is not denied', (_, row) => {
  expect(ask(row)).toEqual({ allowed: true, because: 'nothing denies it' });
});

test.each(denied)('%s is denied', (_, row, because) => {
  expect(ask(row)).toEqual({ allowed: false, because });
});

test('every statement of a service control policy denies something in the table', () => {
  const sids = (guardRails.serviceControl ?? []).flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid));
  const hit = new Set(denied.map(([, , because]) => because));
  expect(sids.filter((sid) => !hit.has(sid ?? ''))).toEqual([]);
  expect(sids.length).toBeGreaterThan(15);
});

test('CloudFront and what it needs are spared only where a profile delivers with it', () => {
  const withNetwork = guardRailsOf(organization({}, { edgeMode: 'cdn' }));
  const request = {
    principal: deployment,
    action: 'cloudfront:CreateDistribution',
    resource: '*',
    context: { 'aws:requestedregion': 'us-east-1' },
  };
  expect(decide(request, withNetwork).allowed).toBe(true);
  expect(decide({ ...request, action: 'kms:CreateKey' }, withNetwork).allowed).toBe(false);
});

test('an organization of the other partition allows its own Region, and none of this one', () => {
  const sovereign = guardRailsOf(organization({ region: 'eusc-de-east-1' }, { allowedRegions: Object.keys(REGIONS) }));
  const principal = { ...deployment, arn: deployment.arn.replace('arn:aws:', 'arn:aws-eusc:') };
  const asked = (region: string) =>
    decide(
      { principal, action: 's3:CreateBucket', resource: '*', context: { 'aws:requestedregion': region } },
      sovereign,
    );
  expect(asked('eusc-de-east-1').allowed).toBe(true);
  expect(asked('eu-central-1').because).toBe('StayInRegions');
  const emergency = { ...breakGlass, arn: breakGlass.arn.replace('arn:aws:', 'arn:aws-eusc:') };
  const context = { 'aws:requestedregion': 'eusc-de-east-1' };
  expect(decide({ principal: emergency, action: 'kms:DisableKey', resource: '*', context }, sovereign).allowed).toBe(
    true,
  );
});

test('an environment reaches its own account and that of no other environment', () => {
  const reach = (environment: string, owner: string) =>
    decide(
      {
        principal: { ...deployment, account: ENVIRONMENTS.development.account },
        action: 's3:GetObject',
        resource: '*',
        context: { 'aws:resourceaccount': owner },
      },
      {
        serviceControl: policiesIn(stage)
          .filter(({ name }) => name === `environment-${environment}`)
          .map(({ content }) => content),
      },
    ).allowed;
  const { development, staging, production } = ENVIRONMENTS;
  expect(reach('development', development.account)).toBe(true);
  expect(reach('development', '555555555555')).toBe(true);
  expect(reach('development', staging.account)).toBe(false);
  expect(reach('development', production.account)).toBe(false);
  expect(reach('production', staging.account)).toBe(false);
});

test('the management account is bound by nothing: nothing else belongs there', () => {
  const manager = { arn: 'arn:aws:iam::444444444444:root', account: '444444444444', organization: org };
  expect(ask({ who: manager, action: 's3:CreateBucket', region: 'us-east-1' }).allowed).toBe(true);
});

describe('the perimeter of data', () => {
  const perimeter = (who: Principal, action: string, context: Context = {}) =>
    decide(
      { principal: who, action, resource: '*', context: { 'aws:requestedregion': 'eu-central-1', ...context } },
      { ...guardRails, resourceAccount: account },
    );
  const stranger = { arn: 'arn:aws:iam::999999999999:role/x', account: '999999999999', organization: 'o-somebodyelse' };
  const anonymous = { arn: 'anonymous' };
  const service = { arn: 'cloudtrail.amazonaws.com', isService: true };

  test.each([
    ['a principal of the organization', application, 's3:GetObject', {}],
    ['one of another account of it', { ...application, account: '222222222222' }, 'kms:Decrypt', {}],
    [
      'a service that acts for an account of it',
      service,
      's3:PutObject',
      { 'aws:sourceaccount': account, 'aws:sourceorgid': org },
    ],
    ['a service that acts for no account', service, 'kms:GenerateDataKey', {}],
    ['a stranger at what the perimeter does not hold', stranger, 'execute-api:Invoke', {}],
    ['a pipeline with a token of another house', anonymous, 'sts:AssumeRoleWithWebIdentity', {}],
    ['somebody who signs in through Identity Center', anonymous, 'sts:AssumeRoleWithSAML', {}],
  ])('%s is not denied', (_, who, action, context) => {
    expect(perimeter(who, action, context as Context).allowed).toBe(true);
  });

  test.each([
    ['a stranger reading a file', stranger, 's3:GetObject', {}, 'OwnPrincipalsOnly'],
    ['a stranger taking on a role', stranger, 'sts:AssumeRole', {}, 'OwnPrincipalsOnly'],
    ['a stranger reading a secret', stranger, 'secretsmanager:GetSecretValue', {}, 'OwnPrincipalsOnly'],
    ['a stranger using a key', stranger, 'kms:Decrypt', {}, 'OwnPrincipalsOnly'],
    ['a stranger writing to a queue', stranger, 'sqs:SendMessage', {}, 'OwnPrincipalsOnly'],
    ['nobody in particular reading a file', anonymous, 's3:GetObject', {}, 'OwnPrincipalsOnly'],
    [
      'a service that acts for a stranger',
      service,
      's3:PutObject',
      { 'aws:sourceaccount': '999999999999', 'aws:sourceorgid': 'o-somebodyelse' },
      'ServicesForOwnAccountsOnly',
    ],
    [
      'a service that acts for an account without organization',
      service,
      'sqs:SendMessage',
      { 'aws:sourceaccount': '999999999999' },
      'ServicesForOwnAccountsOnly',
    ],
  ])('%s is denied', (_, who, action, context, because) => {
    expect(perimeter(who, action, context as Context)).toEqual({ allowed: false, because });
  });
});

test('no request outside the Regions is ever allowed but to what AWS answers in one place', () => {
  const regions: readonly string[] = ownPartition;
  const spared = (guardRails.serviceControl ?? [])
    .flatMap(({ Statement }) => Statement)
    .flatMap(({ NotAction, Sid }) => (Sid === 'StayInRegions' ? (NotAction as string[]) : []));
  const sparedServices = new Set(spared.map((action) => action.split(':')[0] ?? ''));
  const region = fc.oneof(
    fc.constantFrom(
      'us-east-1',
      'eu-west-2',
      'eu-central-2',
      'unspecified',
      '',
      'eu-',
      '*',
      'eu-central-1 ',
      'ap-south-1',
    ),
    fc
      .tuple(
        fc.constantFrom('eu', 'us', 'ap', 'eusc-de'),
        fc.constantFrom('central', 'west', 'north', 'south', 'east'),
        fc.nat(12),
      )
      .map((parts) => parts.join('-')),
    fc.string(),
  );
  const service = fc.constantFrom(
    's3',
    'ec2',
    'rds',
    'kms',
    'lambda',
    'dynamodb',
    'backup',
    'bedrock',
    'sqs',
    'acm',
    'config',
    'wafv2',
    'logs',
  );
  const action = fc
    .constantFrom('Create', 'Put', 'Invoke', 'Copy', 'Replicate', 'Get')
    .chain((verb) => fc.string({ maxLength: 8 }).map((rest) => `${verb}${rest}`));
  const who = fc.constantFrom(deployment, application, deployer, breakGlass, guards, imposter, userSigned('true'));
  expect(['s3', 'ec2'].filter((name) => sparedServices.has(name))).toEqual(['s3', 'ec2']);
  expect(spared.filter((each) => /^(s3|ec2|cloudtrail):/.test(each)).sort()).toEqual([
    'cloudtrail:LookupEvents',
    'ec2:DescribeRegions',
    's3:GetAccountPublicAccessBlock',
    's3:ListAllMyBuckets',
    's3:PutAccountPublicAccessBlock',
  ]);
  fc.assert(
    fc.property(region, service, action, who, (where, name, verb, principal) => {
      fc.pre(!regions.includes(where) && !spared.includes(`${name}:${verb}`));
      const decision = ask({ who: principal, action: `${name}:${verb}`, region: where });
      expect(decision.allowed).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

function targetOf(name: string): string {
  const environment = ENVIRONMENT_NAMES.find((each) => name === `environment-${each}`);
  return environment ? ENVIRONMENTS[environment].account : name === 'backup' ? 'ou-abcd-11111111' : 'r-abcd';
}

describe('what Organizations takes', () => {
  test.each(policiesIn(stage).map((policy) => [policy.name, policy] as const))(
    '%s is small enough and attached',
    (_, policy) => {
      const limit = POLICY_CHARACTERS[policy.type as keyof typeof POLICY_CHARACTERS];
      expect(JSON.stringify(policy.content, null, 1).length).toBeLessThanOrEqual(limit);
      expect(policy.targets).toEqual([targetOf(policy.name)]);
    },
  );

  test('five service control policies at most are attached to one target, and AWS attaches one itself', () => {
    const attached = policiesIn(stage).filter(
      ({ type, targets }) => type === 'SERVICE_CONTROL_POLICY' && targets.includes('r-abcd'),
    );
    expect(attached.length).toBeLessThanOrEqual(4);
  });

  test('guard-rails only deny, and a perimeter speaks of everybody and of single services', () => {
    for (const { Statement } of [...(guardRails.serviceControl ?? []), ...(guardRails.resourceControl ?? [])]) {
      expect(Statement.map(({ Effect }) => Effect).filter((effect) => effect !== 'Deny')).toEqual([]);
    }
    for (const { Statement } of guardRails.resourceControl ?? []) {
      expect(Statement.every(({ Principal, NotAction }) => Principal === '*' && NotAction === undefined)).toBe(true);
    }
  });
});
