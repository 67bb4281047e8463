import * as sfn from 'aws-cdk-lib/aws-stepfunctions';

/** What people write where they do not know something; never nothing. */
export const UNKNOWN = 'not known yet';

/** Whether the answer to a step says something in words under each of these names. An empty text says nothing. */
export function says(step: string, ...names: readonly string[]): sfn.Condition {
  return sfn.Condition.and(
    ...names.flatMap((name) => [
      sfn.Condition.isPresent(`$.${step}.${name}`),
      sfn.Condition.isString(`$.${step}.${name}`),
      sfn.Condition.stringGreaterThan(`$.${step}.${name}`, ''),
    ]),
  );
}

/** Whether the answer leaves one of these open. */
export function leavesOpen(step: string, ...names: readonly string[]): sfn.Condition {
  return sfn.Condition.or(...names.map((name) => sfn.Condition.stringMatches(`$.${step}.${name}`, `*${UNKNOWN}*`)));
}

export function isAssessed(): sfn.Condition {
  return sfn.Condition.and(
    sfn.Condition.isPresent('$.assess.severity'),
    sfn.Condition.isNumeric('$.assess.severity'),
    sfn.Condition.isPresent('$.assess.impact'),
    sfn.Condition.isPresent('$.assess.lead'),
  );
}

export function isIntact(): sfn.Condition {
  return sfn.Condition.and(
    sfn.Condition.isPresent('$.verifyintegrity.intact'),
    sfn.Condition.booleanEquals('$.verifyintegrity.intact', true),
    sfn.Condition.isPresent('$.verifyintegrity.evidence'),
  );
}
