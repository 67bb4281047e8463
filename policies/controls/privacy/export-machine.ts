import { finding, type Outcome } from '../../../lib/control/verdict';
import type { Json } from '../../../lib/template/parse';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { judgeAlarm } from '../logging/scheduled-function';
import { choicesOf, ends, listOf, type Machine, nextOf, reachableFrom, type State } from '../response/state-machine';

/** A machine with two steps or more that export something. */
export function isExport(machine: Machine): boolean {
  return stepsOf(machine).length > 1;
}

/** Everything that is wrong with the order of an export: steps that are cut short, an end that nobody checked, silence. */
export function exportFaults(subject: Subject, machine: Machine, scope: Scope): readonly Outcome[] {
  return [
    ...stepsOf(machine).flatMap((step) => cutShort(machine, step)),
    ...sealFaults(machine),
    ...heard(subject, machine, scope),
    ...(isStarted(subject, scope) ? [] : [finding('notStarted')]),
  ];
}

function stepsOf({ states }: Machine): readonly State[] {
  return [...states.values()].filter(isStep);
}

function isStep({ name, body }: State): boolean {
  return /^export\b/i.test(name) && ['Task', 'Map', 'Parallel'].includes(String(body.Type));
}

const isSeal = ({ name, body }: State) => /^seal\b/i.test(name) && body.Type === 'Task';

/**
 * A function has an end, and an export need not: what follows a step lets nothing pass but its word that it is done, and asks it again otherwise.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
 */
function cutShort(machine: Machine, step: State): readonly Outcome[] {
  const gate = machine.states.get(typeof step.body.Next === 'string' ? step.body.Next : '');
  const choices = gate ? choicesOf(gate) : [];
  const otherAnswers = gate
    ? nextOf({ ...gate, body: { ...gate.body, Choices: choices.filter((choice) => !saysDone(choice)) } })
    : [];
  const asked = reachableFrom(machine, otherAnswers).has(step.name);
  const around = reachableFrom(machine, otherAnswers, ({ name }) => name === step.name);
  const ahead = [...machine.states.values()].filter((state) => isStep(state) || isSeal(state));
  const goals = [...ahead.map(({ name }) => name), ...ends(machine)];
  return choices.some(saysDone) && asked && !goals.some((goal) => around.has(goal))
    ? []
    : [finding('cutShort', undefined, { state: step.name })];
}

function saysDone(choice: Json): boolean {
  const text = JSON.stringify(choice);
  return /"Variable":"[^"]*done"/i.test(text) && /"BooleanEquals":true/.test(text) && !/"(Not|Or)":/.test(text);
}

/** It ends well only after a look at what was written, and never after a step that failed. */
function sealFaults(machine: Machine): readonly Outcome[] {
  const goodEnds = ends(machine);
  const steps = stepsOf(machine);
  const unsealed = reachableFrom(
    unfailing(machine),
    steps.map(({ name }) => name),
    isSeal,
  );
  const seals = [...machine.states.values()].filter(isSeal);
  const failing = [...steps, ...seals].flatMap(({ body }) => listOf(body.Catch).map(({ Next }) => String(Next)));
  const afterFailure = reachableFrom(machine, failing);
  return [
    ...(seals.length === 0 || goodEnds.some((end) => unsealed.has(end)) ? [finding('unsealed')] : []),
    ...(goodEnds.some((end) => afterFailure.has(end)) ? [finding('failureHidden')] : []),
  ];
}

/** The same machine, if nothing ever failed. */
function unfailing(machine: Machine): Machine {
  const states = [...machine.states].map(
    ([name, state]) => [name, { name, body: { ...state.body, Catch: [] } }] as const,
  );
  return { ...machine, states: new Map(states) };
}

function heard(subject: Subject, { timeout }: Machine, scope: Scope): readonly Outcome[] {
  return [
    judgeAlarm(subject, scope, 'ExecutionsFailed', 'unheard'),
    ...(timeout === undefined ? [] : [judgeAlarm(subject, scope, 'ExecutionsTimedOut', 'unheardLate')]),
  ].filter(({ verdict }) => verdict !== 'satisfied');
}

/** A request of a tenant is an object: whoever may put it there asks, and nobody in between. */
function isStarted(subject: Subject, scope: Scope): boolean {
  return scope.referring(subject, 'AWS::Events::Rule', 'Targets.*.Arn').some((rule) => {
    const { properties } = rule.definition;
    const state = rule.text('State');
    const isOn = state.kind === 'absent' || (state.kind === 'known' && state.value !== 'DISABLED');
    return isOn && JSON.stringify(properties).includes('"Object Created"');
  });
}
