import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Json } from '../../../lib/template/parse';
import { isHumanWait } from '../response/human-steps';
import {
  choicesOf,
  ends,
  listOf,
  type Machine,
  nextOf,
  passedBy,
  reachableFrom,
  type State,
} from '../response/state-machine';

const daySeconds = 86_400;

/** Days that an erasure may take at most, and for which it can be called off at least. */
export interface GraceDays {
  readonly least?: number;
  readonly most: number;
}

/** A machine with two steps or more that erase something. */
export function isErasure(machine: Machine): boolean {
  return stepsOf(machine).length > 1;
}

/** Everything that is wrong with the order of an erasure: no time to call it off, ways around the look at what is left, silence. */
export function erasureFaults(machine: Machine, days: GraceDays): readonly Outcome[] {
  return [
    ...graceFaults(machine, days),
    ...recordFaults(machine),
    ...tellingFaults(machine),
    ...verifyFaults(machine),
    ...keyFaults(machine),
    ...[...stepsOf(machine), ...recordsOf(machine)].flatMap((step) => unheard(machine, step)),
  ];
}

function stepsOf({ states }: Machine): readonly State[] {
  return [...states.values()].filter(isStep);
}

function isStep({ name, body }: State): boolean {
  return /^(erase|purge|delete|destroy)\b/i.test(name) && ['Task', 'Map', 'Parallel'].includes(String(body.Type));
}

const isRecord = ({ name, body }: State) => /^record\b/i.test(name) && body.Type === 'Task';

function recordsOf({ states }: Machine): readonly State[] {
  return [...states.values()].filter(isRecord);
}

const isWait = ({ body }: State) => body.Type === 'Wait';

/** Nothing is erased before one wait, of the days promised, that begins with the request. */
function graceFaults(machine: Machine, { least, most }: GraceDays): readonly Outcome[] {
  const before = reachableFrom(machine, [machine.start], isWait);
  if (stepsOf(machine).some(({ name }) => before.has(name))) {
    return [finding('noGrace')];
  }
  const first = [...machine.states.values()].filter(
    (state) =>
      isWait(state) && [...before].some((name) => nextOf(machine.states.get(name) ?? state).includes(state.name)),
  );
  const onTheWay = withoutFailing(machine, [machine.start]);
  const late = [...onTheWay].filter((state) => isHumanWait(state) || (isWait(state) && !first.includes(state)));
  return [
    ...first.flatMap((wait) => lengthFaults(wait, { least, most })),
    ...late.map((state) => finding('waitsOn', undefined, { state: state.name })),
  ];
}

/** Who is erased is written down before anything is, and where that fails nothing is: a backup brings back what nobody knows of. */
function recordFaults(machine: Machine): readonly Outcome[] {
  const failed = recordsOf(machine).flatMap(({ body }) => nextOf({ name: '', body: { Catch: body.Catch } }));
  const around = reachableFrom(machine, [machine.start, ...failed], isRecord);
  return stepsOf(machine).some(({ name }) => around.has(name)) ? [finding('unrecorded')] : [];
}

/** States on the way to the first step that erases, where nothing fails. */
function withoutFailing(machine: Machine, from: readonly string[]): ReadonlySet<State> {
  const seen = new Set<State>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = machine.states.get(name);
    if (state && !seen.has(state) && !isStep(state)) {
      seen.add(state);
      open.push(...nextOf({ ...state, body: { ...state.body, Catch: [] } }));
    }
  }
  return seen;
}

function lengthFaults({ name, body }: State, { least = 0, most }: GraceDays): readonly Outcome[] {
  if (typeof body.Seconds !== 'number') {
    return [notAssessed(`how long '${name}' waits is decided by its input, and no template shows it`)];
  }
  const days = body.Seconds / daySeconds;
  return [
    ...(days > most ? [finding('tooLate', undefined, { days, most })] : []),
    ...(days < least ? [finding('tooSoon', undefined, { days, least })] : []),
  ];
}

/** The customer is told what happens when, and that it has happened. */
function tellingFaults(machine: Machine): readonly Outcome[] {
  const tells = (words: RegExp) => (state: State) =>
    words.test(state.name) && /(events:putEvents|sns:publish|ses|lambda:invoke)/i.test(String(state.body.Resource));
  const unannounced = reachableFrom(machine, [machine.start], tells(/announc/i));
  const unconfirmed = reachableFrom(machine, [machine.start], tells(/confirm/i));
  return [
    ...([...machine.states.values()].some((state) => isWait(state) && unannounced.has(state.name))
      ? [finding('unannounced')]
      : []),
    ...(ends(machine).some((end) => unconfirmed.has(end)) ? [finding('unconfirmed')] : []),
  ];
}

/** It ends well only where a look at all places says that nothing is left. */
function verifyFaults(machine: Machine): readonly Outcome[] {
  const gates = [...machine.states.values()].flatMap((state) => choicesOf(state)).filter(saysErased);
  const confirms = [...machine.states.keys()].filter((name) => /confirm/i.test(name));
  const goals = [...ends(machine), ...confirms];
  return gates.length === 0 || passedBy(machine, [machine.start], goals, saysErased) ? [finding('unverified')] : [];
}

function saysErased(choice: Json): boolean {
  const text = JSON.stringify(choice);
  return /"Variable":"[^"]*erased"/i.test(text) && /"BooleanEquals":true/.test(text) && !text.includes('"Not":');
}

/** As long as keys are there, what was forgotten can be looked for; so they go, and go last. */
function keyFaults(machine: Machine): readonly Outcome[] {
  const keys = stepsOf(machine).filter(({ name }) => /\bkeys?\b/i.test(name));
  if (keys.length === 0) {
    return [finding('keysKept')];
  }
  return keys.flatMap((step) => {
    const after = stepAfter(machine, step);
    return after ? [finding('keysEarly', undefined, { state: step.name, after: after.name })] : [];
  });
}

/** The step that follows where nothing fails, up to the next decision. */
function stepAfter(machine: Machine, from: State): State | undefined {
  const seen = new Set<string>();
  for (let next = from.body.Next; typeof next === 'string' && !seen.has(next); ) {
    seen.add(next);
    const state = machine.states.get(next);
    if (!state || isStep(state)) {
      return state;
    }
    next = state.body.Next;
  }
  return undefined;
}

/** Whatever fails is told of, and tried again. */
function unheard(machine: Machine, { name, body }: State): readonly Outcome[] {
  const caught = listOf(body.Catch)
    .filter(({ ErrorEquals: errors }) => Array.isArray(errors) && errors.includes('States.ALL'))
    .map(({ Next: next }) => machine.states.get(String(next)));
  const isHeard = caught.some(
    (call) =>
      call !== undefined &&
      /(sns:publish|lambda:invoke)/i.test(String(call.body.Resource)) &&
      reachableFrom(machine, [call.name]).has(name),
  );
  return isHeard ? [] : [finding('nobodyCalled', undefined, { state: name })];
}
