import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';

export interface LogGroupSweepProps {
  /** Hears of log groups without key or retention, and of a sweep that failed. */
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the function's own log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /**
   * Time between two sweeps.
   *
   * @default Duration.days(1)
   */
  readonly every?: Duration;
}

/**
 * Finds what no template shows: services make log groups by themselves, without a key and kept for ever. Every log group of the account in
 * this Region that lacks either is reported, again with each sweep until somebody mends it.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
 */
export class LogGroupSweep extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: LogGroupSweepProps) {
    super(scope, id);
    // Pseudo parameters, not this stack's values: the finding that an exception names then reads the same in every account
    const groups = Stack.of(this).formatArn({
      partition: Aws.PARTITION,
      region: Aws.REGION,
      account: Aws.ACCOUNT_ID,
      service: 'logs',
      resource: 'log-group',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.function = functionInVpc(this, 'Sweep', {
      description: 'Reports log groups without key or retention',
      code: functionCode('log-group-sweep'),
      environment: { TOPIC: props.alerts.topicArn },
      statements: [
        new iam.PolicyStatement({
          sid: 'LookAtLogGroups',
          actions: ['logs:DescribeLogGroups', 'logs:ListTagsForResource'],
          resources: [groups],
        }),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
    });
    new events.Rule(this, 'Schedule', {
      description: 'Looks for log groups that nobody declared',
      schedule: events.Schedule.rate(props.every ?? Duration.days(1)),
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 2 })],
    });
  }
}
