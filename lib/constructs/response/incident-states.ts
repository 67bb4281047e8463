import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { isAssessed, isIntact, says } from './incident-answers';
import { type NoticeHours, noticeStates } from './incident-notice';
import { reviewStates } from './incident-review';
import { humanStep, type IncidentServices, tell } from './incident-steps';

/** Hours from the discovery until each step of an incident must be done. */
export interface IncidentHours extends NoticeHours {
  readonly assess: number;
  readonly contain: number;
  /** The cause is established. */
  readonly cause: number;
  readonly eradicate: number;
  readonly verify: number;
  readonly review: number;
}

const HOURS: IncidentHours = {
  assess: 0.5,
  contain: 1,
  cause: 24,
  eradicate: 48,
  verify: 72,
  review: 14 * 24,
  notify: 72,
  supplement: 14 * 24,
};

/**
 * The work on an incident and the notices about it, side by side from the moment at which it is declared: no notice waits for the work, and
 * no incident is closed before its notices are out, or were decided against.
 */
export function incidentStates(
  scope: Construct,
  services: IncidentServices,
  hours: Partial<IncidentHours> = {},
): sfn.IChainable {
  const within = { ...HOURS, ...hours };
  const handle = new sfn.Parallel(scope, 'Handle', {
    resultSelector: {
      'response.$': '$[0]',
      'authority.$': '$[1]',
      'customers.$': '$[2]',
    },
  })
    .branch(responseStates(scope, services, within))
    .branch(noticeStates(scope, 'Authority', services, within))
    .branch(noticeStates(scope, 'Customers', services, within));
  handle.next(new sfn.Succeed(scope, 'Closed'));
  return new sfn.Choice(scope, 'Is declared')
    .when(
      sfn.Condition.and(
        sfn.Condition.isPresent('$.incident.id'),
        sfn.Condition.isPresent('$.incident.discoveredAt'),
        sfn.Condition.isTimestamp('$.incident.discoveredAt'),
      ),
      handle,
    )
    .otherwise(
      new sfn.Fail(scope, 'Not declared', {
        error: 'NotDeclared',
        cause: 'an incident has an id and the time of its discovery',
      }),
    );
}

/**
 * Assessed, contained, its cause found, eradicated, verified, recovered, reviewed. An assessment without grade, impact or lead is none; an
 * incident of grade 0 turned out to be none and goes straight to its review. A cause is one with what shows it, a removal one with the change
 * that made it. Nothing leads to recovery but the answer that the data was shown to be intact, with its evidence; any other answer leads back
 * to the cause.
 */
function responseStates(scope: Construct, services: IncidentServices, hours: IncidentHours): sfn.IChainable {
  const step = (name: string, by: keyof IncidentHours, ask: string, remind: readonly number[] = []) =>
    humanStep(scope, { name, hours: hours[by], remind, ask }, services);
  const say = (name: string, subject: string, ask: string) =>
    tell(scope, name, services.alerts, subject, { incident: sfn.JsonPath.objectAt('$.incident'), ask });

  const assess = step(
    'Assess',
    'assess',
    'Answer {"severity": 0 to 3, "impact": whom and what it touches, "lead": who leads}',
  );
  const contain = step('Contain', 'contain', 'Answer {"done": what was separated from the rest, and how}');
  const findCause = step(
    'FindCause',
    'cause',
    'Answer in words: {"cause": what let it happen, "evidence": the report that shows it}',
    [hours.cause / 2],
  );
  const eradicate = step(
    'Eradicate',
    'eradicate',
    'Answer in words: {"removed": what was taken away, "change": the change that took it away}',
  );
  const verify = step(
    'VerifyIntegrity',
    'verify',
    'Answer {"intact": true or false, "evidence": report of the checks}',
  );
  const review = reviewStates(scope, services, hours.review);
  const recovered = say('Recovered', 'Incident: recovered', 'Service is restored with its data intact.');
  const refused = say(
    'Recovery refused',
    'Incident: recovery refused',
    'The data was not shown to be intact: back to the cause.',
  );
  const gate = (name: string, condition: sfn.Condition, next: sfn.IChainable, otherwise: sfn.IChainable) =>
    new sfn.Choice(scope, name).when(condition, next).otherwise(otherwise);

  assess.wait.next(
    new sfn.Choice(scope, 'Is assessed')
      .when(sfn.Condition.and(isAssessed(), sfn.Condition.numberEquals('$.assess.severity', 0)), review.start)
      .when(isAssessed(), contain.start)
      .otherwise(assess.escalate),
  );
  contain.wait.next(findCause.start);
  findCause.wait.next(
    gate('Is cause found', says('findcause', 'cause', 'evidence'), eradicate.start, findCause.escalate),
  );
  eradicate.wait.next(
    gate('Is cause removed', says('eradicate', 'removed', 'change'), verify.start, eradicate.escalate),
  );
  verify.wait.next(gate('Is intact', isIntact(), recovered, refused));
  refused.next(findCause.start);
  recovered.next(review.start);
  return assess.start;
}
