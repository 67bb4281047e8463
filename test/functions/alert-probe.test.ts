import { alertProbe } from '../../lib/functions/alert-probe/probe';

const now = new Date('2026-03-02T12:01:30.500Z');

/** A probe whose calls and measurements are written down. */
function probe() {
  const calls: string[] = [];
  const measured: [number, Date][] = [];
  const run = alertProbe({
    parameter: '/production/alert-probe',
    call: async (value) => {
      calls.push(value);
    },
    measure: async (seconds, at) => {
      measured.push([seconds, at]);
    },
    now: () => now,
  });
  return { calls, measured, run };
}

/** An alert as SNS hands it to a function: EventBridge's event with CloudTrail's record of the call. */
function alert(detail: object) {
  const event = {
    version: '0',
    id: '7f1d1c1e-0a62-4c1f-8f0e-2f4f3f0c6a11',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.ssm',
    account: '333333333333',
    time: '2026-03-02T12:00:47Z',
    region: 'eu-central-1',
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: { type: 'AssumedRole' },
      eventTime: '2026-03-02T12:00:45Z',
      eventSource: 'ssm.amazonaws.com',
      eventName: 'PutParameter',
      awsRegion: 'eu-central-1',
      requestParameters: {
        name: '/production/alert-probe',
        type: 'String',
        overwrite: true,
        value: 'HIDDEN_DUE_TO_SECURITY_REASONS',
      },
      ...detail,
    },
  };
  return {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: 'arn:aws:sns:eu-central-1:333333333333:Probe:1',
    Sns: {
      Type: 'Notification',
      MessageId: 'd7a1',
      TopicArn: 'arn:aws:sns:eu-central-1:333333333333:Probe',
      Timestamp: '2026-03-02T12:01:29.000Z',
      Message: JSON.stringify(event),
    },
  };
}

test('on its turn it makes the call and measures nothing', async () => {
  const { calls, measured, run } = probe();
  expect(await run({ turn: true })).toEqual([]);
  expect(calls).toEqual(['2026-03-02T12:01:30.500Z']);
  expect(measured).toEqual([]);
});

test('an alert that arrives is measured from the time of the call, not of its first hop', async () => {
  const { calls, measured, run } = probe();
  expect(await run({ Records: [alert({})] })).toEqual([45.5]);
  expect(measured).toEqual([[45.5, now]]);
  expect(calls).toEqual([]);
});

test('every alert of a batch is measured', async () => {
  const { run } = probe();
  expect(await run({ Records: [alert({}), alert({ eventTime: '2026-03-02T11:56:30Z' })] })).toEqual([45.5, 300.5]);
});

test('a clock that runs ahead does not make it negative', async () => {
  const { run } = probe();
  expect(await run({ Records: [alert({ eventTime: '2026-03-02T12:01:31Z' })] })).toEqual([0]);
});

test.each([
  [
    'another parameter',
    { requestParameters: { name: '/production/password' } },
    "PutParameter on '/production/password'",
  ],
  ['another call', { eventName: 'DeleteParameter' }, 'DeleteParameter on'],
  ['a call without parameters', { requestParameters: null }, "on 'undefined'"],
  ['no time', { eventTime: 'yesterday' }, "the time 'yesterday'"],
])('an alert about %s is refused, and nothing is measured', async (_name, detail, words) => {
  const { measured, run } = probe();
  await expect(run({ Records: [alert(detail)] })).rejects.toThrow(words);
  expect(measured).toEqual([]);
});
