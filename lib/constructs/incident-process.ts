import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { publishTo } from './alert-topic';
import { DataKey } from './data-key';
import { functionCode } from './function-code';
import { functionInVpc } from './function-in-vpc';
import { type IncidentHours, incidentStates } from './incident-states';
import { retentionOfAtLeast } from './log-retention';

export interface IncidentProcessProps {
  /** Name of the process, such as `production-incident`: whoever declares an incident needs it. */
  readonly name: string;
  /** Hears of every step that waits for people, with the token of the answer, and of every step that is late. */
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the logs. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Time between rotations of the key of what the process remembers. */
  readonly keyRotation: Duration;
  /**
   * Hours from the discovery until each step must be done.
   *
   * @default - those of the runbooks: half an hour to assess, a day to the cause, three to the notices, fourteen days (ten working days)
   * to the review and to whatever a notice could not say yet
   */
  readonly hours?: Partial<IncidentHours>;
}

/**
 * The process of an incident: declared, assessed, contained, its cause found and eradicated, recovered once its data was shown to be intact,
 * reviewed; beside it the notices to the authority and to customers. People do the work; the process waits for them, counts from the
 * discovery, calls out whoever is late and lets nobody skip a step.
 *
 * Started with `{ "incident": { "id", "title", "discoveredAt" } }`. What people answer is personal and secret, so the log holds the steps and
 * not what was said in them.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export class IncidentProcess extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: IncidentProcessProps) {
    super(scope, id);
    const { alerts } = props;
    const clock = functionInVpc(this, 'Clock', {
      description: 'Counts how long a step of an incident may still take',
      code: functionCode('incident-clock'),
      environment: {},
      statements: [],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: alerts,
    });
    const logGroup = new logs.LogGroup(this, 'LogGroup', {
      logGroupName: `/aws/vendedlogs/states/${props.name}`,
      encryptionKey: props.logKey,
      retention: retentionOfAtLeast(props.retentionDays),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const key = processKey(this, props);
    const role = processRole(this, [
      new iam.PolicyStatement({ sid: 'Count', actions: ['lambda:InvokeFunction'], resources: [clock.functionArn] }),
      new iam.PolicyStatement({
        sid: 'Remember',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key.keyArn],
      }),
      ...publishTo(alerts),
    ]);
    this.machine = new sfn.StateMachine(this, 'Resource', {
      stateMachineName: props.name,
      definitionBody: sfn.DefinitionBody.fromChainable(incidentStates(this, { alerts, clock }, props.hours)),
      role: role.withoutPolicyUpdates(),
      // By its ARN: CDK would admit the delivery of every account's logs to the key
      encryptionConfiguration: new sfn.CustomerManagedEncryptionConfiguration(
        kms.Key.fromKeyArn(this, 'EncryptingKey', key.keyArn),
      ),
      logs: { destination: logGroup, level: sfn.LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    this.machine.node.addDependency(role);
    reportFailure(this, this.machine, alerts);
  }
}

/** The delivery of logs decrypts what the process hands over. */
function processKey(scope: Construct, { name, keyRotation }: IncidentProcessProps): kms.IKey {
  return new DataKey(scope, 'Key', {
    protects: 'What is known of incidents',
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
function processRole(scope: Construct, statements: readonly iam.PolicyStatement[]): iam.Role {
  return new iam.Role(scope, 'Role', {
    description: 'Carries out the process of an incident',
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
function reportFailure(scope: Construct, machine: sfn.StateMachine, alerts: sns.ITopic): void {
  const alarm = new cloudwatch.Alarm(scope, 'Failed', {
    alarmDescription: 'The process of an incident broke off: carry on by hand with the runbook',
    metric: machine.metricFailed({ period: Duration.minutes(1), statistic: 'Sum' }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(alerts));
}
