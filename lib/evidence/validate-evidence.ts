import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Evidence } from '../control/evidence';
import { InputError, refuse } from '../control/input-error';
import schema from './evidence.schema.json';
import { printable } from './printable';
import { summarize } from './summarize';

let compiled: ValidateFunction<Evidence> | undefined;

/** Compiles the schema once, on first use: a check that only writes evidence does not pay for the validator. */
function validator(): ValidateFunction<Evidence> {
  if (!compiled) {
    const { Ajv2020 }: typeof import('ajv/dist/2020') = require('ajv/dist/2020');
    const { default: addFormats }: typeof import('ajv-formats') = require('ajv-formats');
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
    addFormats.default(ajv);
    compiled = ajv.compile<Evidence>(schema);
  }
  return compiled;
}

/**
 * Takes a value from outside, such as a parsed `evidence.json`, as evidence: its shape by the JSON Schema that ships with
 * the package, and its summary by counting again, so that a retouched total is noticed.
 *
 * @throws InputError naming the places that are wrong, what stands there and what is allowed, one per line
 */
export function validateEvidence(value: unknown): Evidence {
  const isEvidence = validator();
  if (!isEvidence(value)) {
    const errors = (isEvidence.errors ?? []).filter(({ keyword }) => keyword !== 'if' && keyword !== 'anyOf');
    throw InputError.of(errors.map((error) => `evidence: ${describe(error, value)}`));
  }
  const counted = numbersOf(summarize(value.claims, value.controls));
  const stated = new Map(numbersOf(value.summary));
  refuse(
    counted
      .filter(([place, count]) => stated.get(place) !== count)
      .map(
        ([place, count]) =>
          `evidence: ${place} is ${stated.get(place)}, but its records count ${count}: the file was edited or cut, take the original`,
      ),
  );
  return value;
}

/** `summary.claims.broken` and its count, for every count of a summary. */
function numbersOf(summary: Evidence['summary']): readonly (readonly [string, number])[] {
  return Object.entries(summary).flatMap(([group, counts]) =>
    Object.entries(counts).map(([name, count]): [string, number] => [`summary.${group}.${name}`, count]),
  );
}

function describe(error: ErrorObject, root: unknown): string {
  const place = error.instancePath.slice(1).replaceAll('/', '.') || 'the file';
  switch (error.keyword) {
    case 'additionalProperties':
      return `${place} has an unknown property '${printable(String(error.params.additionalProperty))}'`;
    case 'required':
      return `${place} lacks '${error.params.missingProperty}'`;
    case 'enum':
      return `${place} is ${got(error.instancePath, root)}, allowed are ${error.params.allowedValues.join(', ')}`;
    case 'const':
      return `${place} is ${got(error.instancePath, root)}, allowed is only ${JSON.stringify(error.params.allowedValue)}`;
    default:
      return `${place} is ${got(error.instancePath, root)}, it ${error.message ?? 'is not allowed'}`;
  }
}

/** The offending value, short: an error message is read on one screen. */
function got(pointer: string, root: unknown): string {
  let value = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  const text = printable(JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
