import { Duration, Tags } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmAbove, alarmBelow } from '../alerts/reporting-alarm';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import { databaseEnvironment, signInToDatabase } from './database-sign-in';
import type { TenantDatabase } from './tenant-database';

export interface RowRetentionProps {
  readonly database: TenantDatabase;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  /** Days for which the function's log is kept. */
  readonly retentionDays: number;
  /** Hears of rows that should be gone and are not, and of an hour without a sweep. */
  readonly alerts: sns.ITopic;
  /**
   * Minutes from one sweep to the next, 5 to 30: an hour without any is reported, and one that fails must not make it.
   *
   * @default 30
   */
  readonly everyMinutes?: number;
}

/**
 * Deletes the rows of every database that have outlived their period. The periods stand in the databases, declared by the migrations that make
 * the tables; this only keeps them.
 *
 * @throws Error where `everyMinutes` is none from 5 to 30
 */
export class RowRetention extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: RowRetentionProps) {
    super(scope, id);
    const { database, vpc, logKey, retentionDays, alerts, everyMinutes = 30 } = props;
    if (!(everyMinutes >= 5 && everyMinutes <= 30)) {
      throw new Error(`everyMinutes is ${everyMinutes}, allowed are 5 to 30: set the time between two sweeps of rows`);
    }
    this.function = functionInVpc(this, 'Sweep', {
      description: 'Deletes rows that have outlived their period',
      code: functionCode('row-retention'),
      environment: databaseEnvironment(database),
      statements: [signInToDatabase(database, ['row_keeper'])],
      vpc,
      logKey,
      retentionDays,
      failures: alerts,
      timeout: Duration.minutes(15),
    });
    Tags.of(this.function).add('purpose', 'row-retention');
    this.function.connections.allowToDefaultPort(database, 'sessions of the keeper of rows');
    new events.Rule(this, 'Schedule', {
      description: 'Deletes rows that have outlived their period',
      schedule: events.Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 2 })],
    });
    alarmAbove(this, 'Failed', {
      description: 'Rows are kept for longer than their period, or could not be swept: see the log of the function',
      metric: this.function.metricErrors({ statistic: 'Sum' }),
      period: Duration.minutes(1),
      limit: 1,
      alerts,
    });
    alarmBelow(this, 'Silent', {
      description: 'No rows were swept for an hour: nothing is deleted any more when its period ends',
      metric: this.function.metricInvocations({ statistic: 'Sum' }),
      period: Duration.hours(1),
      limit: 1,
      alerts,
    });
  }
}
