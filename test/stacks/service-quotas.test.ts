import { Stack, type Stage } from 'aws-cdk-lib';
import { Template as Synthesized } from 'aws-cdk-lib/assertions';
import { ENVIRONMENT_NAMES } from '../../lib/settings/environment';
import { isRegion, REGIONS } from '../../lib/settings/regions';
import { Graph } from '../../lib/template/graph';
import { isObject, type Json } from '../../lib/template/parse';
import { Template } from '../../lib/template/template';
import { organization } from '../policy-evaluation/guard-rails';
import { environment } from './synthesize';

interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Json;
}

/** Everything that one account has in one Region of it, whichever stacks and stack sets bring it. */
type Place = readonly Resource[];

interface Quota {
  readonly of: string;
  /** The default: what an account has before anybody asks for more. */
  readonly most: number;
  /** Page of AWS that says so. */
  readonly source: string;
  /** What is measured, each with a name. */
  readonly measure: (place: Place) => readonly (readonly [string, number])[];
}

const ofType = (place: Place, ...types: readonly string[]) => place.filter(({ type }) => types.includes(type));
const listAt = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** As many as the account and Region have. */
const together =
  (...types: readonly string[]): Quota['measure'] =>
  (place) => [[types.join(' and '), ofType(place, ...types).length]];

/** How many each of them has in a list. */
const inEach =
  (type: string, ...lists: readonly string[]): Quota['measure'] =>
  (place) =>
    ofType(place, type).flatMap(({ id, properties }) =>
      lists.map((list) => [`${id} ${list}`, listAt(properties[list]).length] as const),
    );

/** How many share a property, such as a log group. */
const sharing =
  (type: string, property: string): Quota['measure'] =>
  (place) => {
    const counts = new Map<string, number>();
    for (const { properties } of ofType(place, type)) {
      const key = JSON.stringify(properties[property]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts];
  };

/** How long the text of a property is once it is deployed. */
const lengthOf =
  (property: string, ...types: readonly string[]): Quota['measure'] =>
  (place) =>
    ofType(place, ...types).flatMap(({ id, properties }) =>
      properties[property] === undefined ? [] : [[id, deployed(properties[property]).length] as const],
    );

/** A long ARN: nobody knows here what a deployment puts in for a reference. */
const reference = 'arn:aws-eusc:service:eusc-de-east-1:111122223333:'.padEnd(140, 'x');

/** The text of a value once it is deployed, rather too long than too short. */
function deployed(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(deployed).join(',')}]`;
  }
  if (!isObject(value)) {
    return JSON.stringify(value) ?? '';
  }
  const join = value['Fn::Join'];
  if (Array.isArray(join) && Array.isArray(join[1])) {
    return `"${join[1].map((part) => deployed(part).slice(1, -1)).join(String(join[0]))}"`;
  }
  const [name = '', ...others] = Object.keys(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const isShort = value.Ref === 'AWS::Partition' || value.Ref === 'AWS::Region' || value.Ref === 'AWS::URLSuffix';
    return isShort ? '"eusc-de-east-1"' : JSON.stringify(reference);
  }
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${deployed(each)}`)
    .join(',')}}`;
}

const eventBridge = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html';
const logs = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html';
const alarms = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html';
const backup = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html';
const iam = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const vpc = 'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html';

const planOf = ({ properties }: Resource): readonly Json[] => {
  const plan = isObject(properties.BackupPlan) ? properties.BackupPlan : {};
  return listAt(plan.BackupPlanRule).filter(isObject);
};

const quotas: readonly Quota[] = [
  // 300 elsewhere: Milan has fewer
  { of: 'rules of an event bus', most: 100, source: eventBridge, measure: together('AWS::Events::Rule') },
  { of: 'targets of a rule', most: 5, source: eventBridge, measure: inEach('AWS::Events::Rule', 'Targets') },
  {
    of: 'characters of an event pattern',
    most: 2_048,
    source: eventBridge,
    measure: lengthOf('EventPattern', 'AWS::Events::Rule'),
  },
  {
    of: 'metric filters of a log group',
    most: 100,
    source: logs,
    measure: sharing('AWS::Logs::MetricFilter', 'LogGroupName'),
  },
  {
    of: 'subscription filters of a log group',
    most: 2,
    source: logs,
    measure: sharing('AWS::Logs::SubscriptionFilter', 'LogGroupName'),
  },
  {
    of: 'actions of an alarm',
    most: 5,
    source: alarms,
    measure: inEach('AWS::CloudWatch::Alarm', 'AlarmActions', 'OKActions', 'InsufficientDataActions'),
  },
  {
    of: 'rules of AWS Config',
    most: 1_000,
    source: 'https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html',
    measure: together('AWS::Config::ConfigRule'),
  },
  {
    of: 'vaults',
    most: 300,
    source: backup,
    measure: together('AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault'),
  },
  { of: 'backup plans', most: 300, source: backup, measure: together('AWS::Backup::BackupPlan') },
  {
    of: 'rules of a backup plan',
    most: 10,
    source: backup,
    measure: (place) => ofType(place, 'AWS::Backup::BackupPlan').map((plan) => [plan.id, planOf(plan).length]),
  },
  {
    of: 'copies by a rule of a backup plan',
    most: 5,
    source: backup,
    measure: (place) =>
      ofType(place, 'AWS::Backup::BackupPlan').flatMap((plan) =>
        planOf(plan).map(({ RuleName, CopyActions }) => [String(RuleName), listAt(CopyActions).length] as const),
      ),
  },
  {
    of: 'bytes of a key policy',
    most: 32_768,
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html',
    measure: lengthOf('KeyPolicy', 'AWS::KMS::Key'),
  },
  {
    of: 'bytes of a bucket policy',
    most: 20_480,
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html',
    measure: lengthOf('PolicyDocument', 'AWS::S3::BucketPolicy'),
  },
  {
    of: 'characters of a managed policy',
    most: 6_144,
    source: iam,
    measure: lengthOf('PolicyDocument', 'AWS::IAM::ManagedPolicy'),
  },
  {
    of: 'characters of a trust policy',
    most: 2_048,
    source: iam,
    measure: lengthOf('AssumeRolePolicyDocument', 'AWS::IAM::Role'),
  },
  { of: 'managed policies of a role', most: 10, source: iam, measure: inEach('AWS::IAM::Role', 'ManagedPolicyArns') },
  {
    of: 'rules of a security group in one direction',
    most: 60,
    source: vpc,
    measure: inEach('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', 'SecurityGroupEgress'),
  },
  {
    of: 'interface endpoints of a VPC',
    most: 50,
    source: vpc,
    measure: (place) => [
      [
        'interface',
        ofType(place, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => properties.VpcEndpointType === 'Interface')
          .length,
      ],
    ],
  },
  {
    of: 'characters of the policy of an endpoint',
    most: 20_480,
    source: vpc,
    measure: lengthOf('PolicyDocument', 'AWS::EC2::VPCEndpoint'),
  },
  {
    of: 'trails of a Region',
    most: 5,
    source: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html',
    measure: together('AWS::CloudTrail::Trail'),
  },
  {
    of: 'bytes of the environment of a function',
    most: 4_096,
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    measure: lengthOf('Environment', 'AWS::Lambda::Function'),
  },
];

/** Accounts and Regions of a stage; a stack set's template is the place of an account of which nothing else is known. */
function placesOf(stage: Stage): readonly Place[] {
  const stacks = stage.node.findAll().filter((child): child is Stack => child instanceof Stack && !child.nested);
  const origins = stacks.map((stack) => ({
    path: stack.node.path,
    sha256: '',
    account: stack.account,
    region: stack.region,
  }));
  const graph = new Graph(
    stacks.map(
      (stack, index) => new Template(origins[index] ?? { path: '', sha256: '' }, Synthesized.fromStack(stack).toJSON()),
    ),
  );
  const places = new Map<string, Resource[]>();
  for (const template of graph.allTemplates) {
    const { account, region, path } = template.origin;
    const key = account === undefined ? path : `${account} ${region}`;
    const own = places.get(key) ?? [];
    places.set(key, own);
    for (const { logicalId: id, type, properties } of template.resources.values()) {
      own.push({ id, type, properties: isObject(properties) ? properties : {} });
    }
  }
  return [...places.values()];
}

const regions = Object.keys(REGIONS).filter(isRegion);
const places = [
  ...ENVIRONMENT_NAMES.map((name) => environment({ name })),
  environment({}, { edgeMode: 'cdn' }),
  environment({}, { tenancyMode: 'rls', tenantFiles: 'prefix' }),
  organization({}, { allowedRegions: regions }),
].flatMap(placesOf);

test.each(quotas.map((quota) => [quota.of, quota] as const))(
  'no more %s than an account has by default',
  (_, quota) => {
    const measured = places.flatMap(quota.measure);
    expect(measured.some(([, count]) => count > 0)).toBe(true);
    expect(measured.filter(([, count]) => count > quota.most)).toEqual([]);
  },
);

test('every quota names its page, and a text is measured as it is deployed', () => {
  expect(quotas.filter(({ source }) => !source.startsWith('https://docs.aws.amazon.com/'))).toEqual([]);
  const statement = { Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::files/*']] }, Sid: 'A' };
  expect(deployed(statement)).toBe('{"Resource":"arn:eusc-de-east-1:s3:::files/*","Sid":"A"}');
  expect(deployed([{ 'Fn::GetAtt': ['Key', 'Arn'] }])).toHaveLength(144);
});
