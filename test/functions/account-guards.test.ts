import type { Clients } from '../../lib/functions/account-guards/guards';
import { type GuardRequest, setGuard } from '../../lib/functions/account-guards/requests';
import { customResource } from '../../lib/functions/custom-resource/custom-resource';

type Call = [name: string, input: unknown];

/** Clients that write down every call; `over` replaces single ones. */
function recorder(
  over: Partial<Clients['ec2']> = {},
  iamError?: Error,
  elsewhere: Partial<ReturnType<Clients['ec2In']>> = {},
): { calls: Call[]; clients: Clients } {
  const calls: Call[] = [];
  const record =
    <T>(name: string, result: T) =>
    async (input: unknown): Promise<T> => {
      calls.push([name, input]);
      return result;
    };
  return {
    calls,
    clients: {
      ec2: {
        enableEbsEncryptionByDefault: record('enableEbsEncryptionByDefault', { EbsEncryptionByDefault: true }),
        describeSecurityGroupRules: record('describeSecurityGroupRules', {}),
        revokeSecurityGroupIngress: record('revokeSecurityGroupIngress', {}),
        revokeSecurityGroupEgress: record('revokeSecurityGroupEgress', {}),
        ...over,
      },
      ec2In: (region) => ({
        enableEbsEncryptionByDefault: record(`${region} enableEbsEncryptionByDefault`, {
          EbsEncryptionByDefault: true,
        }),
        describeVpcs: record(`${region} describeVpcs`, { Vpcs: [{ VpcId: 'vpc-1' }] }),
        describeNetworkInterfaces: record(`${region} describeNetworkInterfaces`, { NetworkInterfaces: [] }),
        describeInternetGateways: record(`${region} describeInternetGateways`, {
          InternetGateways: [{ InternetGatewayId: 'igw-1' }],
        }),
        describeSubnets: record(`${region} describeSubnets`, {
          Subnets: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }],
        }),
        detachInternetGateway: record(`${region} detachInternetGateway`, {}),
        deleteInternetGateway: record(`${region} deleteInternetGateway`, {}),
        deleteSubnet: record(`${region} deleteSubnet`, {}),
        deleteVpc: record(`${region} deleteVpc`, {}),
        ...elsewhere,
      }),
      iam: {
        updateAccountPasswordPolicy: iamError
          ? () => Promise.reject(iamError)
          : record('updateAccountPasswordPolicy', {}),
      },
      s3Control: { putPublicAccessBlock: record('putPublicAccessBlock', {}) },
    },
  };
}

const request = {
  RequestType: 'Create',
  ResponseURL: 'https://answer.example.com/signed',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Guards',
} as const;

const account: GuardRequest = {
  ...request,
  ResourceType: 'Custom::AccountGuards',
  ResourceProperties: { AccountId: '333333333333', PasswordMinLength: '12', PasswordMaxAgeDays: '90' },
};

const group: GuardRequest = {
  ...request,
  ResourceType: 'Custom::VpcRestrictDefaultSG',
  ResourceProperties: { DefaultSecurityGroupId: 'sg-1' },
};

/** Runs the handler and returns what CloudFormation hears. */
async function answered(clients: Clients, event: GuardRequest): Promise<Record<string, unknown>> {
  const answers: [string, string][] = [];
  const handler = customResource(
    (request: GuardRequest) => setGuard(clients, request),
    async (url, body) => {
      answers.push([url, body]);
    },
  );
  await handler(event);
  expect(answers).toHaveLength(1);
  const [url, body] = answers[0] ?? ['', '{}'];
  expect(url).toBe(event.ResponseURL);
  return JSON.parse(body);
}

test('sets every guard of the account and says so', async () => {
  const { calls, clients } = recorder();

  expect(await answered(clients, account)).toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: 'Guards',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Guards',
  });
  expect(calls).toEqual([
    ['enableEbsEncryptionByDefault', {}],
    [
      'putPublicAccessBlock',
      {
        AccountId: '333333333333',
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    ],
    ['updateAccountPasswordPolicy', expect.objectContaining({ MinimumPasswordLength: 12, MaxPasswordAge: 90 })],
  ]);
});

test('takes every rule out of the default group, from every page', async () => {
  const pages = [
    { SecurityGroupRules: [{ SecurityGroupRuleId: 'in-1', IsEgress: false }], NextToken: 'more' },
    { SecurityGroupRules: [{ SecurityGroupRuleId: 'out-1', IsEgress: true }, { SecurityGroupRuleId: 'in-2' }] },
  ];
  const tokens: (string | undefined)[] = [];
  const { calls, clients } = recorder({
    describeSecurityGroupRules: async ({ Filters, NextToken }) => {
      expect(Filters).toEqual([{ Name: 'group-id', Values: ['sg-1'] }]);
      tokens.push(NextToken);
      return pages.shift() ?? {};
    },
  });

  expect(await answered(clients, group)).toMatchObject({ Status: 'SUCCESS' });
  expect(tokens).toEqual([undefined, 'more']);
  expect(calls).toEqual([
    ['revokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['in-1', 'in-2'] }],
    ['revokeSecurityGroupEgress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['out-1'] }],
  ]);
});

test('leaves a default group without rules alone', async () => {
  const { calls, clients } = recorder();
  expect(await answered(clients, { ...group, RequestType: 'Update' })).toMatchObject({ Status: 'SUCCESS' });
  expect(calls.map(([name]) => name)).toEqual(['describeSecurityGroupRules']);
});

test.each([account, group])('deleting leaves every guard in place ($ResourceType)', async (event) => {
  const { calls, clients } = recorder();
  expect(await answered(clients, { ...event, RequestType: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
  expect(calls).toEqual([]);
});

test('fails the deployment with the reason where AWS refuses', async () => {
  const { clients } = recorder({}, Object.assign(new Error('not authorized'), { name: 'AccessDenied' }));
  expect(await answered(clients, account)).toMatchObject({ Status: 'FAILED', Reason: 'AccessDenied: not authorized' });
});

test('fails the deployment where volumes stay unencrypted', async () => {
  const { clients } = recorder({ enableEbsEncryptionByDefault: async () => ({ EbsEncryptionByDefault: false }) });
  expect(await answered(clients, account)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('not encrypted by default'),
  });
});

test('fails on a resource type that it does not know', async () => {
  const { clients } = recorder();
  const unknown = Object.assign({}, account, { ResourceType: 'Custom::Other' });
  expect(await answered(clients, unknown)).toMatchObject({ Status: 'FAILED' });
});

test('fails where the answer does not arrive', async () => {
  const { clients } = recorder();
  const lost = customResource(
    (request: GuardRequest) => setGuard(clients, request),
    () => Promise.reject(new Error('answer was refused')),
  );
  await expect(lost(account)).rejects.toThrow('answer was refused');
});

describe('of every Region', () => {
  const Regions = ['eu-central-1', 'eu-west-1'];
  const everywhere: GuardRequest = {
    ...request,
    ResourceType: 'Custom::AccountGuards',
    ResourceProperties: { AccountId: '333333333333', PasswordMinLength: '12', PasswordMaxAgeDays: '90', Regions },
  };
  const networks: GuardRequest = {
    ...request,
    ResourceType: 'Custom::UnusedNetworks',
    ResourceProperties: { Regions },
  };
  const named = (name: string): Error => Object.assign(new Error('refused'), { name });

  test('volumes are encrypted in each, and in none but those; the rest is set once', async () => {
    const { calls, clients } = recorder();
    expect(await answered(clients, everywhere)).toMatchObject({ Status: 'SUCCESS' });
    expect(calls.map(([name]) => name)).toEqual([
      'eu-central-1 enableEbsEncryptionByDefault',
      'eu-west-1 enableEbsEncryptionByDefault',
      'putPublicAccessBlock',
      'updateAccountPasswordPolicy',
    ]);
  });

  test('one that stays in clear text fails the deployment, by name', async () => {
    const { clients } = recorder({}, undefined, {
      enableEbsEncryptionByDefault: async () => ({ EbsEncryptionByDefault: false }),
    });
    expect(await answered(clients, everywhere)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^Error: in eu-central-1: .*not encrypted by default/),
    });
  });

  test('no Region is no success', async () => {
    const { clients } = recorder();
    const none: GuardRequest = { ...networks, ResourceProperties: { Regions: [] } };
    expect(await answered(clients, none)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('no Region'),
    });
  });

  test('the network of AWS goes where nothing lives in it: gateway and subnets first', async () => {
    const { calls, clients } = recorder();
    expect(await answered(clients, networks)).toMatchObject({ Status: 'SUCCESS' });
    const home = calls.filter(([name]) => name.startsWith('eu-central-1'));
    expect(home.map(([name, input]) => [name.split(' ')[1], input])).toEqual([
      ['describeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] }],
      ['describeNetworkInterfaces', { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }],
      ['describeInternetGateways', { Filters: [{ Name: 'attachment.vpc-id', Values: ['vpc-1'] }] }],
      ['detachInternetGateway', { InternetGatewayId: 'igw-1', VpcId: 'vpc-1' }],
      ['deleteInternetGateway', { InternetGatewayId: 'igw-1' }],
      ['describeSubnets', { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }],
      ['deleteSubnet', { SubnetId: 'subnet-1' }],
      ['deleteSubnet', { SubnetId: 'subnet-2' }],
      ['deleteVpc', { VpcId: 'vpc-1' }],
    ]);
    expect(calls).toHaveLength(2 * home.length);
  });

  test.each<[string, Parameters<typeof recorder>[2], string]>([
    ['something lives in it', { describeNetworkInterfaces: async () => ({ NetworkInterfaces: [{}] }) }, 'SUCCESS'],
    ['there is none', { describeVpcs: async () => ({ Vpcs: [] }) }, 'SUCCESS'],
    ['nobody says what lives in it', { describeNetworkInterfaces: async () => ({}) }, 'FAILED'],
  ])('nothing is taken away where %s', async (_, elsewhere, Status) => {
    const { calls, clients } = recorder({}, undefined, elsewhere);
    expect(await answered(clients, networks)).toMatchObject({ Status });
    expect(calls.filter(([name]) => /delete|detach/.test(name))).toEqual([]);
  });

  test.each([
    ['DependencyViolation', 'SUCCESS'],
    ['UnauthorizedOperation', 'FAILED'],
  ])('what is left in it, %s, ends with %s', async (name, Status) => {
    const { clients } = recorder({}, undefined, { deleteVpc: () => Promise.reject(named(name)) });
    expect(await answered(clients, networks)).toMatchObject({ Status });
  });
});
