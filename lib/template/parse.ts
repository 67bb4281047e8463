import { InputError } from '../control/input-error';
import { maximumDepth, refuseAmbiguousJson } from './json-text';

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Values that a YAML document may unfold to through its aliases before it counts as an attack on memory. */
const maximumNodes = 2_000_000;

/**
 * Reads the text of a CloudFormation template, JSON or YAML with its short forms (`!Ref`, `!GetAtt`, ...).
 * @param path named in every error
 * @throws InputError where the text is empty, malformed, ambiguous (a key given twice) or not an object
 */
export function parseTemplateText(text: string, path: string): Json {
  if (text.trim() === '') {
    throw new InputError(`${path}: the file is empty: expected a CloudFormation template in JSON or YAML`);
  }
  const document = /^\s*[{[]/.test(text) && !/^\s*\{\{/.test(text) ? parseJson(text, path) : parseYaml(text, path);
  if (!isObject(document)) {
    throw new InputError(`${path}: a CloudFormation template is an object, got ${describe(document)}`);
  }
  return document;
}

function parseJson(text: string, path: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    // A flow mapping is YAML too, so a JSON error alone does not condemn a .yaml file.
    if (/\.ya?ml$/i.test(path)) {
      return parseYaml(text, path);
    }
    throw new InputError(`${path}: malformed JSON: ${lowerFirst(messageOf(error))}`);
  }
  refuseAmbiguousJson(text, path);
  return document;
}

function parseYaml(text: string, path: string): unknown {
  // Loaded only when a YAML template comes by: a synthesized assembly holds JSON alone.
  const { loadYaml } = require('./yaml-short-forms') as typeof import('./yaml-short-forms');
  let document: unknown;
  try {
    document = loadYaml(text);
  } catch (error) {
    throw new InputError(`${path}: malformed YAML: ${lowerFirst(messageOf(error).split('\n')[0] ?? '')}`);
  }
  refuseOvergrown(document, path);
  return document;
}

/** Counts what aliases unfold to without unfolding them, and bounds the depth for every later walk. */
function refuseOvergrown(document: unknown, path: string): void {
  const sizes = new Map<object, number>();
  const measure = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) {
      return 1;
    }
    if (depth > maximumDepth) {
      throw new InputError(
        `${path}: nested deeper than ${maximumDepth} levels, or an alias holds itself: write it out`,
      );
    }
    const known = sizes.get(value);
    if (known !== undefined) {
      return known;
    }
    let size = 1;
    for (const part of Object.values(value)) {
      size += measure(part, depth + 1);
    }
    sizes.set(value, size);
    return size;
  };
  if (measure(document, 0) > maximumNodes) {
    throw new InputError(`${path}: its aliases unfold to more than ${maximumNodes} values: write the template out`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function describe(value: unknown): string {
  return Array.isArray(value)
    ? 'a list'
    : value === null
      ? 'nothing'
      : `${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}
