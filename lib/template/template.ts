import { InputError } from '../control/input-error';
import { gapOfFunction, gapOfResource, gapsOfTransforms } from './gaps';
import { isObject, type Json } from './parse';
import { printable } from './printable';

/** One entry of a template's Resources, as written. */
export interface ResourceDefinition {
  readonly template: Template;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: unknown;
  /** Name of the condition under which it exists. */
  readonly condition?: string;
  readonly metadata: Json;
}

/** A part of a template that cannot be read: what hides there, as far as can be told, is not assessed. */
export interface Gap {
  readonly template: Template;
  readonly logicalId: string;
  readonly reason: string;
  /** Resource types that may hide there; undefined: any. */
  readonly types?: readonly string[];
}

export interface TemplateOrigin {
  /** Path as the caller named it, or relative to the assembly. */
  readonly path: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly sha256: string;
  readonly stackName?: string;
  readonly account?: string;
  readonly region?: string;
  /** Construct path and source line by logical id, from an assembly's metadata. */
  readonly provenance?: ReadonlyMap<string, Provenance>;
  /** Finds where a logical id stands in the file, as `template.yaml:40`; asked only for findings and the record. */
  readonly locate?: (logicalId: string) => string | undefined;
  /** Values of the template's parameters, from the caller's parameter file. */
  readonly parameterValues?: ReadonlyMap<string, string>;
}

export interface Provenance {
  readonly constructPath?: string;
  /** `lib/constructs/x.ts:12` */
  readonly source?: string;
}

/** One CloudFormation template: its sections, where it is deployed, and what of it cannot be read. */
export class Template {
  readonly resources = new Map<string, ResourceDefinition>();
  readonly gaps: Gap[] = [];
  /** The AWS::CloudFormation::Stack resource that deploys this template, where it is nested. */
  parent?: ResourceDefinition;
  /** The stack set that carries this template to other accounts, and gives it its parameters. */
  stackSet?: ResourceDefinition;

  constructor(
    readonly origin: TemplateOrigin,
    readonly document: Json,
  ) {
    this.readResources();
    this.gaps.push(...gapsOfTransforms(this));
  }

  get path(): string {
    return this.origin.path;
  }

  /** Tells it from every other template of its graph: one file may be deployed as several nested stacks. */
  get key(): string {
    return this.parent ? `${this.parent.template.key}/${this.parent.logicalId}` : this.path;
  }

  section(name: 'Parameters' | 'Conditions' | 'Mappings' | 'Outputs'): Json {
    const section = this.document[name];
    return isObject(section) ? section : {};
  }

  parameter(name: string): Json | undefined {
    const parameters = this.section('Parameters');
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    return isObject(parameter) ? parameter : undefined;
  }

  private readResources(): void {
    const resources = this.document.Resources;
    if (!isObject(resources)) {
      const got = Array.isArray(resources)
        ? 'a list'
        : typeof resources === 'string'
          ? 'a text'
          : `${resources ?? 'none'}`;
      throw new InputError(`${this.path}: a CloudFormation template has an object of Resources, got ${got}`);
    }
    for (const [logicalId, definition] of Object.entries(resources)) {
      if (logicalId.startsWith('Fn::')) {
        this.gaps.push(gapOfFunction(this, logicalId, definition));
      } else if (isObject(definition) && Object.hasOwn(definition, 'Fn::Transform')) {
        this.gaps.push({ template: this, logicalId, reason: 'Fn::Transform is not expanded' });
      } else {
        this.addResource(readResource(this, logicalId, definition));
      }
    }
  }

  private addResource(resource: ResourceDefinition): void {
    this.resources.set(resource.logicalId, resource);
    const gap = gapOfResource(resource);
    if (gap) {
      this.gaps.push(gap);
    }
  }
}

function readResource(template: Template, logicalId: string, definition: unknown): ResourceDefinition {
  if (!isObject(definition) || typeof definition.Type !== 'string' || definition.Type === '') {
    throw new InputError(
      `${template.path}: resource '${printable(logicalId)}' has no Type: give it one, such as "Type": "AWS::S3::Bucket"`,
    );
  }
  if (definition.Condition !== undefined && typeof definition.Condition !== 'string') {
    throw new InputError(
      `${template.path}: the Condition of resource '${printable(logicalId)}' is ${printable(JSON.stringify(definition.Condition))}, expected the name of one`,
    );
  }
  return {
    template,
    logicalId,
    type: definition.Type,
    properties: definition.Properties === undefined ? {} : definition.Properties,
    condition: definition.Condition,
    metadata: isObject(definition.Metadata) ? definition.Metadata : {},
  };
}
