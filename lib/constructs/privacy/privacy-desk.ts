import type { Duration } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { AlertTopicWatch } from '../alerts/alert-topic-watch';
import { DataKey } from '../storage/data-key';

export interface PrivacyDeskProps {
  /** Mail address of those who answer for personal data; AWS asks it to confirm before anything is sent. */
  readonly contact: string;
  /** Alias of the topic's key without the `alias/` in front. */
  readonly keyAlias: string;
  /** Time between rotations of the topic's key. */
  readonly keyRotation: Duration;
  /** Hears of what could not be delivered: of another mailbox, or nobody notices. */
  readonly alerts: sns.ITopic;
}

/**
 * Where those who answer for personal data hear what is asked of them. It is no topic of alerts: what is asked for is nobody else's business, and
 * only who holds the right to publish writes there.
 */
export class PrivacyDesk extends Construct {
  readonly topic: sns.ITopic;

  constructor(scope: Construct, id: string, { alerts, contact, keyAlias, keyRotation }: PrivacyDeskProps) {
    super(scope, id);
    const { key } = new DataKey(this, 'Key', {
      protects: 'What is asked of those who answer for personal data',
      alias: keyAlias,
      services: ['sns'],
      rotationPeriod: keyRotation,
    });
    const topic = new sns.Topic(this, 'Topic', { displayName: 'Privacy', masterKey: key, enforceSSL: true });
    topic.addSubscription(new EmailSubscription(contact));
    new AlertTopicWatch(this, 'Watch', { alerts: topic, fallback: alerts });
    this.topic = topic;
  }
}
