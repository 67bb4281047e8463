import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { publishTo } from '../alerts/alert-topic';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import type { IncidentServices } from './incident-steps';
import { machineKey } from './machine-key';
import { recordedMachine } from './recorded-machine';

/** What else a process reaches. */
interface Reach {
  /**
   * Hears what is asked of people, and is reminded.
   *
   * @default - whoever hears of alerts
   */
  readonly desk?: sns.ITopic;
  /**
   * What it may do besides counting, telling and remembering.
   *
   * @default - nothing
   */
  readonly statements?: readonly iam.PolicyStatement[];
}

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
  /**
   * What somebody reads who is woken because somebody stopped it.
   *
   * @default - it may be stopped
   */
  readonly stopped?: string;
}

/**
 * Makes a state machine whose steps people do, with a clock and a key of its own, in a scope of its own. What people answer is personal and
 * secret: the log holds the steps and not what was said in them.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function humanProcess(
  scope: Construct,
  props: HumanProcessProps,
  words: ProcessWords,
  states: (services: IncidentServices) => sfn.IChainable,
  { desk, statements = [] }: Reach = {},
): { readonly machine: sfn.StateMachine; readonly key: kms.IKey } {
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
  const key = machineKey(scope, { ...props, protects: words.protects });
  const machine = recordedMachine(scope, {
    ...props,
    description: words.does,
    states: states({ alerts, clock, desk }),
    statements: [
      new iam.PolicyStatement({ sid: 'Count', actions: ['lambda:InvokeFunction'], resources: [clock.functionArn] }),
      ...(desk ? publishTo(desk, 'Ask') : []),
      ...statements,
    ],
    key,
    failed: words.brokeOff,
    stopped: words.stopped,
  });
  return { machine, key };
}
