import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { says } from './incident-answers';
import { humanStep, type IncidentServices } from './incident-steps';

/** What a reporter was promised. */
export interface ReportTimes {
  /** Hours from the receipt until a person acknowledged it, at most. */
  readonly acknowledgeHours: number;
  /** Business days from the receipt to the first news, and from each news to the next, at most. */
  readonly updateBusinessDays: number;
}

/** People are reminded when three quarters of the hours are gone: a call at the end of them comes too late. */
const REMINDED_AFTER = 0.75;

/**
 * Received, acknowledged by a person, told news again and again until somebody closes it. An answer without a name acknowledges nothing, and news
 * without words are none.
 */
export function reportStates(
  scope: Construct,
  services: IncidentServices,
  { acknowledgeHours, updateBusinessDays }: ReportTimes,
): sfn.IChainable {
  const about = 'report';
  const acknowledge = humanStep(
    scope,
    {
      name: 'Acknowledge',
      about,
      since: '$.report.receivedAt',
      hours: acknowledgeHours,
      remind: [acknowledgeHours * REMINDED_AFTER],
      ask: `Answer the reporter yourself within ${acknowledgeHours} hours of the receipt; an automatic reply is none. Then answer {"by": who, "reference": what the report is called}`,
    },
    services,
  );
  const update = humanStep(
    scope,
    {
      name: 'Update',
      about,
      since: '$.since',
      businessDays: Math.max(1, updateBusinessDays - 1),
      ask: `Tell the reporter news within ${updateBusinessDays} business days. Then answer {"told": what you told, "closed": true or false}`,
    },
    services,
  );
  acknowledge.wait.next(
    new sfn.Choice(scope, 'Is acknowledged')
      .when(
        says('acknowledge', 'by', 'reference'),
        countFrom(scope, 'receipt', '$.report.receivedAt').next(update.start),
      )
      .otherwise(acknowledge.escalate),
  );
  update.wait.next(
    new sfn.Choice(scope, 'Is told')
      .when(sfn.Condition.and(says('update', 'told'), isClosed()), new sfn.Succeed(scope, 'Closed'))
      .when(says('update', 'told'), countFrom(scope, 'news', '$$.State.EnteredTime').next(update.start))
      .otherwise(update.escalate),
  );
  return new sfn.Choice(scope, 'Is received')
    .when(
      sfn.Condition.and(
        says('report', 'id'),
        sfn.Condition.isPresent('$.report.receivedAt'),
        sfn.Condition.isTimestamp('$.report.receivedAt'),
      ),
      acknowledge.start,
    )
    .otherwise(
      new sfn.Fail(scope, 'Not received', {
        error: 'NotReceived',
        cause: 'a report has an id and the time of its receipt',
      }),
    );
}

function countFrom(scope: Construct, what: string, inputPath: string): sfn.Pass {
  return new sfn.Pass(scope, `Count from ${what}`, { inputPath, resultPath: '$.since' });
}

function isClosed(): sfn.Condition {
  return sfn.Condition.and(
    sfn.Condition.isPresent('$.update.closed'),
    sfn.Condition.isBoolean('$.update.closed'),
    sfn.Condition.booleanEquals('$.update.closed', true),
  );
}
