import { type Duration, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DataKey } from './data-key';
import { functionCode } from './function-code';
import { functionInVpc } from './function-in-vpc';
import { incidentMachine } from './incident-machine';
import { type IncidentHours, incidentStates } from './incident-states';

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
  /** Key of what is known of incidents. */
  readonly key: kms.IKey;

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
    this.key = processKey(this, props);
    this.machine = incidentMachine(this, {
      ...props,
      description: 'Carries out the process of an incident',
      states: incidentStates(this, { alerts, clock }, props.hours),
      statements: [
        new iam.PolicyStatement({ sid: 'Count', actions: ['lambda:InvokeFunction'], resources: [clock.functionArn] }),
      ],
      key: this.key,
      failed: 'The process of an incident broke off: carry on by hand with the runbook',
    });
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
