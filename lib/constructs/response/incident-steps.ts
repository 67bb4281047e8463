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
  /**
   * Hours from that moment at which people are reminded, before it is late.
   *
   * @default - nobody is reminded
   */
  readonly remind?: readonly number[];
  /**
   * Hours before the end at which people are reminded: days of the calendar have no fixed length.
   *
   * @default - nobody is reminded
   */
  readonly remindBefore?: readonly number[];
  /** What is asked of people, and what they answer. */
  readonly ask: string;
  /**
   * Who is woken where the step is late.
   *
   * @default 'the security lead'
   */
  readonly wake?: string;
} & (
  | {
      /** Hours from that moment until it must be done. */
      readonly hours: number;
    }
  | {
      /** Business days from that moment until it must be done. */
      readonly businessDays: number;
    }
  | {
      /** Days from that moment until it must be done, or months of the calendar, whichever are over first. */
      readonly days: number;
      readonly months: number;
    }
);

/** Who tells people, and who counts. */
export interface IncidentServices {
  /** Hears of what is late, and of everything else where there is no desk. */
  readonly alerts: sns.ITopic;
  readonly clock: lambda.IFunction;
  /**
   * Hears what is asked of people, with the token of the answer, and is reminded.
   *
   * @default - whoever hears of alerts
   */
  readonly desk?: sns.ITopic;
}

/** States of a step: where it begins, where people are waited for, and where it is called out. */
export interface StepStates {
  readonly start: tasks.LambdaInvoke;
  readonly wait: tasks.SnsPublish;
  readonly escalate: tasks.SnsPublish;
}

/**
 * How much time is left, the wait for people, and who is called where it ran out: the people themselves at a reminder, everybody at the
 * deadline. Every call leads back to the clock: a step is never passed over because nobody answered.
 *
 * People answer with the token of the message: `aws stepfunctions send-task-success`.
 */
export function humanStep(scope: Construct, step: HumanStep, services: IncidentServices): StepStates {
  const { about = 'incident', since = '$.incident.discoveredAt', wake = 'the security lead' } = step;
  const { alerts, clock, desk = alerts } = services;
  const result = step.name.toLowerCase();
  const title = titleOf(about);
  const start = new tasks.LambdaInvoke(scope, `Clock of ${step.name}`, {
    lambdaFunction: clock,
    payload: sfn.TaskInput.fromObject({
      discoveredAt: sfn.JsonPath.stringAt(since),
      now: sfn.JsonPath.stringAt('$$.State.EnteredTime'),
      ...limitOf(step),
      remind: step.remind ?? [],
      ...(step.remindBefore && { remindBefore: step.remindBefore }),
    }),
    resultSelector: {
      next: sfn.JsonPath.stringAt('$.Payload.next'),
      seconds: sfn.JsonPath.numberAt('$.Payload.seconds'),
      deadline: sfn.JsonPath.stringAt('$.Payload.deadline'),
    },
    resultPath: '$.clock',
  });
  const wait = new tasks.SnsPublish(scope, step.name, {
    topic: desk,
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
    ask: `The step is late, was refused or lacks something. Wake ${wake}; a new token follows.`,
    deadline: sfn.JsonPath.stringAt('$.clock.deadline'),
  });
  start.next(wait);
  escalate.next(start);
  const outOfTime =
    step.remind?.length || step.remindBefore?.length ? reminded(scope, step, desk, { start, escalate }) : escalate;
  wait.addCatch(outOfTime, { errors: ['States.ALL'], resultPath: '$.error' });
  return { start, wait, escalate };
}

function limitOf(step: HumanStep): Record<string, unknown> {
  if ('hours' in step) {
    return { hours: step.hours };
  }
  return 'days' in step ? { days: step.days, months: step.months } : { businessDays: step.businessDays };
}

/** Only what is late wakes everybody. */
function reminded(
  scope: Construct,
  { about = 'incident', name }: HumanStep,
  desk: sns.ITopic,
  { start, escalate }: Pick<StepStates, 'start' | 'escalate'>,
): sfn.Choice {
  const result = name.toLowerCase();
  const remind = tell(scope, `Remind ${result}`, desk, `${titleOf(about)} due: ${result}`, {
    [about]: sfn.JsonPath.objectAt(`$.${about}`),
    due: name,
    ask: 'The step is not done yet. A new token follows; the former one is void.',
    deadline: sfn.JsonPath.stringAt('$.clock.deadline'),
  });
  remind.next(start);
  return new sfn.Choice(scope, `Is late ${result}`)
    .when(sfn.Condition.stringEquals('$.clock.next', 'reminder'), remind)
    .otherwise(escalate);
}

function titleOf(about: string): string {
  return about.charAt(0).toUpperCase() + about.slice(1);
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
