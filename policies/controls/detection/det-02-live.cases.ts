import type { LiveCase } from '../../../lib/control/cases';

const topic = 'arn:aws:sns:eu-central-1:111122223333:alerts';
const now = '2026-03-02T12:30:00.000Z';

const alarm = {
  AlarmName: 'root-use',
  AlarmArn: 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:root-use',
  ActionsEnabled: true,
  AlarmActions: [topic],
  StateValue: 'OK',
  StateUpdatedTimestamp: '2026-02-01T08:00:00.000Z',
  MetricName: 'RootUse',
  Namespace: 'Trail',
};

const subscription = {
  SubscriptionArn: `${topic}:1f0e2f5c-9c39-4a53-9a2f-3a0f2d2e4e11`,
  Owner: '111122223333',
  Protocol: 'email',
  Endpoint: 'security@example.com',
  TopicArn: topic,
};

const point = (Timestamp: string, Maximum: number) => ({ Timestamp, Maximum, Unit: 'Seconds' });

const points = [point('2026-03-02T11:00:00.000Z', 41.2), point('2026-03-02T12:00:00.000Z', 87)];

interface Account {
  readonly alarms?: readonly object[];
  readonly subscriptions?: readonly object[];
  readonly metrics?: readonly object[];
  readonly points?: readonly object[];
}

/** An account that keeps the promise, but for what is given. */
function account(given: Account = {}): LiveCase['answers'] {
  return {
    'cloudwatch:DescribeAlarms': { value: { MetricAlarms: given.alarms ?? [alarm] } },
    'cloudwatch:ListMetrics': {
      value: { Metrics: given.metrics ?? [{ Namespace: 'Probe', MetricName: 'AlertLatencySeconds', Dimensions: [] }] },
    },
    'cloudwatch:GetMetricStatistics': {
      value: { Label: 'AlertLatencySeconds', Datapoints: given.points ?? points },
    },
    'sns:ListSubscriptionsByTopic': { value: { Subscriptions: given.subscriptions ?? [subscription] } },
  };
}

const withAlarm = (properties: object) => account({ alarms: [{ ...alarm, ...properties }] });

const judged = (
  name: string,
  answers: LiveCase['answers'],
  verdict: LiveCase['expect']['verdict'],
  subject: string,
  message?: string,
): LiveCase => ({ name, answers, now, expect: { verdict, subject, message } });

const kept = (name: string, answers: LiveCase['answers'], subject = 'root-use') =>
  judged(name, answers, 'satisfied', subject);

const broken = (name: string, message: string, answers: LiveCase['answers'], subject: string) =>
  judged(name, answers, 'not-satisfied', subject, message);

export const liveCases: readonly LiveCase[] = [
  kept('an alarm with data, a topic that somebody confirmed, and a probe under the figure', account()),
  kept('the last whole second below five minutes', account({ points: [point('2026-03-02T12:00:00.000Z', 299.6)] })),
  kept('an alarm that just lost its data goes off', withAlarm({ StateValue: 'ALARM' })),
  kept(
    'an alarm that scales beside it needs no topic',
    account({
      alarms: [
        alarm,
        {
          ...alarm,
          AlarmName: 'scales',
          AlarmActions: ['arn:aws:autoscaling:eu-central-1:111122223333:scalingPolicy:x:resource/ecs/service/a'],
        },
      ],
    }),
  ),
  broken('no alarm at all', 'missing', account({ alarms: [] }), '111122223333'),
  broken('an alarm was muted', 'muted', withAlarm({ ActionsEnabled: false }), 'root-use'),
  broken('an alarm lost its action', 'noAction', withAlarm({ AlarmActions: [] }), 'root-use'),
  broken('an alarm without data for weeks', 'blind', withAlarm({ StateValue: 'INSUFFICIENT_DATA' }), 'root-use'),
  broken('nobody is subscribed', 'unheard', account({ subscriptions: [] }), topic),
  broken(
    'a subscription was never confirmed',
    'pending',
    account({ subscriptions: [subscription, { ...subscription, SubscriptionArn: 'PendingConfirmation' }] }),
    topic,
  ),
  broken(
    'one alert in a month took five minutes',
    'slow',
    account({ points: [point('2026-02-14T03:00:00.000Z', 300), ...points] }),
    '111122223333',
  ),
  broken(
    'the probe fell silent',
    'unmeasured',
    account({ points: [point('2026-03-02T08:00:00.000Z', 40)] }),
    '111122223333',
  ),
  broken('there never was a probe', 'unmeasured', account({ metrics: [] }), '111122223333'),
  judged(
    'an alarm that is an hour old has no data yet',
    withAlarm({ StateValue: 'INSUFFICIENT_DATA', StateUpdatedTimestamp: '2026-03-02T11:45:00.000Z' }),
    'not-assessed',
    'root-use',
  ),
  judged(
    'a measurement without a maximum',
    account({ points: [{ Timestamp: '2026-03-02T12:00:00.000Z' }] }),
    'not-assessed',
    '111122223333',
  ),
];
