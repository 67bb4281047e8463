import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** A step of an incident that people do. */
export interface HumanStep {
  /** Verb, and name of the state in which people are waited for: `Assess`. */
  readonly name: string;
  /** Hours from the discovery until it must be done. */
  readonly hours: number;
  /** What is asked of people, and what they answer. */
  readonly ask: string;
}

/** Who tells people, and who counts. */
export interface IncidentServices {
  readonly alerts: sns.ITopic;
  readonly clock: lambda.IFunction;
}

/** States of a step: where it begins, where people are waited for, and where it is called out. */
export interface StepStates {
  readonly start: tasks.LambdaInvoke;
  readonly wait: tasks.SnsPublish;
  readonly escalate: tasks.SnsPublish;
}

/**
 * Three states: how much time is left, the wait for people, and the call where they are late or refuse. The call leads back to the clock: a
 * step is never passed over because nobody answered.
 *
 * People answer with the token of the message: `aws stepfunctions send-task-success`.
 */
export function humanStep(scope: Construct, step: HumanStep, { alerts, clock }: IncidentServices): StepStates {
  const result = step.name.toLowerCase();
  const start = new tasks.LambdaInvoke(scope, `Clock of ${step.name}`, {
    lambdaFunction: clock,
    payload: sfn.TaskInput.fromObject({
      discoveredAt: sfn.JsonPath.stringAt('$.incident.discoveredAt'),
      now: sfn.JsonPath.stringAt('$$.State.EnteredTime'),
      hours: step.hours,
    }),
    resultSelector: {
      seconds: sfn.JsonPath.numberAt('$.Payload.seconds'),
      deadline: sfn.JsonPath.stringAt('$.Payload.deadline'),
    },
    resultPath: '$.clock',
  });
  const wait = new tasks.SnsPublish(scope, step.name, {
    topic: alerts,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    subject: `Incident: ${result}`,
    message: sfn.TaskInput.fromObject({
      incident: sfn.JsonPath.objectAt('$.incident'),
      step: step.name,
      ask: step.ask,
      deadline: sfn.JsonPath.stringAt('$.clock.deadline'),
      token: sfn.JsonPath.taskToken,
    }),
    taskTimeout: sfn.Timeout.at('$.clock.seconds'),
    resultPath: `$.${result}`,
  });
  const escalate = tell(scope, `Escalate ${result}`, alerts, `Incident late: ${result}`, {
    incident: sfn.JsonPath.objectAt('$.incident'),
    late: step.name,
    ask: 'The step is late, was refused or lacks something. Wake the security lead; a new token follows.',
    deadline: sfn.JsonPath.stringAt('$.clock.deadline'),
  });
  start.next(wait);
  wait.addCatch(escalate, { errors: ['States.ALL'], resultPath: '$.error' });
  escalate.next(start);
  return { start, wait, escalate };
}

/** Says something and goes on. */
export function tell(
  scope: Construct,
  name: string,
  topic: sns.ITopic,
  subject: string,
  message: Record<string, unknown>,
): tasks.SnsPublish {
  return new tasks.SnsPublish(scope, name, {
    topic,
    subject,
    message: sfn.TaskInput.fromObject(message),
    resultPath: sfn.JsonPath.DISCARD,
  });
}
