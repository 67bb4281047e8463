import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import { isObject, type Json } from '../../../lib/template/parse';
import { choicesOf, demandedBy, listOf, type Machine, nextOf, reachableFrom, type State } from './state-machine';

/** A step that waits for people. */
export function isHumanWait({ body }: State): boolean {
  return body.Type === 'Task' && String(body.Resource).endsWith('.waitForTaskToken');
}

/** A wait for people ends after what is left since the discovery, and then somebody else is called, who leads back to it. */
export function endless(machine: Machine, wait: State): readonly Outcome[] {
  const { name, body } = wait;
  if (body.TimeoutSecondsPath === undefined) {
    return [finding(body.TimeoutSeconds === undefined ? 'waitsForEver' : 'clockFromEntry', undefined, { state: name })];
  }
  return isCalledOut(machine, wait) ? [] : [finding('nobodyCalled', undefined, { state: name })];
}

/** Whether somebody is called where a wait runs out of time, whichever way is taken then, and every call leads back to the wait. */
export function isCalledOut(machine: Machine, { name, body }: State): boolean {
  const timeouts = listOf(body.Catch).filter(({ ErrorEquals: errors }) =>
    (Array.isArray(errors) ? errors : []).some((error) => error === 'States.Timeout' || error === 'States.ALL'),
  );
  // The first that fits is taken
  const calls = timeouts.slice(0, 1).flatMap(({ Next: next }) => afterChoice(machine, String(next)));
  return (
    calls.length > 0 &&
    calls.every(
      (call) =>
        /(sns:publish|lambda:invoke)$/i.test(String(call?.body.Resource)) &&
        call !== undefined &&
        reachableFrom(machine, [call.name]).has(name),
    )
  );
}

/** The state, or those that a decision leads to. */
function afterChoice(machine: Machine, name: string): readonly (State | undefined)[] {
  const state = machine.states.get(name);
  return state?.body.Type === 'Choice' ? nextOf(state).map((next) => machine.states.get(next)) : [state];
}

/** What a clock is asked on the way into a wait. */
export interface Clock {
  readonly name: string;
  readonly payload: Json;
}

/** What leads into a wait; anything but a function that counts lets people wait for as long as some other step may. */
export function clocksOf(machine: Machine, wait: string): readonly (Clock | undefined)[] {
  return [...machine.states.values()]
    .filter((state) => nextOf(state).includes(wait))
    .map(({ name, body }) => {
      const parameters = isObject(body.Parameters) ? body.Parameters : {};
      const isFunction = /lambda:invoke$/.test(String(body.Resource));
      return isFunction ? { name, payload: isObject(parameters.Payload) ? parameters.Payload : parameters } : undefined;
    });
}

/** How early a clock may start at the latest, by what the time is called that it counts from. */
const starts: Readonly<Record<string, RegExp>> = {
  discovery: /(discover|detect)\w*$/i,
  awareness: /(discover|detect|aware)\w*$/i,
  confirmed: /(discover|detect|aware|confirm)\w*$/i,
};

/** What is wrong with the clock of a wait: what it counts from, and how long. */
export function clockFaults(
  machine: Machine,
  wait: State,
  { clockStart, hours }: { readonly clockStart: string; readonly hours: number },
): readonly Outcome[] {
  const state = wait.name;
  const clocks = clocksOf(machine, state);
  if (clocks.length === 0 || wait.body.TimeoutSecondsPath === undefined) {
    return [finding('wrongStart', undefined, { state, value: 'the moment it got there' })];
  }
  return clocks.flatMap((clock) => {
    if (!clock) {
      return [finding('wrongStart', undefined, { state, value: 'what another step was left' })];
    }
    const from = startOf(clock.payload);
    const writer = [...machine.states.values()].find(({ body }) => `${from}.`.startsWith(`${body.ResultPath}.`));
    if (!from || from.startsWith('$$') || !starts[clockStart]?.test(from) || writer) {
      const value = writer ? `what ${writer.name} writes` : (from ?? 'nothing');
      return [finding('wrongStart', undefined, { state, value })];
    }
    const { hours: most } = clock.payload;
    if (typeof most !== 'number') {
      return [notAssessed(`how many hours ${clock.name} counts cannot be read here`)];
    }
    return most > hours ? [finding('tooLong', undefined, { state, hours: most, most: hours })] : [];
  });
}

/** The path of the time that a clock counts from. */
function startOf(payload: Json): string | undefined {
  const [, path] =
    Object.entries(payload).find(([key]) => /^(discover|detect|aware|confirm|start|since)\w*\.\$$/i.test(key)) ?? [];
  return typeof path === 'string' ? path : undefined;
}

/** A decision that looks at what people answered, with the wait whose answer it is. */
export interface Answered {
  readonly wait: State;
  readonly choice: Json;
  /** Names of what the answer must say in words. */
  readonly names: readonly string[];
}

/** Every answer that a decision demands words of, with the step that gave it. */
export function answersOf(machine: Machine): readonly Answered[] {
  const waits = [...machine.states.values()].filter(isHumanWait);
  return [...machine.states.values()].flatMap(choicesOf).flatMap((choice) => {
    const demanded = demandedBy(choice);
    return waits.flatMap((wait) => {
      const prefix = `${wait.body.ResultPath}.`;
      const names = demanded.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
      return names.length > 0 ? [{ wait, choice, names }] : [];
    });
  });
}
