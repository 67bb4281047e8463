import type { Node } from '../../../lib/template/node';
import { isObject, type Json } from '../../../lib/template/parse';
import { oncePerObject, oncePerText } from '../../../lib/template/remember';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';

/** One state of a state machine, as the Amazon States Language writes it. */
export interface State {
  readonly name: string;
  readonly body: Json;
}

/** A state machine as a graph of its states, those of parallel branches among them: their names are unique in the whole of it. */
export interface Machine {
  readonly start: string;
  /** Seconds after which a run ends by itself, as it is written. */
  readonly timeout?: unknown;
  readonly states: ReadonlyMap<string, State>;
  /** Names of the states of each branch, by the parallel state that they belong to. */
  readonly branches: ReadonlyMap<string, readonly ReadonlySet<string>[]>;
}

/**
 * Reads the definition of a state machine, whether it is text with holes or an object. The states of maps are no part of the graph.
 *
 * @returns the machine, or why it cannot be read
 */
export function machineOf(subject: Subject): Machine | string {
  const text = subject.at('DefinitionString');
  const definition = text.resolved.kind === 'absent' ? objectAt(subject.at('Definition')) : parsed(text);
  return typeof definition === 'string' ? definition : graphOf(definition);
}

/**
 * The same, looked at from another resource: the machine's own record holds its whole text, and that of each resource that hangs on it the number
 * of its states. Text of every process in the record of every store would take the square of what is deployed.
 */
export function machineBeside(subject: Subject): Machine | string {
  const node = subject.at('DefinitionString');
  const text = textOf(node.resolved);
  const definition = 'kind' in text ? undefined : definitionIn(text.text);
  if ('kind' in text || definition === undefined || typeof definition === 'string') {
    return machineOf(subject);
  }
  const machine = graphOf(definition);
  const seen = typeof machine === 'string' ? machine : `${machine.states.size} states`;
  subject.scope.record(subject, node.path, `(${seen})`, text.choice);
  return machine;
}

/** Read once: controls that look for a process among all of them come back to each for every subject. */
const graphOf = oncePerObject((definition: Json): Machine | string => {
  const { StartAt: start, States: states } = definition;
  if (typeof start !== 'string' || !isObject(states)) {
    return 'its definition has no StartAt and States';
  }
  if (/"QueryLanguage":"JSONata"/.test(JSON.stringify(definition))) {
    return 'its decisions are written in JSONata, which is not read here';
  }
  const branches = new Map<string, readonly ReadonlySet<string>[]>();
  const named = statesOf(definition, branches).map((state) => [state.name, state] as const);
  return { start, timeout: definition.TimeoutSeconds, states: new Map(named), branches };
});

/** The states of a definition and of its branches; notes down which belong to which branch. */
function statesOf(definition: Json, branches: Map<string, readonly ReadonlySet<string>[]>): readonly State[] {
  return Object.entries(isObject(definition.States) ? definition.States : {}).flatMap(([name, body]) => {
    if (!isObject(body)) {
      return [];
    }
    const below = listOf(body.Branches).map((branch) => statesOf(branch, branches));
    if (below.length > 0) {
      branches.set(
        name,
        below.map((states) => new Set(states.flatMap((state) => [state.name, exitOf(state)]))),
      );
    }
    return [{ name, body }, ...below.flat()];
  });
}

/** Holes for other resources stand inside the strings of the text, and harm no reading. */
function parsed(node: Node): Json | string {
  const text = node.pattern();
  if (text.kind !== 'known') {
    return text.kind === 'unresolved' ? text.reason : 'it has no definition';
  }
  return definitionIn(text.value);
}

const definitionIn = oncePerText((text): Json | string => {
  try {
    const definition: unknown = JSON.parse(text);
    return isObject(definition) ? definition : 'its definition is no object';
  } catch {
    return 'its definition is no JSON';
  }
});

function objectAt(node: Node): Json | string {
  const { resolved } = node;
  node.state();
  switch (resolved.kind) {
    case 'map':
      return isPlain(resolved.entries) ? resolved.entries : 'its definition holds values that cannot be read here';
    case 'absent':
      return 'its definition lies in a file that is not here';
    case 'unresolved':
      return resolved.reason;
    default:
      return 'its definition is no object';
  }
}

function isPlain(value: unknown): boolean {
  return !/"(Ref|Fn::[A-Za-z]+)":/.test(JSON.stringify(value).replace(/"Resource":\{"(Ref|Fn::[A-Za-z]+)"/g, ''));
}

/**
 * States that may follow a state; those that catch its errors too. What follows a parallel state is not among them: it takes the end of every
 * branch to get there.
 */
export function nextOf({ body }: State): readonly string[] {
  const choices = listOf(body.Choices).flatMap((choice) => wordOf(choice.Next));
  const starts = listOf(body.Branches).flatMap((branch) => wordOf(branch.StartAt));
  const next = starts.length > 0 ? starts : wordOf(body.Next);
  return [...next, ...wordOf(body.Default), ...choices, ...caughtBy(body)];
}

/** States that take over where a state fails. */
function caughtBy(body: Json): readonly string[] {
  return listOf(body.Catch).flatMap((each) => wordOf(each.Next));
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function wordOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : [];
}

/** Everything that can be reached from some states, without passing through others. */
export function reachableFrom(
  machine: Machine,
  from: readonly string[],
  without: (state: State) => boolean = () => false,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...from];
  while (open.length > 0) {
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const state = machine.states.get(name);
      if (!reached.has(name) && !(state && without(state))) {
        reached.add(name);
        open.push(...(state ? nextOf(state) : []));
      }
    }
    open.push(...joinedBy(machine, reached).filter((name) => !reached.has(name)));
  }
  return reached;
}

/**
 * What follows parallel states all of whose branches can end. Where the way began inside of one branch, the others are taken to end by
 * themselves.
 */
function joinedBy(machine: Machine, reached: ReadonlySet<string>): readonly string[] {
  return [...machine.branches].flatMap(([name, branches]) => {
    const entered = reached.has(name)
      ? branches
      : branches.filter((branch) => [...branch].some((state) => reached.has(state)));
    const ended = entered.filter((branch) => ends(machine).some((end) => branch.has(end) && reached.has(end)));
    const parallel = machine.states.get(name);
    return parallel && entered.length > 0 && ended.length === entered.length
      ? [...wordOf(parallel.body.Next), exitOf(parallel)]
      : [];
  });
}

/** States with which a machine, or one of its branches, ends well. */
export function ends(machine: Machine): readonly string[] {
  return [...machine.states.values()].filter(({ body }) => body.Type === 'Succeed' || body.End === true).map(exitOf);
}

/** Ends of the machine itself. */
export function conclusions(machine: Machine): readonly string[] {
  const branches = [...machine.branches.values()].flat();
  return ends(machine).filter((end) => !branches.some((branch) => branch.has(end)));
}

/** A parallel state is over when its branches are, not when it is reached. */
function exitOf({ name, body }: State): string {
  return listOf(body.Branches).length > 0 ? `end of ${name}` : name;
}

export function choicesOf({ body }: State): readonly Json[] {
  return body.Type === 'Choice' ? listOf(body.Choices) : [];
}

/** Whether a goal can be reached without a choice that lets pass; the other answers of that decision lead on. */
export function passedBy(
  machine: Machine,
  from: readonly string[],
  goals: readonly string[],
  lets: (choice: Json) => boolean,
): boolean {
  const isGate = (state: State) => choicesOf(state).some(lets);
  const otherAnswers = [...machine.states.values()]
    .filter(isGate)
    .flatMap(({ name, body }) =>
      nextOf({ name, body: { ...body, Choices: listOf(body.Choices).filter((choice) => !lets(choice)) } }),
    );
  const around = reachableFrom(machine, [...from, ...otherAnswers], isGate);
  return goals.some((goal) => around.has(goal));
}

/**
 * Variables that must hold words for a choice to be taken: an empty text is no answer. What is only one of several possibilities, or must
 * not be, is not demanded.
 */
export function demandedBy(choice: Json): readonly string[] {
  if (Array.isArray(choice.And)) {
    return listOf(choice.And).flatMap(demandedBy);
  }
  return choice.StringGreaterThan === '' ? wordOf(choice.Variable) : [];
}
