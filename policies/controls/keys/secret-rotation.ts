import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { longestGapHours } from '../backup/schedule-hours';

const scheduleType = 'AWS::SecretsManager::RotationSchedule';

/** The schedules that replace a secret: they name the secret, or its attachment to a database. */
export function schedulesOf(secret: Subject, scope: Scope): readonly Subject[] {
  const attachments = scope.referring(secret, 'AWS::SecretsManager::SecretTargetAttachment', 'SecretId');
  return [secret, ...attachments].flatMap((target) => scope.referring(target, scheduleType, 'SecretId'));
}

/**
 * Judges how often a schedule replaces its secret.
 *
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function judgeSchedule(schedule: Subject, limit: number): readonly Outcome[] {
  const within = (days: number): Outcome => (days <= limit ? satisfied : finding('slow', undefined, { days, limit }));
  return decide(schedule.number('RotationRules.AutomaticallyAfterDays'), {
    known: within,
    absent: () =>
      decide(schedule.text('RotationRules.ScheduleExpression'), {
        known: (expression) => {
          const hours = longestGapHours(expression);
          return hours === undefined
            ? notAssessed(`how often '${expression}' comes is not worked out`)
            : within(Math.ceil(hours / 24));
        },
        absent: () => notAssessed('its schedule says no time'),
      }),
  });
}
