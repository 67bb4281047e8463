import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';

/** A step that people do, of an incident unless it says otherwise. */
export type HumanStep = {
  /** Verb, and name of the state in which people are waited for: `Assess`. */
  readonly name: string;
  /**
   * What the process is about: the member of its input that people are told.
   *
   * @default 'incident'
   */
  readonly about?: string;
  /**
   * Where the moment stands that is counted from.
   *
   * @default '$.incident.discoveredAt'
   */
  readonly since?: string;
  /** What is asked of people, and what they answer. */
  readonly ask: string;
} & (
  | {
      /** Hours from that moment until it must be done. */
      readonly hours: number;
    }
  | {
      /** Business days from that moment until it must be done. */
      readonly businessDays: number;
    }
);

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
  const { about = 'incident', since = '$.incident.discoveredAt' } = step;
  const result = step.name.toLowerCase();
  const title = about.charAt(0).toUpperCase() + about.slice(1);
  const start = new tasks.LambdaInvoke(scope, `Clock of ${step.name}`, {
    lambdaFunction: clock,
    payload: sfn.TaskInput.fromObject({
      discoveredAt: sfn.JsonPath.stringAt(since),
      now: sfn.JsonPath.stringAt('$$.State.EnteredTime'),
      ...('hours' in step ? { hours: step.hours } : { businessDays: step.businessDays }),
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
    subject: `${title}: ${result}`,
    message: sfn.TaskInput.fromObject({
      [about]: sfn.JsonPath.objectAt(`$.${about}`),
      step: step.name,
      ask: step.ask,
      deadline: sfn.JsonPath.stringAt('$.clock.deadline'),
      token: sfn.JsonPath.taskToken,
    }),
    taskTimeout: sfn.Timeout.at('$.clock.seconds'),
    resultPath: `$.${result}`,
  });
  const escalate = tell(scope, `Escalate ${result}`, alerts, `${title} late: ${result}`, {
    [about]: sfn.JsonPath.objectAt(`$.${about}`),
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

/** Words at every path, and not none of them. */
export function said(...paths: readonly string[]): sfn.Condition {
  return sfn.Condition.and(
    ...paths.flatMap((path) => [
      sfn.Condition.isPresent(path),
      sfn.Condition.isString(path),
      sfn.Condition.not(sfn.Condition.stringEquals(path, '')),
    ]),
  );
}
