import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertTarget } from '../alerts/alert-topic';

export interface BackupAlertsProps {
  /** Topic of an `AlertTopic`, whose policies admit EventBridge. */
  readonly alerts: sns.ITopic;
}

/**
 * What AWS Backup says of itself that a person must hear of. Jobs of backups and copies have a `state`, those of restores a `status`: a rule
 * that mixes them up is silent for ever.
 */
const WORRIES: Readonly<
  Record<string, { readonly about: string; readonly detailType: string; readonly detail: object }>
> = {
  Backups: {
    about: 'A backup failed, was broken off, came too late or is incomplete',
    detailType: 'Backup Job State Change',
    detail: { state: ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL'] },
  },
  Copies: {
    about: 'A copy of a backup failed',
    detailType: 'Copy Job State Change',
    detail: { state: ['FAILED', 'PARTIAL'] },
  },
  Restores: {
    about: 'A restore failed, in a drill or in earnest',
    detailType: 'Restore Job State Change',
    detail: { status: ['FAILED', 'ABORTED'] },
  },
  Settings: {
    about: 'Somebody changed which kinds of stores AWS Backup looks after',
    detailType: 'Region Setting State Change',
    detail: {},
  },
};

/**
 * Reports jobs of AWS Backup that failed, and changes of what it looks after. A job that never began raises no event: that is what the daily
 * check is for.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
 */
export class BackupAlerts extends Construct {
  constructor(scope: Construct, id: string, props: BackupAlertsProps) {
    super(scope, id);
    for (const [name, { about, detailType, detail }] of Object.entries(WORRIES)) {
      new events.Rule(this, name, {
        description: about,
        eventPattern: {
          source: ['aws.backup'],
          detailType: [detailType],
          ...(Object.keys(detail).length > 0 ? { detail } : {}),
        },
        targets: [new AlertTarget(props.alerts)],
      });
    }
  }
}
