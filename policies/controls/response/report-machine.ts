import { finding, type Outcome } from '../../../lib/control/verdict';
import { isObject, type Json } from '../../../lib/template/parse';
import { endless, isHumanWait } from './human-steps';
import { ends, type Machine, nextOf, reachableFrom, type State } from './state-machine';

const acknowledges = /acknowledg/i;
const updates = /\bupdate|\bnews/i;
/** Calling somebody out about a step is not the step; a clock or a decision neither. */
const isBeside = /escalat|remind|clock|count|late|^is /i;

export interface PromisedTimes {
  /** Hours from the receipt to the acknowledgement. */
  readonly hours: number;
  /** Business days from one word to the reporter to the next. */
  readonly businessDays: number;
}

/** A process of vulnerability reports knows both steps by their names. */
export function isReportProcess(machine: Machine): boolean {
  return stepsOf(machine, acknowledges).length > 0 && stepsOf(machine, updates).length > 0;
}

/** Everything that is wrong with a process: steps that nobody does, ways around, clocks that are late or start late. */
export function reportFaults(machine: Machine, promised: PromisedTimes): readonly Outcome[] {
  const acknowledge = stepsOf(machine, acknowledges);
  const update = stepsOf(machine, updates);
  const steps = [...acknowledge, ...update];
  const automatic = steps.filter((state) => !isHumanWait(state));
  if (automatic.length > 0) {
    return [finding('automatic', undefined, { state: automatic.map(({ name }) => name).join(' and ') })];
  }
  const without = (some: readonly State[]) => reachableFrom(machine, [machine.start], (state) => some.includes(state));
  const early = without(acknowledge);
  const goals = [...update.map(({ name }) => name), ...ends(machine)];
  const later = without(update);
  return [
    ...steps.flatMap((state) => endless(machine, state)),
    ...acknowledge.flatMap((state) => judgeClock(machine, state, promised, 'acknowledge')),
    ...update.flatMap((state) => judgeClock(machine, state, promised, 'update')),
    ...(goals.some((goal) => early.has(goal)) ? [finding('unacknowledged')] : []),
    ...(ends(machine).some((end) => later.has(end)) ? [finding('noNews')] : []),
    ...(update.every((state) => comesBack(machine, state)) ? [] : [finding('onlyOnce')]),
  ];
}

function stepsOf(machine: Machine, name: RegExp): readonly State[] {
  const reached = reachableFrom(machine, [machine.start]);
  return [...machine.states.values()].filter(
    (state) =>
      reached.has(state.name) && name.test(state.name) && !isBeside.test(state.name) && state.body.Type === 'Task',
  );
}

/** News that is good leads to the next news as well, and not only to the end: errors lead there anyway. */
function comesBack(machine: Machine, { name, body }: State): boolean {
  return reachableFrom(machine, nextOf({ name, body: { ...body, Catch: [] } }), isCall).has(name);
}

function isCall({ name }: State): boolean {
  return /escalat|remind|late/i.test(name);
}

/** The figures with which the state before a wait asks the clock, and the moment that it counts from. */
function judgeClock(
  machine: Machine,
  wait: State,
  promised: PromisedTimes,
  step: 'acknowledge' | 'update',
): readonly Outcome[] {
  const clocks = [...machine.states.values()].filter(
    (state) => state.body.Type === 'Task' && state.body.Next === wait.name && !isCall(state),
  );
  if (clocks.length === 0) {
    return [finding('noClock', undefined, { state: wait.name })];
  }
  return clocks.flatMap(({ body }) => {
    const { hours, businessDays, since } = questionIn(body);
    const got = hours === undefined ? `${businessDays} business days` : `${hours} hours`;
    if (hours === undefined && businessDays === undefined) {
      return [finding('noClock', undefined, { state: wait.name })];
    }
    const most = step === 'acknowledge' ? `${promised.hours} hours` : `${promised.businessDays} business days`;
    const inTime =
      step === 'acknowledge'
        ? hours !== undefined && hours <= promised.hours
        : hours === undefined
          ? (businessDays ?? Number.POSITIVE_INFINITY) <= promised.businessDays
          : // As many days in a row are never longer than as many business days
            hours <= promised.businessDays * 24;
    return [
      ...(inTime ? [] : [finding('late', undefined, { state: wait.name, got, most })]),
      ...(step === 'acknowledge' && !/receiv/i.test(since) ? [finding('fromTriage', undefined, { since })] : []),
    ];
  });
}

export function questionIn(body: Json): {
  readonly hours?: number;
  readonly businessDays?: number;
  readonly since: string;
} {
  const entries = entriesIn(body.Parameters ?? body.Arguments);
  const numberOf = (name: string) => entries.find(([key, value]) => key === name && typeof value === 'number')?.[1];
  const since = entries
    .filter(([key, value]) => typeof value === 'string' && !/^now\b/i.test(key))
    .map(([, value]) => value);
  return {
    hours: numberOf('hours') as number | undefined,
    businessDays: numberOf('businessDays') as number | undefined,
    since: since.filter((value) => String(value).startsWith('$')).join(', '),
  };
}

function entriesIn(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value).flatMap((entry) => [entry, ...entriesIn(entry[1])]) : [];
}
