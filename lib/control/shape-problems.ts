import type { ErrorObject } from 'ajv';

/** Where a mistake stands: `claim 'tdb-x': figures/0/bound`, by the claim's id where there is one. */
function placeOf(instancePath: string, data: unknown): { readonly owner: string; readonly path: string } {
  const segments = instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const id = segments[0] === 'claims' ? claimId(data, Number(segments[1])) : undefined;
  if (id === undefined) {
    return { owner: '', path: segments.join('/') };
  }
  return { owner: `claim '${id}': `, path: segments.slice(2).join('/') };
}

function claimId(data: unknown, index: number): string | undefined {
  const claims = property(data, 'claims');
  const id = Array.isArray(claims) ? property(claims[index], 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

/** What each pattern of the schemas asks for, in words. */
const patternWords: Readonly<Record<string, string>> = {
  '^[a-z][a-z0-9]*$': 'a short code of lower-case letters and digits such as tdb',
  '^[0-9a-f]{64}$': 'the 64 hex digits of a SHA-256',
  '^[0-9a-f]{16}$': 'the first 16 hex digits of a SHA-256, in lower case',
  '^[a-z][a-z0-9]*(-[a-z0-9]+)+$': 'document code and subject joined by dashes such as tdb-log-retention',
  '^[a-z]{3}-[0-9]{2}$': 'a control id in lower case such as log-04',
  '^[a-z]+(-[a-z0-9]+)+$': 'the slug of a runbook such as restore-database',
  '^[A-Z]{2}$': 'a country as two capital letters such as DE',
  '^[a-z][a-z0-9-]*$': 'a name of lower-case letters, digits and dashes',
};

function expectation(error: ErrorObject): string {
  switch (error.keyword) {
    case 'enum':
      return `allowed: ${error.params.allowedValues.join(', ')}`;
    case 'type': {
      const types: readonly string[] = [error.params.type].flat();
      const quote = types[0] === 'string' && typeof error.data === 'number' ? ': put it in quotes' : '';
      return `expected ${types.map((type) => typeWords[type] ?? type).join(' or ')}${quote}`;
    }
    case 'pattern':
      return `expected ${patternWords[error.params.pattern] ?? `a match of ${error.params.pattern}`}`;
    case 'format':
      return 'expected a date of the calendar as YYYY-MM-DD';
    case 'minimum':
      return `expected ${error.params.limit} or more`;
    case 'minLength':
      return 'expected some text';
    case 'minItems':
    case 'minProperties':
      return `expected at least ${error.params.limit} ${error.params.limit === 1 ? 'entry' : 'entries'}`;
    case 'uniqueItems':
      return `expected each entry once, but ${error.params.i} and ${error.params.j} are the same`;
    default:
      return error.message ?? error.keyword;
  }
}

function got(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** One schema error in the caller's words: file, claim, path, value got, values allowed, what to change. */
export function describeShapeError(file: string, error: ErrorObject, data: unknown): string {
  const { owner, path } = placeOf(error.instancePath, data);
  const below = (key: string) => (path === '' ? key : `${path}/${key}`);
  if (error.keyword === 'required') {
    return `${file}: ${owner}${below(error.params.missingProperty)} is missing: add it`;
  }
  if (error.keyword === 'additionalProperties') {
    const allowed = Object.keys(error.parentSchema?.properties ?? {});
    const expected = allowed.length > 0 ? `allowed: ${allowed.join(', ')}` : 'allowed: line numbers counted from 1';
    return `${file}: ${owner}unknown key ${got(below(error.params.additionalProperty))}, ${expected}`;
  }
  return `${file}: ${owner}${path === '' ? 'the document' : path} is ${got(error.data)}, ${expectation(error)}`;
}
