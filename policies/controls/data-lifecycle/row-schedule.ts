import { oncePerObject } from '../../../lib/template/remember';

/** How long rows are kept, by what the retention schedule says of a table. */
export interface RowRule {
  /** Id of the rule. */
  readonly id: string;
  /** `schema.table`, or `schema.*` for every other table of the schema. */
  readonly table: string;
  readonly keep: number | 'while-active';
}

/**
 * Reads the lines of the schedule for tables: `id schema.table days|while-active`.
 *
 * @throws Error where a line is none: it comes from a figure, not from a database
 */
export const rowRulesOf = oncePerObject((lines: readonly string[]): readonly RowRule[] =>
  lines.map((line) => {
    const [id, table, keep] = line.split(' ');
    const days = Number(keep);
    if (!id || !table || !keep || !(keep === 'while-active' || Number.isInteger(days))) {
      throw new Error(`'${line}' is no line of a schedule for rows, expected: id schema.table days|while-active`);
    }
    return { id, table, keep: keep === 'while-active' ? keep : days };
  }),
);

/** The rule that names a table, or the one for every other table of its schema. */
export function rowRuleOf(table: string, rules: readonly RowRule[]): RowRule | undefined {
  const others = table.replace(/\.[^.]*$/, '.*');
  return rules.find((rule) => rule.table === table) ?? rules.find((rule) => rule.table === others);
}

/** Rules that name one table which is not there. */
export function rowRulesWithout(tables: readonly string[], rules: readonly RowRule[]): readonly RowRule[] {
  return rules.filter(({ table }) => !table.endsWith('.*') && !tables.includes(table));
}
