import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { publishTo } from './alert-topic';
import { DataKey } from './data-key';
import { functionCode } from './function-code';
import { functionInVpc } from './function-in-vpc';
import type { IncidentServices } from './incident-steps';
import { retentionOfAtLeast } from './log-retention';

export interface HumanProcessProps {
  /** Name of the process, such as `production-incident`: whoever starts one needs it. */
  readonly name: string;
  /** Hears of every step that waits for people, with the token of the answer, and of every step that is late. */
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the logs. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Time between rotations of the key of what the process remembers. */
  readonly keyRotation: Duration;
}

/** What a process is, in the words that stand at its key, its clock, its role and its alarm. */
export interface ProcessWords {
  readonly protects: string;
  readonly counts: string;
  readonly does: string;
  readonly brokeOff: string;
}

/**
 * Makes a state machine whose steps people do, with its clock, key, log and alarm, in a scope of its own. What people answer is personal and
 * secret: the log holds the steps and not what was said in them.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function humanProcess(
  scope: Construct,
  props: HumanProcessProps,
  words: ProcessWords,
  states: (services: IncidentServices) => sfn.IChainable,
): sfn.StateMachine {
  const { alerts } = props;
  const clock = functionInVpc(scope, 'Clock', {
    description: words.counts,
    code: functionCode('incident-clock'),
    environment: {},
    statements: [],
    vpc: props.vpc,
    logKey: props.logKey,
    retentionDays: props.retentionDays,
    failures: alerts,
  });
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    logGroupName: `/aws/vendedlogs/states/${props.name}`,
    encryptionKey: props.logKey,
    retention: retentionOfAtLeast(props.retentionDays),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const key = processKey(scope, props, words.protects);
  const role = processRole(scope, words.does, [
    new iam.PolicyStatement({ sid: 'Count', actions: ['lambda:InvokeFunction'], resources: [clock.functionArn] }),
    new iam.PolicyStatement({
      sid: 'Remember',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
    }),
    ...publishTo(alerts),
  ]);
  const machine = new sfn.StateMachine(scope, 'Resource', {
    stateMachineName: props.name,
    definitionBody: sfn.DefinitionBody.fromChainable(states({ alerts, clock })),
    role: role.withoutPolicyUpdates(),
    // By its ARN: CDK would admit the delivery of every account's logs to the key
    encryptionConfiguration: new sfn.CustomerManagedEncryptionConfiguration(
      kms.Key.fromKeyArn(scope, 'EncryptingKey', key.keyArn),
    ),
    logs: { destination: logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
    tracingEnabled: true,
  });
  machine.node.addDependency(role);
  reportFailure(scope, machine, alerts, words.brokeOff);
  return machine;
}

/** The delivery of logs decrypts what the process hands over. */
function processKey(scope: Construct, { name, keyRotation }: HumanProcessProps, protects: string): kms.IKey {
  return new DataKey(scope, 'Key', {
    protects,
    alias: name,
    services: ['states'],
    rotationPeriod: keyRotation,
    writers: [
      new iam.PolicyStatement({
        sid: 'DeliverLog',
        principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    ],
  }).key;
}

/**
 * The deliveries of logs and the traces have no resource that a policy could name.
 *
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html and https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
function processRole(scope: Construct, description: string, statements: readonly iam.PolicyStatement[]): iam.Role {
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

/** A process that stopped by itself calls nobody any more. */
function reportFailure(
  scope: Construct,
  machine: sfn.StateMachine,
  alerts: sns.ITopic,
  alarmDescription: string,
): void {
  const alarm = new cloudwatch.Alarm(scope, 'Failed', {
    alarmDescription,
    metric: machine.metricFailed({ period: Duration.minutes(1), statistic: 'Sum' }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(alerts));
}
