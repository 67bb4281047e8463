import type { Evaluator } from './evaluate';
import { keyOf } from './parameter-domains';
import { decidingParameter, type ParameterName } from './parameters';
import { isObject } from './parse';
import type { Template } from './template';

/** Conditions that may hang on each other before they count as open. */
const longestChain = 600;

/** Truth of a named condition in the evaluator's world; what cannot be known is decided by the world, once. */
export function evaluateCondition(name: string, template: Template, evaluator: Evaluator): boolean {
  const key = `${template.key}?${name}`;
  const { conditions } = evaluator.world;
  const known = conditions.get(key);
  if (known !== undefined) {
    return known;
  }
  const definitions = template.section('Conditions');
  // A condition that refers to itself, or that the template lacks, is open: both of its branches are judged.
  const open = !Object.hasOwn(definitions, name) || evaluator.pending.has(key) || evaluator.pending.size > longestChain;
  const truth = open ? decide(key, evaluator) : evaluateNamed(key, definitions[name], template, evaluator);
  conditions.set(key, truth);
  return truth;
}

function evaluateNamed(key: string, definition: unknown, template: Template, evaluator: Evaluator): boolean {
  evaluator.pending.add(key);
  try {
    return evaluateExpression(definition, template, evaluator);
  } finally {
    evaluator.pending.delete(key);
  }
}

/** Truth of a condition's expression; one that CloudFormation would refuse is open. */
function evaluateExpression(expression: unknown, template: Template, evaluator: Evaluator): boolean {
  const [entry, ...others] = isObject(expression) ? Object.entries(expression) : [];
  const [name, argument] = others.length === 0 ? (entry ?? []) : [];
  const parts = Array.isArray(argument) ? argument : [];
  if (name === 'Condition' && typeof argument === 'string') {
    return evaluateCondition(argument, template, evaluator);
  }
  if (name === 'Fn::And' && parts.length > 0) {
    return parts.every((part) => evaluateExpression(part, template, evaluator));
  }
  if (name === 'Fn::Or' && parts.length > 0) {
    return parts.some((part) => evaluateExpression(part, template, evaluator));
  }
  if (name === 'Fn::Not' && parts.length === 1) {
    return !evaluateExpression(parts[0], template, evaluator);
  }
  if (name === 'Fn::Equals' && parts.length === 2) {
    return equals(parts[0], parts[1], template, evaluator);
  }
  return decide(`${template.key}?${JSON.stringify(expression)}`, evaluator);
}

/** One side of a comparison: its text, or a parameter that is none of the words it is compared with. */
type Side = { readonly text: string } | { readonly free: ParameterName; readonly other: number };

function equals(left: unknown, right: unknown, template: Template, evaluator: Evaluator): boolean {
  const one = sideOf(left, template, evaluator);
  const other = sideOf(right, template, evaluator);
  const known = one && other ? compare(one, other, evaluator) : undefined;
  return known ?? decide(`${template.key}?${JSON.stringify([left, right])}`, evaluator);
}

/** Whether the sides are equal, or undefined where both may be. */
function compare(one: Side, other: Side, evaluator: Evaluator): boolean | undefined {
  if ('text' in one && 'text' in other) {
    return one.text === other.text;
  }
  if ('free' in one && 'free' in other) {
    const comparable = keyOf(one.free) === keyOf(other.free) || evaluator.domains.areCompared(one.free, other.free);
    return comparable ? one.other === other.other : undefined;
  }
  const free = 'free' in one ? one.free : 'free' in other ? other.free : undefined;
  const text = 'text' in one ? one.text : 'text' in other ? other.text : '';
  // Where the word is among the parameter's own options, this world is one in which it is something else.
  return free && evaluator.domains.knows(free, text) ? false : undefined;
}

/** Undefined where nothing is known of it. */
function sideOf(raw: unknown, template: Template, evaluator: Evaluator): Side | undefined {
  const resolved = evaluator.resolve(raw, template);
  if (resolved.kind === 'scalar') {
    return { text: String(resolved.value) };
  }
  const name = isObject(raw) && Object.keys(raw).length === 1 ? raw.Ref : undefined;
  const deciding = typeof name === 'string' ? decidingParameter({ template, name }) : undefined;
  const isPseudo = resolved.kind === 'pattern' && deciding?.name.startsWith('AWS::');
  const isOpen =
    resolved.kind === 'unresolved' && resolved.parameter !== undefined && sameAs(resolved.parameter, deciding);
  if (!deciding || !(isPseudo || isOpen)) {
    return undefined;
  }
  const { value, other } = evaluator.choose(deciding);
  return typeof value === 'string' ? { text: value } : other === undefined ? undefined : { free: deciding, other };
}

function sameAs(one: ParameterName, other: ParameterName | undefined): boolean {
  return other !== undefined && keyOf(one) === keyOf(other);
}

function decide(key: string, evaluator: Evaluator): boolean {
  return evaluator.world.decide(key, 2) === 0;
}
