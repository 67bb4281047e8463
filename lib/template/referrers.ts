import { exportedAs, nestedOutput, outputOfStack } from './across-stacks';
import { Evaluator } from './evaluate';
import type { ExportedValue, Graph } from './graph';
import { placeholder } from './intrinsics';
import type { Node } from './node';
import { suppliedTo } from './parameters';
import { isObject, type Json, own, textual } from './parse';
import { oncePerObject } from './remember';
import { type Resolved, textOf } from './resolved';
import type { Subject } from './subject';
import type { ResourceDefinition, Template } from './template';

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

/** Every resource that may refer to another at a path, whatever the world: the references are read off the raw value. */
export function indexReferrers(
  graph: Graph,
  type: string,
  path: string,
): Map<ResourceDefinition, ResourceDefinition[]> {
  const index = new Map<ResourceDefinition, Set<ResourceDefinition>>();
  const candidates = graph.ofType(type);
  if (candidates.length === 0) {
    return new Map();
  }
  const names = literalNames(graph);
  const evaluator = new Evaluator(graph);
  for (const referrer of candidates) {
    const found = new Mentions(evaluator, names);
    found.collect(rawAt(referrer.properties, path.split('.')), referrer.template);
    for (const target of found.resources) {
      index.set(target, (index.get(target) ?? new Set()).add(referrer));
    }
  }
  return new Map([...index].map(([target, referrers]) => [target, [...referrers]]));
}

function rawAt(raw: unknown, path: readonly string[]): unknown {
  const [segment, ...rest] = path;
  return segment === undefined || segment === '*' || !isObject(raw) || !Object.hasOwn(raw, segment)
    ? raw
    : rawAt(raw[segment], rest);
}

const literalNames = oncePerObject((graph: Graph): ReadonlyMap<string, ResourceDefinition> => {
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
});

/** Resources that a raw value mentions on any branch; imports, stack outputs and nested stacks are followed. */
class Mentions {
  readonly resources = new Set<ResourceDefinition>();
  private readonly seen = new Set<object>();

  constructor(
    private readonly evaluator: Evaluator,
    private readonly names: ReadonlyMap<string, ResourceDefinition>,
  ) {}

  collect(raw: unknown, template: Template): void {
    if (typeof raw === 'string') {
      this.add(this.names.get(raw));
    } else if (typeof raw === 'object' && raw !== null && !this.seen.has(raw)) {
      this.seen.add(raw);
      if (isObject(raw)) {
        this.function(raw, template);
      }
      for (const part of Object.values(raw)) {
        this.collect(part, template);
      }
    }
  }

  private function(raw: Json, template: Template): void {
    if (typeof raw.Ref === 'string') {
      this.reference(raw.Ref, template);
    }
    const attribute = raw['Fn::GetAtt'];
    if (attribute !== undefined) {
      this.attribute(Array.isArray(attribute) ? attribute.map(textual).join('.') : textual(attribute), template);
    }
    const text = raw['Fn::Sub'];
    if (text !== undefined) {
      this.placeholders(textual(Array.isArray(text) ? text[0] : text), template);
    }
    const imported = raw['Fn::ImportValue'];
    if (imported !== undefined) {
      const name = textOf(this.evaluator.resolve(imported, template));
      this.follow('kind' in name ? undefined : exportedAs(name.text, template, this.evaluator));
    }
    this.follow(outputOfStack(raw['Fn::GetStackOutput'], template, this.evaluator));
  }

  private reference(name: string, template: Template): void {
    const above = template.parent ?? template.stackSet;
    if (!template.parameter(name)) {
      this.add(template.resources.get(name));
    } else if (above) {
      this.collect(suppliedTo(template, name), above.template);
    } else {
      const value = own(template.parameter(name) ?? {}, 'Default');
      this.collect(template.origin.parameterValues?.get(name) ?? value, template);
    }
  }

  private attribute(name: string, template: Template): void {
    const dot = name.indexOf('.');
    const resource = template.resources.get(name.slice(0, dot));
    const attribute = name.slice(dot + 1);
    if (resource && attribute.startsWith('Outputs.')) {
      this.follow(nestedOutput(resource, attribute, this.evaluator));
    } else {
      this.add(resource);
    }
  }

  private placeholders(text: string, template: Template): void {
    for (const part of text.match(/\$\{[^}]*\}/g) ?? []) {
      const name = placeholder(part) ?? '';
      if (name.includes('.')) {
        this.attribute(name, template);
      } else {
        this.reference(name, template);
      }
    }
  }

  private follow(value: ExportedValue | undefined): void {
    if (value) {
      this.collect(value.value, value.template);
    }
  }

  private add(resource: ResourceDefinition | undefined): void {
    if (resource) {
      this.resources.add(resource);
    }
  }
}

/** Whether the value at a path below a place refers to the target in the place's world. */
export function refersTo(place: Node, path: readonly string[], target: Subject): boolean {
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

function isTarget(resolved: Resolved, target: Subject): boolean {
  switch (resolved.kind) {
    case 'reference':
      return resolved.resource === target.definition;
    case 'pattern':
      // Candidates mention the target already, so the name is not another template's resource of the same id.
      return isWithin(resolved.text, target.logicalId);
    case 'scalar': {
      const property = nameProperties[target.type];
      const name = property === undefined ? undefined : target.at(property).resolved;
      return name?.kind === 'scalar' && String(name.value) === String(resolved.value);
    }
    default:
      return false;
  }
}

/** Whether a text with holes names a resource, by its name or its ARN, or a place within it. */
function isWithin(text: string, logicalId: string): boolean {
  return [`\${${logicalId}}`, `\${${logicalId}.Arn}`].some(
    (hole) => text.startsWith(hole) && /^$|^[/:]/.test(text.slice(hole.length)),
  );
}
