import type { Node } from '../../../lib/template/node';
import { isObject, type Json } from '../../../lib/template/parse';
import type { Subject } from '../../../lib/template/subject';

/** One state of a state machine, as the Amazon States Language writes it. */
export interface State {
  readonly name: string;
  readonly body: Json;
}

/** A state machine as a graph of its states. */
export interface Machine {
  readonly start: string;
  readonly states: ReadonlyMap<string, State>;
}

/**
 * Reads the definition of a state machine, whether it is text with holes or an object. Nested states, of maps and parallel branches, are no
 * part of the graph.
 *
 * @returns the machine, or why it cannot be read
 */
export function machineOf(subject: Subject): Machine | string {
  const text = subject.at('DefinitionString');
  const definition = text.resolved.kind === 'absent' ? objectAt(subject.at('Definition')) : parsed(text);
  if (typeof definition === 'string') {
    return definition;
  }
  const { StartAt: start, States: states } = definition;
  if (typeof start !== 'string' || !isObject(states)) {
    return 'its definition has no StartAt and States';
  }
  const named = Object.entries(states).flatMap(([name, body]) =>
    isObject(body) ? [[name, { name, body }] as const] : [],
  );
  return { start, states: new Map(named) };
}

/** Holes for other resources stand inside the strings of the text, and harm no reading. */
function parsed(node: Node): Json | string {
  const text = node.pattern();
  if (text.kind !== 'known') {
    return text.kind === 'unresolved' ? text.reason : 'it has no definition';
  }
  try {
    const definition: unknown = JSON.parse(text.value);
    return isObject(definition) ? definition : 'its definition is no object';
  } catch {
    return 'its definition is no JSON';
  }
}

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

/** States that may follow a state; those that catch its errors too. */
export function nextOf({ body }: State): readonly string[] {
  const choices = listOf(body.Choices).flatMap((choice) => textOf(choice.Next));
  return [...textOf(body.Next), ...textOf(body.Default), ...choices, ...caughtBy(body)];
}

/** States that take over where a state fails. */
function caughtBy(body: Json): readonly string[] {
  return listOf(body.Catch).flatMap((each) => textOf(each.Next));
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): readonly string[] {
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
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = machine.states.get(name);
    if (state && !reached.has(name) && !without(state)) {
      reached.add(name);
      open.push(...nextOf(state));
    }
  }
  return reached;
}
