import { finding, type Outcome } from '../../../lib/control/verdict';
import type { Json } from '../../../lib/template/parse';
import { answersOf, endless, isHumanWait } from '../response/human-steps';
import {
  choicesOf,
  conclusions,
  listOf,
  type Machine,
  nextOf,
  passedBy,
  reachableFrom,
  type State,
} from '../response/state-machine';
import { clockFaults, type PromisedTimes } from './request-clocks';
import { writtenBy } from './request-limits';

/**
 * What people may ask for, in the words by which a request names it: GDPR, Articles 15 to 18, 20 and 21; Cal. Civ. Code 1798.105, 1798.110 and
 * 1798.120.
 */
const rights = [
  'access',
  'rectification',
  'erasure',
  'restriction',
  'portability',
  'objection',
  'know',
  'delete',
  'opt-out',
];

/** What the record of an answer says, by the names under which it may say it. */
const content: Readonly<Record<string, RegExp>> = {
  'who answered': /^by$|answeredBy|signed/i,
  'what was answered': /^(answer|reply|decision|result)$/i,
  'when it was sent': /sent|answeredAt/i,
  'where it is filed': /reference|evidence|file/i,
};

/** A machine that tells two of the rights apart. */
export function isRequestProcess(machine: Machine): boolean {
  return rights.filter((right) => waysOf(machine, right).length > 0).length > 1;
}

/** Everything that is wrong with a process of requests: rights left out, ends without an answer, clocks that are late. */
export function requestFaults(machine: Machine, promised: PromisedTimes): readonly Outcome[] {
  const reached = reachableFrom(machine, [machine.start]);
  const waits = [...machine.states.values()].filter((state) => reached.has(state.name) && isHumanWait(state));
  const closing = closingChoices(machine);
  const forgotten = rights.flatMap((right) => rightFaults(machine, right, waits));
  const endlessWaits = waits.flatMap((wait) => endless(machine, wait));
  return [
    ...(forgotten.length > 0 ? forgotten : dropFaults(machine, reached)),
    ...(machine.timeout === undefined ? [] : [finding('endsByItself')]),
    // A wait that nobody is called out of is neither timed nor answered: that is one fault, and not three
    ...(endlessWaits.length > 0
      ? endlessWaits
      : [
          ...answerFaults(machine, waits, closing),
          ...escalationFaults(machine, waits),
          ...pauseFaults(machine, closing),
          ...clockFaults(machine, waits, closing, promised),
        ]),
  ];
}

/** Where a request for a right leads. */
function waysOf(machine: Machine, right: string): readonly string[] {
  const spelled = new RegExp(`^${right.replace('-', '-?')}$`, 'i');
  return [...machine.states.values()]
    .flatMap(choicesOf)
    .filter(({ StringEquals: word }) => typeof word === 'string' && spelled.test(word))
    .map(({ Next: next }) => String(next));
}

function rightFaults(machine: Machine, right: string, waits: readonly State[]): readonly Outcome[] {
  const after = reachableFrom(machine, waysOf(machine, right));
  return waits.some(({ name }) => after.has(name)) ? [] : [finding('rightMissing', undefined, { right })];
}

/** A request that was received is never turned away. */
function dropFaults(machine: Machine, reached: ReadonlySet<string>): readonly Outcome[] {
  const states = [...machine.states.values()].filter(({ name }) => reached.has(name));
  const received = states
    .flatMap(choicesOf)
    .filter((choice) => /"Variable":"[^"]*receiv\w*","IsTimestamp":true/i.test(JSON.stringify(choice)))
    .map(({ Next: next }) => String(next));
  const after = reachableFrom(machine, received.length > 0 ? received : [machine.start]);
  return [
    ...states
      .filter(({ name, body }) => body.Type === 'Fail' && after.has(name))
      .map(({ name: state }) => finding('dropped', undefined, { state })),
    ...states
      .filter(({ name, body }) => body.Type === 'Choice' && after.has(name) && typeof body.Default !== 'string')
      .map(({ name: state }) => finding('dropped', undefined, { state })),
  ];
}

/** Decisions that are taken only where a person answered who, what, when and where it is filed. */
function closingChoices(machine: Machine): ReadonlySet<Json> {
  const whole = answersOf(machine).filter(({ names }) =>
    Object.values(content).every((field) => names.some((name) => field.test(name))),
  );
  return new Set(whole.map(({ choice }) => choice));
}

/** No end without an answer, and no answer but of a person. */
function answerFaults(machine: Machine, waits: readonly State[], closing: ReadonlySet<Json>): readonly Outcome[] {
  const lets = (choice: Json) => closing.has(choice);
  return [
    ...(closing.size === 0 || passedBy(machine, [machine.start], conclusions(machine), lets)
      ? [finding('unanswered')]
      : []),
    ...waits
      .filter(({ body }) => /:lambda:/i.test(String(body.Resource)))
      .map(({ name: state }) => finding('automatic', undefined, { state })),
    ...waits.flatMap((wait) => writtenInto(machine, wait)),
  ];
}

/** States that write what only the people of a wait may say. */
function writtenInto(machine: Machine, wait: State): readonly Outcome[] {
  const place = String(wait.body.ResultPath);
  return [...machine.states.values()]
    .filter((state) => state !== wait && nextOf(state).length > 0)
    .filter(({ body }) => writtenBy(body).some((path) => `${path}.`.startsWith(`${place}.`)))
    .map(({ name: state }) => finding('answersItself', undefined, { state, wait: wait.name }));
}

/** While nobody has answered, nothing waits but people under a clock, and no wait begins anew before somebody is called. */
function pauseFaults(machine: Machine, closing: ReadonlySet<Json>): readonly Outcome[] {
  const states = [...machine.states.values()].filter((state) =>
    passedBy(machine, [machine.start], [state.name], (choice) => closing.has(choice)),
  );
  const isLong = ({ body }: State) => body.Type === 'Wait' || /\.sync(:2)?$|:activity:/.test(String(body.Resource));
  const isRetried = (state: State) =>
    isHumanWait(state) && /"States\.(Timeout|ALL)"/.test(JSON.stringify(state.body.Retry ?? []));
  return [
    ...states.filter(isLong).map(({ name: state }) => finding('pauses', undefined, { state })),
    ...states.filter(isRetried).map(({ name: state }) => finding('triesAgain', undefined, { state })),
  ];
}

/** Who did not answer is not who is woken. */
function escalationFaults(machine: Machine, waits: readonly State[]): readonly Outcome[] {
  return waits.flatMap((wait) => {
    const calls = listOf(wait.body.Catch)
      .slice(0, 1)
      .map(({ Next: next }) => machine.states.get(String(next)))
      .map((state) => (state?.body.Type === 'Choice' ? machine.states.get(String(state.body.Default)) : state));
    return calls.some((call) => call && topicOf(call) !== undefined && topicOf(call) === topicOf(wait))
      ? [finding('sameEars', undefined, { state: wait.name })]
      : [];
  });
}

/** Topic that a state publishes to, as the definition names it. */
export function topicOf({ body }: State): string | undefined {
  const { TopicArn: topic } = (body.Parameters ?? {}) as Json;
  return typeof topic === 'string' ? topic : undefined;
}
