import { Duration } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmAbove } from './reporting-alarm';

export interface AlertTopicWatchProps {
  /** The topic that people are subscribed to. */
  readonly alerts: sns.ITopic;
  /** Hears of it where that topic fails: of another mailbox, and under another key. */
  readonly fallback: sns.ITopic;
}

/**
 * Reports an alert that SNS could not deliver. A topic cannot report its own failure, so somebody else is told.
 *
 * SNS counts what it gave up on. A mail that a server took and then threw away counts as delivered, and what a key or a policy kept from the
 * topic never reached it: that the probe finds (`AlertProbe`).
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
export class AlertTopicWatch extends Construct {
  constructor(scope: Construct, id: string, { alerts, fallback }: AlertTopicWatchProps) {
    super(scope, id);
    alarmAbove(this, 'Undelivered', {
      description:
        'An alert could not be delivered to those who must hear of it: look at the topic of the alerts and who is subscribed',
      metric: alerts.metricNumberOfNotificationsFailed({ statistic: 'Sum' }),
      period: Duration.minutes(1),
      limit: 1,
      alerts: fallback,
    });
  }
}
