import { finding, type Outcome } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { matchesEvent } from '../detection/event-pattern';

/** Severities 7 to 8.9 are high, from 9 critical: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
export function triggered(machine: Subject, scope: Scope): readonly Outcome[] {
  const rules = scope.referring(machine, 'AWS::Events::Rule', 'Targets.*.Arn').filter((rule) => {
    const state = rule.text('State');
    return !(state.kind === 'known' && state.value === 'DISABLED');
  });
  const starts = (severity: number) =>
    ['ECSCluster', 'Instance', 'AccessKey', 'Container', 'Lambda'].some((resourceType) => {
      const detail = { severity, resource: { resourceType } };
      const event = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail };
      return rules.some((rule) => matchesEvent(rule.at('EventPattern'), event));
    });
  return [7, 9].every(starts) ? [] : [finding('notTriggered')];
}

/** An alarm on this machine, which is on, and leads somewhere. */
export function heard(machine: Subject, metric: string, scope: Scope): readonly Outcome[] {
  const alarms = scope.referring(machine, 'AWS::CloudWatch::Alarm', 'Dimensions.*.Value').filter((alarm) => {
    const [name, on, actions] = [alarm.text('MetricName'), alarm.bool('ActionsEnabled'), alarm.items('AlarmActions')];
    return (
      name.kind === 'known' &&
      name.value === metric &&
      (on.kind === 'absent' || (on.kind === 'known' && on.value)) &&
      actions.kind === 'known' &&
      actions.value.length > 0 &&
      ringsAtOne(alarm)
    );
  });
  return alarms.length > 0 ? [] : [finding('failsSilently', undefined, { metric })];
}

/** One run that ends like that is enough. */
function ringsAtOne(alarm: Subject): boolean {
  const [threshold, comparison] = [alarm.number('Threshold'), alarm.text('ComparisonOperator')];
  if (threshold.kind !== 'known' || comparison.kind !== 'known') {
    return false;
  }
  return comparison.value === 'GreaterThanThreshold'
    ? threshold.value < 1
    : comparison.value === 'GreaterThanOrEqualToThreshold' && threshold.value <= 1;
}
