import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { hoursBetween } from '../encryption/certificate-watch';

/** Words by which a function says that it anchors an audit chain. */
const anchors = /audit[-_ ]?anchor/i;

/** Whether a function anchors an audit chain: its name or one of its tags says so. */
export function isAnchor(code: Subject): boolean {
  const tags = code.items('Tags');
  const words = [...(tags.kind === 'known' ? tags.value.map((tag) => tag.at('Value')) : []), code.at('FunctionName')];
  return words.some(({ resolved }) => resolved.kind === 'scalar' && anchors.test(String(resolved.value)));
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

/** Judges when a function runs, what it writes to, and who hears of it when it fails or does not run. */
export function judgeAnchor(code: Subject, scope: Scope, minutes: number): readonly Outcome[] {
  return [
    judgeSchedules(code, scope, minutes),
    ...judgeBuckets(code),
    judgeAlarm(code, scope, 'Errors', 'unheard'),
    judgeAlarm(code, scope, 'Invocations', 'missedUnheard', true),
  ];
}

function judgeSchedules(code: Subject, scope: Scope, minutes: number): Outcome {
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
      ? finding('rare', undefined, { minutes: Math.min(...known), promised: minutes })
      : finding('unscheduled');
}

/** An object that somebody may remove again is no anchor: governance mode lets some. */
function judgeBuckets(code: Subject): readonly Outcome[] {
  const buckets = namedIn(code, ['AWS::S3::Bucket']);
  if (buckets.length === 0) {
    return [finding('nowhere')];
  }
  return buckets.map((bucket): Outcome => {
    const enabled = bucket.bool('ObjectLockEnabled');
    const mode = bucket.text('ObjectLockConfiguration.Rule.DefaultRetention.Mode');
    if (enabled.kind === 'unresolved' || mode.kind === 'unresolved') {
      return notAssessed(`whether ${bucket.logicalId} locks what it keeps cannot be seen`);
    }
    const isLocked = enabled.kind === 'known' && enabled.value && mode.kind === 'known' && mode.value === 'COMPLIANCE';
    return isLocked ? satisfied : finding('unlocked', undefined, { bucket: bucket.logicalId });
  });
}

function judgeAlarm(code: Subject, scope: Scope, metric: string, message: string, onSilence = false): Outcome {
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
