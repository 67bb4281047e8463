import type { Graph } from './graph';
import {
  decidingParameter,
  isScalar,
  namedValues,
  type ParameterName,
  type ParameterOption,
  parameterOptions,
} from './parameters';
import { isObject } from './parse';
import type { Template } from './template';

/** Parameters that conditions compare with each other, and the words that they compare any of them with. */
interface Group {
  readonly words: Set<string>;
  readonly members: ParameterName[];
}

const domains = new WeakMap<Graph, ParameterDomains>();

/** Which values the open parameters of a graph may take, as far as its conditions can tell them apart. */
export class ParameterDomains {
  private readonly groups = new Map<string, Group>();
  private readonly options = new Map<string, readonly ParameterOption[]>();

  private constructor(graph: Graph) {
    for (const template of graph.templates) {
      this.collect(template.section('Conditions'), template);
    }
  }

  static of(graph: Graph): ParameterDomains {
    const known = domains.get(graph) ?? new ParameterDomains(graph);
    domains.set(graph, known);
    return known;
  }

  optionsOf(parameter: ParameterName): readonly ParameterOption[] {
    const key = keyOf(parameter);
    const known = this.options.get(key);
    if (known) {
      return known;
    }
    const group = this.groups.get(key);
    const place = group?.members.findIndex((member) => keyOf(member) === key) ?? 0;
    // The first of a group tells one `any other` value, the second may share it or take its own, and so on.
    const options = parameterOptions(parameter, group?.words ?? new Set(), place + 1);
    this.options.set(key, options);
    return options;
  }

  /** Whether conditions compare the two, so that their `any other` values can be told from each other. */
  areCompared(one: ParameterName, other: ParameterName): boolean {
    const group = this.groups.get(keyOf(one));
    return group !== undefined && group === this.groups.get(keyOf(other));
  }

  /** Whether an `any other` value of the parameter is told from this word. */
  knows(parameter: ParameterName, word: string): boolean {
    return this.groups.get(keyOf(parameter))?.words.has(word) ?? false;
  }

  private collect(node: unknown, template: Template): void {
    if (Array.isArray(node)) {
      for (const item of node) {
        this.collect(item, template);
      }
    } else if (isObject(node)) {
      const sides = node['Fn::Equals'];
      if (Array.isArray(sides) && sides.length === 2) {
        this.compare(sides[0], sides[1], template);
      }
      for (const part of Object.values(node)) {
        this.collect(part, template);
      }
    }
  }

  private compare(left: unknown, right: unknown, template: Template): void {
    const one = this.parameterAt(left, template);
    const other = this.parameterAt(right, template);
    if (one && other) {
      this.merge(this.groupOf(one), this.groupOf(other));
    } else if (one && isScalar(right)) {
      this.groupOf(one).words.add(String(right));
    } else if (other && isScalar(left)) {
      this.groupOf(other).words.add(String(left));
    }
  }

  private parameterAt(side: unknown, template: Template): ParameterName | undefined {
    const name = isObject(side) && Object.keys(side).length === 1 ? side.Ref : undefined;
    return typeof name === 'string' ? decidingParameter({ template, name }) : undefined;
  }

  private groupOf(parameter: ParameterName): Group {
    const key = keyOf(parameter);
    const known = this.groups.get(key);
    if (known) {
      return known;
    }
    const group: Group = { words: new Set(namedValues(parameter)), members: [parameter] };
    this.groups.set(key, group);
    return group;
  }

  private merge(into: Group, from: Group): void {
    if (into === from) {
      return;
    }
    for (const word of from.words) {
      into.words.add(word);
    }
    for (const member of from.members) {
      into.members.push(member);
      this.groups.set(keyOf(member), into);
    }
  }
}

/** Names a parameter of one template of a graph. */
export function keyOf({ template, name }: ParameterName): string {
  return `${template.key}#${name}`;
}
