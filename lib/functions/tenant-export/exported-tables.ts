import type { CsvColumn } from './csv';

/** A session of `pg`, as far as it is asked for rows of text. */
export interface Asking {
  query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

export interface ExportedColumn extends CsvColumn {
  /** Ciphertext under the key of a person, which only the application opens. */
  readonly isEncrypted: boolean;
  /** By which somebody signs in: it leaves with nobody. */
  readonly isCredential: boolean;
}

export interface ExportedTable {
  /** `schema.table`. */
  readonly name: string;
  /** The same, quoted for SQL, with ONLY where it has no partitions. */
  readonly source: string;
  readonly columns: readonly ExportedColumn[];
}

export interface TenantTables {
  readonly exported: readonly ExportedTable[];
  /** Tables that say by their comment why they are not exported. */
  readonly exempt: readonly { readonly table: string; readonly reason: string }[];
}

/**
 * What the catalogue of the database says of every table that could hold a row of a tenant: the application's, the activity log and the keys of
 * people. Only the schemas in which this house keeps its own books are left out; nobody's rows are in them.
 */
const TABLES = `
SELECT pg_catalog.format('%s.%s', n.nspname, c.relname) AS name,
  pg_catalog.format('%s%I.%I', CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END, n.nspname, c.relname) AS source,
  -- A row belongs to somebody where a column names the tenant, where a policy ties the table to it, or where somebody writes it
  EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS k, tenancy.settings AS s
    WHERE k.attrelid = c.oid AND k.attname IN (s.tenant_key, 'tenant_id') AND k.attnum > 0 AND NOT k.attisdropped
  ) AS keyed,
  c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
    SELECT FROM pg_catalog.pg_policy AS p
    WHERE p.polrelid = c.oid AND (p.polname = 'tenant_isolation' AND NOT p.polpermissive OR n.nspname IN ('audit', 'secure'))
  ) AS guarded,
  EXISTS (
    SELECT FROM pg_catalog.aclexplode(c.relacl) AS a
    WHERE a.grantee <> c.relowner AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
  ) OR NOT EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner) AS written,
  pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND (
    pg_catalog.has_table_privilege(c.oid, 'SELECT')
    OR NOT EXISTS (
      SELECT FROM pg_catalog.pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
    )
  ) AS readable,
  pg_catalog.substring(pg_catalog.obj_description(c.oid, 'pg_class'), 'export exempt: *(\\S.{9,})') AS exempt,
  coalesce((
    SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
      'name', a.attname,
      'isNumber', t.typcategory = 'N',
      'isEncrypted', t.typnamespace = 'secure'::regnamespace AND t.typname IN ('gcm_blob', 'chat_ciphertext'),
      'isCredential', t.typnamespace = 'secure'::regnamespace AND t.typname IN ('bcrypt_hash', 'token_digest')
    ) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  ), '[]') AS columns
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'tenancy', 'retention', 'erasure')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1`;

/**
 * The tables with rows of the tenant that a session has entered. They are found in the catalogue: a table that was added yesterday is among them.
 *
 * @throws Error where rows of tenants lie in a table that no policy ties to the session's own, of which an export could hold somebody else's, or
 *   in one that the session may not read, of which an export would hold none
 */
export async function exportedTables(session: Asking): Promise<TenantTables> {
  const { rows } = await session.query(TABLES);
  const found = rows.map(tableOf);
  const whose = found.filter(({ isOwed }) => isOwed);
  const open = whose.filter(({ isTied }) => !isTied);
  if (open.length > 0) {
    throw new Error(`no policy ties ${namesOf(open)} to one tenant: call tenancy.protect for it in a migration`);
  }
  const hidden = whose.filter(({ exempt, isReadable }) => !isReadable && exempt === undefined);
  if (hidden.length > 0) {
    throw new Error(
      `${namesOf(hidden)} cannot be read by whoever works for the tenant: grant SELECT on it, or say in its comment 'export exempt: ' and why`,
    );
  }
  if (whose.length === 0) {
    throw new Error('the database holds no table of a tenant: its migrations have not run');
  }
  return {
    exported: whose.filter(({ exempt }) => exempt === undefined).map(({ table }) => table),
    exempt: whose.flatMap(({ exempt: reason, table }) => (reason === undefined ? [] : [{ table: table.name, reason }])),
  };
}

function tableOf(row: Readonly<Record<string, unknown>>) {
  const name = String(row.name);
  // Links and checkpoints of the activity log are nobody's, and no migration of an application makes a table there
  const isOfTheHouse = /^(audit|secure)\./.test(name);
  const isKeyed = row.keyed === true;
  const isTied = row.guarded === true && (isKeyed || !isOfTheHouse);
  return {
    table: { name, source: String(row.source), columns: row.columns as readonly ExportedColumn[] },
    isTied,
    isOwed: isTied || isKeyed || (row.written === true && !isOfTheHouse),
    isReadable: row.readable === true,
    exempt: typeof row.exempt === 'string' ? row.exempt : undefined,
  };
}

function namesOf(tables: readonly { readonly table: ExportedTable }[]): string {
  return tables.map(({ table }) => table.name).join(', ');
}
