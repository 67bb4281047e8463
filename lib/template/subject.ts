import { Node } from './node';
import type { Json } from './parse';
import type { Reading, Reference } from './reading';
import type { Scope } from './scope';
import type { ResourceDefinition, Template } from './template';

/** A resource as it stands in one world. */
export class Subject {
  private properties?: Node;

  constructor(
    readonly definition: ResourceDefinition,
    readonly scope: Scope,
  ) {}

  get logicalId(): string {
    return this.definition.logicalId;
  }

  get type(): string {
    return this.definition.type;
  }

  get template(): Template {
    return this.definition.template;
  }

  get metadata(): Json {
    return this.definition.metadata;
  }

  /** Whether the resource is created in this world. */
  exists(): boolean {
    const { condition, template } = this.definition;
    const own = condition === undefined || this.scope.evaluator.condition(condition, template);
    return own && (!template.parent || this.scope.subject(template.parent).exists());
  }

  /** The value at a dotted path of its properties (`ScalingConfiguration.0.MinCapacity`); nothing is resolved until read. */
  at(path: string): Node {
    return this.root.at(path);
  }

  /** All of its properties. */
  get root(): Node {
    this.properties ??= new Node(this, '', { raw: this.definition.properties, template: this.template });
    return this.properties;
  }

  bool(path: string): Reading<boolean> {
    return this.at(path).bool();
  }

  number(path: string): Reading<number> {
    return this.at(path).number();
  }

  text(path: string): Reading<string> {
    return this.at(path).text();
  }

  reference(path: string): Reading<Reference> {
    return this.at(path).reference();
  }

  items(path: string): Reading<readonly Node[]> {
    return this.at(path).items();
  }
}
