import { refuse } from './input-error';
import type { RetentionRule, RetentionSchedule } from './retention';
import retentionSchema from './retention.schema.json';
import { readShaped } from './schema';

/**
 * Reads the retention schedule; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseRetention(file: string, text: string): RetentionSchedule {
  const schedule = readShaped<RetentionSchedule>(file, text, retentionSchema);
  refuse(retentionProblems(file, schedule.retention));
  return schedule;
}

function retentionProblems(file: string, rules: readonly RetentionRule[]): string[] {
  const twice = (names: readonly string[]) => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  const untagged = rules.filter(({ tagged }) => tagged !== true);
  return [
    ...twice(rules.map(({ id }) => id)).map((id) => `${file}: rule '${id}' stands twice: remove one of them`),
    ...rules
      .filter(({ stores, tables }) => !stores && !tables)
      .map(({ id }) => `${file}: rule '${id}' is about nothing: name stores or tables`),
    ...rules
      .filter(({ stores, tagged }) => tagged !== undefined && !stores)
      .map(({ id }) => `${file}: rule '${id}': tagged is about stores, and it names none: remove it`),
    ...twice(rules.flatMap(({ tables = [] }) => tables)).map(
      (table) => `${file}: table '${table}' stands under two rules: remove it from one of them`,
    ),
    ...twice(untagged.flatMap(({ stores = [] }) => stores)).map(
      (type) => `${file}: two rules are for every ${type}: let all but one be for tagged stores`,
    ),
  ];
}
