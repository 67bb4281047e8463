import {
  type Fact,
  factsIn,
  factsOf,
  flagIn,
  optionalTextIn,
  optionalTimeIn,
  textIn,
  wordsIn,
} from '../../../lib/control/fact';
import {
  type AccountReader,
  couldNotLook,
  type LiveHalf,
  type LiveOutcome,
  type ReadResult,
} from '../../../lib/control/live';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

const alarmsAction = 'cloudwatch:DescribeAlarms';
const metricsAction = 'cloudwatch:ListMetrics';
const statisticsAction = 'cloudwatch:GetMetricStatistics';
const subscriptionsAction = 'sns:ListSubscriptionsByTopic';

const metricName = 'AlertLatencySeconds';

/** Days that the measurements are looked at, and hours after which the probe counts as silent: it runs at least once an hour. */
const lookBackDays = 30;
const silentAfterHours = 2;

/** Hours for which an alarm may lack data: a new one has none yet. */
const blindAfterHours = 1;

interface Facts {
  readonly accountId: string;
  readonly now: string;
  readonly alarms: ReadResult<readonly unknown[]>;
  /** By the ARN of the topic. */
  readonly subscriptions: Readonly<Record<string, ReadResult<readonly unknown[]>>>;
  readonly metrics: ReadResult<readonly unknown[]>;
  /** One for each namespace that has the metric. */
  readonly statistics: readonly ReadResult<Readonly<Record<string, unknown>>>[];
}

/** DET-02 in the running account: alarms have data and act, topics have confirmed subscribers, and the probe's figure is under the promise. */
export const liveHalf: LiveHalf<Facts> = {
  reads: [alarmsAction, metricsAction, statisticsAction, subscriptionsAction],
  expects: 'at-least-one',
  collect: async (account) => {
    const [alarms, metrics] = await Promise.all([
      account.list(alarmsAction, 'MetricAlarms', { AlarmTypes: ['MetricAlarm'] }),
      account.list(metricsAction, 'Metrics', { MetricName: metricName }),
    ]);
    const topics = alarms.ok ? [...new Set(factsOf(alarms.value, 'MetricAlarms').flatMap(topicsOf))].sort() : [];
    const subscriptions = await Promise.all(
      topics.map(
        async (TopicArn) => [TopicArn, await account.list(subscriptionsAction, 'Subscriptions', { TopicArn })] as const,
      ),
    );
    const statistics = metrics.ok
      ? await Promise.all(factsOf(metrics.value, 'Metrics').map((metric) => measured(account, metric)))
      : [];
    const { accountId, now } = account;
    return {
      accountId,
      now: now.toISOString(),
      alarms,
      subscriptions: Object.fromEntries(subscriptions),
      metrics,
      statistics,
    };
  },
  judge: (facts, { figures }) => {
    const { accountId, alarms, metrics } = facts;
    const ofAccount = (outcome: Outcome): LiveOutcome => ({ subject: accountId, type: 'AWS::Account', outcome });
    const all = alarms.ok ? factsOf(alarms.value, 'MetricAlarms') : [];
    return [
      ...(alarms.ok ? [] : [ofAccount(couldNotLook(alarmsAction, alarms))]),
      ...(alarms.ok && all.length === 0 ? [ofAccount(finding('missing'))] : []),
      ...all.map((alarm) => judgeAlarm(alarm, new Date(facts.now))),
      ...Object.entries(facts.subscriptions).flatMap(([topic, read]) => judgeTopic(topic, read)),
      ...(metrics.ok
        ? judgeProbe(facts, figures.number('detect.maxAlertSeconds')).map(ofAccount)
        : [ofAccount(couldNotLook(metricsAction, metrics))]),
    ];
  },
};

function measured(account: AccountReader, metric: Fact): Promise<ReadResult<Readonly<Record<string, unknown>>>> {
  const start = new Date(account.now.getTime() - lookBackDays * 86_400_000);
  return account.read(statisticsAction, {
    Namespace: textIn(metric, 'Namespace'),
    MetricName: metricName,
    Dimensions: metric.Dimensions ?? [],
    StartTime: start,
    EndTime: account.now,
    Period: 3600,
    Statistics: ['Maximum'],
  });
}

function topicsOf(alarm: Fact): readonly string[] {
  return wordsIn(alarm, 'AlarmActions').filter((arn) => /^arn:[^:]+:sns:/.test(arn));
}

function judgeAlarm(alarm: Fact, now: Date): LiveOutcome {
  const actions = wordsIn(alarm, 'AlarmActions');
  const onlyScales = actions.length > 0 && actions.every((arn) => /:(autoscaling|application-autoscaling):/.test(arn));
  return {
    subject: textIn(alarm, 'AlarmName'),
    type: 'AWS::CloudWatch::Alarm',
    outcome: onlyScales
      ? { verdict: 'not-applicable', reason: 'it scales, and reports nothing' }
      : judgeReport(alarm, now),
    observations: ['ActionsEnabled', 'AlarmActions', 'StateValue', 'StateUpdatedTimestamp'].map((property) => ({
      property,
      value: alarm[property] ?? null,
    })),
  };
}

function judgeReport(alarm: Fact, now: Date): Outcome {
  if (!flagIn(alarm, 'ActionsEnabled')) {
    return finding('muted', 'ActionsEnabled');
  }
  if (topicsOf(alarm).length === 0) {
    return finding('noAction', 'AlarmActions');
  }
  if (textIn(alarm, 'StateValue') !== 'INSUFFICIENT_DATA') {
    return satisfied;
  }
  const since = optionalTimeIn(alarm, 'StateUpdatedTimestamp');
  const isNew = since !== undefined && now.getTime() - since.getTime() <= blindAfterHours * 3_600_000;
  return isNew
    ? notAssessed('it has no data yet', 'StateValue')
    : finding('blind', 'StateValue', { since: since?.toISOString() ?? 'it was made' });
}

function judgeTopic(topic: string, read: ReadResult<readonly unknown[]>): readonly LiveOutcome[] {
  const subject = { subject: topic, type: 'AWS::SNS::Topic' };
  if (!read.ok) {
    return [{ ...subject, outcome: couldNotLook(subscriptionsAction, read) }];
  }
  const subscribed = factsOf(read.value, 'Subscriptions');
  const pending = subscribed.filter((each) => textIn(each, 'SubscriptionArn') === 'PendingConfirmation');
  const confirmed = subscribed.length - pending.length;
  const observations = [
    { property: 'confirmed', value: confirmed },
    { property: 'pending', value: pending.length },
  ];
  if (subscribed.length === 0) {
    return [{ ...subject, outcome: finding('unheard'), observations }];
  }
  const outcomes = pending.map((each) =>
    finding('pending', 'SubscriptionArn', { protocol: optionalTextIn(each, 'Protocol') ?? 'unknown means' }),
  );
  return (outcomes.length > 0 ? outcomes : [satisfied]).map((outcome) => ({ ...subject, outcome, observations }));
}

function judgeProbe({ now, statistics }: Facts, limit: number): readonly Outcome[] {
  const failed = statistics.flatMap((read) => (read.ok ? [] : [couldNotLook(statisticsAction, read)]));
  if (failed.length > 0) {
    return failed;
  }
  const points = statistics.flatMap((read) => (read.ok ? factsIn(read.value, 'Datapoints') : []));
  const seconds = points.map((point) => (typeof point.Maximum === 'number' ? point.Maximum : Number.NaN));
  const newest = Math.max(0, ...points.map((point) => optionalTimeIn(point, 'Timestamp')?.getTime() ?? 0));
  // A point carries the beginning of its hour
  const isRecent = new Date(now).getTime() - newest <= (silentAfterHours + 1) * 3_600_000;
  // The promise counts whole seconds
  const longest = Math.floor(Math.max(...seconds));
  if (!isRecent) {
    return [finding('unmeasured', undefined, { hours: silentAfterHours })];
  }
  if (seconds.some(Number.isNaN)) {
    return [notAssessed('a measurement of the probe has no maximum')];
  }
  return [longest > limit ? finding('slow', undefined, { seconds: longest, limit }) : satisfied];
}
