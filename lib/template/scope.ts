import { Evaluator } from './evaluate';
import type { Graph } from './graph';
import type { Node } from './node';
import { isObject } from './parse';
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
  readonly reads: RecordedRead[] = [];
  private readonly subjects = new Map<ResourceDefinition, Subject>();

  constructor(
    readonly graph: Graph,
    world?: World,
  ) {
    this.evaluator = new Evaluator(graph, world);
  }

  /** The resource in this world; the same object each time. */
  subject(definition: ResourceDefinition): Subject {
    let subject = this.subjects.get(definition);
    if (!subject) {
      subject = new Subject(definition, this);
      this.subjects.set(definition, subject);
    }
    return subject;
  }

  /** Every resource of a type that exists in this world. */
  resources(type: string): readonly Subject[] {
    return this.graph
      .ofType(type)
      .map((definition) => this.subject(definition))
      .filter((subject) => subject.exists());
  }

  /**
   * Resources of a type whose property at `path` refers to the target: by reference, by its literal name, or to a place within it
   * (`${Bucket.Arn}/flow-logs`). `path` may pass through lists with `*`: `SecurityGroups.*`.
   */
  referring(target: Subject, type: string, path: string): readonly Subject[] {
    return this.graph
      .referrers(`${type}#${path}`, target.definition, () => indexReferrers(this.graph, type, path))
      .map((definition) => this.subject(definition))
      .filter((subject) => subject.exists() && refersTo(subject.root, path.split('.'), target));
  }

  record(subject: Subject, property: string, value: unknown, choice?: string): void {
    this.reads.push({ subject: subject.definition, property, value, choice });
  }
}

/** Every resource that may refer to another at a path, whatever the world: the references are read off the raw value. */
function indexReferrers(graph: Graph, type: string, path: string): Map<ResourceDefinition, ResourceDefinition[]> {
  const index = new Map<ResourceDefinition, ResourceDefinition[]>();
  const names = literalNames(graph);
  const add = (target: ResourceDefinition, referrer: ResourceDefinition) => {
    const known = index.get(target);
    if (!known) {
      index.set(target, [referrer]);
    } else if (!known.includes(referrer)) {
      known.push(referrer);
    }
  };
  for (const referrer of graph.ofType(type)) {
    const scope = new Scope(graph);
    for (const target of mentioned(rawAt(referrer.properties, path.split('.')), referrer, scope)) {
      add(target, referrer);
    }
    const resolved = path.includes('*') ? undefined : scope.subject(referrer).at(path).resolved;
    const named = resolved?.kind === 'scalar' ? names.get(String(resolved.value)) : undefined;
    if (named) {
      add(named, referrer);
    }
  }
  return index;
}

function rawAt(raw: unknown, path: readonly string[]): unknown {
  const [segment, ...rest] = path;
  return segment === undefined || segment === '*' || !isObject(raw) || !Object.hasOwn(raw, segment)
    ? raw
    : rawAt(raw[segment], rest);
}

/** Resources that a raw value mentions anywhere, imports and nested stacks followed in the first world. */
function* mentioned(raw: unknown, at: ResourceDefinition, scope: Scope): Generator<ResourceDefinition> {
  if (Array.isArray(raw)) {
    for (const item of raw) {
      yield* mentioned(item, at, scope);
    }
  } else if (isObject(raw)) {
    const resolved = scope.evaluator.resolve(raw, at.template);
    if (resolved.kind === 'reference') {
      yield resolved.resource;
    }
    for (const part of Object.values(raw)) {
      yield* mentioned(part, at, scope);
    }
  }
}

/** Property that sets a resource's physical name, which a literal elsewhere may then use instead of a reference. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBClusterParameterGroup': 'DBClusterParameterGroupName',
  'AWS::RDS::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::CloudTrail::Trail': 'TrailName',
  'AWS::SecretsManager::Secret': 'Name',
};

function literalNames(graph: Graph): Map<string, ResourceDefinition> {
  const names = new Map<string, ResourceDefinition>();
  for (const [type, property] of Object.entries(nameProperties)) {
    for (const resource of graph.ofType(type)) {
      const name = isObject(resource.properties) ? resource.properties[property] : undefined;
      if (typeof name === 'string') {
        names.set(name, resource);
      }
    }
  }
  return names;
}

function refersTo(place: Node, path: readonly string[], target: Subject): boolean {
  const [segment, ...rest] = path;
  if (segment === undefined) {
    return isTarget(place.resolved, target);
  }
  if (segment !== '*') {
    return refersTo(place.at(segment), rest, target);
  }
  const list = place.items();
  return list.kind === 'known' && list.value.some((item) => refersTo(item, rest, target));
}

function isTarget(resolved: import('./resolved').Resolved, target: Subject): boolean {
  if (resolved.kind === 'reference') {
    return resolved.resource === target.definition;
  }
  // Candidates mention the target already, so the name is not another template's resource of the same id.
  if (resolved.kind === 'pattern') {
    return new RegExp(`^\\$\\{${target.logicalId}(\\.Arn)?\\}[/:]`).test(resolved.text);
  }
  const property = nameProperties[target.type];
  if (resolved.kind !== 'scalar' || property === undefined) {
    return false;
  }
  const name = target.at(property).resolved;
  return name.kind === 'scalar' && String(name.value) === String(resolved.value);
}
