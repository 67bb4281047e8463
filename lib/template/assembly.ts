import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { sha256 } from '../control/fingerprint';
import { InputError } from '../control/input-error';
import { readProvenance } from './assembly-provenance';
import { type AssemblyFile, Graph } from './graph';
import { isObject, type Json, parseTemplateText } from './parse';
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

function stacksBelow(folder: string): readonly StackArtifact[] {
  const manifest = readJson(join(folder, 'manifest.json'));
  const artifacts = isObject(manifest.artifacts) ? Object.entries(manifest.artifacts) : [];
  return artifacts.flatMap(([id, artifact]) => {
    const properties = isObject(artifact) && isObject(artifact.properties) ? artifact.properties : {};
    if (isObject(artifact) && artifact.type === 'cdk:cloud-assembly') {
      return stacksBelow(join(folder, String(properties.directoryName)));
    }
    return isObject(artifact) && artifact.type === 'aws:cloudformation:stack'
      ? [stackOf(folder, id, artifact, properties)]
      : [];
  });
}

function stackOf(folder: string, id: string, artifact: Json, properties: Json): StackArtifact {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(String(artifact.environment)) ?? [];
  const extra =
    typeof artifact.additionalMetadataFile === 'string' ? join(folder, artifact.additionalMetadataFile) : undefined;
  return {
    templateFile: join(folder, String(properties.templateFile)),
    stackName: typeof properties.stackName === 'string' ? properties.stackName : id,
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    metadata: {
      ...(isObject(artifact.metadata) ? artifact.metadata : {}),
      ...(extra !== undefined && existsSync(extra) ? readJson(extra) : {}),
    },
  };
}

function withNested(
  root: string,
  artifact: StackArtifact,
  parameterValues?: ReadonlyMap<string, string>,
): readonly Template[] {
  const read = (file: string, parent?: ResourceDefinition): readonly Template[] => {
    const text = readFileSync(file, 'utf8');
    const document = parseTemplateText(text, relative(process.cwd(), file));
    const { stackName, account, region, metadata } = artifact;
    const origin = {
      path: relative(root, file),
      sha256: sha256(text),
      stackName: parent ? `${stackName}/${parent.logicalId}` : stackName,
      account,
      region,
      provenance: readProvenance(metadata, document),
      parameterValues: parent ? undefined : parameterValues,
    };
    const template = new Template(origin, document);
    template.parent = parent;
    return [template, ...nestedStacks(template, dirname(file)).flatMap(([resource, nested]) => read(nested, resource))];
  };
  return read(artifact.templateFile);
}

/** Nested stacks whose template is in the assembly; one that is elsewhere is a gap: nobody has seen what it deploys. */
function nestedStacks(template: Template, folder: string): readonly (readonly [ResourceDefinition, string])[] {
  const found: (readonly [ResourceDefinition, string])[] = [];
  for (const resource of template.resources.values()) {
    if (resource.type === 'AWS::CloudFormation::Stack') {
      const file = nestedFile(resource, folder);
      if (file !== undefined) {
        found.push([resource, file]);
      } else {
        template.gaps.push({
          template,
          logicalId: resource.logicalId,
          reason: 'the template of this nested stack is not in the assembly',
        });
      }
    }
  }
  return found;
}

function nestedFile(resource: ResourceDefinition, folder: string): string | undefined {
  const named = resource.metadata['aws:asset:path'];
  const url = JSON.stringify(isObject(resource.properties) ? resource.properties.TemplateURL : undefined) ?? '';
  const hash = /([0-9a-f]{64})\.json/.exec(url)?.[1];
  const file = typeof named === 'string' ? named : hash && packagedFile(hash, folder);
  return file !== undefined && existsSync(join(folder, file)) ? join(folder, file) : undefined;
}

/** The file that the asset manifests publish under a hash. */
function packagedFile(hash: string, folder: string): string | undefined {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.assets.json'))) {
    const { files } = readJson(join(folder, name));
    const asset = isObject(files) ? files[hash] : undefined;
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
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(
      `cannot read '${relative(process.cwd(), file)}' of the assembly: ${error instanceof Error ? error.message : error}`,
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
