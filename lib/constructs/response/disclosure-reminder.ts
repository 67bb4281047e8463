import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTarget } from '../alerts/alert-topic';

export interface DisclosureReminderProps {
  /** Last day on which `security.txt` counts, YYYY-MM-DD. */
  readonly expires: string;
  /** Hears of it. */
  readonly alerts: sns.ITopic;
  /**
   * Days before the last one on which it is said.
   *
   * @default 42
   */
  readonly daysBefore?: number;
}

/**
 * Says in time, at nine o'clock UTC, that `security.txt` will soon count no more: whoever deploys seldom would find out from a researcher. Every year
 * on that day, because whoever does not act on it needs it again; never on a day that a month may lack.
 */
export class DisclosureReminder extends Construct {
  constructor(scope: Construct, id: string, { alerts, daysBefore = 42, expires }: DisclosureReminderProps) {
    super(scope, id);
    const day = new Date(`${expires}T09:00:00Z`);
    day.setUTCDate(day.getUTCDate() - daysBefore);
    new events.Rule(this, 'Rule', {
      description: 'The disclosure policy has to be looked at, and security.txt to be dated anew',
      schedule: events.Schedule.cron({
        minute: '0',
        hour: '9',
        day: String(Math.min(28, day.getUTCDate())),
        month: String(day.getUTCMonth() + 1),
      }),
      targets: [
        new AlertTarget(
          alerts,
          events.RuleTargetInput.fromText(
            `security.txt counts until ${expires}: look at what is published (runbook handle-vulnerability-report), then set disclosure.expires anew and deploy.`,
          ),
        ),
      ],
    });
  }
}
