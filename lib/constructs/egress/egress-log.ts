import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface EgressLogProps {
  /** Key of the log groups; its policy must let CloudWatch Logs use it. */
  readonly key: kms.IKey;
  /** How long every record is kept, at least. */
  readonly retention: Duration;
}

/**
 * What left, what was stopped, and which names were asked for: one log group each, and leave for the delivery service of this account
 * to write them. Without that the service adds a policy of its own, which no template shows.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html
 */
export class EgressLog extends Construct {
  readonly flows: logs.LogGroup;
  readonly alerts: logs.LogGroup;
  readonly queries: logs.LogGroup;
  /** Must stand before anything writes. */
  readonly leave: logs.ResourcePolicy;

  constructor(scope: Construct, id: string, props: EgressLogProps) {
    super(scope, id);
    const group = (name: string) =>
      new logs.LogGroup(this, name, {
        encryptionKey: props.key,
        retention: retentionOfAtLeast(props.retention.toDays()),
        removalPolicy: RemovalPolicy.RETAIN,
      });
    this.flows = group('Flows');
    this.alerts = group('Alerts');
    this.queries = group('Queries');
    const account = Stack.of(this).account;
    this.leave = new logs.ResourcePolicy(this, 'Leave', {
      policyStatements: [
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.flows, this.alerts, this.queries].map(({ logGroupArn }) => logGroupArn),
          conditions: { StringEquals: { 'aws:SourceAccount': account } },
        }),
      ],
    });
  }
}
