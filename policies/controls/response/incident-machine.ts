import { finding, type Outcome } from '../../../lib/control/verdict';
import type { Json } from '../../../lib/template/parse';
import type { Scope } from '../../../lib/template/scope';
import { endless, isHumanWait } from './human-steps';
import { choicesOf, ends, type Machine, machineOf, passedBy, reachableFrom } from './state-machine';

/** What each step of an incident is called; a machine that knows two of them is a process of incidents. */
const steps = {
  assess: /assess|triage/i,
  contain: /contain/i,
  eradicate: /eradicat/i,
  integrity: /integrity|intact/i,
  recover: /^recover(ed|y)?$|^restored?$|^resumed?$/i,
  review: /review|lessons/i,
} as const;

type Step = keyof typeof steps;

export function isIncidentProcess(machine: Machine): boolean {
  const names = [...machine.states.keys()];
  return (
    (['assess', 'contain', 'eradicate'] as const).filter((step) => names.some((name) => steps[step].test(name)))
      .length > 1
  );
}

/** Whether nothing that is deployed knows the steps of an incident; what cannot be read may. */
export function isMissing(scope: Scope): boolean {
  return !scope
    .resources('AWS::StepFunctions::StateMachine')
    .map(machineOf)
    .some((machine) => typeof machine === 'string' || isIncidentProcess(machine));
}

/** Everything that is wrong with the order of a process: steps left out, ways around, waits without end. */
export function faultsOf(machine: Machine): readonly Outcome[] {
  const reached = reachableFrom(machine, [machine.start]);
  const lost = (Object.keys(steps) as Step[]).filter((step) => statesOf(machine, step, reached).length === 0);
  if (lost.length > 0) {
    return lost.map((step) => finding('stepMissing', undefined, { step }));
  }
  return [
    ...unassessed(machine, reached),
    ...unverified(machine, reached),
    ...[...machine.states.values()].filter(isHumanWait).flatMap((wait) => endless(machine, wait)),
    ...(/discovered/i.test(JSON.stringify([...machine.states.values()])) ? [] : [finding('noDiscovery')]),
  ];
}

/** States of a step that an incident can come to. */
export function statesOf(
  machine: Machine,
  step: Step,
  reached: ReadonlySet<string> = reachableFrom(machine, [machine.start]),
): readonly string[] {
  return [...machine.states.keys()].filter((name) => reached.has(name) && steps[step].test(name) && !isCall(name));
}

/** Calling somebody out about a step is not the step; a clock that counts for it neither. */
function isCall(name: string): boolean {
  return /escalat|remind|clock|refus|late/i.test(name);
}

/** Nobody contains before a decision looked at grade, impact and lead, and whatever lacks one leads elsewhere. */
function unassessed(machine: Machine, reached: ReadonlySet<string>): readonly Outcome[] {
  const isWhole = (choice: Json) => ['severity', 'impact', 'lead'].every((word) => tested(choice).includes(word));
  return passedBy(machine, [machine.start], statesOf(machine, 'contain', reached), isWhole)
    ? [finding('unassessed')]
    : [];
}

/** Words of the variables that a decision looks at. */
export function tested(choice: Json): string {
  return (JSON.stringify(choice).match(/"Variable":"[^"]*"/g) ?? []).join(' ').toLowerCase();
}

/** Nothing recovers or ends after containment unless a decision saw that the data is intact, and every other answer leads elsewhere. */
function unverified(machine: Machine, reached: ReadonlySet<string>): readonly Outcome[] {
  if (![...machine.states.values()].some((state) => choicesOf(state).some(isIntact))) {
    return [finding('integrityIgnored')];
  }
  const goals = [...statesOf(machine, 'recover', reached), ...ends(machine)];
  return passedBy(machine, statesOf(machine, 'contain', reached), goals, isIntact) ? [finding('integritySkipped')] : [];
}

/** A choice that is taken only where the answer of the integrity check is yes. */
function isIntact(choice: Json): boolean {
  const text = JSON.stringify(choice);
  return (
    steps.integrity.test(tested(choice)) &&
    !text.includes('"Not":') &&
    /"(BooleanEquals":true|StringEquals":"(intact|passed|verified)")/i.test(text)
  );
}
