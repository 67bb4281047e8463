import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { recordEvents } from '../logging/event-record';
import { type HumanProcessProps, humanProcess } from '../response/human-process';
import { PrivacyDesk } from './privacy-desk';
import { type RequestTimes, requestStates } from './request-states';

export interface RequestProcessProps extends HumanProcessProps, RequestTimes {
  /** Hears of what is late, and of a request that broke off or was stopped: of another mailbox than those who answer. */
  readonly alerts: sns.ITopic;
  /** Mail address of those who answer for personal data; AWS asks it to confirm before anything is sent. */
  readonly contact: string;
  /** Process that erases a whole customer. */
  readonly erasure: sfn.IStateMachine;
}

/**
 * The process of a request of a person about data about them: confirmed, looked at who asks, answered, and its record kept. It counts from the
 * receipt, reminds before the time is over, and wakes others when it is (claims clvr-dsr-30d, clvr-dsr-process, cly-ccpa).
 *
 * Started with `{ "request": { "id", "right", "receivedAt" } }` by whoever reads the mailbox, under the id as its name, so that no request runs twice.
 * `right` is one of `access`, `rectification`, `erasure`, `restriction`, `portability`, `objection`, `know`, `delete` and `opt-out`; whatever else it
 * says is a request all the same. `receivedAt` is when it came, in the zone of whoever received it. No names: the mailbox knows who asks.
 *
 * Where the person who looked at it names a customer, the erasure of that customer begins, which can be called off as long as it waits.
 *
 * @throws Error where a time is longer than the law leaves, or none
 */
export class RequestProcess extends Construct {
  readonly machine: sfn.StateMachine;
  /** Where those who answer hear of it. */
  readonly desk: sns.ITopic;

  constructor(scope: Construct, id: string, props: RequestProcessProps) {
    super(scope, id);
    check(props);
    const bus = events.EventBus.fromEventBusName(this, 'Bus', 'default');
    this.desk = new PrivacyDesk(this, 'Desk', { ...props, keyAlias: `${props.name}/desk` }).topic;
    const { machine } = humanProcess(
      this,
      props,
      {
        protects: 'Who asked what of data about them',
        counts: 'Counts how long a step of a data-subject request may still take',
        does: 'Carries out the process of a data-subject request',
        brokeOff:
          'The process of a data-subject request broke off, and its time runs on: carry on by hand with the runbook',
        stopped: 'Somebody stopped the process of a data-subject request, and its time runs on: start it again',
      },
      (services) => requestStates(this, { ...services, bus, erasure: props.erasure }, props),
      {
        desk: this.desk,
        statements: [
          new iam.PolicyStatement({
            sid: 'BeginErasure',
            actions: ['states:StartExecution'],
            resources: [props.erasure.stateMachineArn],
          }),
          new iam.PolicyStatement({ sid: 'TellTheBus', actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
        ],
      },
    );
    this.machine = machine;
    recordEvents(this, {
      ...props,
      description:
        'Data-subject requests that were answered: when each came, when it was due, and when it was answered',
      eventPattern: { source: ['avouch.requests'] },
    });
  }
}

/** Bounds of GDPR, Article 12(3), and of 11 CCR 7021 and 7026. */
const BOUNDS: Readonly<Record<keyof RequestTimes, readonly [number, number]>> = {
  answerDays: [14, 31],
  extensionMonths: [0, 2],
  confirmBusinessDays: [3, 15],
  optOutBusinessDays: [3, 15],
};

function check(times: RequestTimes): void {
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = times[name as keyof RequestTimes];
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      throw new Error(
        `${name} is ${value}, expected a whole number from ${least} to ${most}: set the time of a request`,
      );
    }
  }
}
