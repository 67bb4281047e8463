import { shown } from '../control/finding-words';
import type { Reading, Reference, UnresolvedReading } from './reading';
import { absent, type Cell, type Resolved, textOf, unresolved } from './resolved';
import type { Subject } from './subject';

/** What CloudFormation takes for a number: `0x1e` and `010` are not what they look like. */
const decimal = /^[-+]?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i;

/** A place in a resource's properties, in one world. Reading it is recorded: the record of what was looked at is evidence. */
export class Node {
  private resolution?: Resolved;

  constructor(
    readonly subject: Subject,
    /** Dotted path from the resource's properties; empty for all of them. */
    readonly path: string,
    private readonly cell: Cell | Resolved,
  ) {}

  /** The place at a dotted path below this one. */
  at(path: string): Node {
    // Most paths are one step, and asking for them is most of what judgements do.
    if (!path.includes('.')) {
      return this.child(path);
    }
    let node: Node = this;
    for (const segment of path.split('.')) {
      node = node.child(segment);
    }
    return node;
  }

  /** `true`, `false` and their text forms, which CloudFormation takes for booleans; anything else is unresolved. */
  bool(): Reading<boolean> {
    const { resolved } = this;
    if (resolved.kind === 'scalar') {
      const word = String(resolved.value).toLowerCase();
      return word === 'true' || word === 'false'
        ? this.known(word === 'true', resolved.choice)
        : this.wrong('true or false', JSON.stringify(resolved.value));
    }
    return this.otherwise('true or false');
  }

  /** A number, or text that is one. */
  number(): Reading<number> {
    const { resolved } = this;
    if (resolved.kind === 'scalar') {
      const value = decimal.test(String(resolved.value)) ? Number(resolved.value) : Number.NaN;
      return Number.isFinite(value)
        ? this.known(value, resolved.choice)
        : this.wrong('a number', JSON.stringify(resolved.value));
    }
    return this.otherwise('a number');
  }

  /** Text without holes. */
  text(): Reading<string> {
    const { resolved } = this;
    return resolved.kind === 'scalar' ? this.known(String(resolved.value), resolved.choice) : this.otherwise('text');
  }

  /** Text whose holes, references to resources and pseudo parameters, stand as `${Bucket.Arn}` and `${AWS::AccountId}`. */
  pattern(): Reading<string> {
    const { resolved } = this;
    if (resolved.kind === 'absent') {
      return this.otherwise('text');
    }
    const text = textOf(resolved);
    return 'kind' in text ? this.otherwise('text') : this.known(text.text, text.choice);
  }

  /** The resource that this value is a Ref or an attribute of. */
  reference(): Reading<Reference> {
    const { resolved, subject } = this;
    if (resolved.kind === 'reference') {
      this.record(`\${${resolved.resource.logicalId}.${resolved.attribute}}`);
      const value = { subject: subject.scope.subject(resolved.resource), attribute: resolved.attribute };
      return { kind: 'known', value, property: this.path };
    }
    return resolved.kind === 'scalar' || resolved.kind === 'pattern'
      ? this.wrong('a reference to a resource', resolved.kind === 'scalar' ? String(resolved.value) : resolved.text)
      : this.otherwise('a reference to a resource');
  }

  /** The places of a list's items; items that come to nothing (`AWS::NoValue`) are left out. A lone value counts as a list of one. */
  items(): Reading<readonly Node[]> {
    const { resolved } = this;
    switch (resolved.kind) {
      case 'list': {
        const nodes = resolved.items.map((cell, index) => new Node(this.subject, `${this.path}.${index}`, cell));
        const value = nodes.filter((node) => node.resolved.kind !== 'absent');
        return value.length === 0 ? this.known(value, resolved.choice) : { kind: 'known', value, property: this.path };
      }
      case 'absent':
      case 'unresolved':
        return this.otherwise('a list');
      default:
        return { kind: 'known', value: [this], property: this.path };
    }
  }

  /** The named places of an object, those that come to nothing left out. */
  entries(): Reading<readonly (readonly [string, Node])[]> {
    const { resolved } = this;
    if (resolved.kind !== 'map') {
      return this.otherwise('an object');
    }
    const value = Object.keys(resolved.entries)
      .map((key) => [key, this.child(key)] as const)
      .filter(([, node]) => node.resolved.kind !== 'absent');
    return { kind: 'known', value, property: this.path };
  }

  /** Whether there is a value at all: for properties whose mere presence decides. Recorded. */
  state(): 'known' | 'absent' | 'unresolved' {
    const { resolved } = this;
    if (resolved.kind === 'absent' || resolved.kind === 'unresolved') {
      this.otherwise('a value');
      return resolved.kind;
    }
    const text = textOf(resolved);
    this.record(resolved.kind === 'scalar' ? resolved.value : 'kind' in text ? `(${resolved.kind})` : text.text);
    return 'known';
  }

  /** What the value comes to in this world, without recording that it was read. */
  get resolved(): Resolved {
    this.resolution ??= 'kind' in this.cell ? this.cell : this.subject.scope.evaluator.resolveCell(this.cell);
    return this.resolution;
  }

  private child(segment: string): Node {
    const path = this.path === '' ? segment : `${this.path}.${segment}`;
    const { resolved } = this;
    switch (resolved.kind) {
      case 'map': {
        const raw = Object.hasOwn(resolved.entries, segment) ? resolved.entries[segment] : undefined;
        return new Node(this.subject, path, { raw, template: resolved.template });
      }
      case 'list':
        return new Node(this.subject, path, itemAt(resolved.items, segment));
      case 'absent':
      case 'unresolved':
        return new Node(this.subject, path, resolved);
      default:
        return new Node(this.subject, path, unresolved(`expected an object at '${this.path}'`));
    }
  }

  private known<T>(value: T, choice?: string): Reading<T> {
    this.record(value, choice);
    return { kind: 'known', value, property: this.path };
  }

  private wrong(expected: string, got: string): UnresolvedReading {
    const said = String(shown(this.path, got));
    this.record(said);
    return { kind: 'unresolved', property: this.path, reason: `expected ${expected}, got ${said}`, text: got };
  }

  private otherwise<T>(expected: string): Reading<T> {
    const { resolved } = this;
    if (resolved.kind === 'absent') {
      this.record(null);
      return { kind: 'absent', property: this.path };
    }
    if (resolved.kind === 'unresolved') {
      this.record(resolved.text === '' ? `(${resolved.reason})` : resolved.text);
      const { reason, text, parameter } = resolved;
      return { kind: 'unresolved', property: this.path, reason, text, parameter };
    }
    const text = textOf(resolved);
    return this.wrong(expected, 'kind' in text ? (resolved.kind === 'list' ? 'a list' : 'an object') : text.text);
  }

  private record(value: unknown, choice?: string): void {
    this.subject.scope.record(this.subject, this.path, value, choice);
  }
}

function itemAt(items: readonly Cell[], segment: string): Cell | Resolved {
  return /^\d+$/.test(segment)
    ? (items[Number(segment)] ?? absent)
    : unresolved(`expected an object with '${segment}', got a list`);
}
