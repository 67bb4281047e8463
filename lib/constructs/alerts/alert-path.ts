import type { Duration } from 'aws-cdk-lib';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTopic } from './alert-topic';
import { AlertTopicWatch } from './alert-topic-watch';

export interface AlertPathProps {
  /** Mail address that hears of everything. */
  readonly contact: string;
  /** Mail address that hears where that fails: of another mailbox, or nobody notices. */
  readonly fallbackContact: string;
  /** What the aliases of the two keys begin with, such as `production`. */
  readonly name: string;
  /** Time between rotations of the keys. */
  readonly keyRotation: Duration;
}

/** One topic for all alerts of a place, and a second one, under another key, that hears of it where the first cannot deliver. */
export class AlertPath extends Construct {
  readonly alerts: sns.ITopic;
  readonly fallback: sns.ITopic;

  constructor(scope: Construct, id: string, props: AlertPathProps) {
    super(scope, id);
    const { keyRotation, name } = props;
    this.alerts = new AlertTopic(this, 'Alerts', {
      contact: props.contact,
      keyAlias: `${name}/alerts`,
      keyRotation,
    }).topic;
    this.fallback = new AlertTopic(this, 'Fallback', {
      contact: props.fallbackContact,
      keyAlias: `${name}/alerts-fallback`,
      keyRotation,
      hears: 'alarms',
    }).topic;
    new AlertTopicWatch(this, 'Watch', { alerts: this.alerts, fallback: this.fallback });
  }
}
