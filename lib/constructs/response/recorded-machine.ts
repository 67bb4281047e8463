import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { publishTo } from '../alerts/alert-topic';
import { alarmAbove } from '../alerts/reporting-alarm';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface RecordedMachineProps {
  readonly name: string;
  /** What its role is for. */
  readonly description: string;
  readonly states: sfn.IChainable;
  /** What it may do besides publishing alerts and writing its log. */
  readonly statements: readonly iam.PolicyStatement[];
  /** Encrypts what it remembers; admits Step Functions and the delivery of logs. */
  readonly key: kms.IKey;
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  readonly alerts: sns.ITopic;
  /** What somebody reads who is woken because it broke off. */
  readonly failed: string;
  /**
   * What somebody reads who is woken because a person stopped it.
   *
   * @default - it may be stopped
   */
  readonly stopped?: string;
  /**
   * How long one run may take; whoever is late is reported like whoever failed.
   *
   * @default - as long as it takes
   */
  readonly timeout?: Duration;
}

/**
 * A state machine that remembers what it did: under a key of one's own (`machineKey`), with a role of its own, a log of its steps without what was
 * said in them, and an alarm for a run that broke off.
 */
export function recordedMachine(scope: Construct, props: RecordedMachineProps): sfn.StateMachine {
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    logGroupName: `/aws/vendedlogs/states/${props.name}`,
    encryptionKey: props.logKey,
    retention: retentionOfAtLeast(props.retentionDays),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const role = machineRole(scope, props);
  const machine = new sfn.StateMachine(scope, 'Resource', {
    stateMachineName: props.name,
    definitionBody: sfn.DefinitionBody.fromChainable(props.states),
    role: role.withoutPolicyUpdates(),
    // By its ARN: CDK would admit the delivery of every account's logs to the key
    encryptionConfiguration: new sfn.CustomerManagedEncryptionConfiguration(
      kms.Key.fromKeyArn(scope, 'EncryptingKey', props.key.keyArn),
    ),
    logs: { destination: logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
    tracingEnabled: true,
    timeout: props.timeout,
  });
  machine.node.addDependency(role);
  const reports = (id: string, metric: cloudwatch.Metric, description = props.failed) =>
    alarmAbove(scope, id, {
      description,
      metric: metric.with({ statistic: 'Sum' }),
      period: Duration.minutes(1),
      limit: 1,
      alerts: props.alerts,
    });
  reports('Failed', machine.metricFailed());
  if (props.timeout) {
    reports('TimedOut', machine.metricTimedOut());
  }
  if (props.stopped !== undefined) {
    reports('Stopped', machine.metricAborted(), props.stopped);
  }
  return machine;
}

/**
 * The deliveries of logs and the traces have no resource that a policy could name.
 *
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html and https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
function machineRole(scope: Construct, { alerts, description, key, statements }: RecordedMachineProps): iam.Role {
  return new iam.Role(scope, 'Role', {
    description,
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    managedPolicies: [
      new iam.ManagedPolicy(scope, 'Policy', {
        statements: [
          ...statements,
          new iam.PolicyStatement({
            sid: 'Remember',
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [key.keyArn],
          }),
          ...publishTo(alerts),
          new iam.PolicyStatement({
            sid: 'DeliverLogAndTraces',
            actions: [
              'logs:CreateLogDelivery',
              'logs:DeleteLogDelivery',
              'logs:DescribeLogGroups',
              'logs:DescribeResourcePolicies',
              'logs:GetLogDelivery',
              'logs:ListLogDeliveries',
              'logs:PutResourcePolicy',
              'logs:UpdateLogDelivery',
              'xray:GetSamplingRules',
              'xray:GetSamplingTargets',
              'xray:PutTelemetryRecords',
              'xray:PutTraceSegments',
            ],
            resources: ['*'],
          }),
        ],
      }),
    ],
  });
}
