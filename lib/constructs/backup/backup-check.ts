import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import type { TenantBuckets } from '../tenants/tenant-buckets';
import type { TenantCatalogue } from '../tenants/tenant-catalogue';

export interface BackupCheckProps {
  /** ARNs of the stores that must have a backup, whether they are still there or not. */
  readonly stores: readonly string[];
  /**
   * Where each tenant has a bucket of its own: the list of tenants, by which each must have a backup, and the buckets.
   *
   * @default - no tenant has
   */
  readonly tenants?: { readonly catalogue: TenantCatalogue; readonly buckets: TenantBuckets };
  /** Vault in which backups are made. */
  readonly vault: backup.IBackupVault;
  /** Vault that they are copied to. */
  readonly copies: backup.IBackupVault;
  /** Key that copies must lie under. */
  readonly key: kms.IKey;
  /** Hours between two backups of a store. */
  readonly intervalHours: number;
  /** Restore testing plan, by name and ARN, whose last success is counted for each kind of store that it restores. */
  readonly drill: { readonly planName: string; readonly planArn: string; readonly kinds: readonly string[] };
  /** Days between two drills. */
  readonly drillDays: number;
  /** Namespace of the metrics, such as `production/Backup`. */
  readonly namespace: string;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of a store without a backup, of a drill that is overdue, and of a check that did not run. */
  readonly alerts: sns.ITopic;
}

interface AlarmProps {
  readonly metric: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Rings above this. */
  readonly above: number;
  readonly props: BackupCheckProps;
}

/** Hours after a backup was due in which it must have been made, and again as many for its copy. */
const GRACE_HOURS = 4;
const COPY_GRACE_HOURS = 28;

/** Days that a drill may come late: it begins within a day, and is judged within another. */
const DRILL_GRACE_DAYS = 3;

/**
 * Looks every day whether each store really has a recent backup, with its copy under the right key, and when a drill last succeeded.
 *
 * A plan that selects nothing succeeds every night, and a job that never began reports nothing. So this asks from the other end: the stores
 * that the deployment names, every cluster and table that the account holds, and the bucket of every tenant in the catalogue, against what lies
 * in the vaults. A bucket of a tenant that the catalogue does not know is reported as well, so that an empty catalogue excuses nothing. One
 * alarm rings when the check itself is silent.
 */
export class BackupCheck extends Construct {
  constructor(scope: Construct, id: string, props: BackupCheckProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { alerts, copies, drill, namespace, tenants, vault } = props;
    const check = functionInVpc(this, 'Check', {
      description: 'Looks whether every store has a recent backup, and whether a drill succeeded',
      code: functionCode('backup-check'),
      environment: {
        STORES: props.stores.join(','),
        TABLE_ARN: stack.formatArn({ service: 'dynamodb', resource: 'table/' }),
        VAULT: vault.backupVaultName,
        VAULT_HOURS: String(props.intervalHours + GRACE_HOURS),
        COPIES: copies.backupVaultName,
        COPIES_HOURS: String(props.intervalHours + COPY_GRACE_HOURS),
        KEY_ARN: props.key.keyArn,
        DRILL_PLAN: drill.planName,
        DRILL_KINDS: drill.kinds.join(','),
        NAMESPACE: namespace,
        ...(tenants && {
          CATALOGUE: tenants.catalogue.table.tableName,
          BUCKET_PREFIX: tenants.buckets.prefix,
          BUCKET_ARN: `arn:${Aws.PARTITION}:s3:::`,
        }),
      },
      statements: statements(props),
      // Thousands of tenants are some dozen pages of each list
      timeout: Duration.minutes(5),
      memorySize: 512,
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: alerts,
    });
    new events.Rule(this, 'Schedule', {
      description: 'Looks at the backups and the drills',
      // Twice an hour, so that every hour without a measurement is one in which the check is broken
      schedule: events.Schedule.rate(Duration.minutes(30)),
      targets: [new targets.LambdaFunction(check, { retryAttempts: 2 })],
    });
    this.silenceAlarm(props);
    this.alarm('Unprotected', 'Stores without a recent backup or copy: the log of the check names them', {
      metric: 'StoresWithoutRecentBackup',
      above: 0,
      props,
    });
    for (const kind of drill.kinds) {
      this.alarm(`${kind}DrillOverdue`, `No backup of ${kind} was restored and looked into for longer than promised`, {
        metric: 'DaysSinceRestoreDrill',
        dimensions: { Kind: kind },
        above: props.drillDays + DRILL_GRACE_DAYS,
        props,
      });
    }
  }

  private alarm(id: string, alarmDescription: string, { metric, dimensions, above, props }: AlarmProps): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmDescription,
      metric: new cloudwatch.Metric({
        namespace: props.namespace,
        metricName: metric,
        dimensionsMap: dimensions,
        statistic: cloudwatch.Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: above,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // Between two looks there is nothing to say; a check that never looks again has an alarm of its own
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(props.alerts));
  }

  /** A check that says nothing has found nothing, and that is no good news. */
  private silenceAlarm({ alerts, namespace }: BackupCheckProps): void {
    const alarm = new cloudwatch.Alarm(this, 'Silent', {
      alarmDescription: 'Nobody looks whether there are backups: the check has not run for an hour',
      metric: new cloudwatch.Metric({
        namespace,
        metricName: 'StoresWithoutRecentBackup',
        statistic: cloudwatch.Stats.SAMPLE_COUNT,
        period: Duration.hours(1),
      }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(alerts));
  }
}

function statements({ copies, drill, namespace, tenants, vault }: BackupCheckProps): iam.PolicyStatement[] {
  return [
    ...(tenants?.catalogue.readStatements() ?? []),
    new iam.PolicyStatement({
      sid: 'ReadVaults',
      actions: ['backup:ListRecoveryPointsByBackupVault'],
      resources: [vault.backupVaultArn, copies.backupVaultArn],
    }),
    new iam.PolicyStatement({
      sid: 'ReadDrillPlan',
      actions: ['backup:GetRestoreTestingPlan'],
      resources: [drill.planArn],
    }),
    // None of these takes a resource
    new iam.PolicyStatement({
      sid: 'ListStoresAndRestores',
      actions: [
        'backup:ListRestoreJobs',
        'dynamodb:ListTables',
        'rds:DescribeDBClusters',
        ...(tenants ? ['s3:ListAllMyBuckets'] : []),
      ],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'PublishWhatWasFound',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': namespace } },
    }),
  ];
}
