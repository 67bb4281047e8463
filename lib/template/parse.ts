import { InputError } from '../control/input-error';
import { maximumDepth, refuseAmbiguousJson } from './json-text';
import { printable } from './printable';

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own value: a template may use any word as a key, `constructor` too. */
export function own(object: Json, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Any value as text; an object's own `toString` is a name like any other, so JavaScript must not call it. */
export function textual(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Values that a YAML document may unfold to through its aliases before it counts as an attack on memory. */
const maximumNodes = 2_000_000;

/**
 * Reads the text of a CloudFormation template, JSON or YAML with its short forms (`!Ref`, `!GetAtt`, ...).
 * @param path named in every error
 * @throws InputError where the text is empty, malformed, ambiguous (a key given twice) or not an object
 */
export function parseTemplateText(text: string, path: string): Json {
  const plain = withoutMark(text);
  if (plain.includes('\0')) {
    throw new InputError(`${path}: the file is no text in UTF-8: expected a CloudFormation template in JSON or YAML`);
  }
  if (plain.trim() === '') {
    throw new InputError(`${path}: the file is empty: expected a CloudFormation template in JSON or YAML`);
  }
  const document = /^\s*[{[]/.test(plain) ? parseJson(plain, path) : parseYaml(plain, path);
  if (!isObject(document)) {
    throw new InputError(`${path}: a CloudFormation template is an object, got ${describe(document)}`);
  }
  return document;
}

function parseJson(text: string, path: string): unknown {
  // A flow mapping is YAML too, so a JSON error alone does not condemn a .yaml file.
  const document = /\.ya?ml$/i.test(path) ? jsonOrUndefined(text) : parseJsonText(text, path);
  if (document === undefined) {
    return parseYaml(text, path);
  }
  refuseAmbiguousJson(text, path);
  return document;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Any JSON that the caller named, with or without a byte order mark.
 * @throws InputError where it is malformed
 */
export function parseJsonText(text: string, path: string): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch (error) {
    throw new InputError(`${path}: malformed JSON: ${oneLine(error)}`);
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function parseYaml(text: string, path: string): unknown {
  // Loaded only when a YAML template comes by: a synthesized assembly holds JSON alone.
  const { loadYaml } = require('./yaml-short-forms') as typeof import('./yaml-short-forms');
  let document: unknown;
  try {
    document = loadYaml(text);
  } catch (error) {
    throw new InputError(`${path}: malformed YAML: ${oneLine(error)}`);
  }
  refuseOvergrown(document, path);
  return document;
}

interface Extent {
  /** Values that it unfolds to. */
  readonly size: number;
  /** Levels below it. */
  readonly height: number;
}

const leaf: Extent = { size: 1, height: 0 };

/** Measures what aliases unfold to without unfolding them, and bounds the depth for every later walk. */
function refuseOvergrown(document: unknown, path: string): void {
  const extents = new Map<object, Extent>();
  const measure = (value: unknown, depth: number): Extent => {
    if (typeof value !== 'object' || value === null) {
      return leaf;
    }
    const known = extents.get(value);
    if (depth + (known?.height ?? 0) > maximumDepth) {
      throw new InputError(
        `${path}: nested deeper than ${maximumDepth} levels, or an alias holds itself: write it out`,
      );
    }
    if (known) {
      return known;
    }
    if (Object.hasOwn(value, '<<')) {
      throw new InputError(`${path}: CloudFormation reads no merge keys ('<<'): write the merged properties out`);
    }
    const parts = Object.values(value).map((part) => measure(part, depth + 1));
    const extent = {
      size: parts.reduce((sum, part) => sum + part.size, 1),
      height: parts.reduce((highest, part) => Math.max(highest, part.height + 1), 0),
    };
    extents.set(value, extent);
    return extent;
  };
  if (measure(document, 0).size > maximumNodes) {
    throw new InputError(`${path}: its aliases unfold to more than ${maximumNodes} values: write the template out`);
  }
}

/** A parser's complaint on one line, without the excerpt that it prints below. */
function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first = ''] = error instanceof SyntaxError ? [message.replace(/\s+/g, ' ')] : message.split('\n');
  const words = first.replace(
    /unknown (scalar|sequence|mapping) tag !<(.*)>/,
    "the tag '$2' is none of CloudFormation's",
  );
  return printable(words.charAt(0).toLowerCase() + words.slice(1));
}

function describe(value: unknown): string {
  return Array.isArray(value)
    ? 'a list'
    : value === null
      ? 'nothing'
      : `${typeof value} ${String(JSON.stringify(value)).slice(0, 40)}`;
}
