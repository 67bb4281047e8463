import { decide } from '../../../lib/control/decide';
import { notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

const weakestFirst = ['OFF', 'OPTIONAL', 'ON'];

/**
 * Whether a pool asks for a second factor at least as strictly as promised. Absent is off.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
 */
export function mfaAtLeast(pool: Subject, promised: string, otherwise: () => Outcome): readonly Outcome[] {
  const judge = (mode: string) =>
    weakestFirst.indexOf(mode) >= weakestFirst.indexOf(promised) ? satisfied : otherwise();
  return decide(pool.text('MfaConfiguration'), { known: judge, absent: () => judge('OFF') });
}

/** Judges the factors that a pool offers: `SOFTWARE_TOKEN_MFA`, `SMS_MFA`, `EMAIL_OTP`. Absent is none. */
export function secondFactors(
  pool: Subject,
  judge: (offered: ReadonlySet<string>) => readonly Outcome[],
): readonly Outcome[] {
  return decide(pool.items('EnabledMfas'), {
    known: (items) => {
      const readings = items.map((item) => item.text());
      const unread = readings.find((reading) => reading.kind === 'unresolved');
      return unread?.kind === 'unresolved'
        ? notAssessed(unread.reason)
        : judge(new Set(readings.map((reading) => (reading.kind === 'known' ? reading.value : ''))));
    },
    absent: () => judge(new Set()),
  });
}
