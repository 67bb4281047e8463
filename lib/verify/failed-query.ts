import type { FailedRead, ReadFailure } from '../control/live';

/**
 * Classes and codes of SQLSTATE that are more than a failure. Source: https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
const kinds: readonly (readonly [RegExp, ReadFailure])[] = [
  // insufficient_privilege, and every refusal of a login
  [/^(42501|28...)$/, 'denied'],
  // too many connections, out of memory, disk full
  [/^53...$/, 'throttled'],
  // feature_not_supported, undefined_function: an older server, or another engine that speaks the protocol
  [/^(0A000|42883)$/, 'not-implemented'],
];

/**
 * Sorts what a query threw. Only the first line of the message is kept: the detail of an error may print a row.
 */
export function failedQuery(error: unknown): FailedRead {
  const code = sqlState(error);
  const failure = kinds.find(([pattern]) => pattern.test(code))?.[1] ?? 'failed';
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const words = line.trim() || 'no reason given';
  return { ok: false, failure, message: code === '' ? words : `${words} (${code})` };
}

/** Five characters where the server answered, or a word of Node.js where it did not; empty where there is neither. */
export function sqlState(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}
