import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';

import { InputError, refuse } from './input-error';
import { describeShapeError } from './shape-problems';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, verbose: true });
addFormats(ajv, ['date']);

/**
 * Reads a YAML file of the policies against its JSON schema. Dates stay text, a key that stands twice is refused, and so are
 * aliases: what an auditor reads at a place is what holds there.
 *
 * @throws InputError naming file, place, value got and values allowed
 */
export function readShaped<T>(file: string, text: string, schema: AnySchemaObject): T {
  const data = parseYaml(file, text);
  const isShaped: ValidateFunction<T> = ajv.compile<T>(schema);
  if (isShaped(data)) {
    return data;
  }
  const problems = (isShaped.errors ?? []).map((error) => describeShapeError(file, error, data));
  throw InputError.of([...new Set(problems)]);
}

/** Refuses a file whose name differs from the code or name that it carries, so that one is found by the other. */
export function refuseOtherName(file: string, key: string, value: string): void {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/u, '');
  refuse(
    name === value
      ? []
      : [`${file}: ${key} is "${value}", expected "${name}" as the file is named: rename one of them`],
  );
}

function parseYaml(file: string, text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA, maxAliases: 0 });
  } catch (error) {
    if (error instanceof YAMLException) {
      const place = error.mark ? ` at line ${error.mark.line + 1}, column ${error.mark.column + 1}` : '';
      throw new InputError(`${file}: not readable as YAML${place}: ${reasonOf(error.reason)}`);
    }
    throw error;
  }
}

function reasonOf(reason: string): string {
  if (reason.startsWith('aliases exceeded')) {
    return 'an alias (*name) is not allowed: write the value out';
  }
  return reason === 'duplicated mapping key' ? 'this key stands twice: remove one of them' : reason;
}
