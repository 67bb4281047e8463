import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

/** Seconds without a measurement after which a source must count as silent. */
const silentAfter = 3600;

const looksForTooLittle = /^LessThan(OrEqualTo)?Threshold$/;

/**
 * Judges how soon an alarm fires. One that looks for too much must do so within the promise; one that looks for too little within the hour,
 * and it must take silence for too little. Missing data that is ignored, or left to `INSUFFICIENT_DATA`, tells nobody anything.
 *
 * Source of the defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
 */
export function judgeTiming(alarm: Subject, promised: number): readonly Outcome[] {
  return decide(alarm.text('ComparisonOperator'), {
    known: (operator) => judgeDirection(alarm, promised, looksForTooLittle.test(operator)),
    absent: () => notAssessed('CloudFormation requires a comparison'),
  });
}

function judgeDirection(alarm: Subject, promised: number, isHeartbeat: boolean): readonly Outcome[] {
  const allowed = isHeartbeat ? ['breaching'] : ['breaching', 'notBreaching'];
  const undecided = () => finding(isHeartbeat ? 'deaf' : 'undecided');
  const missing = decide(alarm.text('TreatMissingData'), {
    known: (word) => (allowed.includes(word) ? satisfied : undecided()),
    absent: undecided,
  });
  return [...missing, ...judgeWindow(alarm, isHeartbeat ? Math.max(silentAfter, promised) : promised)];
}

/** Longest period of the metrics, times the periods that are looked at. */
function judgeWindow(alarm: Subject, limit: number): readonly Outcome[] {
  return decide(alarm.number('EvaluationPeriods'), {
    known: (count) => {
      const seconds = periodsOf(alarm).map((each) => (each === undefined ? undefined : each * count));
      const longest = Math.max(...seconds.map((each) => each ?? 0));
      if (longest > limit) {
        return finding('late', undefined, { seconds: longest, limit });
      }
      return seconds.length > 0 && seconds.every((each) => each !== undefined)
        ? satisfied
        : notAssessed('the period of its metric cannot be read');
    },
    absent: () => notAssessed('CloudFormation requires EvaluationPeriods'),
  });
}

function periodsOf(alarm: Subject): readonly (number | undefined)[] {
  const metrics = alarm.at('Metrics').resolved.kind === 'absent' ? undefined : alarm.items('Metrics');
  const periods =
    metrics === undefined
      ? [alarm.number('Period')]
      : metrics.kind === 'known'
        ? metrics.value
            .filter((metric) => metric.at('MetricStat').resolved.kind !== 'absent')
            .map((metric) => metric.at('MetricStat.Period').number())
        : [];
  return periods.map((period) => (period.kind === 'known' ? period.value : undefined));
}
