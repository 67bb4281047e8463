import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

const attachment = 'AWS::Cognito::UserPoolRiskConfigurationAttachment';

/** Whether threat protection is told what to do for every client of a pool. */
export function answersForEveryClient(pool: Subject, scope: Scope): Outcome {
  const attachments = scope.referring(pool, attachment, 'UserPoolId');
  if (attachments.some((each) => isFor(each, 'ALL'))) {
    return satisfied;
  }
  const clients = scope.referring(pool, 'AWS::Cognito::UserPoolClient', 'UserPoolId');
  const uncovered = clients.filter((client) => !scope.referring(client, attachment, 'ClientId').length);
  if (attachments.length > 0 && clients.length > 0 && uncovered.length === 0) {
    return satisfied;
  }
  const unread = attachments.map((each) => each.text('ClientId')).find((reading) => reading.kind === 'unresolved');
  return unread?.kind === 'unresolved' && clients.length === 0
    ? notAssessed(`which client it is for: ${unread.reason}`)
    : finding('threatsUnanswered');
}

function isFor(risk: Subject, client: string): boolean {
  const id = risk.text('ClientId');
  return id.kind === 'known' && id.value === client;
}

/**
 * Whether stolen passwords are refused and takeovers answered. `NO_ACTION` only writes a line into the log.
 *
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetRiskConfiguration.html
 */
export function answersOf(risk: Subject): readonly Outcome[] {
  const stolen = 'CompromisedCredentialsRiskConfiguration';
  return [
    ...decide(risk.text(`${stolen}.Actions.EventAction`), {
      known: (action) => (action === 'BLOCK' ? satisfied : finding('stolenPasswordAllowed')),
      absent: () => finding('stolenPasswordAllowed'),
    }),
    ...watchedEvents(risk, `${stolen}.EventFilter`),
    ...decide(risk.text('AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction'), {
      known: (action) => (answers.has(action) ? satisfied : finding('takeoverAllowed')),
      absent: () => finding('takeoverAllowed'),
    }),
    ...decide(risk.items('RiskExceptionConfiguration.SkippedIPRangeList'), {
      known: (ranges) => ranges.flatMap((range) => skipped(range.text())),
      absent: () => satisfied,
    }),
  ];
}

const answers = new Set(['BLOCK', 'MFA_REQUIRED', 'MFA_IF_CONFIGURED']);

/** Left out, the filter lets every event through to the check. */
function watchedEvents(risk: Subject, path: string): readonly Outcome[] {
  return decide(risk.items(path), {
    absent: () => satisfied,
    known: (events) => {
      const readings = events.map((event) => event.text());
      const unread = readings.find((reading) => reading.kind === 'unresolved');
      const watched = new Set(readings.map((reading) => (reading.kind === 'known' ? reading.value : '')));
      const missing = ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE'].filter((event) => !watched.has(event));
      if (missing.length === 0 || events.length === 0) {
        return satisfied;
      }
      return unread?.kind === 'unresolved'
        ? notAssessed(unread.reason)
        : finding('stolenPasswordUnwatched', undefined, { missing: missing.join(', ') });
    },
  });
}

/** Exempt addresses of an office are a decision; half of the internet is none. */
function skipped(range: ReturnType<ReturnType<Subject['at']>['text']>): readonly Outcome[] {
  return decide(range, {
    known: (cidr) => (/\/[0-7]$/.test(cidr) ? finding('threatsSkipped') : satisfied),
    absent: () => satisfied,
  });
}
