import { type ClientBase, escapeIdentifier } from 'pg';
import { migrateApplication } from './application-migrations';
import { asOwner, createDatabase } from './create-database';
import { type DeployingRole, type Session, withSession } from './migrate-databases';
import type { Migration } from './migration-files';
import { migrate } from './migrator';
import { type TenantNames, tenantNames } from './tenant-names';

export interface ProvisioningOptions {
  /** Signs in as one of the cluster's roles. */
  connect(role: DeployingRole, database: string): Promise<Session>;
  readonly migrations: readonly Migration[];
  /**
   * The application's own migrations, which follow.
   *
   * @default - none
   */
  readonly application?: readonly Migration[];
  /** Column that holds the tenant, where a table has one. */
  readonly tenantKey: string;
  /**
   * Asked once it is this tenant's turn, before anything is made: throws if it is not wanted any more.
   *
   * @default - it is
   */
  confirm?(): Promise<void>;
  /**
   * How long to wait until nobody is connected to a database that is removed.
   *
   * @default 10000
   */
  readonly drainMs?: number;
}

/** Database that belongs to nobody, from which the others are made. */
const MAINTENANCE = 'postgres';

/**
 * Gives a tenant a database and a role of its own. Every step can be repeated: run again after an interruption it finishes what was
 * begun, and for a tenant that has everything it changes nothing.
 *
 * The role signs in with a token of IAM and has no password: it does what `application` may do, in this database and in no other.
 */
export async function provisionTenant(tenant: string, options: ProvisioningOptions): Promise<TenantNames> {
  const names = tenantNames(tenant);
  await withTurn(options, tenant, async (provisioner) => {
    await options.confirm?.();
    await refuseSharedDatabases(provisioner);
    await createRole(provisioner, names.role);
    await createDatabase(provisioner, names.database, [names.role]);
  });
  const { application = [], migrations, tenantKey } = options;
  await withSession(options.connect('migrator', names.database), (session) =>
    migrate(session, {
      migrations,
      role: 'schema_owner',
      settings: { 'tenancy.mode': 'database', 'tenancy.tenant_key': tenantKey, 'tenancy.tenant_id': tenant },
    }),
  );
  if (application.length > 0) {
    await withSession(options.connect('application_migrator', names.database), (session) =>
      migrateApplication(session, application),
    );
  }
  return names;
}

/**
 * Takes a tenant's database and role away: nobody comes in any more, sessions end, then both are dropped. Its backups stay as long as
 * backups do; run again after an interruption it finishes what was begun.
 *
 * @throws Error if somebody else, such as a migration, is still connected after a while
 */
export async function removeTenant(
  tenant: string,
  options: Pick<ProvisioningOptions, 'connect' | 'drainMs'>,
): Promise<TenantNames> {
  const names = tenantNames(tenant);
  await withTurn(options, tenant, async (provisioner) => {
    const role = escapeIdentifier(names.role);
    const database = escapeIdentifier(names.database);
    const hasRole = await exists(provisioner, 'SELECT FROM pg_roles WHERE rolname = $1', names.role);
    const hasDatabase = await exists(provisioner, 'SELECT FROM pg_database WHERE datname = $1', names.database);
    if (hasRole) {
      await provisioner.query(`ALTER ROLE ${role} NOLOGIN`);
      // Only a role's own members may end its sessions
      await provisioner.query(`GRANT ${role} TO provisioner WITH INHERIT TRUE, SET FALSE`);
    }
    if (hasDatabase) {
      await asOwner(provisioner, () => provisioner.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`));
      await endSessions(provisioner, names);
      await drop(provisioner, names.database, options.drainMs ?? 10_000);
    }
    if (hasRole) {
      await provisioner.query(`DROP ROLE ${role}`);
    }
  });
  return names;
}

/** One tenant is provisioned or removed by one session at a time; others wait. */
async function withTurn(
  { connect }: Pick<ProvisioningOptions, 'connect'>,
  tenant: string,
  work: (provisioner: ClientBase) => Promise<void>,
): Promise<void> {
  const provisioner = await connect('provisioner', MAINTENANCE);
  try {
    await provisioner.query("SET lock_timeout = '60s'");
    await provisioner.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [tenant]);
    await work(provisioner);
  } finally {
    // The end of the session gives the turn back
    await provisioner.end();
  }
}

/** The role of a tenant may do what `application` may, and so would come through each of its doors. */
async function refuseSharedDatabases(provisioner: ClientBase): Promise<void> {
  const { rows } = await provisioner.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datallowconn AND has_database_privilege('application', oid, 'CONNECT')",
  );
  if (rows.length > 0) {
    throw new Error(
      `role application may connect to ${rows.map(({ datname }) => datname).join(', ')}, so a tenant could too: a cluster holds either one database that all tenants share or one for each, use another cluster`,
    );
  }
}

async function createRole(provisioner: ClientBase, role: string): Promise<void> {
  const name = escapeIdentifier(role);
  if (!(await exists(provisioner, 'SELECT FROM pg_roles WHERE rolname = $1', role))) {
    await provisioner.query(`CREATE ROLE ${name} LOGIN NOCREATEDB NOCREATEROLE IN ROLE application`);
  }
}

async function exists(client: ClientBase, sql: string, name: string): Promise<boolean> {
  return (await client.query(sql, [name])).rowCount !== 0;
}

async function endSessions(provisioner: ClientBase, { database, role }: TenantNames): Promise<void> {
  await provisioner.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2',
    [database, role],
  );
}

/** A session that was told to end takes a moment; PostgreSQL says `object_in_use` (55006) until then. */
async function drop(provisioner: ClientBase, database: string, milliseconds: number): Promise<void> {
  for (const deadline = Date.now() + milliseconds; ; ) {
    try {
      await asOwner(provisioner, () => provisioner.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(database)}`));
      return;
    } catch (error) {
      const inUse = error instanceof Error && (error as Error & { code?: string }).code === '55006';
      if (!inUse || Date.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
