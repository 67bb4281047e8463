import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { indexReferrers } from '../../../lib/template/referrers';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isSwitchedOff } from '../logging/scheduled-function';
import { mayCall, type Permission } from './function-permissions';
import { vaultTypes } from './plan-rules';
import { longestGapHours } from './schedule-hours';

const functionType = 'AWS::Lambda::Function';
const environment = 'Environment.Variables';

/** What somebody must look at, and be heard about. */
interface Watch {
  /** What the function must be allowed to call to see it. */
  readonly action: string;
  /** Hours that may lie between two looks. */
  readonly hours: number;
  /** Whether a function is told what to look for. */
  readonly isTold: (watcher: Subject) => Permission;
  /** Whether an alarm, of those that report too much of something, is about it. */
  readonly isAbout: (alarm: Subject) => boolean;
}

/**
 * Judges whether a function looks at backups on a schedule, and somebody hears of what it finds and of its silence. A plan that takes nothing
 * and a job that never began report nothing by themselves.
 *
 * @param message of the finding; it is filled with `reason` and with `words`
 */
export function judgeWatch(
  watch: Watch,
  message: string,
  words: Readonly<Record<string, string | number>>,
  scope: Scope,
  presentOnly: boolean,
): Outcome {
  const answers: Permission[] = [];
  for (const watcher of watchersOf(scope)) {
    const answer = watches(watcher, watch, scope);
    if (answer.kind === 'yes') {
      return satisfied;
    }
    answers.push(answer);
  }
  const unknown = answers.find((answer) => answer.kind === 'unknown');
  if (unknown?.kind === 'unknown') {
    return notAssessed(unknown.reason);
  }
  // The one that came furthest says best what is missing
  const reason = answers.flatMap((answer) => ('reason' in answer ? [answer.reason] : [])).at(-1);
  return presentOnly && reason === undefined
    ? notAssessed('what looks at the vaults is not in the templates')
    : finding(message, undefined, { ...words, reason: reason ?? 'no function is told of a vault' });
}

/** Functions whose environment names a vault. */
function watchersOf(scope: Scope): readonly Subject[] {
  const vaults = vaultTypes.flatMap((type) => scope.resources(type));
  const found = new Set(vaults.flatMap((vault) => scope.graph.referrers(...mentionsOf(vault, scope))));
  return [...found].map((definition) => scope.subject(definition)).filter((watcher) => watcher.exists());
}

function mentionsOf(store: Subject, { graph }: Scope): Parameters<Scope['graph']['referrers']> {
  return [`${functionType}#${environment}`, store.definition, () => indexReferrers(graph, functionType, environment)];
}

/** Whether a variable of a function's environment names a store, alone or among others. */
export function isToldOf(watcher: Subject, store: Subject, scope: Scope): boolean {
  // Logical ids are no one's alone: another template may have the same
  if (!scope.graph.referrers(...mentionsOf(store, scope)).includes(watcher.definition)) {
    return false;
  }
  const hole = new RegExp(`\\$\\{${store.logicalId}(\\.\\w+)?\\}`);
  const variable = variablesOf(watcher).find(({ resolved }) =>
    resolved.kind === 'reference'
      ? resolved.resource === store.definition
      : resolved.kind === 'pattern' && hole.test(resolved.text),
  );
  // Read once it is found: only the variable that decides goes on record
  return variable !== undefined && (variable.reference().kind === 'known' || variable.pattern().kind === 'known');
}

/** Whether a variable of a function's environment is this text. */
export function isToldText(watcher: Subject, text: string): boolean {
  const variable = variablesOf(watcher).find(
    ({ resolved }) => resolved.kind === 'scalar' && String(resolved.value) === text,
  );
  return variable?.text().kind === 'known';
}

function variablesOf(watcher: Subject): readonly Node[] {
  const { resolved } = watcher.at(environment);
  return resolved.kind === 'map'
    ? Object.keys(resolved.entries).map((name) => watcher.at(`${environment}.${name}`))
    : [];
}

function watches(watcher: Subject, watch: Watch, scope: Scope): Permission {
  const told = watch.isTold(watcher);
  const sees = told.kind === 'yes' ? mayCall(watcher, 'Role', watch.action, scope) : told;
  const runs = sees.kind === 'yes' ? isStarted(watcher, watch.hours, scope) : sees;
  return runs.kind === 'yes' ? isHeard(watcher, watch, scope) : runs;
}

function isStarted(watcher: Subject, hours: number, scope: Scope): Permission {
  if (isSwitchedOff(watcher)) {
    return { kind: 'no', reason: `${watcher.logicalId} may run zero times at once` };
  }
  const schedules = [
    ...scope.referring(watcher, 'AWS::Events::Rule', 'Targets.*.Arn'),
    ...scope.referring(watcher, 'AWS::Scheduler::Schedule', 'Target.Arn'),
  ].filter((schedule) => schedule.at('ScheduleExpression').resolved.kind !== 'absent');
  const answers = schedules.map((schedule): Permission => {
    const expression = schedule.text('ScheduleExpression');
    // Absent means ENABLED for both types
    const state = schedule.text('State');
    if (expression.kind !== 'known' || state.kind === 'unresolved') {
      return { kind: 'unknown', reason: `when ${schedule.logicalId} starts ${watcher.logicalId} cannot be read` };
    }
    const gap = longestGapHours(expression.value);
    if (gap === undefined) {
      return { kind: 'unknown', reason: `how often '${expression.value}' runs is not understood` };
    }
    const isOn = state.kind === 'absent' || state.value !== 'DISABLED';
    return isOn && gap <= hours ? { kind: 'yes' } : notOften(watcher, hours);
  });
  return (
    answers.find(({ kind }) => kind === 'yes') ??
    answers.find(({ kind }) => kind === 'unknown') ??
    notOften(watcher, hours)
  );
}

function notOften({ logicalId }: Subject, hours: number): Permission {
  return { kind: 'no', reason: `nothing starts ${logicalId} at least every ${hours} hours` };
}

function isHeard(watcher: Subject, { isAbout }: Watch, scope: Scope): Permission {
  const own = alarmsOf(watcher, scope);
  const about = own.filter((alarm) => tooMuch.test(peek(alarm, 'ComparisonOperator')) && isAbout(alarm));
  const acting = about.find(acts);
  if (!acting) {
    const reason =
      about.length === 0
        ? `no alarm looks at what ${watcher.logicalId} publishes of it`
        : `alarm ${about[0]?.logicalId} has no action that is switched on`;
    return { kind: 'no', reason };
  }
  const heartbeat = own.find(
    (alarm) => tooLittle.test(peek(alarm, 'ComparisonOperator')) && acts(alarm) && soundsInSilence(alarm),
  );
  const heard = [acting, ...(heartbeat ? [heartbeat] : [])];
  // Looked at before: only the alarms that decide go on record
  const isSeen = heard.every(
    (alarm) => alarm.text('Namespace').kind === 'known' && alarm.text('ComparisonOperator').kind === 'known',
  );
  return isSeen && (heartbeat || soundsInSilence(acting))
    ? { kind: 'yes' }
    : { kind: 'no', reason: `nobody hears when ${watcher.logicalId} falls silent` };
}

const tooMuch = /^GreaterThan(OrEqualTo)?Threshold$/;
const tooLittle = /^LessThan(OrEqualTo)?Threshold$/;

/** Alarms in the namespace that a function is told to publish in. */
function alarmsOf(watcher: Subject, scope: Scope): readonly Subject[] {
  const told = variablesOf(watcher).flatMap(({ resolved }) =>
    resolved.kind === 'scalar' && resolved.value !== '' ? [String(resolved.value)] : [],
  );
  return scope.resources('AWS::CloudWatch::Alarm').filter((alarm) => told.includes(peek(alarm, 'Namespace')));
}

/** A text, without a record that it was looked at; empty where there is none that can be read. */
function peek(alarm: Subject, path: string): string {
  const { resolved } = alarm.at(path);
  return resolved.kind === 'scalar' ? String(resolved.value) : '';
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function acts(alarm: Subject): boolean {
  const actions = alarm.items('AlarmActions');
  const enabled = alarm.bool('ActionsEnabled');
  return (
    actions.kind === 'known' &&
    actions.value.some((action) => action.pattern().kind === 'known') &&
    (enabled.kind === 'absent' || (enabled.kind === 'known' && enabled.value))
  );
}

function soundsInSilence(alarm: Subject): boolean {
  const missing = alarm.text('TreatMissingData');
  return missing.kind === 'known' && missing.value === 'breaching';
}
