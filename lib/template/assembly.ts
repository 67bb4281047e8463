import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { sha256 } from '../control/fingerprint';
import { InputError } from '../control/input-error';
import { readProvenance } from './assembly-provenance';
import { type AssemblyFile, Graph } from './graph';
import { isObject, type Json, parseTemplateText, textual } from './parse';
import { readText } from './read-text';
import { type ResourceDefinition, Template } from './template';

interface StackArtifact {
  readonly templateFile: string;
  readonly stackName?: string;
  readonly account?: string;
  readonly region?: string;
  readonly metadata: Json;
}

/** Reads a cloud assembly whole: its stages, stacks and nested stacks become one graph, its other files stand beside. */
export function loadAssembly(folder: string, parameterValues?: ReadonlyMap<string, string>): Graph {
  const templates = stacksBelow(folder).flatMap((artifact) => withNested(folder, artifact, parameterValues));
  if (templates.length === 0) {
    throw new InputError(`the assembly '${folder}' holds no stack: synthesize it first`);
  }
  const read = new Set(templates.map((template) => template.path));
  return new Graph(
    templates,
    [...filesBelow(folder, folder)].filter((file) => !read.has(file.path)),
  );
}

function stacksBelow(folder: string, above: readonly string[] = []): readonly StackArtifact[] {
  if (above.includes(resolve(folder))) {
    throw new InputError(`the assembly '${folder}' holds itself: synthesize it again`);
  }
  const manifest = readJson(join(folder, 'manifest.json'));
  const artifacts = isObject(manifest.artifacts) ? Object.entries(manifest.artifacts) : [];
  return artifacts.flatMap(([id, artifact]) => {
    const properties = isObject(artifact) && isObject(artifact.properties) ? artifact.properties : {};
    if (isObject(artifact) && artifact.type === 'cdk:cloud-assembly') {
      return stacksBelow(join(folder, textual(properties.directoryName)), [...above, resolve(folder)]);
    }
    return isObject(artifact) && artifact.type === 'aws:cloudformation:stack'
      ? [stackOf(folder, id, artifact, properties)]
      : [];
  });
}

function stackOf(folder: string, id: string, artifact: Json, properties: Json): StackArtifact {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(textual(artifact.environment)) ?? [];
  const extra =
    typeof artifact.additionalMetadataFile === 'string' ? join(folder, artifact.additionalMetadataFile) : undefined;
  return {
    templateFile: join(folder, fileNamed(properties.templateFile, id, folder)),
    stackName: typeof properties.stackName === 'string' ? properties.stackName : id,
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    metadata: {
      ...(isObject(artifact.metadata) ? artifact.metadata : {}),
      ...(extra !== undefined && existsSync(extra) ? readJson(extra) : {}),
    },
  };
}

function fileNamed(name: unknown, id: string, folder: string): string {
  if (typeof name !== 'string') {
    throw new InputError(`the stack '${id}' of the assembly '${folder}' names no template file: synthesize it again`);
  }
  return name;
}

function withNested(
  root: string,
  artifact: StackArtifact,
  parameterValues?: ReadonlyMap<string, string>,
): readonly Template[] {
  const { account, region, metadata } = artifact;
  const read = (file: string, stackName: string | undefined, parent?: ResourceDefinition): readonly Template[] => {
    const text = readText(file);
    const document = parseTemplateText(text, relative(process.cwd(), file));
    const origin = {
      path: relative(root, file),
      sha256: sha256(text),
      stackName,
      account,
      region,
      provenance: readProvenance(metadata, document),
      parameterValues: parent ? undefined : parameterValues,
    };
    const template = new Template(origin, document);
    template.parent = parent;
    const nested = nestedStacks(template, root);
    return [
      template,
      ...nested.flatMap(([resource, path]) => read(path, `${stackName}/${resource.logicalId}`, resource)),
    ];
  };
  return read(artifact.templateFile, artifact.stackName);
}

/** Nested stacks whose template is in the assembly, and where. One that is elsewhere, or that would deploy itself, is a gap of the graph. */
function nestedStacks(template: Template, root: string): readonly (readonly [ResourceDefinition, string])[] {
  const folder = dirname(join(root, template.path));
  const above = new Set<string>();
  for (let each: Template | undefined = template; each; each = each.parent?.template) {
    above.add(each.path);
  }
  return [...template.resources.values()].flatMap((resource) => {
    const nested = resource.type === 'AWS::CloudFormation::Stack' ? nestedFile(resource, folder) : undefined;
    return nested === undefined || above.has(relative(root, nested)) ? [] : [[resource, nested] as const];
  });
}

/** The file behind a nested stack's TemplateURL: by the hash in the URL, or by the metadata where the URL tells nothing. */
function nestedFile({ properties, metadata }: ResourceDefinition, folder: string): string | undefined {
  const url = isObject(properties) ? properties.TemplateURL : undefined;
  const hash = /([0-9a-f]{64})\.json/.exec(JSON.stringify(url) ?? '')?.[1];
  const named = typeof metadata['aws:asset:path'] === 'string' ? metadata['aws:asset:path'] : undefined;
  const isElsewhere = typeof url === 'string' && hash === undefined;
  const file = isElsewhere ? undefined : ((hash && packagedFile(hash, folder)) ?? named);
  return file !== undefined && existsSync(join(folder, file)) ? join(folder, file) : undefined;
}

/** The file that the asset manifests publish under a hash. */
function packagedFile(hash: string, folder: string): string | undefined {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.assets.json'))) {
    const { files } = readJson(join(folder, name));
    const asset = isObject(files) && Object.hasOwn(files, hash) ? files[hash] : undefined;
    const source = isObject(asset) && isObject(asset.source) ? asset.source.path : undefined;
    if (typeof source === 'string') {
      return source;
    }
  }
  return undefined;
}

function readJson(file: string): Json {
  let document: unknown;
  try {
    document = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof InputError) {
      throw error;
    }
    throw new InputError(
      `cannot read '${relative(process.cwd(), file)}' of the assembly: ${error instanceof Error ? error.message.replace(/\s+/g, ' ') : error}`,
    );
  }
  if (!isObject(document)) {
    throw new InputError(`'${relative(process.cwd(), file)}' of the assembly is not an object`);
  }
  return document;
}

function* filesBelow(root: string, folder: string): Generator<AssemblyFile> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* filesBelow(root, path);
    } else if (entry.isFile()) {
      yield { path: relative(root, path), size: statSync(path).size, read: () => readFileSync(path) };
    }
  }
}
