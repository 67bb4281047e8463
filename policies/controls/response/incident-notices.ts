import { finding, type Outcome } from '../../../lib/control/verdict';
import type { Json } from '../../../lib/template/parse';
import { answersOf, clockFaults, clocksOf, isCalledOut, isHumanWait } from './human-steps';
import {
  choicesOf,
  conclusions,
  demandedBy,
  listOf,
  type Machine,
  passedBy,
  reachableFrom,
  type State,
} from './state-machine';

/** Whom a notice is for, by the name of the step that waits for whoever sends it. */
const audiences: Readonly<Record<string, RegExp>> = {
  'the authority': /authorit|supervis|regulat/i,
  customers: /customer|client|tenant|controller/i,
};

/**
 * What a notice must say, by the names under which an answer may say it, and where the law says so: GDPR, Article 33(3)(a) to (d). Who sent it,
 * and when, is what makes it one.
 */
const content: Readonly<Record<string, RegExp>> = {
  'what happened': /nature|what|facts/i,
  'how many people': /people|persons|subjects/i,
  'how many records': /records/i,
  'who answers questions': /contact|dpo/i,
  'what may follow': /consequence|effect|impact/i,
  'what is done': /measure|action/i,
  'who let it out': /approved|signed|released/i,
  'when it was sent': /sent/i,
};

interface Promised {
  readonly clockStart: string;
  readonly hours: number;
}

/** Everything that is wrong with the notices of a process. */
export function noticeFaults(machine: Machine, promised: Promised): readonly Outcome[] {
  const answers = answersOf(machine).filter(({ wait }) =>
    Object.values(audiences).some((name) => name.test(wait.name)),
  );
  const looksAtNotice = new Set(answers.map(({ choice }) => choice));
  const unanswered = reachableFrom(machine, [machine.start], (state) =>
    choicesOf(state).some((choice) => looksAtNotice.has(choice) || isNotice(choice)),
  );
  return [
    ...Object.entries(audiences).flatMap(([audience, name]) => {
      const choices = new Set(answers.flatMap(({ wait, choice }) => (name.test(wait.name) ? [choice] : [])));
      const wait = [...machine.states.values()].find(
        (state) => isHumanWait(state) && name.test(state.name) && unanswered.has(state.name),
      );
      if (!wait) {
        return [finding('untold', undefined, { audience })];
      }
      // A call that leads elsewhere passes the notice by: that is one fault, and not two
      return isCalledOut(machine, wait)
        ? [...contentFaults(machine, audience, choices), ...timeFaults(machine, wait, promised)]
        : [finding('nobodyCalled', undefined, { state: wait.name })];
    }),
    ...sentByItself(machine, unanswered),
  ];
}

/** Whether a notice is done only with all that it must say, or where somebody decided that nobody need be told. */
function contentFaults(machine: Machine, audience: string, choices: ReadonlySet<Json>): readonly Outcome[] {
  const notices = new Set([...choices].filter(isNotice));
  const lacking = [...new Set([...notices].flatMap(lacks))];
  if (notices.size === 0 || lacking.length > 0) {
    return [finding('fieldMissing', undefined, { audience, field: lacking.join(', ') || 'anything' })];
  }
  const lets = (choice: Json) => notices.has(choice) || (choices.has(choice) && isDecision(choice));
  if (passedBy(machine, [machine.start], conclusions(machine), lets)) {
    return [finding('skipped', undefined, { audience })];
  }
  const gates = [...machine.states.values()].filter((state) => choicesOf(state).some((choice) => notices.has(choice)));
  return gates.every((gate) => followsUp(machine, gate, notices))
    ? []
    : [finding('unknownForgotten', undefined, { audience })];
}

/** A choice that looks for most of what a notice must say looks for a notice. */
function isNotice(choice: Json): boolean {
  return lacks(choice).length < Object.keys(content).length / 2;
}

/** What a choice lets a notice leave out. */
function lacks(choice: Json): readonly string[] {
  return Object.keys(content).filter((field) => !namesOf(choice).some((name) => content[field]?.test(name)));
}

/** That nobody need be told is decided by somebody, for a reason: GDPR, Article 33(1) and (5). */
function isDecision(choice: Json): boolean {
  return [/reason|notRequired|exempt/i, /decided|approved|signed/i].every((name) =>
    namesOf(choice).some((each) => name.test(each)),
  );
}

/** Last words of the variables that a choice demands. */
function namesOf(choice: Json): readonly string[] {
  return demandedBy(choice).map((path) => path.slice(path.lastIndexOf('.') + 1));
}

/** What says that something is not known yet is taken first, and leads to people again (Article 33(4)). */
function followsUp(machine: Machine, gate: State, notices: ReadonlySet<Json>): boolean {
  const first = choicesOf(gate).find((choice) => notices.has(choice));
  const next = reachableFrom(machine, [String(first?.Next)], (state) => choicesOf(state).length > 0);
  return (
    /"StringMatches":"[^"]*(unknown|not known)/i.test(JSON.stringify(first)) &&
    [...machine.states.values()].some((state) => isHumanWait(state) && next.has(state.name))
  );
}

/** Whether the count begins with the incident, ends in time, and people are reminded on the way. */
function timeFaults(machine: Machine, wait: State, promised: Promised): readonly Outcome[] {
  const { name: state } = wait;
  const atOnce = reachableFrom(machine, [machine.start], (other) => isHumanWait(other) && other !== wait);
  return [
    ...(atOnce.has(state) ? [] : [finding('startsLate', undefined, { state })]),
    ...clockFaults(machine, wait, promised),
    ...(isReminded(machine, wait) ? [] : [finding('noReminder', undefined, { state })]),
  ];
}

/** The clock stops on the way, and a decision tells a reminder from the end. */
function isReminded(machine: Machine, wait: State): boolean {
  const isEarly = (each: unknown, hours: unknown) =>
    typeof each === 'number' && each > 0 && !(typeof hours === 'number' && each >= hours);
  return (
    clocksOf(machine, wait.name).every((clock) => {
      const { hours, remind } = clock?.payload ?? {};
      return Array.isArray(remind) && remind.some((each) => isEarly(each, hours));
    }) && listOf(wait.body.Catch).every(({ Next: next }) => machine.states.get(String(next))?.body.Type === 'Choice')
  );
}

/** Mail leaves only after a person answered for it: no state that sends any comes before. */
function sentByItself(machine: Machine, unanswered: ReadonlySet<string>): readonly Outcome[] {
  return [...machine.states.values()]
    .filter(({ name, body }) => unanswered.has(name) && /:(ses|sesv2|pinpoint):/i.test(String(body.Resource)))
    .map(({ name }) => finding('sentByItself', undefined, { state: name }));
}
