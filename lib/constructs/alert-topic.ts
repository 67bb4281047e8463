import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { DataKey } from './data-key';

export interface AlertTopicProps {
  /** Mail address that hears of it; AWS asks it to confirm before anything is sent. */
  readonly contact: string;
  /** Alias of the topic's key without the `alias/` in front. */
  readonly keyAlias: string;
  /** Time between rotations of the topic's key. */
  readonly keyRotation: Duration;
}

/**
 * Where everything that watches reports: alarms, findings, and watchers that failed.
 *
 * Whoever publishes needs the key as well, in a policy of its own: a topic whose key a publisher may not use drops what it sends, and
 * says nothing.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const { key } = new DataKey(this, 'Key', {
      protects: 'Alerts',
      alias: props.keyAlias,
      services: ['sns'],
      rotationPeriod: props.keyRotation,
    });
    this.topic = new sns.Topic(this, 'Topic', { displayName: 'Alerts', masterKey: key, enforceSSL: true });
    this.topic.addSubscription(new EmailSubscription(props.contact));
  }
}

/** What a policy must say for its holder to publish to an `AlertTopic`. */
export function publishTo(topic: sns.ITopic): iam.PolicyStatement[] {
  const allow = (sid: string, actions: string[], resource: string) =>
    new iam.PolicyStatement({ sid, actions, resources: [resource] });
  return [
    allow('Report', ['sns:Publish'], topic.topicArn),
    ...(topic.masterKey
      ? [allow('EncryptReports', ['kms:Decrypt', 'kms:GenerateDataKey'], topic.masterKey.keyArn)]
      : []),
  ];
}
