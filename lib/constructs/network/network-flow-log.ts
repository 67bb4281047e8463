import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { searchForAnomalies } from '../detection/log-anomalies';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface NetworkFlowLogProps {
  readonly vpc: ec2.IVpc;
  /** Key of the log group. */
  readonly key: kms.IKey;
  /** How long every record is kept, at least. */
  readonly retention: Duration;
  /**
   * Seconds over which records are aggregated; the service's own default is 600.
   *
   * @default 60
   */
  readonly seconds?: 60 | 600;
}

/**
 * Records accepted and rejected traffic of a whole VPC. Beyond the default fields it keeps the addresses behind a NAT
 * gateway, the direction and the TCP flags: without them a scan cannot be told from a reply. CloudWatch's anomaly detector reads
 * along, so the log has a reader.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export class NetworkFlowLog extends Construct {
  readonly logGroup: logs.LogGroup;
  /** What counts the anomalies that were found. */
  readonly anomalies: cloudwatch.Metric;

  constructor(scope: Construct, id: string, props: NetworkFlowLogProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      encryptionKey: props.key,
      retention: retentionOfAtLeast(props.retention.toDays()),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.anomalies = searchForAnomalies(this, 'Anomalies', { logGroup: this.logGroup, key: props.key });
    const role = writer(this, this.logGroup);
    new ec2.FlowLog(this, 'Resource', {
      resourceType: ec2.FlowLogResourceType.fromVpc(props.vpc),
      destination: ec2.FlowLogDestination.toCloudWatchLogs(this.logGroup, role.withoutPolicyUpdates()),
      trafficType: ec2.FlowLogTrafficType.ALL,
      maxAggregationInterval:
        props.seconds === 600
          ? ec2.FlowLogMaxAggregationInterval.TEN_MINUTES
          : ec2.FlowLogMaxAggregationInterval.ONE_MINUTE,
      logFormat: [
        ec2.LogFormat.ALL_DEFAULT_FIELDS,
        ec2.LogFormat.PKT_SRC_ADDR,
        ec2.LogFormat.PKT_DST_ADDR,
        ec2.LogFormat.FLOW_DIRECTION,
        ec2.LogFormat.TCP_FLAGS,
      ],
    });
  }
}

/** Trusts flow logs of this account only: the service writes for everybody's. */
function writer(scope: Construct, logGroup: logs.ILogGroup): iam.Role {
  return new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    managedPolicies: [
      new iam.ManagedPolicy(scope, 'Policy', {
        statements: [
          new iam.PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    ],
  });
}
