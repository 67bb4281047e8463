import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { hoursBetween } from '../encryption/certificate-watch';

/** Whether the name of a function or one of its tags holds these words. */
export function saysItself(code: Subject, words: RegExp): boolean {
  const tags = code.items('Tags');
  const said = [...(tags.kind === 'known' ? tags.value.map((tag) => tag.at('Value')) : []), code.at('FunctionName')];
  return said.some(({ resolved }) => resolved.kind === 'scalar' && words.test(String(resolved.value)));
}

/** Whether a function is throttled to nothing: whatever starts it is turned away. */
export function isSwitchedOff(code: Subject): boolean {
  const { resolved } = code.at('ReservedConcurrentExecutions');
  return resolved.kind === 'scalar' && Number(resolved.value) === 0;
}

/** Resources of a type that a function's environment refers to. */
export function namedIn(code: Subject, types: readonly string[]): readonly Subject[] {
  const variables = code.at('Environment.Variables').entries();
  const values = variables.kind === 'known' ? variables.value.map(([, value]) => value) : [];
  return values.flatMap((value) => {
    const { resolved } = value;
    if (resolved.kind !== 'reference' || !types.includes(resolved.resource.type)) {
      return [];
    }
    const reference = value.reference();
    return reference.kind === 'known' ? [reference.value.subject] : [];
  });
}

/** Messages for a function that nothing starts, or too rarely. */
interface ScheduleMessages {
  readonly unscheduled: string;
  readonly rare: string;
}

/** Judges how often a function is started, in minutes from one run to the next at most. */
export function judgeSchedules(code: Subject, scope: Scope, minutes: number, messages: ScheduleMessages): Outcome {
  if (isSwitchedOff(code)) {
    return finding(messages.unscheduled, 'ReservedConcurrentExecutions');
  }
  const schedules = [
    ...scope.referring(code, 'AWS::Events::Rule', 'Targets.*.Arn'),
    ...scope.referring(code, 'AWS::Scheduler::Schedule', 'Target.Arn'),
  ];
  const times: (number | undefined)[] = [];
  for (const schedule of schedules) {
    const expression = schedule.text('ScheduleExpression');
    // Absent means ENABLED for both types
    const state = schedule.text('State');
    if (expression.kind === 'absent' || (state.kind === 'known' && state.value === 'DISABLED')) {
      continue;
    }
    const isSeen = expression.kind === 'known' && state.kind !== 'unresolved';
    times.push(isSeen ? hoursBetween(expression.value) : undefined);
  }
  const known = times.filter((hours) => hours !== undefined).map((hours) => hours * 60);
  if (known.some((each) => each <= minutes)) {
    return satisfied;
  }
  return known.length < times.length
    ? notAssessed('how often it runs cannot be seen', 'ScheduleExpression')
    : known.length > 0
      ? finding(messages.rare, undefined, { minutes: Math.min(...known), promised: minutes })
      : finding(messages.unscheduled);
}

/** Judges whether somebody hears of a metric of a function; `onSilence`: also when nothing is measured. */
export function judgeAlarm(code: Subject, scope: Scope, metric: string, message: string, onSilence = false): Outcome {
  const alarms = scope
    .referring(code, 'AWS::CloudWatch::Alarm', 'Dimensions.*.Value')
    .filter((alarm) => alarm.at('MetricName').resolved.kind === 'scalar')
    .filter((alarm) => {
      const name = alarm.text('MetricName');
      return name.kind === 'known' && name.value === metric;
    });
  let isUnseen = false;
  for (const alarm of alarms) {
    const actions = alarm.items('AlarmActions');
    // On unless switched off: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    const enabled = alarm.bool('ActionsEnabled');
    const missing = onSilence ? alarm.text('TreatMissingData') : undefined;
    const acts = actions.kind === 'known' && actions.value.some((action) => action.pattern().kind === 'known');
    const isOn = enabled.kind === 'absent' || (enabled.kind === 'known' && enabled.value);
    if (acts && isOn && (!missing || (missing.kind === 'known' && missing.value === 'breaching'))) {
      return satisfied;
    }
    const readings = [actions, enabled, ...(missing ? [missing] : [])];
    isUnseen ||=
      readings.some(({ kind }) => kind === 'unresolved') ||
      (actions.kind === 'known' && actions.value.length > 0 && !acts);
  }
  return isUnseen ? notAssessed(`who hears of its ${metric.toLowerCase()} cannot be seen`) : finding(message);
}
