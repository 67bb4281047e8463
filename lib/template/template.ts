import { InputError } from '../control/input-error';
import { isObject, type Json } from './parse';

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

/** Transforms that add resources or intrinsics but leave the resources written in the template as they are. */
const additiveTransform = /^AWS::(LanguageExtensions|SecretsManager-[\d-]+|CodeDeployBlueGreen|Serverless-[\d-]+)$/;

/** What an additive transform makes out of sight of the template. */
const typesBehindTransform: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^AWS::Serverless-/,
    ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::ApiGateway::RestApi', 'AWS::DynamoDB::Table'],
  ],
];

/** One CloudFormation template: its sections, where it is deployed, and what of it cannot be read. */
export class Template {
  readonly resources = new Map<string, ResourceDefinition>();
  readonly gaps: Gap[] = [];
  /** The AWS::CloudFormation::Stack resource that deploys this template, where it is nested. */
  parent?: ResourceDefinition;

  constructor(
    readonly origin: TemplateOrigin,
    readonly document: Json,
  ) {
    this.readResources();
    this.readTransforms();
  }

  get path(): string {
    return this.origin.path;
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
      const got = resources === undefined ? 'none' : Array.isArray(resources) ? 'a list' : typeof resources;
      throw new InputError(`${this.path}: a CloudFormation template has an object of Resources, got ${got}`);
    }
    for (const [logicalId, definition] of Object.entries(resources)) {
      if (logicalId.startsWith('Fn::')) {
        this.gaps.push(unexpanded(this, logicalId, definition));
      } else {
        this.resources.set(logicalId, readResource(this, logicalId, definition));
      }
    }
  }

  private readTransforms(): void {
    const declared = this.document.Transform ?? [];
    for (const transform of Array.isArray(declared) ? declared : [declared]) {
      const name = isObject(transform) ? String(transform.Name) : String(transform);
      const types = typesBehindTransform.find(([pattern]) => pattern.test(name))?.[1];
      if (types || !additiveTransform.test(name)) {
        this.gaps.push({
          template: this,
          logicalId: 'Transform',
          reason: `the transform ${name} is not expanded`,
          types,
        });
      }
    }
  }
}

function readResource(template: Template, logicalId: string, definition: unknown): ResourceDefinition {
  if (!isObject(definition) || typeof definition.Type !== 'string' || definition.Type === '') {
    throw new InputError(
      `${template.path}: resource '${logicalId}' has no Type: give it one, such as "Type": "AWS::S3::Bucket"`,
    );
  }
  return {
    template,
    logicalId,
    type: definition.Type,
    properties: definition.Properties ?? {},
    condition: typeof definition.Condition === 'string' ? definition.Condition : undefined,
    metadata: isObject(definition.Metadata) ? definition.Metadata : {},
  };
}

/** `Fn::ForEach::Name: [variable, collection, {Key: {Type, ...}}]`: the types it repeats are there to read. */
function unexpanded(template: Template, logicalId: string, definition: unknown): Gap {
  const types = new Set<string>();
  let hidden = !logicalId.startsWith('Fn::ForEach');
  for (const body of Array.isArray(definition) ? definition.filter(isObject) : []) {
    for (const part of Object.values(body)) {
      const type = isObject(part) ? part.Type : undefined;
      if (typeof type === 'string' && !type.includes('${')) {
        types.add(type);
      } else {
        hidden = true;
      }
    }
  }
  return {
    template,
    logicalId,
    reason: `${logicalId} is not expanded`,
    types: hidden || types.size === 0 ? undefined : [...types],
  };
}
