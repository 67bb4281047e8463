import type { ClientBase } from 'pg';

/**
 * Relations of the application that lack a guard, and what is to be called for each. A table whose comment says `audit exempt: reason` need not
 * be watched; the calls themselves stand in the migrations of this house, as `tenancy.protect`, `audit.watch` and `secure.refuse_cards_in`.
 *
 * A table that the application only reads is shared, if no row of it names a tenant. A partition that nobody may ask by its own name is guarded
 * by the table that it is a part of.
 */
const UNGUARDED = `
WITH relations AS (
  SELECT c.oid, c.relkind, c.relispartition, c.relrowsecurity AND c.relforcerowsecurity AS forced,
    pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
    coalesce(pg_catalog.array_position(c.reloptions, 'security_invoker=true'),
      pg_catalog.array_position(c.reloptions, 'security_invoker=on'),
      pg_catalog.array_position(c.reloptions, 'security_invoker=1')) IS NOT NULL AS invoker,
    coalesce(pg_catalog.obj_description(c.oid, 'pg_class') ~ '(^|\\n)\\s*audit exempt: *\\S.{9,}', false) AS exempt,
    ARRAY(
      SELECT a.privilege_type FROM (
        SELECT * FROM pg_catalog.aclexplode(c.relacl)
        UNION ALL SELECT x.* FROM pg_catalog.pg_attribute AS t, pg_catalog.aclexplode(t.attacl) AS x WHERE t.attrelid = c.oid
      ) AS a WHERE a.grantee <> c.relowner
    ) AS rights,
    EXISTS (
      SELECT FROM pg_catalog.pg_attribute AS k, tenancy.settings
      WHERE k.attrelid = c.oid AND k.attname = tenant_key AND k.attnum > 0 AND NOT k.attisdropped
    ) AS keyed,
    EXISTS (
      SELECT FROM pg_catalog.pg_policy
      WHERE polrelid = c.oid AND polname = 'tenant_isolation' AND NOT polpermissive AND polcmd = '*' AND polroles = '{0}'
    ) AS tied,
    ARRAY(
      SELECT tgname FROM pg_catalog.pg_trigger WHERE tgrelid = c.oid AND tgenabled = 'A' AND (
        tgname IN ('audit_insert', 'audit_update', 'audit_delete', 'audit_truncate') AND tgfoid = 'audit.on_change'::regproc
        OR tgname = 'refuse_cards' AND tgfoid = 'secure.refuse_cards'::regproc
      )
    ) AS triggers,
    EXISTS (
      SELECT FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND t.typcategory NOT IN ('B', 'D', 'T', 'I', 'E')
        AND coalesce(nullif(t.typbasetype, 0), t.oid) NOT IN
          ('bytea'::regtype, 'uuid'::regtype, 'int2'::regtype, 'int4'::regtype, 'oid'::regtype)
        AND t.typnamespace <> 'secure'::regnamespace
    ) AS holds_cards
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
    AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tenancy', 'audit', 'secure')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), judged AS (
  SELECT *, rights && ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'] AS written,
    relkind IN ('r', 'p') AND NOT (relispartition AND rights = '{}') AS stored FROM relations
)
SELECT name, pg_catalog.array_remove(ARRAY[
  CASE WHEN stored AND NOT (forced AND tied) AND (written OR keyed OR rights = '{}')
    THEN pg_catalog.format('SELECT tenancy.protect(%L)', name) END,
  CASE WHEN stored AND written AND NOT exempt
      AND NOT triggers @> ARRAY['audit_insert', 'audit_update', 'audit_delete', 'audit_truncate']::name[]
    THEN pg_catalog.format('SELECT audit.watch(%L)', name) END,
  CASE WHEN stored AND written AND holds_cards AND NOT 'refuse_cards' = ANY (triggers)
    THEN pg_catalog.format('SELECT secure.refuse_cards_in(%L)', name) END,
  CASE WHEN relkind = 'v' AND NOT invoker THEN pg_catalog.format('ALTER VIEW %s SET (security_invoker = true)', name) END,
  CASE WHEN relkind = 'm' AND rights <> '{}' THEN pg_catalog.format('REVOKE ALL ON %s, which no policy guards', name) END,
  CASE WHEN relkind = 'f' THEN pg_catalog.format('DROP FOREIGN TABLE %s, which no policy guards', name) END
], NULL) AS missing
FROM judged ORDER BY 1`;

/**
 * Refuses tables that the application made and left open: rows that no policy ties to a tenant, changes that nobody logs, text that takes card
 * numbers.
 *
 * @throws Error that names each relation and the calls that it lacks, twenty relations at most
 */
export async function refuseUnguardedTables(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; missing: string[] }>(UNGUARDED);
  const open = rows.filter(({ missing }) => missing.length > 0);
  if (open.length > 0) {
    const named = open.slice(0, 20).map(({ name, missing }) => `${name} lacks ${missing.join('; ')}`);
    throw new Error(`it leaves tables unguarded: ${named.join(', and ')}: call that in the same migration`);
  }
}
