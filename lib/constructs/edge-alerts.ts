import { type Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { DataKey } from './data-key';

export interface EdgeAlertsProps {
  /** Mail address that hears of it; AWS asks it to confirm before anything is sent. */
  readonly contact: string;
  /** Alias of the topic's key without the `alias/` in front. */
  readonly keyAlias: string;
  /** Time between rotations of the topic's key. */
  readonly keyRotation: Duration;
}

/**
 * Where the edge reports: certificates that are not ours, certificates that expire, and watchers that failed.
 *
 * The key has statements of its own for the services that publish: a topic whose key they may not use drops what they send, and
 * says nothing.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class EdgeAlerts extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, props: EdgeAlertsProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const { key } = new DataKey(this, 'Key', {
      protects: 'Alerts of the edge',
      alias: props.keyAlias,
      services: ['sns'],
      writers: [
        new iam.PolicyStatement({
          sid: 'EncryptEvents',
          principals: [new iam.ServicePrincipal('events.amazonaws.com')],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:SourceAccount': account } },
        }),
      ],
      rotationPeriod: props.keyRotation,
    });
    this.topic = new sns.Topic(this, 'Topic', { displayName: 'Edge alerts', masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'PublishEvents',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    this.topic.addSubscription(new EmailSubscription(props.contact));
  }
}
