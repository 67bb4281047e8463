import { type Fact, factsIn, factsOf, flagIn, optionalTimeIn, textIn, wordsIn } from '../../../lib/control/fact';
import {
  type AccountReader,
  couldNotLook,
  type LiveHalf,
  type LiveOutcome,
  type ReadResult,
} from '../../../lib/control/live';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { judgeTopicFacts, nameOfTopic, type TopicFacts, topicFacts, topicReads } from './live-topics';

const alarmsAction = 'cloudwatch:DescribeAlarms';
const metricsAction = 'cloudwatch:ListMetrics';
const statisticsAction = 'cloudwatch:GetMetricStatistics';

const metricName = 'AlertLatencySeconds';

/** Days that the measurements are looked at, and hours after which the probe counts as silent: it runs at least once an hour. */
const lookBackDays = 30;
const silentAfterHours = 2;

/** Hours after which the topic that people are subscribed to counts as unmeasured: an alert goes through it at least once a day. */
const topicSilentAfterHours = 26;

/** Hours for which an alarm may lack data: a new one has none yet. */
const blindAfterHours = 1;

interface Facts {
  readonly accountId: string;
  readonly now: string;
  readonly alarms: ReadResult<readonly unknown[]>;
  readonly topics: readonly TopicFacts[];
  readonly metrics: ReadResult<readonly unknown[]>;
  /** One for each namespace that has the metric. */
  readonly statistics: readonly Measurements[];
}

/** What the probe measured in one way. */
interface Measurements {
  /** Name of the topic that people are subscribed to, where the alerts went through it. */
  readonly topic?: string;
  readonly read: ReadResult<Readonly<Record<string, unknown>>>;
}

/** DET-02 in the running account: alarms have data and act, topics have confirmed subscribers, and the probe's figure is under the promise. */
export const liveHalf: LiveHalf<Facts> = {
  reads: [alarmsAction, metricsAction, ...topicReads],
  expects: 'at-least-one',
  collect: async (account) => {
    const [alarms, metrics] = await Promise.all([
      account.list(alarmsAction, 'MetricAlarms', { AlarmTypes: ['MetricAlarm'] }),
      account.list(metricsAction, 'Metrics', { MetricName: metricName }),
    ]);
    const topics = alarms.ok ? [...new Set(factsOf(alarms.value, 'MetricAlarms').flatMap(topicsOf))].sort() : [];
    const statistics = metrics.ok
      ? await Promise.all(factsOf(metrics.value, 'Metrics').map((metric) => measured(account, metric)))
      : [];
    const { accountId, now } = account;
    return {
      accountId,
      now: now.toISOString(),
      alarms,
      topics: await Promise.all(topics.map((topic) => topicFacts(account, topic, lookBackDays))),
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
      ...facts.topics.flatMap((topic) => judgeTopicFacts(topic, lookBackDays)),
      ...(metrics.ok
        ? [...judgeProbe(facts, figures.number('detect.maxAlertSeconds')).map(ofAccount), ...judgeWays(facts, all)]
        : [ofAccount(couldNotLook(metricsAction, metrics))]),
    ];
  },
};

async function measured(account: AccountReader, metric: Fact): Promise<Measurements> {
  const start = new Date(account.now.getTime() - lookBackDays * 86_400_000);
  const dimensions = factsIn(metric, 'Dimensions').map((each) => ({
    Name: textIn(each, 'Name'),
    Value: textIn(each, 'Value'),
  }));
  const topic = dimensions.find(({ Name: name }) => name === 'Topic');
  const read = await account.read(statisticsAction, {
    Namespace: textIn(metric, 'Namespace'),
    MetricName: metricName,
    Dimensions: dimensions,
    StartTime: start,
    EndTime: account.now,
    Period: 3600,
    Statistics: ['Maximum'],
  });
  return { ...(topic ? { topic: topic.Value } : {}), read };
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

function judgeProbe({ now, statistics }: Facts, limit: number): readonly Outcome[] {
  const failed = statistics.flatMap(({ read }) => (read.ok ? [] : [couldNotLook(statisticsAction, read)]));
  if (failed.length > 0) {
    return failed;
  }
  if (!isRecent(statistics, silentAfterHours, now)) {
    return [finding('unmeasured', undefined, { hours: silentAfterHours })];
  }
  const seconds = statistics
    .flatMap(pointsOf)
    .map((point) => (typeof point.Maximum === 'number' ? point.Maximum : Number.NaN));
  if (seconds.some(Number.isNaN)) {
    return [notAssessed('a measurement of the probe has no maximum')];
  }
  // The promise counts whole seconds
  const longest = Math.floor(Math.max(...seconds));
  return [longest > limit ? finding('slow', undefined, { seconds: longest, limit }) : satisfied];
}

/** Each topic that alarms report to is measured itself; one that only hears of another's failure has nothing to be late with. */
function judgeWays({ now, statistics, topics }: Facts, alarms: readonly Fact[]): readonly LiveOutcome[] {
  return topics
    .filter(({ arn }) => alarms.some((alarm) => topicsOf(alarm).includes(arn) && !isAboutTopics(alarm)))
    .map(({ arn }) => {
      const own = statistics.filter(({ topic }) => topic === nameOfTopic(arn));
      const hasFailed = own.some(({ read }) => !read.ok);
      const outcome = isRecent(own, topicSilentAfterHours, now)
        ? satisfied
        : hasFailed
          ? notAssessed('what the probe measured cannot be read')
          : finding('bypassed', undefined, { topic: nameOfTopic(arn) });
      return { subject: arn, type: 'AWS::SNS::Topic', outcome };
    });
}

function isAboutTopics(alarm: Fact): boolean {
  return factsIn(alarm, 'Dimensions').some(({ Name: name }) => name === 'TopicName' || name === 'Topic');
}

function pointsOf({ read }: Measurements): readonly Fact[] {
  return read.ok ? factsIn(read.value, 'Datapoints') : [];
}

/** Whether there is a measurement of the last hours; a point carries the beginning of its hour. */
function isRecent(statistics: readonly Measurements[], hours: number, now: string): boolean {
  const times = statistics.flatMap(pointsOf).map((point) => optionalTimeIn(point, 'Timestamp')?.getTime() ?? 0);
  return new Date(now).getTime() - Math.max(0, ...times) <= (hours + 1) * 3_600_000;
}
