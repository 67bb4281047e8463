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

const ofPeople = [{ Name: 'Topic', Value: 'alerts' }];

const probed = [
  { Namespace: 'Probe', MetricName: 'AlertLatencySeconds', Dimensions: [] },
  { Namespace: 'Probe', MetricName: 'AlertLatencySeconds', Dimensions: ofPeople },
];

const other = 'arn:aws:sns:eu-central-1:111122223333:other';

/** Reports to another topic that this one fails. */
const undelivered = {
  ...alarm,
  AlarmName: 'undelivered',
  AlarmActions: [other],
  MetricName: 'NumberOfNotificationsFailed',
  Namespace: 'AWS/SNS',
  Dimensions: [{ Name: 'TopicName', Value: 'alerts' }],
};

interface Account {
  readonly alarms?: readonly object[];
  readonly subscriptions?: readonly object[];
  readonly metrics?: readonly object[];
  readonly points?: readonly object[];
  /** Measured through the topic that people are subscribed to. */
  readonly daily?: readonly object[];
  readonly failed?: readonly object[];
  readonly attributes?: object;
}

/** An account that keeps the promise, but for what is given. */
function account(given: Account = {}): LiveCase['answers'] {
  return {
    'cloudwatch:DescribeAlarms': { value: { MetricAlarms: given.alarms ?? [alarm] } },
    'cloudwatch:ListMetrics': { value: { Metrics: given.metrics ?? probed } },
    'cloudwatch:GetMetricStatistics': [
      {
        when: { Namespace: 'AWS/SNS' },
        value: { Label: 'NumberOfNotificationsFailed', Datapoints: given.failed ?? [] },
      },
      {
        when: { Dimensions: ofPeople },
        value: { Label: 'AlertLatencySeconds', Datapoints: given.daily ?? [point('2026-03-02T06:00:00.000Z', 51)] },
      },
      { value: { Label: 'AlertLatencySeconds', Datapoints: given.points ?? points } },
    ],
    'sns:GetSubscriptionAttributes': {
      value: { Attributes: { PendingConfirmation: 'false', RawMessageDelivery: 'false', ...given.attributes } },
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
  kept(
    'a topic that only hears of the failures of another is not measured itself',
    account({ alarms: [alarm, undelivered] }),
    'undelivered',
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
    'who is subscribed gets what a filter lets through',
    'filtered',
    account({ attributes: { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"detail":[{"exists":true}]}' } }),
    topic,
  ),
  broken(
    'only a function is subscribed, which picks what is for it',
    'unheard',
    account({
      subscriptions: [{ ...subscription, Protocol: 'lambda' }],
      attributes: { FilterPolicy: '{"probe":["yes"]}' },
    }),
    topic,
  ),
  broken(
    'a mail could not be delivered last week',
    'undelivered',
    account({ failed: [{ Timestamp: '2026-02-24T00:00:00.000Z', Sum: 2 }] }),
    topic,
  ),
  broken('the probe measures a topic of its own only', 'bypassed', account({ metrics: probed.slice(0, 1) }), topic),
  broken(
    'the daily alert has not come since the day before yesterday',
    'bypassed',
    account({ daily: [point('2026-02-28T06:00:00.000Z', 51)] }),
    topic,
  ),
  broken(
    'the daily alert took five minutes',
    'slow',
    account({ daily: [point('2026-03-02T06:00:00.000Z', 301)] }),
    '111122223333',
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
    account({ points: [point('2026-03-02T08:00:00.000Z', 40)], daily: [point('2026-03-02T06:00:00.000Z', 51)] }),
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
