import { type Fact, factsIn, factsOf, optionalFactIn, optionalTextIn, textIn } from '../../../lib/control/fact';
import { type AccountReader, couldNotLook, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';

const subscriptionsAction = 'sns:ListSubscriptionsByTopic';
const attributesAction = 'sns:GetSubscriptionAttributes';
const statisticsAction = 'cloudwatch:GetMetricStatistics';

export const topicReads: readonly string[] = [subscriptionsAction, attributesAction, statisticsAction];

type Attributes = Readonly<Record<string, unknown>>;

/** What is known of a topic that alarms report to. */
export interface TopicFacts {
  readonly arn: string;
  readonly subscriptions: ReadResult<readonly unknown[]>;
  /** Of each subscription that was confirmed, by its ARN. */
  readonly attributes: Readonly<Record<string, ReadResult<Attributes>>>;
  /** How many alerts SNS gave up on, by the day. */
  readonly failed: ReadResult<Attributes>;
}

/** Name of a topic, which its metrics know it by. */
export function nameOfTopic(arn: string): string {
  return arn.split(':').at(-1) ?? '';
}

export async function topicFacts(account: AccountReader, arn: string, lookBackDays: number): Promise<TopicFacts> {
  const [subscriptions, failed] = await Promise.all([
    account.list(subscriptionsAction, 'Subscriptions', { TopicArn: arn }),
    account.read(statisticsAction, {
      Namespace: 'AWS/SNS',
      MetricName: 'NumberOfNotificationsFailed',
      Dimensions: [{ Name: 'TopicName', Value: nameOfTopic(arn) }],
      StartTime: new Date(account.now.getTime() - lookBackDays * 86_400_000),
      EndTime: account.now,
      Period: 86_400,
      Statistics: ['Sum'],
    }),
  ]);
  const confirmed = subscriptions.ok
    ? factsOf(subscriptions.value, 'Subscriptions')
        .map((each) => textIn(each, 'SubscriptionArn'))
        .filter((each) => each.startsWith('arn:'))
    : [];
  const attributes = await Promise.all(
    confirmed.map(
      async (SubscriptionArn) => [SubscriptionArn, await account.read(attributesAction, { SubscriptionArn })] as const,
    ),
  );
  return { arn, subscriptions, attributes: Object.fromEntries(attributes), failed };
}

/** Judges that everybody who is subscribed said yes, that somebody gets everything, and that nothing failed to be delivered. */
export function judgeTopicFacts(facts: TopicFacts, lookBackDays: number): readonly LiveOutcome[] {
  const { arn, subscriptions, failed } = facts;
  const ofTopic = (outcome: Outcome, observations?: LiveOutcome['observations']): LiveOutcome => ({
    subject: arn,
    type: 'AWS::SNS::Topic',
    outcome,
    observations,
  });
  if (!subscriptions.ok) {
    return [ofTopic(couldNotLook(subscriptionsAction, subscriptions))];
  }
  const subscribed = factsOf(subscriptions.value, 'Subscriptions');
  const pending = subscribed.filter((each) => textIn(each, 'SubscriptionArn') === 'PendingConfirmation');
  const observations = [
    { property: 'confirmed', value: subscribed.length - pending.length },
    { property: 'pending', value: pending.length },
  ];
  const outcomes = [
    ...pending.map((each) =>
      finding('pending', 'SubscriptionArn', { protocol: optionalTextIn(each, 'Protocol') ?? 'unknown means' }),
    ),
    ...(pending.length > 0 ? [] : judgeFilters(subscribed, facts)),
    failed.ok ? judgeFailed(failed.value, lookBackDays) : couldNotLook(statisticsAction, failed),
  ];
  return outcomes.map((outcome) => ofTopic(outcome, observations));
}

/** Somebody must get everything; a function with a filter picks what is for it. */
function judgeFilters(subscribed: readonly Fact[], { attributes }: TopicFacts): readonly Outcome[] {
  const unread = Object.values(attributes).flatMap((read) => (read.ok ? [] : [couldNotLook(attributesAction, read)]));
  if (unread.length > 0) {
    return unread;
  }
  const confirmed = subscribed.filter((each) => Object.hasOwn(attributes, textIn(each, 'SubscriptionArn')));
  const filtered = confirmed.filter((each) => {
    const read = attributes[textIn(each, 'SubscriptionArn')];
    const values = read?.ok ? optionalFactIn(read.value, 'Attributes') : undefined;
    return values === undefined || optionalTextIn(values, 'FilterPolicy') !== undefined;
  });
  if (filtered.length < confirmed.length) {
    return [satisfied];
  }
  const people = filtered.filter((each) => optionalTextIn(each, 'Protocol') !== 'lambda');
  return [finding(people.length > 0 ? 'filtered' : 'unheard')];
}

function judgeFailed(statistics: Attributes, days: number): Outcome {
  const sums = factsIn(statistics, 'Datapoints').map(({ Sum: sum }) => (typeof sum === 'number' ? sum : 1));
  const count = sums.reduce((total, sum) => total + sum, 0);
  return count > 0 ? finding('undelivered', undefined, { count, days }) : satisfied;
}
