import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sha256 } from '../control/fingerprint';
import { InputError, refuse } from '../control/input-error';
import { loadAssembly } from './assembly';
import { Graph } from './graph';
import { locateIn } from './locate';
import { isObject, type Json, parseTemplateText } from './parse';
import { printable } from './printable';
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
  const loaded = loadWhatIsThere(path, parameterValues);
  refuseUnknownParameters(loaded.graphs, parameterValues);
  return loaded;
}

function loadWhatIsThere(path: string, parameterValues?: ReadonlyMap<string, string>): LoadedTemplates {
  if (!statSync(path).isDirectory()) {
    return { graphs: [new Graph([readTemplate(path, parameterValues)])], skipped: [] };
  }
  if (isAssembly(path)) {
    return { graphs: [loadAssembly(path, parameterValues)], skipped: [] };
  }
  return loadFolder(path, parameterValues);
}

/** A name that no template has is a slip of the pen, and the value that was meant would silently not count. */
function refuseUnknownParameters(graphs: readonly Graph[], values: ReadonlyMap<string, string> = new Map()): void {
  const templates = graphs.flatMap((graph) => graph.templates);
  const known = new Set(templates.flatMap((template) => Object.keys(template.section('Parameters'))));
  refuse(
    [...values.keys()]
      .filter((name) => !known.has(name))
      .map(
        (name) =>
          `no template has a parameter '${printable(name)}': known are ${[...known].map(printable).join(', ') || 'none'}`,
      ),
  );
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
  const problems: string[] = [];
  for (const file of filesBelow(folder)) {
    try {
      const template = templateIn(file, parameterValues);
      if (template) {
        graphs.push(new Graph([template]));
      } else {
        skipped.push({ path: file, reason: 'it has no Resources, so it is no CloudFormation template' });
      }
    } catch (error) {
      if (!(error instanceof InputError)) {
        throw error;
      }
      problems.push(error.message);
    }
  }
  refuse(problems);
  if (graphs.length === 0) {
    throw new InputError(`no CloudFormation template in '${folder}': expected .json, .yaml, .yml or .template files`);
  }
  return { graphs, skipped };
}

function templateIn(file: string, parameterValues?: ReadonlyMap<string, string>): Template | undefined {
  const text = readText(file);
  const document = text.includes('Resources') ? parseTemplateText(text, file) : undefined;
  return document?.Resources === undefined ? undefined : templateOf(file, text, document, parameterValues);
}

/** Files of a folder and of those below it; a link to a file counts as the file, one to a folder might lead in circles. */
function* filesBelow(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
      yield* filesBelow(path);
    } else if (templateFile.test(entry.name) && (entry.isFile() || isLinkToFile(entry, path))) {
      yield path;
    }
  }
}

function isLinkToFile(entry: Dirent, path: string): boolean {
  // A link that leads nowhere stands for a template that cannot be read: reading it says so
  return entry.isSymbolicLink() && (!existsSync(path) || statSync(path).isFile());
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
  const below = relative(process.cwd(), file) || file;
  const path = below.startsWith('..') ? file : below;
  return new Template({ path, sha256: sha256(text), locate: locateIn(file, path), parameterValues }, document);
}
