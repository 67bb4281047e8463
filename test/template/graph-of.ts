import { Graph } from '../../lib/template/graph';
import { isObject, type Json } from '../../lib/template/parse';
import { Scope } from '../../lib/template/scope';
import type { Subject } from '../../lib/template/subject';
import { Template, type TemplateOrigin } from '../../lib/template/template';
import { exploreWorlds } from '../../lib/template/world';

export type Origin = Partial<TemplateOrigin>;

export function templateOf(document: Json, origin: Origin = {}): Template {
  return new Template({ path: 'one.template.json', sha256: '0'.repeat(64), ...origin }, document);
}

export function graphOf(document: Json, origin?: Origin): Graph {
  return new Graph([templateOf(document, origin)]);
}

/** A stack above and one nested in it at `logicalId`. */
export function nestedGraph(above: Json, logicalId: string, nested: Json, origin: Origin = {}): Graph {
  const parent = templateOf(above, { path: 'above.template.json', ...origin });
  const child = templateOf(nested, { path: 'nested.template.json', ...origin });
  child.parent = parent.resources.get(logicalId);
  return new Graph([parent, child]);
}

/** A template whose resource `R` has the value at `Value`. */
export function valued(value: unknown, rest: Json = {}): Json {
  return {
    ...rest,
    Resources: {
      ...(isObject(rest.Resources) ? rest.Resources : {}),
      R: { Type: 'Test::R', Properties: { Value: value } },
    },
  };
}

/** What `read` gives for `R` (or another resource) in each world in which it exists. */
export function inEveryWorld<T>(graph: Graph, read: (subject: Subject) => T, logicalId = 'R'): T[] {
  const definition = graph.templates.flatMap(({ resources }) => resources.get(logicalId) ?? []).at(-1);
  if (!definition) {
    throw new Error(`no resource '${logicalId}'`);
  }
  const found: T[] = [];
  for (const each of exploreWorlds((world) => {
    const subject = new Scope(graph, world).subject(definition);
    return subject.exists() ? [read(subject)] : [];
  })) {
    found.push(...each);
  }
  return found;
}

/** A reading in short: `= value`, `absent`, or `? reason`. */
export function brief(
  subject: Subject,
  path = 'Value',
  as: 'text' | 'pattern' | 'bool' | 'number' = 'pattern',
): string {
  const reading = subject.at(path)[as]();
  return reading.kind === 'known'
    ? `= ${String(reading.value)}`
    : reading.kind === 'absent'
      ? 'absent'
      : `? ${reading.reason}`;
}

/** What the value of `R` comes to, over all worlds, each different one once. */
export function values(value: unknown, rest: Json = {}, origin?: Origin): string[] {
  return [...new Set(inEveryWorld(graphOf(valued(value, rest), origin), (subject) => brief(subject)))];
}
