import type { EnvironmentSettings } from './environment';

/** One setting: its name as the file spells it, how to read it, when it is right, and what to write instead. */
export interface SettingRule {
  readonly name: string;
  readonly read: (settings: EnvironmentSettings) => unknown;
  readonly accepts: (value: unknown) => boolean;
  readonly expected: () => string;
}

export function optional(accepts: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || accepts(value);
}

export function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}
