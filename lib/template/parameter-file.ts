import { existsSync } from 'node:fs';
import { InputError } from '../control/input-error';
import { isObject, parseJsonText } from './parse';
import { readText } from './read-text';

/**
 * Reads a CloudFormation parameter file in each of its formats: the CLI's list of `{ParameterKey, ParameterValue}`, CodePipeline's
 * `{"Parameters": {Name: value}}`, a plain object, or a list of `Name=value`.
 * @throws InputError where the file is none of them
 */
export function readParameterFile(path: string): ReadonlyMap<string, string> {
  if (!existsSync(path)) {
    throw new InputError(`no such parameter file: '${path}'`);
  }
  const content = parseJsonText(readText(path), path);
  const entries = Array.isArray(content) ? content.map((item) => pairOf(item, path)) : objectPairs(content, path);
  return new Map(entries);
}

function pairOf(item: unknown, path: string): [string, string] {
  if (isObject(item) && typeof item.ParameterKey === 'string' && isScalar(item.ParameterValue)) {
    return [item.ParameterKey, String(item.ParameterValue)];
  }
  const [, name, value] = typeof item === 'string' ? (/^([A-Za-z0-9]+)=(.*)$/s.exec(item) ?? []) : [];
  if (name === undefined || value === undefined) {
    throw new InputError(
      `${path}: expected {"ParameterKey": ..., "ParameterValue": ...} or "Name=value", got ${JSON.stringify(item)}`,
    );
  }
  return [name, value];
}

function objectPairs(content: unknown, path: string): [string, string][] {
  const values = isObject(content) && isObject(content.Parameters) ? content.Parameters : content;
  if (!isObject(values)) {
    throw new InputError(`${path}: expected an object or a list of parameters, got ${JSON.stringify(content)}`);
  }
  return Object.entries(values).map(([name, value]) => {
    if (!isScalar(value)) {
      throw new InputError(`${path}: parameter '${name}' is ${JSON.stringify(value)}, expected text or a number`);
    }
    return [name, String(value)];
  });
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
