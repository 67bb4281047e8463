import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sha256 } from '../control/fingerprint';
import { InputError } from '../control/input-error';
import { loadAssembly } from './assembly';
import { Graph } from './graph';
import { locateIn } from './locate';
import { isObject, type Json, parseTemplateText } from './parse';
import { readText } from './read-text';
import { Template } from './template';

/** What a path holds. */
export interface LoadedTemplates {
  /** Templates that belong together share a graph; a folder of unrelated templates gives one graph each. */
  readonly graphs: readonly Graph[];
  /** Files of a folder that were passed over, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

const templateFile = /\.(json|ya?ml|template)$/i;

/**
 * Reads a template, a cloud assembly (one graph) or a folder of unrelated templates.
 * @param parameterValues values for the templates' parameters, by name
 * @throws InputError where there is nothing to read, or what there is cannot be read
 */
export function loadTemplates(path: string, parameterValues?: ReadonlyMap<string, string>): LoadedTemplates {
  if (!existsSync(path)) {
    throw new InputError(`no such file or folder: '${path}'`);
  }
  if (!statSync(path).isDirectory()) {
    return { graphs: [new Graph([readTemplate(path, parameterValues)])], skipped: [] };
  }
  if (isAssembly(path)) {
    return { graphs: [loadAssembly(path, parameterValues)], skipped: [] };
  }
  return loadFolder(path, parameterValues);
}

function isAssembly(folder: string): boolean {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) {
    return false;
  }
  try {
    return isObject(JSON.parse(readText(manifest))?.artifacts);
  } catch {
    return false;
  }
}

function loadFolder(folder: string, parameterValues?: ReadonlyMap<string, string>): LoadedTemplates {
  const graphs: Graph[] = [];
  const skipped: { path: string; reason: string }[] = [];
  for (const file of filesBelow(folder)) {
    const text = readText(file);
    const document = text.includes('Resources') ? parseTemplateText(text, file) : undefined;
    if (document?.Resources === undefined) {
      skipped.push({ path: file, reason: 'it has no Resources, so it is no CloudFormation template' });
    } else {
      graphs.push(new Graph([templateOf(file, text, document, parameterValues)]));
    }
  }
  if (graphs.length === 0) {
    throw new InputError(`no CloudFormation template in '${folder}': expected .json, .yaml, .yml or .template files`);
  }
  return { graphs, skipped };
}

function* filesBelow(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
      yield* filesBelow(path);
    } else if (entry.isFile() && templateFile.test(entry.name)) {
      yield path;
    }
  }
}

function readTemplate(path: string, parameterValues?: ReadonlyMap<string, string>): Template {
  const text = readText(path);
  return templateOf(path, text, parseTemplateText(text, path), parameterValues);
}

function templateOf(
  file: string,
  text: string,
  document: Json,
  parameterValues?: ReadonlyMap<string, string>,
): Template {
  const path = relative(process.cwd(), file) || file;
  return new Template(
    { path: path.startsWith('..') ? file : path, sha256: sha256(text), locate: locateIn(file), parameterValues },
    document,
  );
}
