import { Duration, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import { LogArchive } from '../logging/log-archive';
import { databaseEnvironment, signInToDatabase } from './database-sign-in';
import type { TenantDatabase } from './tenant-database';

export interface AuditAnchorProps {
  readonly database: TenantDatabase;
  readonly vpc: ec2.IVpc;
  /** Key of the anchors; its policy must let S3 use it for this account. */
  readonly key: kms.IKey;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  /** Bucket that receives the server access logs of the anchors. */
  readonly accessLogs: s3.IBucket;
  /** Days for which entries, and their anchors, are kept. */
  readonly retentionDays: number;
  /**
   * Minutes from one anchor to the next: what a removed tail can hide at most.
   *
   * @default 60
   */
  readonly everyMinutes?: number;
  /**
   * Days for which an anchor that was hidden can be brought back after its lock has ended.
   *
   * @default 7
   */
  readonly keepReplacedDays?: number;
  /** Lowest TLS version of callers. */
  readonly minimumTls: '1.2' | '1.3';
  /** Hears of a chain that is broken or could not be read, and of an anchor that was not made. */
  readonly alerts: sns.ITopic;
}

/**
 * Keeps the head of every database's audit chain in a bucket where nobody can change or remove it before its time. A chain of hashes alone does
 * not show that its end was cut off; its anchors do. Each run verifies what came after the newest anchor, one run a day the whole chain.
 *
 * The same function removes what has outlived the period, from whole chains only.
 *
 * Mind before the first deployment: a bucket with locked objects can be deleted by nobody until the last lock has ended.
 */
export class AuditAnchor extends Construct {
  readonly bucket: s3.IBucket;
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: AuditAnchorProps) {
    super(scope, id);
    const minutes = props.everyMinutes ?? 60;
    const archive = new LogArchive(this, 'Anchors', {
      key: props.key,
      accessLogs: props.accessLogs,
      retention: Duration.days(props.retentionDays),
      minimumTls: props.minimumTls,
      keepReplacedDays: props.keepReplacedDays ?? 7,
    });
    Tags.of(archive).add('log-class', 'audit');
    this.bucket = archive.bucket;
    this.function = this.keeper(props, minutes);
    Tags.of(this.function).add('purpose', 'audit-anchor');
    this.function.connections.allowToDefaultPort(props.database, 'sessions of the keeper of the audit log');
    // Twice in each slot: one run that fails leaves no gap, and a slot without any is one in which the keeper is gone
    const pace = Duration.minutes(Math.max(1, Math.floor(minutes / 2)));
    this.every(pace, 'Schedule', 'Anchors the audit chains', { whole: false });
    this.every(Duration.days(1), 'WholeSchedule', 'Verifies the audit chains from their beginning', { whole: true });
    this.report(props.alerts, minutes);
  }

  private keeper(props: AuditAnchorProps, minutes: number): lambda.Function {
    const allow = (sid: string, actions: string[], resource: string) =>
      new iam.PolicyStatement({ sid, actions, resources: [resource] });
    return functionInVpc(this, 'Keeper', {
      description: 'Verifies and anchors the audit chains of the databases',
      code: functionCode('audit-anchor'),
      environment: {
        ...databaseEnvironment(props.database),
        ANCHOR_MINUTES: String(minutes),
        BUCKET: this.bucket.bucketName,
        RETENTION_DAYS: String(props.retentionDays),
      },
      statements: [
        allow('ReadAndKeepAnchors', ['s3:GetObject', 's3:PutObject'], this.bucket.arnForObjects('anchors/*')),
        allow('ListAnchors', ['s3:ListBucket'], this.bucket.bucketArn),
        allow('EncryptAnchors', ['kms:Decrypt', 'kms:GenerateDataKey'], props.key.keyArn),
        signInToDatabase(props.database, ['audit_keeper']),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
      timeout: Duration.minutes(15),
      memorySize: 512,
    });
  }

  private every(time: Duration, id: string, description: string, event: Readonly<Record<string, unknown>>): void {
    new events.Rule(this, id, {
      description,
      schedule: events.Schedule.rate(time),
      targets: [
        new targets.LambdaFunction(this.function, {
          event: events.RuleTargetInput.fromObject(event),
          retryAttempts: 2,
        }),
      ],
    });
  }

  private report(alerts: sns.ITopic, minutes: number): void {
    const broken = new cloudwatch.Alarm(this, 'Broken', {
      alarmDescription: 'An audit chain is broken or cannot be read: see the log of the function',
      metric: this.function.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const missed = new cloudwatch.Alarm(this, 'Missed', {
      alarmDescription: 'The audit chains were not anchored when it was time',
      metric: this.function.metricInvocations({ period: Duration.minutes(minutes), statistic: 'Sum' }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      // A function that is never called measures nothing
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    for (const alarm of [broken, missed]) {
      alarm.addAlarmAction(new SnsAction(alerts));
    }
  }
}
