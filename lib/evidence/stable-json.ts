/** Keys of the evidence contract in reading order; any other key follows in code-unit order. */
const readingOrder = [
  'schemaVersion',
  'id',
  'name',
  'kind',
  'tool',
  'rule',
  'version',
  'state',
  'run',
  'path',
  'title',
  'document',
  'status',
  'target',
  'targets',
  'logicalId',
  'type',
  'constructPath',
  'source',
  'verdict',
  'message',
  'fix',
  'parameters',
  'property',
  'value',
  'summary',
  'claims',
  'controls',
  'subjects',
  'observations',
  'opinions',
  'exceptions',
];

const rank = new Map(readingOrder.map((key, position) => [key, position]));

export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareKeys(left: string, right: string): number {
  const difference = (rank.get(left) ?? readingOrder.length) - (rank.get(right) ?? readingOrder.length);
  return difference === 0 ? compareText(left, right) : difference;
}

/**
 * The same value with its keys in one order, `map` applied to every string and key of it. A number that JSON cannot
 * write becomes its name: `null` would read as an absent property.
 */
export function ordered(value: unknown, map: (text: string) => string = (text) => text): unknown {
  if (typeof value === 'string') {
    return map(value);
  }
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
    return String(value);
  }
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  }
  if (Array.isArray(value)) {
    return value.map((item) => ordered(item, map));
  }
  if (typeof value === 'object' && value !== null) {
    const properties = value as Readonly<Record<string, unknown>>;
    const entries: [string, unknown][] = [];
    for (const key of orderedKeys(Object.keys(value))) {
      if (properties[key] !== undefined) {
        entries.push([map(key), ordered(properties[key], map)]);
      }
    }
    return Object.fromEntries(entries);
  }
  return value;
}

/** Evidence is thousands of objects of a few shapes: each shape is sorted once. */
const sortedShapes = new Map<string, readonly string[]>();
const mostShapes = 1_000;

function orderedKeys(keys: string[]): readonly string[] {
  if (keys.length < 2) {
    return keys;
  }
  const shape = JSON.stringify(keys);
  const known = sortedShapes.get(shape);
  if (known) {
    return known;
  }
  const sorted = keys.sort(compareKeys);
  if (sortedShapes.size < mostShapes) {
    sortedShapes.set(shape, sorted);
  }
  return sorted;
}
