import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type pg from 'pg';
import { createDatabase } from '../../lib/database/create-database';
import { type Migration, readMigrations } from '../../lib/database/migration-files';
import { migrate } from '../../lib/database/migrator';
import { type PostgresServer, type PostgresServerOptions, startPostgres } from './postgres-server';

const folder = join(__dirname, '..', '..', 'lib', 'database');
export const clusterMigrations: readonly Migration[] = readMigrations(join(folder, 'cluster'));
export const databaseMigrations: readonly Migration[] = readMigrations(join(folder, 'migrations'));

/** Password of every role of the test: with IAM there is none, and what it signs is not this test's matter. */
const PASSWORD = 'only-for-this-test';

/** A server that stands as Aurora does once it is deployed: its administrator is no superuser, and its cluster migrations have run. */
export interface TenancyServer extends PostgresServer {
  /** Signs in as one of the roles: `application`, `migrator`, `provisioner`, `auditor`, `platform_admin`, or one of a tenant. */
  signIn(role: string, database: string): Promise<pg.Client>;
  /** Gives a role the password that `signIn` uses. */
  letSignIn(role: string): Promise<void>;
  /** Makes a database that all tenants share, and brings it to the newest schema. */
  sharedDatabase(name: string, migrations?: readonly Migration[]): Promise<void>;
  /** Makes a database of one tenant, without a role of its own, and brings it to the newest schema. */
  tenantDatabase(name: string, tenant?: string, migrations?: readonly Migration[]): Promise<void>;
}

export async function startTenancy(options: PostgresServerOptions = {}): Promise<TenancyServer> {
  // GRANT … WITH INHERIT and SET came with 16, and the roles of the cluster rest on them
  const server = await startPostgres({ atLeast: 16, ...options });
  try {
    return await setUp(server);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function setUp(server: PostgresServer): Promise<TenancyServer> {
  const superuser = await server.connect();
  await superuser.query(`
    CREATE ROLE rds_iam NOLOGIN;
    CREATE ROLE platform_admin LOGIN CREATEDB CREATEROLE PASSWORD '${PASSWORD}';
    GRANT rds_iam, pg_read_all_settings TO platform_admin WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;
    ALTER DATABASE postgres OWNER TO platform_admin;
    ALTER DATABASE template1 OWNER TO platform_admin`);
  const signIn = (role: string, database: string) => server.connect(database, { user: role, password: PASSWORD });
  const letSignIn = async (role: string) => {
    await superuser.query(`ALTER ROLE "${role}" PASSWORD '${PASSWORD}'`);
  };
  const administrator = await signIn('platform_admin', 'postgres');
  await migrate(administrator, { migrations: clusterMigrations });
  await administrator.end();
  for (const role of ['application', 'migrator', 'application_migrator', 'provisioner', 'auditor']) {
    await letSignIn(role);
  }
  const make = async (name: string, roles: string[], migrations: readonly Migration[], tenant: string) => {
    const provisioner = await signIn('provisioner', 'postgres');
    await createDatabase(provisioner, name, roles);
    await provisioner.end();
    const migrator = await signIn('migrator', name);
    const mode = tenant === '' ? 'rls' : 'database';
    const settings = { 'tenancy.mode': mode, 'tenancy.tenant_key': 'tenant_id', 'tenancy.tenant_id': tenant };
    await migrate(migrator, { migrations, role: 'schema_owner', settings });
    await migrator.end();
  };
  return {
    ...server,
    signIn,
    letSignIn,
    sharedDatabase: (name, migrations = databaseMigrations) => make(name, ['application'], migrations, ''),
    tenantDatabase: (name, tenant = randomUUID(), migrations = databaseMigrations) =>
      make(name, [], migrations, tenant),
  };
}
