import type { Evaluator } from './evaluate';
import { isObject } from './parse';
import type { Resolved } from './resolved';
import type { Template } from './template';

/** Truth of a named condition in the evaluator's world; what cannot be known is decided by the world, once. */
export function evaluateCondition(name: string, template: Template, evaluator: Evaluator): boolean {
  const key = `${template.path}?${name}`;
  const { conditions } = evaluator.world;
  const known = conditions.get(key);
  if (known !== undefined) {
    return known;
  }
  const definitions = template.section('Conditions');
  // A condition that refers to itself, or that the template lacks, is open: both of its branches are judged.
  const open = !Object.hasOwn(definitions, name) || evaluating.has(key);
  const truth = open ? decide(key, evaluator) : evaluateNamed(key, definitions[name], template, evaluator);
  conditions.set(key, truth);
  return truth;
}

const evaluating = new Set<string>();

function evaluateNamed(key: string, definition: unknown, template: Template, evaluator: Evaluator): boolean {
  evaluating.add(key);
  try {
    return evaluateExpression(definition, template, evaluator);
  } finally {
    evaluating.delete(key);
  }
}

function evaluateExpression(expression: unknown, template: Template, evaluator: Evaluator): boolean {
  const [name, argument] = isObject(expression) ? (Object.entries(expression)[0] ?? []) : [];
  const parts = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Condition':
      return evaluateCondition(String(argument), template, evaluator);
    case 'Fn::And':
      return parts.every((part) => evaluateExpression(part, template, evaluator));
    case 'Fn::Or':
      return parts.some((part) => evaluateExpression(part, template, evaluator));
    case 'Fn::Not':
      return !evaluateExpression(parts[0], template, evaluator);
    case 'Fn::Equals':
      return equals(parts, template, evaluator);
    default:
      return decide(`${template.path}?${JSON.stringify(expression)}`, evaluator);
  }
}

function equals(sides: readonly unknown[], template: Template, evaluator: Evaluator): boolean {
  const [left, right] = sides.map((side) => comparable(side, template, evaluator));
  if (left === undefined || right === undefined) {
    return decide(`${template.path}?${JSON.stringify(sides)}`, evaluator);
  }
  return left === right;
}

/**
 * Text to compare, or undefined where it cannot be known. A parameter that is free to be anything else than the words it is compared
 * with gets a value of its own, so that it equals itself and no word.
 */
function comparable(side: unknown, template: Template, evaluator: Evaluator): string | undefined {
  const name = isObject(side) && Object.keys(side).length === 1 ? side.Ref : undefined;
  const resolved = evaluator.resolve(side, template);
  if (resolved.kind === 'scalar') {
    return String(resolved.value);
  }
  if (typeof name !== 'string') {
    return undefined;
  }
  const anyOther = `\u0000any other ${template.path}#${name}`;
  return isOpenPseudo(resolved, name)
    ? openPseudo(name, template, evaluator, anyOther)
    : isOpen(resolved)
      ? anyOther
      : undefined;
}

function isOpenPseudo(resolved: Resolved, name: string): boolean {
  return resolved.kind === 'pattern' && name.startsWith('AWS::');
}

function openPseudo(name: string, template: Template, evaluator: Evaluator, anyOther: string): string {
  const { value } = evaluator.choose(template, name);
  return typeof value === 'string' ? value : anyOther;
}

function isOpen(resolved: Resolved): boolean {
  return resolved.kind === 'unresolved' && resolved.parameter !== undefined;
}

function decide(key: string, evaluator: Evaluator): boolean {
  return evaluator.world.decide(key, 2) === 0;
}
