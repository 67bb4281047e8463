import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Json } from '../../../lib/template/parse';
import { answersOf, type Clock, clocksOf } from '../response/human-steps';
import {
  choicesOf,
  listOf,
  type Machine,
  nextOf,
  passedBy,
  reachableFrom,
  type State,
} from '../response/state-machine';
import { businessDays, isWithin, type Limit, limitIn, momentsIn, reminds, writtenBy } from './request-limits';

/** What people who ask are promised. */
export interface PromisedTimes {
  readonly days: number;
  readonly extensionMonths: number;
  readonly confirmBusinessDays: number;
  readonly optOutBusinessDays: number;
}

/** A wait for people with the longest time that any way into it gives. */
interface TimedWait {
  readonly wait: State;
  readonly limit: Limit;
}

/** Days of an extension, for each month of it: a month is never shorter than 28 days, and three never longer than 92. */
const monthDays = 30;

/** Everything that is wrong with how a process counts: late ends, clocks that start late or stand still, more time without a word to the person. */
export function clockFaults(
  machine: Machine,
  waits: readonly State[],
  closing: ReadonlySet<Json>,
  promised: PromisedTimes,
): readonly Outcome[] {
  const broken = waits.flatMap((wait) => countFaults(machine, wait));
  if (broken.length > 0) {
    return broken;
  }
  const timed = waits.flatMap((wait) => timesOf(machine, wait).map((limit): TimedWait => ({ wait, limit })));
  const closers = answersOf(machine).filter(({ choice }) => closing.has(choice));
  return [
    ...timed.flatMap((each) => lengthFaults(machine, each, promised)),
    ...confirmFaults(machine, timed, promised),
    ...optOutFaults(machine, timed, promised),
    ...waits
      .filter((wait) => closers.some((closer) => closer.wait === wait) && !isReminded(machine, wait))
      .map(({ name: state }) => finding('noReminder', undefined, { state })),
  ];
}

function timesOf(machine: Machine, { name }: State): readonly Limit[] {
  return clocksOf(machine, name).flatMap((clock) => {
    const limit = clock && limitIn(clock.payload);
    return typeof limit === 'object' ? [limit] : [];
  });
}

/** Each way into a wait asks a clock, which counts from the receipt to now, and the wait ends when the clock says. */
function countFaults(machine: Machine, wait: State): readonly Outcome[] {
  const { name: state } = wait;
  const clocks = clocksOf(machine, state);
  if (clocks.length === 0) {
    return [finding('noClock', undefined, { state })];
  }
  return clocks.flatMap((clock) => {
    const limit = clock && limitIn(clock.payload);
    if (!clock || limit === undefined) {
      return [finding('noClock', undefined, { state })];
    }
    if (typeof limit === 'string') {
      return [notAssessed(`${clock.name}: ${limit}`)];
    }
    return [
      ...startFaults(machine, state, clock),
      ...(endsBy(machine, wait, clock) ? [] : [finding('otherEnd', undefined, { state })]),
    ];
  });
}

function startFaults(machine: Machine, state: string, { payload }: Clock): readonly Outcome[] {
  const { now, since } = momentsIn(payload);
  const [from = 'nothing', ...others] = since;
  if (others.length > 0 || !/^\$\.[\w.]*receiv\w*$/i.test(from)) {
    return [finding('fromStart', undefined, { state, since: since.join(' and ') || 'nothing' })];
  }
  const writer = writerOf(machine, from);
  return [
    ...(writer ? [finding('receiptChanged', undefined, { state: writer.name, since: from })] : []),
    ...(now.every((path) => path === '$$.State.EnteredTime') ? [] : [finding('standsStill', undefined, { state })]),
  ];
}

/** A state that something follows, and that puts something else where a path leads. */
export function writerOf(machine: Machine, path: string): State | undefined {
  return [...machine.states.values()].find(
    (state) =>
      nextOf(state).length > 0 &&
      writtenBy(state.body).some((place) => place === '$' || `${path}.`.startsWith(`${place}.`)),
  );
}

/** Whether a wait ends after the seconds that its clock leaves, and no others. */
function endsBy(machine: Machine, { body }: State, clock: Clock): boolean {
  const asked = machine.states.get(clock.name)?.body ?? {};
  const [place, path] = [String(asked.ResultPath), String(body.TimeoutSecondsPath)];
  if (!path.startsWith(`${place}.`) || body.HeartbeatSeconds !== undefined) {
    return false;
  }
  const name = path.slice(place.length + 1);
  const selected = asked.ResultSelector as Json | undefined;
  return /^(\$\.)?Payload\.seconds$/.test(selected ? String(selected[`${name}.$`]) : name);
}

/** In a wait that gives more than the first month, only whoever told the person why. */
function lengthFaults(machine: Machine, { limit, wait }: TimedWait, promised: PromisedTimes): readonly Outcome[] {
  const { days, extensionMonths: more } = promised;
  const state = wait.name;
  if (isWithin(limit, days, 1)) {
    return [];
  }
  const most = (allDays: number, months: number) => `${allDays} days or ${months} months, whichever are over first`;
  const extended = days + more * monthDays;
  if (more === 0 || !isWithin(limit, extended, 1 + more)) {
    return [finding('late', undefined, { state, got: limit.text, most: most(more === 0 ? days : extended, 1 + more) })];
  }
  const told = answersOf(machine).filter(
    ({ names }) => names.some((name) => /reason|why/i.test(name)) && names.some((name) => /told|inform/i.test(name)),
  );
  const lets = new Set(told.map(({ choice }) => choice));
  const clocks = clocksOf(machine, state).flatMap((clock) => (clock ? [clock.name] : []));
  if (passedBy(machine, [machine.start], clocks, (choice) => lets.has(choice))) {
    return [finding('extendedFreely', undefined, { state, got: limit.text })];
  }
  return told.every((answer) => isInTime(machine, answer.wait, answer.choice, days))
    ? []
    : [finding('toldLate', undefined, { state })];
}

/** The moment at which the person was told lies before the end that the clock of the first month came to. */
function isInTime(machine: Machine, wait: State, choice: Json, days: number): boolean {
  const first = clocksOf(machine, wait.name).every((clock) => {
    const limit = clock && limitIn(clock.payload);
    return typeof limit === 'object' && isWithin(limit, days, 1);
  });
  const ends = clocksOf(machine, wait.name).map((clock) => {
    const { ResultPath: place } = machine.states.get(clock?.name ?? '')?.body ?? {};
    return `${place}.deadline`;
  });
  return (
    first &&
    conditionsIn(choice).some(
      ({ Variable: moment, TimestampLessThanPath: before, TimestampLessThanEqualsPath: until }) =>
        /\.\w*(told|inform)\w*$/i.test(String(moment)) && ends.includes(String(until ?? before)),
    )
  );
}

/** What must hold for a choice to be taken. */
function conditionsIn(choice: Json): readonly Json[] {
  return Array.isArray(choice.And) ? listOf(choice.And).flatMap(conditionsIn) : [choice];
}

/** Nobody waits for long before a person confirmed that the request came; the first that does is named. */
function confirmFaults(machine: Machine, timed: readonly TimedWait[], promised: PromisedTimes): readonly Outcome[] {
  const most = businessDays(promised.confirmBusinessDays);
  const confirms = new Set(timed.filter(({ limit }) => limit.days <= most).map(({ wait }) => wait));
  const before = reachableFrom(machine, [machine.start], (state) => confirms.has(state));
  const optOuts = afterOptOut(machine);
  return timed
    .filter(({ wait }) => before.has(wait.name) && !optOuts.has(wait.name))
    .slice(0, 1)
    .map(({ wait }) => finding('unconfirmed', undefined, { state: wait.name, most: promised.confirmBusinessDays }));
}

/** Who opts out waits less, and proves nothing. */
function optOutFaults(machine: Machine, timed: readonly TimedWait[], promised: PromisedTimes): readonly Outcome[] {
  const most = businessDays(promised.optOutBusinessDays);
  const after = afterOptOut(machine);
  return timed
    .filter(({ limit, wait }) => after.has(wait.name) && limit.days > most)
    .map(({ limit, wait }) =>
      finding('optOutLate', undefined, { state: wait.name, got: limit.text, most: promised.optOutBusinessDays }),
    );
}

function afterOptOut(machine: Machine): ReadonlySet<string> {
  const ways = [...machine.states.values()]
    .flatMap(choicesOf)
    .filter((choice) => /^opt-?out$/i.test(String(choice.StringEquals)))
    .map(({ Next: next }) => String(next));
  return reachableFrom(machine, ways);
}

/** The clock stops on the way, and a decision tells a reminder from the end. */
function isReminded(machine: Machine, wait: State): boolean {
  return (
    clocksOf(machine, wait.name).every((clock) => clock !== undefined && reminds(clock.payload)) &&
    listOf(wait.body.Catch).every(({ Next: next }) => machine.states.get(String(next))?.body.Type === 'Choice')
  );
}
