import type { Node } from '../../../lib/template/node';
import { isObject } from '../../../lib/template/parse';

/**
 * Whether an event matches a pattern of EventBridge, as the rule would. What the pattern says in a way that is not known here, or that
 * cannot be resolved, matches nothing: a report that may not come does not count.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesEvent(pattern: Node, event: unknown): boolean {
  const fields = pattern.resolved.kind === 'map' ? pattern.entries() : undefined;
  if (fields?.kind !== 'known' || fields.value.length === 0) {
    return false;
  }
  return fields.value.every(([name, node]) =>
    name === '$or'
      ? itemsOf(node).some((each) => matchesEvent(each, event))
      : matchesField(node, memberOf(event, name)),
  );
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Lists in an event match where one of their members does. */
function matchesField(node: Node, value: unknown): boolean {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (node.resolved.kind === 'map') {
    return values.some((each) => matchesEvent(node, each));
  }
  return itemsOf(node).some((item) => values.some((each) => matchesItem(item, each)));
}

function itemsOf(node: Node): readonly Node[] {
  const items = node.resolved.kind === 'list' ? node.items() : undefined;
  return items?.kind === 'known' ? items.value : [];
}

function matchesItem(item: Node, value: unknown): boolean {
  if (item.resolved.kind !== 'map') {
    const text = item.text();
    return text.kind === 'known' && value !== undefined && text.value === String(value);
  }
  const operators = item.entries();
  const [first, ...others] = operators.kind === 'known' ? operators.value : [];
  return first !== undefined && others.length === 0 && matchesOperator(first[0], first[1], value);
}

function matchesOperator(operator: string, operand: Node, value: unknown): boolean {
  const text = operand.resolved.kind === 'scalar' ? operand.text() : undefined;
  const word = text?.kind === 'known' ? text.value : undefined;
  switch (operator) {
    case 'exists':
      return word === String(value !== undefined);
    case 'prefix':
      return word !== undefined && typeof value === 'string' && value.startsWith(word);
    case 'suffix':
      return word !== undefined && typeof value === 'string' && value.endsWith(word);
    case 'equals-ignore-case':
      return word !== undefined && String(value).toLowerCase() === word.toLowerCase();
    case 'anything-but':
      return value !== undefined && differs(operand, word, value);
    case 'numeric':
      return typeof value === 'number' && comparesTo(operand, value);
    default:
      return false;
  }
}

function differs(operand: Node, word: string | undefined, value: unknown): boolean {
  if (word !== undefined) {
    return word !== String(value);
  }
  const words = itemsOf(operand).map((item) => item.text());
  return words.length > 0 && words.every((each) => each.kind === 'known' && each.value !== String(value));
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** `[">=", 4, "<", 7]`: comparisons that must all hold. */
function comparesTo(operand: Node, value: number): boolean {
  const parts = itemsOf(operand);
  const pairs = parts.flatMap((sign, index) =>
    index % 2 === 0 ? [[sign.text(), parts[index + 1]?.number()] as const] : [],
  );
  return (
    pairs.length > 0 &&
    pairs.every(([sign, bound]) => {
      const compare =
        sign.kind === 'known' && Object.hasOwn(comparisons, sign.value) ? comparisons[sign.value] : undefined;
      return compare !== undefined && bound?.kind === 'known' && compare(value, bound.value);
    })
  );
}
