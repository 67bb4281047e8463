import { alertProbe, type Measurement } from '../../lib/functions/alert-probe/probe';

const now = new Date('2026-03-02T12:01:30.500Z');

const own = '/production/alert-probe';
const daily = '/production/daily-alert';

/** A probe whose calls and measurements are written down. */
function probe(remembered = '2026-03-02T06:00:31.000Z') {
  const calls: [string, string][] = [];
  const measured: Measurement[] = [];
  const memory = [remembered];
  const run = alertProbe({
    ways: [{ parameter: own }, { parameter: daily, topic: 'alerts' }],
    call: async (parameter, value) => {
      calls.push([parameter, value]);
    },
    recall: async () => memory.at(-1) ?? '',
    remember: async (value) => {
      memory.push(value);
    },
    measure: async (measurement, at) => {
      expect(at).toBe(now);
      measured.push(measurement);
    },
    now: () => now,
  });
  return { calls, measured, memory, run };
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

test.each([own, daily])(
  'on its turn for %s it makes the call, and says for how long people have heard nothing',
  async (call) => {
    const { calls, measured, memory, run } = probe();
    expect(await run({ call })).toEqual([]);
    expect(calls).toEqual([[call, '2026-03-02T12:01:30.500Z']]);
    expect(measured).toEqual([{ name: 'AlertSilenceSeconds', seconds: 6 * 3600 + 59.5, topic: 'alerts' }]);
    expect(memory).toHaveLength(1);
  },
);

test('where nothing was ever heard, the silence counts from the first turn', async () => {
  const { measured, memory, run } = probe('never');
  await run({ call: own });
  expect(measured).toEqual([{ name: 'AlertSilenceSeconds', seconds: 0, topic: 'alerts' }]);
  expect(memory).toEqual(['never', '2026-03-02T12:01:30.500Z']);
});

test('a turn for any other parameter is refused, and nothing is written', async () => {
  const { calls, measured, run } = probe();
  await expect(run({ call: '/production/password' })).rejects.toThrow(
    "the turn is for '/production/password', expected one of '/production/alert-probe', '/production/daily-alert'",
  );
  expect([...calls, ...measured]).toEqual([]);
});

test('an alert that arrives is measured from the time of the call, not of its first hop', async () => {
  const { calls, measured, memory, run } = probe();
  expect(await run({ Records: [alert({})] })).toEqual([45.5]);
  expect(measured).toEqual([{ name: 'AlertLatencySeconds', seconds: 45.5, topic: undefined }]);
  expect(calls).toEqual([]);
  expect(memory).toHaveLength(1);
});

test('one that came through the topic of the people is measured as such, and remembered', async () => {
  const { measured, memory, run } = probe();
  await run({ Records: [alert({ requestParameters: { name: daily } })] });
  expect(measured).toEqual([{ name: 'AlertLatencySeconds', seconds: 45.5, topic: 'alerts' }]);
  expect(memory.at(-1)).toBe('2026-03-02T12:01:30.500Z');
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
    "PutParameter on '/production/password', expected PutParameter on one of '/production/alert-probe', '/production/daily-alert'",
  ],
  ['another call', { eventName: 'DeleteParameter' }, 'DeleteParameter on'],
  ['a call without parameters', { requestParameters: null }, "on 'undefined'"],
  ['no time', { eventTime: 'yesterday' }, "the time 'yesterday'"],
])('an alert about %s is refused, and nothing is measured', async (_name, detail, words) => {
  const { measured, run } = probe();
  await expect(run({ Records: [alert(detail)] })).rejects.toThrow(words);
  expect(measured).toEqual([]);
});
