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
  return [...log, isAlarmed(filter, scope) ? satisfied : finding('unalarmed')];
}

function isOfTrail(group: Subject, scope: Scope): boolean {
  return scope.referring(group, 'AWS::CloudTrail::Trail', 'CloudWatchLogsLogGroupArn').some((trail) => {
    const everywhere = trail.bool('IsMultiRegionTrail');
    return everywhere.kind === 'known' && everywhere.value;
  });
}

export function isAlarmed(filter: Subject, scope: Scope): boolean {
  const metrics = filter.items('MetricTransformations');
  const names = (metrics.kind === 'known' ? metrics.value : []).map((each) => [
    each.at('MetricNamespace').text(),
    each.at('MetricName').text(),
  ]);
  return names.some(
    ([namespace, name]) =>
      namespace?.kind === 'known' &&
      name?.kind === 'known' &&
      [false, true].some((isOfOne) => alarmOn([namespace.value, name.value], scope, isOfOne) !== undefined),
  );
}
