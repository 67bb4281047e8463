import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { says } from './incident-answers';
import { humanStep, type IncidentServices } from './incident-steps';

/** Hours from the discovery until customers have the written account: three weeks, one after the review. */
const ACCOUNT_HOURS = 21 * 24;

/**
 * What follows on an incident, from its review to its end. A review without an action that has an owner and a day is none. Where the grade is
 * 1 or 2, or cannot be told, nothing closes before the customers have a written account.
 *
 * @param hours hours from the discovery until the review must be done
 */
export function reviewStates(
  scope: Construct,
  services: IncidentServices,
  hours: number,
): { readonly start: sfn.State & sfn.IChainable } {
  const review = humanStep(
    scope,
    {
      name: 'Review',
      hours,
      ask: 'Answer {"review": where it lies, "actions": [{"what": what changes, "owner": who sees to it, "due": "YYYY-MM-DD"}]}',
    },
    services,
  );
  const account = humanStep(
    scope,
    {
      name: 'Account',
      hours: ACCOUNT_HOURS,
      ask: 'Send the written account to every customer concerned. Answer {"account": where it lies, "sent": when and to whom}',
    },
    services,
  );
  const learnt = new sfn.Succeed(scope, 'Learnt');
  review.wait.next(
    new sfn.Choice(scope, 'Is reviewed')
      .when(
        sfn.Condition.and(
          says('review', 'review'),
          says('review.actions[0]', 'what', 'owner', 'due'),
          sfn.Condition.stringMatches('$.review.actions[0].due', '*-*-*'),
        ),
        new sfn.Choice(scope, 'Is light').when(isLight(), learnt).otherwise(account.start),
      )
      .otherwise(review.escalate),
  );
  account.wait.next(
    new sfn.Choice(scope, 'Is told').when(says('account', 'account', 'sent'), learnt).otherwise(account.escalate),
  );
  return { start: review.start };
}

/** Grade 0 turned out to be none; what is above 2 touches nobody but us. */
function isLight(): sfn.Condition {
  const grade = '$.assess.severity';
  return sfn.Condition.and(
    sfn.Condition.isPresent(grade),
    sfn.Condition.isNumeric(grade),
    sfn.Condition.or(sfn.Condition.numberEquals(grade, 0), sfn.Condition.numberGreaterThanEquals(grade, 3)),
  );
}
