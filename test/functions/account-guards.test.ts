import type { Clients } from '../../lib/functions/account-guards/guards';
import { type GuardRequest, setGuard } from '../../lib/functions/account-guards/requests';
import { customResource } from '../../lib/functions/custom-resource/custom-resource';

type Call = [name: string, input: unknown];

/** Clients that write down every call; `over` replaces single ones. */
function recorder(over: Partial<Clients['ec2']> = {}, iamError?: Error): { calls: Call[]; clients: Clients } {
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
