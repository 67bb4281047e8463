import { customResource } from '../../lib/functions/custom-resource/custom-resource';
import { type Client, type EnablementRequest, enableInspector } from '../../lib/functions/inspector-enablement/enable';

const request: EnablementRequest = {
  RequestType: 'Create',
  ResponseURL: 'https://answer.example.com/signed',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Inspector',
  ResourceType: 'Custom::InspectorEnablement',
  ResourceProperties: { AccountId: '333333333333', ResourceTypes: ['EC2', 'ECR'] },
};

/** Runs the handler against a client; what CloudFormation hears, and what Inspector was asked. */
async function answered(
  event: EnablementRequest,
  enable: Client['enable'] = async () => ({}),
  batchGetAccountStatus: Client['batchGetAccountStatus'] = async () => ({}),
) {
  const asked: unknown[] = [];
  const bodies: string[] = [];
  const client: Client = {
    batchGetAccountStatus,
    enable: (input) => {
      asked.push(input);
      return enable(input);
    },
  };
  const handler = customResource(
    (each: EnablementRequest) => enableInspector(client, each),
    async (_url, body) => {
      bodies.push(body);
    },
  );
  await handler(event);
  expect(bodies).toHaveLength(1);
  return { asked, answer: JSON.parse(bodies[0] ?? '{}') };
}

test('enables what the template names, for its account', async () => {
  expect(await answered(request)).toEqual({
    asked: [{ accountIds: ['333333333333'], resourceTypes: ['EC2', 'ECR'] }],
    answer: expect.objectContaining({ Status: 'SUCCESS', PhysicalResourceId: 'Inspector', RequestId: 'request' }),
  });
});

test('deleting the stack leaves it enabled', async () => {
  expect(await answered({ ...request, RequestType: 'Delete' })).toEqual({
    asked: [],
    answer: expect.objectContaining({ Status: 'SUCCESS' }),
  });
});

test('fails the deployment where the account is reported as failed, although the call went through', async () => {
  const enable = async () => ({
    failedAccounts: [{ accountId: '333333333333', errorCode: 'ACCESS_DENIED', errorMessage: 'no delegated admin' }],
  });
  const { answer } = await answered(request, enable);
  expect(answer).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('ACCESS_DENIED no delegated admin'),
  });
});

test('fails the deployment where AWS refuses the call, or nothing is named', async () => {
  const refused = await answered(request, () => Promise.reject(new Error('throttled')));
  expect(refused.answer).toMatchObject({ Status: 'FAILED', Reason: 'Error: throttled' });
  const empty = await answered({ ...request, ResourceProperties: { AccountId: '333333333333', ResourceTypes: [] } });
  expect(empty.answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('no kind of resource') });
});

test('an account whose organization enabled everything is left alone, one that lacks a kind is not', async () => {
  const state = (ecr: string) => async () => ({
    accounts: [{ accountId: '333333333333', resourceState: { ec2: { status: 'ENABLED' }, ecr: { status: ecr } } }],
  });
  const refuses = () => Promise.reject(new Error('only the delegated administrator may'));
  const whole = await answered(request, refuses, state('ENABLING'));
  expect([whole.asked, whole.answer.Status]).toEqual([[], 'SUCCESS']);
  const partial = await answered(request, async () => ({}), state('DISABLED'));
  expect([partial.asked.length, partial.answer.Status]).toEqual([1, 'SUCCESS']);
});
