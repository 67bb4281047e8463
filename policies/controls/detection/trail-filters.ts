import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { filterPattern } from './filter-pattern';
import { type ReportedRecord, reportedRecords } from './must-report';
import { alarmOn } from './watched-metrics';

/** Whether a metric filter counts one record; the log that it reads and the alarm on it are judged apart. */
export function counts(filter: Subject, { record }: ReportedRecord): boolean {
  const text = filter.text('FilterPattern');
  return text.kind === 'known' && (filterPattern(text.value)?.(record) ?? false);
}

/** Judges a metric filter that counts what must be reported: it reads the log of a trail of all Regions, and an alarm reads it. */
export function judgeFilter(filter: Subject, scope: Scope): readonly Outcome[] {
  if (!reportedRecords.some((each) => counts(filter, each))) {
    return [notApplicable('counts nothing that must be reported')];
  }
  const log = decide(filter.reference('LogGroupName'), {
    known: ({ subject: group }) => (isOfTrail(group, scope) ? satisfied : finding('wrongLog')),
    absent: () => notAssessed('CloudFormation requires a log group'),
    unresolved: () => notAssessed('what writes into its log group is not in the templates'),
  });
  if (isAlarmed(filter, scope)) {
    return [...log, satisfied];
  }
  const value = filter.at('MetricTransformations.0.MetricValue').number();
  return [...log, value.kind === 'unresolved' ? notAssessed(value.reason, value.property) : finding('unalarmed')];
}

function isOfTrail(group: Subject, scope: Scope): boolean {
  return scope.referring(group, 'AWS::CloudTrail::Trail', 'CloudWatchLogsLogGroupArn').some((trail) => {
    const everywhere = trail.bool('IsMultiRegionTrail');
    return everywhere.kind === 'known' && everywhere.value;
  });
}

export function isAlarmed(filter: Subject, scope: Scope): boolean {
  const metrics = filter.items('MetricTransformations');
  return (metrics.kind === 'known' ? metrics.value : []).some((each) => {
    const [namespace, name] = [each.at('MetricNamespace').text(), each.at('MetricName').text()];
    const value = each.at('MetricValue').number();
    // A field of the record in place of a number may be anything
    const counted = value.kind === 'known' ? value.value : 0;
    const rings = (alarm: Subject) => ringsAt(alarm, counted);
    return (
      namespace.kind === 'known' &&
      name.kind === 'known' &&
      [false, true].some((isOfOne) => alarmOn([namespace.value, name.value], scope, isOfOne, rings) !== undefined)
    );
  });
}

/** Whether an alarm rings for the first record already: what must be reported happens once. */
function ringsAt(alarm: Subject, counted: number): boolean {
  const { resolved: threshold } = alarm.at('Threshold');
  const { resolved: operator } = alarm.at('ComparisonOperator');
  if (threshold.kind !== 'scalar' || operator.kind !== 'scalar') {
    return false;
  }
  const limit = Number(threshold.value);
  return operator.value === 'GreaterThanThreshold'
    ? counted > limit
    : operator.value === 'GreaterThanOrEqualToThreshold' && counted >= limit;
}
