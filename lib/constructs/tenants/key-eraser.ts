import { Duration, Tags } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmAbove, alarmBelow } from '../alerts/reporting-alarm';
import { databaseEnvironment, signInToDatabase } from '../database/database-sign-in';
import type { TenantDatabase } from '../database/tenant-database';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import type { ErasureLedger } from './erasure-ledger';

export interface KeyEraserProps {
  readonly database: TenantDatabase;
  /** Where each key is written down before it is destroyed. */
  readonly ledger: ErasureLedger;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  /** Days for which the function's log is kept. */
  readonly retentionDays: number;
  /** Hears of keys that could not be destroyed, and of an hour in which none could have been. */
  readonly alerts: sns.ITopic;
  /**
   * Minutes from one run to the next, 1 to 30: for so long a person whose key was asked for is not erased, and a database that is lost in them has
   * lost the request.
   *
   * @default 5
   */
  readonly everyMinutes?: number;
}

/**
 * Destroys the keys of people whom the application was asked to forget (`secure.forget_subject`), in every database, each after it was written into
 * the ledger. The application cannot destroy a key itself, so none goes unrecorded.
 *
 * @throws Error where `everyMinutes` is none from 1 to 30
 */
export class KeyEraser extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: KeyEraserProps) {
    super(scope, id);
    const { alerts, database, everyMinutes = 5, ledger, logKey, retentionDays, vpc } = props;
    if (!(everyMinutes >= 1 && everyMinutes <= 30)) {
      throw new Error(
        `everyMinutes is ${everyMinutes}, allowed are 1 to 30: set the time between two runs of the eraser`,
      );
    }
    this.function = functionInVpc(this, 'Erase', {
      description: 'Records and destroys the keys of people who are to be forgotten',
      code: functionCode('key-eraser'),
      environment: { ...databaseEnvironment(database), ...ledger.variables },
      statements: [signInToDatabase(database, ['tenant_eraser']), ...ledger.writeStatements()],
      vpc,
      logKey,
      retentionDays,
      failures: alerts,
      timeout: Duration.minutes(15),
    });
    Tags.of(this.function).add('purpose', 'key-eraser');
    this.function.connections.allowToDefaultPort(database, 'sessions of the eraser of keys');
    new events.Rule(this, 'Schedule', {
      description: 'Destroys the keys of people who are to be forgotten',
      schedule: events.Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 2 })],
    });
    alarmAbove(this, 'Failed', {
      description:
        'Keys of people could not be recorded or destroyed, so these people are not erased: see the log of the function',
      metric: this.function.metricErrors({ statistic: 'Sum' }),
      period: Duration.minutes(1),
      limit: 1,
      alerts,
    });
    alarmBelow(this, 'Silent', {
      description: 'Nobody looked for an hour for keys of people that are to be destroyed',
      metric: this.function.metricInvocations({ statistic: 'Sum' }),
      period: Duration.hours(1),
      limit: 1,
      alerts,
    });
  }
}
