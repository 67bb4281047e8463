import { Duration } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { says } from '../response/incident-answers';
import { type HumanStep, humanStep, type IncidentServices, type StepStates, tell } from '../response/incident-steps';
import { asksForErasure, byRight } from './request-rights';

/** How long a request may take, at most; every time counts from its receipt. */
export interface RequestTimes {
  /** Days until it is answered; a month of the calendar ends it too, where that is shorter: 14 to 31. */
  readonly answerDays: number;
  /** Months of the calendar by which the answer may be put off, where the person is told so in time: 0, 1 or 2. */
  readonly extensionMonths: number;
  /** Business days until its receipt is confirmed and it was looked at who asks, 3 to 15. */
  readonly confirmBusinessDays: number;
  /** Business days until what was opted out of has stopped, 3 to 15. */
  readonly optOutBusinessDays: number;
}

export interface RequestServices extends IncidentServices {
  /** Process that erases a whole customer. */
  readonly erasure: sfn.IStateMachine;
  /** Bus on which the record of an answer is told. */
  readonly bus: events.IEventBus;
}

const ABOUT = { about: 'request', since: '$.request.receivedAt', wake: 'the privacy lead' } as const;

/** Ten, five and two days before the end, as far as there are so many. */
const REMINDED_BEFORE = [240, 120, 48];

function remindersWithin(days: number): readonly number[] {
  return REMINDED_BEFORE.filter((hours) => hours < days * 24);
}

/** Days of an extension, for as long as months have no fixed length. */
const MONTH_DAYS = 30;

const CLOSE =
  '{"by": who answered, "answer": what was done, or refused and why, "sentAt": when, such as 2026-11-29T09:00:00Z, "reference": where the answer is filed}';

/**
 * Received, looked at who asks, answered. The clock of every step counts from the receipt: who starts late gains nothing, and doubts about who
 * asks stop nothing (GDPR, Article 12(3) and (6)). Where more time is promised to nobody, there is no way to take it.
 */
export function requestStates(scope: Construct, services: RequestServices, times: RequestTimes): sfn.IChainable {
  const end = recorded(scope, services);
  const identify = humanStep(
    scope,
    {
      ...ABOUT,
      name: 'Identify',
      businessDays: times.confirmBusinessDays,
      remindBefore: remindersWithin(times.confirmBusinessDays),
      ask: 'Confirm the receipt to the person, and look at who asks. Then answer {"by": who looked, "identity": how the person is known}; with {"tenant": id} as well where a whole customer is to be erased. In doubt: {"by": who looked, "doubt": what speaks against it, "asked": what the person was asked for}. The time runs on',
    },
    services,
  );
  const answer = answerStep(scope, services, 'Answer', times, `Answer the person, then ${CLOSE}${inNeed(times)}`);
  const optOut = humanStep(
    scope,
    {
      ...ABOUT,
      name: 'OptOut',
      businessDays: times.optOutBusinessDays,
      remindBefore: remindersWithin(times.optOutBusinessDays),
      ask: `Stop it, then answer ${CLOSE}`,
    },
    services,
  );
  identify.wait.next(identified(scope, services, identify, answer));
  answer.wait.next(answered(scope, services, times, { answer, end }));
  optOut.wait.next(
    new sfn.Choice(scope, 'Is opted out').when(isAnswer('optout'), end('optout')).otherwise(optOut.escalate),
  );
  return new sfn.Choice(scope, 'Is received')
    .when(
      sfn.Condition.and(says('request', 'id', 'right'), isTime('$.request.receivedAt')),
      byRight(scope, { usual: identify.start, optOut: optOut.start }),
    )
    .otherwise(
      new sfn.Fail(scope, 'Not received', {
        error: 'NotReceived',
        cause: 'a request has an id, a right and the time of its receipt',
      }),
    );
}

function inNeed({ extensionMonths }: RequestTimes): string {
  return extensionMonths > 0
    ? `. Where it takes longer, tell the person why before the time is over, then {"by": who told, "reason": why, "toldAt": when}: ${extensionMonths} months more at most`
    : '';
}

function answerStep(
  scope: Construct,
  services: RequestServices,
  name: string,
  { answerDays }: RequestTimes,
  ask: string,
  months = 0,
): StepStates {
  const step: HumanStep = {
    ...ABOUT,
    name,
    days: answerDays + months * MONTH_DAYS,
    months: 1 + months,
    remindBefore: remindersWithin(answerDays),
    ask,
  };
  return humanStep(scope, step, services);
}

/** A whole customer is erased by the process that can be called off; what it lacks, people do by hand. */
function identified(
  scope: Construct,
  { alerts, erasure }: RequestServices,
  identify: StepStates,
  answer: StepStates,
): sfn.Choice {
  const begin = new tasks.StepFunctionsStartExecution(scope, 'Begin erasure', {
    stateMachine: erasure,
    name: sfn.JsonPath.stringAt('$.request.id'),
    input: sfn.TaskInput.fromObject({
      erasure: { tenant: sfn.JsonPath.stringAt('$.identify.tenant'), by: sfn.JsonPath.stringAt('$.identify.by') },
    }),
    resultPath: '$.erasure',
  });
  const byHand = tell(scope, 'Call for erasure by hand', alerts, 'Request: erasure did not begin', {
    request: sfn.JsonPath.objectAt('$.request'),
    ask: 'The erasure of the customer did not begin, or runs already: look, and start it by hand with the runbook.',
  });
  begin.addCatch(byHand, { errors: ['States.ALL'], resultPath: '$.error' });
  begin.next(answer.start);
  byHand.next(answer.start);
  return new sfn.Choice(scope, 'Is identified')
    .when(sfn.Condition.and(asksForErasure(), says('identify', 'by', 'identity', 'tenant')), begin)
    .when(says('identify', 'by', 'identity'), answer.start)
    .when(says('identify', 'by', 'doubt', 'asked'), answer.start)
    .otherwise(identify.escalate);
}

type End = (answer: string) => sfn.IChainable;

function answered(
  scope: Construct,
  services: RequestServices,
  times: RequestTimes,
  { answer, end }: { readonly answer: StepStates; readonly end: End },
): sfn.Choice {
  const choice = new sfn.Choice(scope, 'Is answered').when(isAnswer('answer'), end('answer'));
  if (times.extensionMonths > 0) {
    const later = answerStep(
      scope,
      services,
      'AnswerLater',
      times,
      `Answer the person, then ${CLOSE}`,
      times.extensionMonths,
    );
    later.wait.next(
      new sfn.Choice(scope, 'Is answered later')
        .when(isAnswer('answerlater'), end('answerlater'))
        .otherwise(later.escalate),
    );
    choice.when(isTold('answer'), later.start);
  }
  return choice.otherwise(answer.escalate);
}

function isTime(path: string): sfn.Condition {
  return sfn.Condition.and(sfn.Condition.isPresent(path), sfn.Condition.isTimestamp(path));
}

/** A moment between the receipt and now. */
function isSince(path: string): sfn.Condition {
  return sfn.Condition.and(
    isTime(path),
    sfn.Condition.timestampGreaterThanEqualsJsonPath(path, '$.request.receivedAt'),
    sfn.Condition.timestampLessThanEqualsJsonPath(path, '$$.State.EnteredTime'),
  );
}

function isAnswer(step: string): sfn.Condition {
  return sfn.Condition.and(says(step, 'by', 'answer', 'sentAt', 'reference'), isSince(`$.${step}.sentAt`));
}

/** GDPR, Article 12(3): the person hears of the delay, and why, before the first month is over. */
function isTold(step: string): sfn.Condition {
  return sfn.Condition.and(
    says(step, 'by', 'reason', 'toldAt'),
    isSince(`$.${step}.toldAt`),
    sfn.Condition.timestampLessThanEqualsJsonPath(`$.${step}.toldAt`, '$.clock.deadline'),
  );
}

/** No request closes before its record is told: when it came, when it was due, when it was answered and where that is filed. */
function recorded(scope: Construct, { alerts, bus }: RequestServices): End {
  const closed = new sfn.Succeed(scope, 'Answered');
  return (answer) => {
    const record = new tasks.EventBridgePutEvents(scope, `Record ${answer}`, {
      entries: [
        {
          eventBus: bus,
          source: 'avouch.requests',
          detailType: 'Data-subject request answered',
          detail: sfn.TaskInput.fromObject({
            id: sfn.JsonPath.stringAt('$.request.id'),
            right: sfn.JsonPath.stringAt('$.request.right'),
            receivedAt: sfn.JsonPath.stringAt('$.request.receivedAt'),
            dueAt: sfn.JsonPath.stringAt('$.clock.deadline'),
            sentAt: sfn.JsonPath.stringAt(`$.${answer}.sentAt`),
            by: sfn.JsonPath.stringAt(`$.${answer}.by`),
            reference: sfn.JsonPath.stringAt(`$.${answer}.reference`),
          }),
        },
      ],
      resultPath: sfn.JsonPath.DISCARD,
    });
    const failed = tell(scope, `Call for record of ${answer}`, alerts, 'Request: its record was not written', {
      request: sfn.JsonPath.objectAt('$.request'),
      ask: 'The record of an answer could not be written. The process tries again every hour; look at the bus.',
    });
    const pause = new sfn.Wait(scope, `Pause before record of ${answer}`, {
      time: sfn.WaitTime.duration(Duration.hours(1)),
    });
    record.addCatch(failed, { errors: ['States.ALL'], resultPath: '$.error' });
    failed.next(pause.next(record));
    return record.next(closed);
  };
}
