import type { ClientBase } from 'pg';
import { type Migration, readMigrations } from './migration-files';
import { type MigrationReport, migrate } from './migrator';
import { refuseUnguardedTables } from './unguarded-tables';

/**
 * Reads the application's own migrations, `0001-name.sql` and so on. Their numbers are theirs: ours are counted apart.
 *
 * @throws Error that names the folder or the file, if there is no file, one is not called `NNNN-name.sql`, two have the same number, or one is
 * missing between them: a file that was lost is noticed here, and not by the tables that it would have made
 */
export function readApplicationMigrations(folder: string): readonly Migration[] {
  const migrations = readMigrations(folder);
  if (migrations.length === 0) {
    throw new Error(`folder '${folder}' holds no migration, expected files such as 0001-clients.sql`);
  }
  const gap = migrations.findIndex(({ number }, index) => number !== index + 1);
  if (gap !== -1) {
    const expected = String(gap + 1).padStart(4, '0');
    throw new Error(
      `migration ${migrations[gap]?.name} stands where ${expected} is expected: number the files from 0001 without a gap`,
    );
  }
  return migrations;
}

/**
 * Brings the application's tables in one database to their newest version, after ours. Each file runs as `schema_owner` and works for the actor
 * `application migration`, in the database of one tenant for that tenant, so that it may change rows of watched tables too. In a database that
 * all tenants share, a file that changes rows says first whose they are: `SELECT tenancy.enter(...)`.
 *
 * @param client session of `application_migrator`, in a database that has our newest schema
 * @throws Error if a file was edited after it was applied
 * @throws MigrationError if a file fails, leaves a table unguarded, or changes what is ours; nothing of it stays
 */
export async function migrateApplication(
  client: ClientBase,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  await client.query("SELECT set_config('role', 'schema_owner', false)");
  const { rows } = await client.query<{ tenant: string | null }>(
    'SELECT tenant_id::text AS tenant FROM tenancy.settings',
  );
  const tenant = rows[0]?.tenant;
  return migrate(client, {
    migrations,
    history: 'application_migrations',
    role: 'schema_owner',
    settings: { 'app.actor': 'application migration', ...(tenant ? { 'app.tenant_id': tenant } : {}) },
    around: async (_, run) => {
      const before = await stateOfTenancy(client);
      await run();
      if ((await stateOfTenancy(client)) !== before) {
        throw new Error("it changes the schema tenancy, which is not the application's: leave that out of it");
      }
      await refuseUnguardedTables(client);
    },
  });
}

/** One text for everything in the schema `tenancy`: rows of a catalogue are never changed in place, so whatever was touched has another xmin. */
async function stateOfTenancy(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ state: string }>(`
    SELECT string_agg(part, ' ' ORDER BY part) AS state FROM (
      SELECT 'schema ' || xmin AS part FROM pg_catalog.pg_namespace WHERE nspname = 'tenancy'
      UNION ALL SELECT 'function ' || oid || ' ' || xmin FROM pg_catalog.pg_proc WHERE pronamespace = 'tenancy'::regnamespace
      UNION ALL SELECT 'relation ' || oid || ' ' || xmin FROM pg_catalog.pg_class WHERE relnamespace = 'tenancy'::regnamespace
      UNION ALL SELECT 'settings ' || xmin FROM tenancy.settings
      UNION ALL SELECT 'migration ' || number || ' ' || xmin FROM tenancy.migrations
      UNION ALL SELECT 'application migration ' || number || ' ' || xmin FROM tenancy.application_migrations
    ) AS parts`);
  return rows[0]?.state ?? '';
}
