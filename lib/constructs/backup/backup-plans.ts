import { Duration, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { backupRole } from './backup-roles';

export interface BackupPlansProps {
  /** Start of the plans' names, such as `production`. */
  readonly name: string;
  /** Vault in which backups are made. Its lock must admit every retention below. */
  readonly vault: backup.IBackupVault;
  /** Vault that every backup is copied to, under a key of its own. */
  readonly copies: backup.IBackupVault;
  readonly databases: readonly rds.IDatabaseCluster[];
  /** Buckets that can be set back to any second as well; versions must be on. */
  readonly buckets: readonly s3.IBucket[];
  /**
   * More such buckets, which come and go: an ARN with a wildcard, and the tag of those that shall have backups.
   *
   * @default - none
   */
  readonly changingBuckets?: { readonly arn: string; readonly tag: { readonly key: string; readonly value: string } };
  /** Hours between two backups, 1 to 24: a day must come out even. */
  readonly intervalHours: number;
  /** Days for which each of them is kept. */
  readonly dailyDays: number;
  /** Days for which the one of each week is kept. */
  readonly weeklyDays: number;
  /** Days for which a bucket can be set back to any second, 1 to 35. A database does that by itself. */
  readonly pitrDays: number;
}

/** No rule of AWS Backup goes back to any second for longer. */
const LONGEST_CONTINUOUS = 35;

/**
 * Backs up databases, buckets and every DynamoDB table of the account, and copies each backup into a second vault.
 *
 * Databases and buckets are named one by one, so that no typing error in a tag leaves them out; tables come and go, so all of them are
 * taken; buckets that come and go have a tag as long as they shall be backed up. Weekly backups are snapshots: going back to any second ends after 35 days. Nothing moves to cold storage, which Aurora does
 * not have and which costs 90 days at least. No weekly backup is made where the daily ones are kept as long.
 *
 * Continuous backups of Aurora are left to Aurora, whose own window AWS Backup would take over and move.
 *
 * Sources: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html and
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
 *
 * @throws if there is nothing to back up, or a figure is none that AWS Backup accepts
 */
export class BackupPlans extends Construct {
  constructor(scope: Construct, id: string, props: BackupPlansProps) {
    super(scope, id);
    check(props);
    const role = backupRole(this, 'Role');
    const files = props.buckets.map(({ bucketArn }) => backup.BackupResource.fromArn(bucketArn));
    const tables = Stack.of(this).formatArn({ service: 'dynamodb', region: '*', account: '*', resource: 'table/*' });

    const snapshots = this.plan('Snapshots', props, [
      this.rule(props, 'daily', props.dailyDays, everyHours(props.intervalHours)),
      ...(props.weeklyDays > props.dailyDays
        ? [
            this.rule(
              props,
              'weekly',
              props.weeklyDays,
              events.Schedule.cron({ weekDay: 'SUN', hour: '3', minute: '0' }),
            ),
          ]
        : []),
    ]);
    snapshots.addSelection('Stores', {
      role,
      disableDefaultBackupPolicy: true,
      resources: [
        ...props.databases.map(({ clusterArn }) => backup.BackupResource.fromArn(clusterArn)),
        ...files,
        backup.BackupResource.fromArn(tables),
      ],
    });
    this.select(snapshots, role, props.changingBuckets);
    if (files.length > 0 || props.changingBuckets) {
      const continuous = this.plan('Continuous', props, [
        this.rule(props, 'continuous', props.pitrDays, everyHours(24), { enableContinuousBackup: true }),
      ]);
      if (files.length > 0) {
        continuous.addSelection('Files', { role, disableDefaultBackupPolicy: true, resources: files });
      }
      this.select(continuous, role, props.changingBuckets);
    }
  }

  /**
   * Takes the buckets that come and go, by name and tag. A bucket whose tag is missing has no backup, so something must compare them with a
   * list of their owners: a `BackupCheck` does. That a tag is *not* there cannot be asked for: AWS does not say what becomes of a store
   * without it.
   *
   * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Conditions.html
   */
  private select(plan: backup.BackupPlan, role: iam.IRole, buckets: BackupPlansProps['changingBuckets']): void {
    if (buckets) {
      const { key, value } = buckets.tag;
      new backup.CfnBackupSelection(plan, 'ChangingBuckets', {
        backupPlanId: plan.backupPlanId,
        backupSelection: {
          selectionName: 'ChangingBuckets',
          iamRoleArn: role.roleArn,
          resources: [buckets.arn],
          conditions: { StringEquals: [{ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value }] },
        },
      });
    }
  }

  private plan(id: string, { name }: BackupPlansProps, rules: backup.BackupPlanRule[]): backup.BackupPlan {
    return new backup.BackupPlan(this, id, {
      backupPlanName: `${name}-${id.toLowerCase()}`,
      backupPlanRules: rules,
    });
  }

  private rule(
    { vault, copies }: BackupPlansProps,
    ruleName: string,
    days: number,
    scheduleExpression: events.Schedule,
    more: backup.BackupPlanRuleProps = {},
  ): backup.BackupPlanRule {
    const deleteAfter = Duration.days(days);
    return new backup.BackupPlanRule({
      ruleName,
      scheduleExpression,
      backupVault: vault,
      startWindow: Duration.hours(1),
      completionWindow: Duration.hours(12),
      deleteAfter,
      copyActions: [{ destinationBackupVault: copies, deleteAfter }],
      ...more,
    });
  }
}

/** By the clock, so that a day that comes out even is the same every day. */
function everyHours(hours: number): events.Schedule {
  return events.Schedule.cron({ hour: hours === 24 ? '2' : `0/${hours}`, minute: '0' });
}

function check({ databases, buckets, intervalHours, dailyDays, weeklyDays, pitrDays }: BackupPlansProps): void {
  if (databases.length + buckets.length === 0) {
    throw new Error('a backup plan has neither databases nor buckets: name what shall be backed up');
  }
  // AWS Backup takes no more ARNs in one selection; one of them stands for the tables
  if (databases.length + buckets.length > 499) {
    throw new Error(
      `a backup plan has ${databases.length + buckets.length} databases and buckets, expected at most 499: make a second plan for the rest`,
    );
  }
  if (!Number.isInteger(intervalHours) || intervalHours < 1 || 24 % intervalHours !== 0) {
    throw new Error(
      `backups are made every ${intervalHours} hours, expected hours that divide a day evenly (1, 2, 3, 4, 6, 8, 12 or 24): choose one of these`,
    );
  }
  for (const [what, days] of [
    ['daily', dailyDays],
    ['weekly', weeklyDays],
  ] as const) {
    if (!Number.isInteger(days) || days < 1) {
      throw new Error(`${what} backups are kept for ${days} days, expected 1 whole day or more`);
    }
  }
  if (!Number.isInteger(pitrDays) || pitrDays < 1 || pitrDays > LONGEST_CONTINUOUS) {
    throw new Error(
      `files can be set back to any second of ${pitrDays} days, expected 1 to ${LONGEST_CONTINUOUS}: keep older copies as weekly backups`,
    );
  }
}
