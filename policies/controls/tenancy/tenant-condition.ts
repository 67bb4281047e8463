import type { Tenancy } from './tenancy-facts';

/**
 * The tenant of the transaction, as PostgreSQL writes it back. Unset it raises an error; what it is after the transaction, '', raises one too,
 * or is made NULL, which equals nothing. `current_setting(…, true)` without that lets '' through to be compared.
 */
const stated = [
  "\\(current_setting\\('app\\.tenant_id'::text\\)\\)::uuid",
  "\\(NULLIF\\(current_setting\\('app\\.tenant_id'::text(?:, true)?\\), ''::text\\)\\)::uuid",
].join('|');

/** As it stands, or as a sub-select, which is evaluated once for a statement and not once for a row. */
const named = `(?:(?:${stated})|\\( ?SELECT (?:${stated})(?: AS \\w+)?\\))`;

/**
 * Whether a condition of a policy lets through the rows of the transaction's tenant alone. In a database of one tenant it may also be that
 * the transaction names this one. What is written differently is not taken on trust.
 */
export function tiesToTenant(condition: string, { key, mode, tenant }: Tenancy): boolean {
  const ofRow = new RegExp(`^\\(${key} = ${named}\\)$`);
  const ofDatabase = new RegExp(`^\\(${named} = '${tenant}'::uuid\\)$`);
  return ofRow.test(condition) || (mode === 'database' && tenant !== undefined && ofDatabase.test(condition));
}
