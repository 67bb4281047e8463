import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as ses from 'aws-cdk-lib/aws-ses';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTarget } from '../alerts/alert-topic';
import { alarmAbove } from '../alerts/reporting-alarm';
import { recordEvents } from '../logging/event-record';

export interface MailEventsProps {
  /** Name of the log group behind `/aws/events/`, such as `production-mail`. */
  readonly name: string;
  /** Configuration sets that suppress, and the one that does not, each with its name as it is written in events. */
  readonly sets: { readonly ordinary: MailSet; readonly critical: MailSet };
  /** Key of the log group; its policy must let CloudWatch Logs use it. */
  readonly logKey: kms.IKey;
  /** Days for which events are kept, at least. */
  readonly retentionDays: number;
  /** Hears of critical mail that did not arrive, and of a bad reputation. */
  readonly alerts: sns.ITopic;
}

export interface MailSet {
  readonly set: ses.ConfigurationSet;
  readonly name: string;
}

const { BOUNCE, COMPLAINT, DELIVERY_DELAY, REJECT, RENDERING_FAILURE, SUBSCRIPTION } = ses.EmailSendingEvent;

/** What becomes of a mail that does not simply arrive; what was opened or clicked is nobody's business. */
const REPORTED = [BOUNCE, COMPLAINT, DELIVERY_DELAY, REJECT, RENDERING_FAILURE, SUBSCRIPTION];

/** Names under which SES reports them: https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html. */
const LOST = ['Email Bounced', 'Email Rejected', 'Email Rendering Failed'];
const NOTED = [...LOST, 'Email Complaint Received', 'Email Delivery Delayed', 'Email Subscribed'];

/**
 * What SES reports of mails: all of it in a log group of its own, because it names recipients; an alert for a critical mail that did not
 * arrive, which names the message and not the person; and alarms before AWS stops the account from sending.
 *
 * Source of the limits: https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
 */
export class MailEvents extends Construct {
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: MailEventsProps) {
    super(scope, id);
    const bus = events.EventBus.fromEventBusName(this, 'Bus', 'default');
    for (const [kind, { set }] of Object.entries(props.sets)) {
      new ses.ConfigurationSetEventDestination(this, `To-${kind}`, {
        configurationSet: set,
        destination: ses.EventDestination.eventBus(bus),
        events: REPORTED,
      });
    }
    this.logGroup = recordEvents(this, {
      ...props,
      description: 'Bounces, complaints, unsubscriptions and whatever else did not arrive',
      eventPattern: { source: ['aws.ses'], detailType: NOTED },
    });
    this.reportLost(props);
    watchReputation(this, props.alerts);
  }

  private reportLost({ sets, alerts }: MailEventsProps): void {
    const message = events.EventField.fromPath('$.detail.mail.messageId');
    new events.Rule(this, 'Lost', {
      description: 'A mail that somebody must not miss did not arrive',
      eventPattern: {
        source: ['aws.ses'],
        detailType: LOST,
        detail: { mail: { tags: { 'ses:configuration-set': [sets.critical.name] } } },
      },
      targets: [
        new AlertTarget(
          alerts,
          events.RuleTargetInput.fromText(
            `A mail that somebody must not miss did not arrive: message ${message}. The log group ${this.logGroup.logGroupName} says to whom and why; reach that person another way.`,
          ),
        ),
      ],
    });
  }
}

/** Of the account as a whole: it is the account that AWS reviews and stops. */
function watchReputation(scope: Construct, alerts: sns.ITopic): void {
  const metric = (metricName: string) =>
    new cloudwatch.Metric({ namespace: 'AWS/SES', metricName, statistic: 'Maximum' });
  const period = Duration.minutes(1);
  alarmAbove(scope, 'Bounces', {
    description:
      'Of a hundred mails five bounced: look in the log of mail at whom they went to, before AWS stops the account at ten',
    metric: metric('Reputation.BounceRate'),
    limit: 0.05,
    period,
    alerts,
  });
  alarmAbove(scope, 'Complaints', {
    description:
      'Of a thousand mails one was reported as spam: look in the log of mail at which, before AWS stops the account at five',
    metric: metric('Reputation.ComplaintRate'),
    limit: 0.001,
    period,
    alerts,
  });
}
