import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

/**
 * Judges from how many in a minute an alarm on a count fires. Whether it acts, how soon, and what it makes of silence is judged by det-02.
 *
 * @param limit highest number in a minute
 */
export function judgeLimit(alarm: Subject, limit: number, of: string): readonly Outcome[] {
  const values = { alarm: alarm.logicalId, of };
  const threshold = alarm.number('Threshold');
  const period = alarm.number('Period');
  if (threshold.kind !== 'known' || period.kind !== 'known') {
    return [notAssessed(`how much alarm ${alarm.logicalId} waits for cannot be read`)];
  }
  const inAMinute = (threshold.value * 60) / period.value;
  return [
    ...decide(alarm.text('ComparisonOperator'), {
      known: (operator) =>
        /^GreaterThan(OrEqualTo)?Threshold$/.test(operator)
          ? satisfied
          : finding('lenient', undefined, { ...values, got: 'less, not more' }),
      absent: () => notAssessed(`alarm ${alarm.logicalId} does not say what it compares`),
    }),
    ...decide(alarm.text('Statistic'), {
      known: (statistic) =>
        statistic === 'Sum' ? satisfied : finding('averaged', undefined, { ...values, got: statistic }),
      absent: () => finding('averaged', undefined, { ...values, got: 'no statistic' }),
    }),
    inAMinute <= limit ? satisfied : finding('lenient', undefined, { ...values, got: inAMinute, limit }),
  ];
}

/** The best of several alarms on one metric: one that is strict enough makes up for others. */
export function judgeAlarms(alarms: readonly Subject[], limit: number, of: string): readonly Outcome[] {
  const [first] = alarms;
  if (!first) {
    return [finding('unalarmed', undefined, { of })];
  }
  const strict = alarms.find((alarm) => isStrict(alarm, limit));
  return judgeLimit(strict ?? first, limit, of);
}

/** Looked at before it is read, so that only the alarm that decides goes on record. */
function isStrict(alarm: Subject, limit: number): boolean {
  const numberAt = (path: string) => {
    const { resolved } = alarm.at(path);
    return resolved.kind === 'scalar' ? Number(resolved.value) : Number.NaN;
  };
  const { resolved: statistic } = alarm.at('Statistic');
  const isSum = statistic.kind === 'scalar' && statistic.value === 'Sum';
  return isSum && (numberAt('Threshold') * 60) / numberAt('Period') <= limit;
}
