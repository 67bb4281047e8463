import { Evaluator } from './evaluate';
import type { Graph } from './graph';
import { indexReferrers, refersTo } from './referrers';
import { Subject } from './subject';
import type { ResourceDefinition } from './template';
import type { World } from './world';

/** A value that a judgement looked at. */
export interface RecordedRead {
  readonly subject: ResourceDefinition;
  readonly property: string;
  readonly value: unknown;
  /** The parameter for which the deployer, not the template, chose the value. */
  readonly choice?: string;
}

/** Everything deployed together, as it stands in one world, and the record of what a judgement reads of it. */
export class Scope {
  readonly evaluator: Evaluator;
  private above?: Scope;
  private below?: readonly Scope[];
  /** The resource judged stands alone most of the time: the others get a map when they come. */
  private first?: Subject;
  private others?: Map<ResourceDefinition, Subject>;

  /** @param sought takes the types that are looked up: what cannot be read may hide one more of them */
  constructor(
    readonly graph: Graph,
    world?: World,
    private readonly sought?: Set<string>,
    readonly reads: RecordedRead[] = [],
  ) {
    this.evaluator = new Evaluator(graph, world);
  }

  /** The resource in this world; the same object each time. */
  subject(definition: ResourceDefinition): Subject {
    this.first ??= new Subject(definition, this);
    if (this.first.definition === definition) {
      return this.first;
    }
    this.others ??= new Map();
    let subject = this.others.get(definition);
    if (!subject) {
      subject = new Subject(definition, this);
      this.others.set(definition, subject);
    }
    return subject;
  }

  /** Every resource of a type that exists in this world. */
  resources(type: string): readonly Subject[] {
    this.sought?.add(type);
    return this.graph
      .ofType(type)
      .map((definition) => this.subject(definition))
      .filter((subject) => subject.exists());
  }

  /** The ones of a type that have a logical id, as text with holes names them; those of several templates may share it. */
  named(type: string, logicalId: string): readonly Subject[] {
    this.sought?.add(type);
    return this.graph
      .named(type, logicalId)
      .map((definition) => this.subject(definition))
      .filter((subject) => subject.exists());
  }

  /**
   * Resources of a type whose property at `path` refers to the target: by reference, by its literal name, or to a place within it
   * (`${Bucket.Arn}/flow-logs`). `path` may pass through lists with `*`: `SecurityGroups.*`.
   */
  referring(target: Subject, type: string, path: string): readonly Subject[] {
    this.sought?.add(type);
    return this.graph
      .referrers(`${type}#${path}`, target.definition, () => indexReferrers(this.graph, type, path))
      .map((definition) => this.subject(definition))
      .filter((subject) => subject.exists() && refersTo(subject.root, path.split('.'), target));
  }

  /** What deploys the stack set that carries this template, in the same world and on the same record; undefined for what is deployed by itself. */
  get carrier(): Scope | undefined {
    const { carrier } = this.graph;
    this.above ??= carrier && new Scope(carrier, this.evaluator.world, this.sought, this.reads);
    return this.above;
  }

  /** The templates that stack sets here carry, in the same world and on the same record. */
  get carried(): readonly Scope[] {
    this.below ??= this.graph.carried.map((each) => new Scope(each, this.evaluator.world, this.sought, this.reads));
    return this.below;
  }

  record(subject: Subject, property: string, value: unknown, choice?: string): void {
    this.reads.push({ subject: subject.definition, property, value, choice });
  }
}
