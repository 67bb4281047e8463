import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { reviewStates } from './incident-review';
import { humanStep, type IncidentServices, tell } from './incident-steps';

/** Hours from the discovery until each step of an incident must be done. */
export interface IncidentHours {
  readonly assess: number;
  readonly contain: number;
  readonly eradicate: number;
  readonly verify: number;
  readonly review: number;
}

const HOURS: IncidentHours = { assess: 0.5, contain: 1, eradicate: 24, verify: 48, review: 14 * 24 };

/**
 * Declared, assessed, contained, eradicated, verified, recovered, reviewed. An assessment without grade, impact or lead is none; an
 * incident of grade 0 turned out to be none and goes straight to its review. Nothing leads to recovery but the answer that the data was
 * shown to be intact, with its evidence; any other answer leads back to the cause.
 */
export function incidentStates(
  scope: Construct,
  services: IncidentServices,
  hours: Partial<IncidentHours> = {},
): sfn.IChainable {
  const within = { ...HOURS, ...hours };
  const step = (name: string, by: keyof IncidentHours, ask: string) =>
    humanStep(scope, { name, hours: within[by], ask }, services);
  const say = (name: string, subject: string, ask: string) =>
    tell(scope, name, services.alerts, subject, { incident: sfn.JsonPath.objectAt('$.incident'), ask });

  const assess = step(
    'Assess',
    'assess',
    'Answer {"severity": 0 to 3, "impact": whom and what it touches, "lead": who leads}',
  );
  const contain = step('Contain', 'contain', 'Answer {"done": what was separated from the rest, and how}');
  const eradicate = step(
    'Eradicate',
    'eradicate',
    'Answer {"cause": what let it happen, "removed": what was taken away}',
  );
  const verify = step(
    'VerifyIntegrity',
    'verify',
    'Answer {"intact": true or false, "evidence": report of the checks}',
  );
  const review = reviewStates(scope, services, within.review);
  const recovered = say('Recovered', 'Incident: recovered', 'Service is restored with its data intact.');
  const refused = say(
    'Recovery refused',
    'Incident: recovery refused',
    'The data was not shown to be intact: back to the cause.',
  );

  assess.wait.next(
    new sfn.Choice(scope, 'Is assessed')
      .when(sfn.Condition.and(isAssessed(), sfn.Condition.numberEquals('$.assess.severity', 0)), review.start)
      .when(isAssessed(), contain.start)
      .otherwise(assess.escalate),
  );
  contain.wait.next(eradicate.start);
  eradicate.wait.next(verify.start);
  verify.wait.next(new sfn.Choice(scope, 'Is intact').when(isIntact(), recovered).otherwise(refused));
  refused.next(eradicate.start);
  recovered.next(review.start);
  return new sfn.Choice(scope, 'Is declared')
    .when(
      sfn.Condition.and(
        sfn.Condition.isPresent('$.incident.id'),
        sfn.Condition.isPresent('$.incident.discoveredAt'),
        sfn.Condition.isTimestamp('$.incident.discoveredAt'),
      ),
      assess.start,
    )
    .otherwise(
      new sfn.Fail(scope, 'Not declared', {
        error: 'NotDeclared',
        cause: 'an incident has an id and the time of its discovery',
      }),
    );
}

function isAssessed(): sfn.Condition {
  return sfn.Condition.and(
    sfn.Condition.isPresent('$.assess.severity'),
    sfn.Condition.isNumeric('$.assess.severity'),
    sfn.Condition.isPresent('$.assess.impact'),
    sfn.Condition.isPresent('$.assess.lead'),
  );
}

function isIntact(): sfn.Condition {
  return sfn.Condition.and(
    sfn.Condition.isPresent('$.verifyintegrity.intact'),
    sfn.Condition.booleanEquals('$.verifyintegrity.intact', true),
    sfn.Condition.isPresent('$.verifyintegrity.evidence'),
  );
}
