import { sha256 } from '../control/fingerprint';
import { isObject } from '../template/parse';

/** The same value as JSON has it: times as ISO 8601 text, bytes as base64, nothing undefined, no metadata of the SDK. */
export function plain(value: unknown): unknown {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? null : value.toISOString();
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('base64');
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  return isObject(value) ? plainObject(value) : typeof value === 'bigint' ? String(value) : value;
}

export function plainObject(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== '$metadata' && member !== undefined)
      .map(([key, member]) => [key, plain(member)]),
  );
}

/** JSON with its keys in one order: the same data is the same text. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_, member: unknown) =>
      isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
    ) ?? 'null'
  );
}

/** SHA-256 of plain data, hex. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** Makes plain data unchangeable, so that a judgement cannot change what the next one sees. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
