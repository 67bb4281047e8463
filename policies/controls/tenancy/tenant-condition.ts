import type { Tenancy } from './tenancy-facts';

/**
 * The tenant of the transaction, as PostgreSQL writes it back. Unset it raises an error or is NULL, which equals nothing; what it is after the
 * transaction, '', is no uuid and raises an error, or is made NULL. Compared as text, '' would go through.
 */
const stated = [
  "\\(current_setting\\('app\\.tenant_id'::text(?:, true)?\\)\\)::uuid",
  "\\(NULLIF\\(current_setting\\('app\\.tenant_id'::text(?:, true)?\\), ''::text\\)\\)::uuid",
].join('|');

/** As it stands, or as a sub-select, which is evaluated once for a statement and not once for a row. */
const named = `(?:(?:${stated})|\\( ?SELECT (?:${stated})(?: AS \\w+)?\\))`;

/**
 * Whether a condition of a policy lets through the rows of the transaction's tenant alone, and all of them. In a database of one tenant it may
 * also be that the transaction names this one. What is written differently is not taken on trust.
 */
export function tiesToTenant(condition: string, { key, mode, tenant }: Tenancy): boolean {
  const isTied = (column: string) =>
    new RegExp(`^\\(${column} = ${named}\\)$|^\\(${named} = ${column}\\)$`).test(condition);
  return isTied(key) || (mode === 'database' && tenant !== undefined && isTied(`'${tenant}'::uuid`));
}

/** Whether it lets through rows of that tenant alone, be it fewer than all: whatever is joined to it by AND takes away. */
export function narrowsToTenant(condition: string, tenancy: Tenancy): boolean {
  return tiesToTenant(condition, tenancy) || conjunctsOf(condition).some((part) => narrowsToTenant(part, tenancy));
}

/** The parts of `((a) AND (b))`, as PostgreSQL writes it; none where it is anything else. Text may hold any word, so it is blanked first. */
function conjunctsOf(condition: string): readonly string[] {
  const blank = condition.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (text) => '_'.repeat(text.length));
  const cuts: number[] = [];
  let depth = 0;
  for (let place = 0; place < blank.length; place++) {
    depth += blank[place] === '(' ? 1 : blank[place] === ')' ? -1 : 0;
    if (depth === 0 && place < blank.length - 1) {
      return [];
    }
    if (depth === 1 && blank.startsWith(' AND ', place)) {
      cuts.push(place);
    } else if (depth === 1 && /^ (OR|BETWEEN|CASE) /.test(blank.slice(place, place + 9))) {
      return [];
    }
  }
  const ends = [...cuts, condition.length - 1];
  return cuts.length === 0 ? [] : ends.map((end, index) => condition.slice((cuts[index - 1] ?? -4) + 5, end));
}
