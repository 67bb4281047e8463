import { type Duration, Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { DataKey } from '../storage/data-key';

export interface AlertTopicProps {
  /** Mail address that hears of it; AWS asks it to confirm before anything is sent. */
  readonly contact: string;
  /** Alias of the topic's key without the `alias/` in front. */
  readonly keyAlias: string;
  /** Time between rotations of the topic's key. */
  readonly keyRotation: Duration;
  /**
   * Whether it hears of everything, or of alarms alone.
   *
   * @default 'everything'
   */
  readonly hears?: 'everything' | 'alarms';
}

/**
 * Services that report on behalf of this account. They say so in `aws:SourceAccount`; who publishes for another account is refused.
 * AWS Config is not among them: it cannot publish to an encrypted topic, and what its rules find comes through EventBridge.
 *
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/sns-topic-policy.html
 */
const REPORTERS = [
  'backup.amazonaws.com',
  'budgets.amazonaws.com',
  'cloudwatch.amazonaws.com',
  'costalerts.amazonaws.com',
] as const;

const ALARMS = ['cloudwatch.amazonaws.com'] as const;

const EVENTS = ['events.amazonaws.com'] as const;

/**
 * Where everything that watches reports: alarms, rules, budgets, backups, and watchers that failed.
 *
 * Topic and key both admit the services that report. A topic whose key a publisher may not use drops what it sends, and says nothing. A
 * function publishes under its own role (`publishTo`), a rule of EventBridge through `AlertTarget`.
 *
 * EventBridge is admitted without `aws:SourceAccount`: SNS documents that the key's policy may not ask for it, and EventBridge's own pages
 * disagree whether the topic's may. A lost alert is worse than a foreign one, so nothing is asked that may not come; the key is bound to the
 * topics of this account instead.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const { hears = 'everything' } = props;
    const reporters = hears === 'everything' ? REPORTERS : ALARMS;
    const own = { StringEquals: { 'aws:SourceAccount': account } };
    // Any topic of the account: this one's ARN hangs on the key, and a policy that named it would close the circle
    const topics = Stack.of(this).formatArn({ service: 'sns', resource: '*' });
    const use = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    const { key } = new DataKey(this, 'Key', {
      protects: 'Alerts',
      alias: props.keyAlias,
      services: ['sns'],
      rotationPeriod: props.keyRotation,
      writers: [
        admit('EncryptReports', reporters, use, '*', own),
        ...(hears === 'everything'
          ? [
              admit('EncryptEvents', EVENTS, use, '*', {
                ArnLike: { 'kms:EncryptionContext:aws:sns:topicArn': topics },
              }),
            ]
          : []),
      ],
    });
    this.topic = new sns.Topic(this, 'Topic', { displayName: 'Alerts', masterKey: key, enforceSSL: true });
    const { topicArn } = this.topic;
    this.topic.addToResourcePolicy(admit('Report', reporters, ['sns:Publish'], topicArn, own));
    if (hears === 'everything') {
      this.topic.addToResourcePolicy(admit('ReportEvents', EVENTS, ['sns:Publish'], topicArn));
    }
    this.topic.addSubscription(new EmailSubscription(props.contact));
  }
}

/**
 * Sends what a rule of EventBridge matches to an `AlertTopic`, whose policies admit EventBridge already. CDK's own target would add a
 * statement to the key for EventBridge at large. A role is none of the choices: EventBridge documents that rules with one may fail to
 * deliver to an encrypted topic.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export class AlertTarget implements events.IRuleTarget {
  /**
   * @param topic topic of an `AlertTopic`
   * @param message what is said; the whole event if nothing is given
   */
  constructor(
    private readonly topic: sns.ITopic,
    private readonly message?: events.RuleTargetInput,
  ) {}

  bind(): events.RuleTargetConfig {
    return { arn: this.topic.topicArn, input: this.message, targetResource: this.topic };
  }
}

/**
 * What a policy must say for its holder to publish to an encrypted topic.
 *
 * @param verb what the ids of the statements begin with: they differ within a policy
 */
export function publishTo(topic: sns.ITopic, verb = 'Report'): iam.PolicyStatement[] {
  const allow = (sid: string, actions: string[], resource: string) =>
    new iam.PolicyStatement({ sid, actions, resources: [resource] });
  return [
    allow(verb, ['sns:Publish'], topic.topicArn),
    ...(topic.masterKey
      ? [allow(`Encrypt${verb}s`, ['kms:Decrypt', 'kms:GenerateDataKey'], topic.masterKey.keyArn)]
      : []),
  ];
}

function admit(
  sid: string,
  services: readonly string[],
  actions: string[],
  resource: string,
  conditions?: Record<string, Record<string, string>>,
): iam.PolicyStatement {
  const principals = services.map((service) => new iam.ServicePrincipal(service));
  return new iam.PolicyStatement({ sid, principals, actions, resources: [resource], conditions });
}
