import type { Client } from 'pg';
import type { DatabaseCase } from '../../lib/control/cases';
import { keepCluster, untilLoaded } from './cluster-state';
import { sampleApplication, tenantA, tenantB } from './sample-application';
import { startTenancy, type TenancyServer } from './tenancy-server';

type Mode = DatabaseCase['mode'];

/** A database for each way of keeping tenants apart, with an application in it, which can be spoilt and is then as it was. */
export interface SampleDatabases {
  readonly server: TenancyServer;
  /** Address as the auditor uses it. */
  url(mode: Mode): string;
  /** Runs statements one by one as the superuser; `{database}` stands for the name of the database. */
  change(mode: Mode, statements: readonly string[]): Promise<void>;
  /** Takes back whatever was changed, in the database and in the cluster. */
  undo(mode: Mode): Promise<void>;
}

export const sampleNames: Readonly<Record<Mode, string>> = { rls: 'sample', database: 'tenant_a' };
const password = 'only-for-this-test';

/**
 * Starts a server with both databases and one of another tenant. Each is copied from a template, and copied anew when it was changed.
 */
export async function startSamples(): Promise<SampleDatabases> {
  const server = await startTenancy();
  try {
    return await setUp(server);
  } catch (error) {
    // A server that goes on running would keep the test process alive
    await server.stop();
    throw error;
  }
}

async function setUp(server: TenancyServer): Promise<SampleDatabases> {
  await server.sharedDatabase(sampleNames.rls);
  await server.tenantDatabase(sampleNames.database, tenantA);
  await server.tenantDatabase('tenant_b', tenantB);
  for (const name of [...Object.values(sampleNames), 'tenant_b']) {
    await build(server, name);
  }
  const copies = {
    rls: await makeTemplate(server, sampleNames.rls),
    database: await makeTemplate(server, sampleNames.database),
  };
  const cluster = await withSuperuser(server, 'postgres', (client) => keepCluster(client, Object.values(sampleNames)));
  return {
    server,
    url: (mode) => server.url(sampleNames[mode], 'auditor', password),
    change: (mode, statements) =>
      withSuperuser(server, sampleNames[mode], async (client) => {
        const { rows } = await client.query('SELECT pg_conf_load_time() AS before');
        for (const statement of statements) {
          await client.query(statement.replaceAll('{database}', sampleNames[mode]));
        }
        if (statements.some((statement) => statement.includes('pg_reload_conf'))) {
          await untilLoaded(client, rows[0].before);
        }
      }),
    undo: (mode) =>
      withSuperuser(server, 'postgres', async (client) => {
        // First what all databases share: one with a subscription cannot be dropped
        await cluster.restore(client);
        await client.query(`DROP DATABASE IF EXISTS ${sampleNames[mode]} WITH (FORCE)`);
        await copies[mode](client);
      }),
  };
}

/** The application's own migrations, as the migrator runs them, and what only a superuser may let the auditor see. */
async function build(server: TenancyServer, name: string): Promise<void> {
  const migrator = await server.signIn('migrator', name);
  await migrator.query('SET ROLE schema_owner');
  for (const statement of sampleApplication) {
    await migrator.query(statement);
  }
  await migrator.end();
  await withSuperuser(server, name, async (client) => {
    await client.query('GRANT SELECT ON pg_hba_file_rules TO auditor');
    await client.query('GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO auditor');
  });
}

/**
 * Turns a database into a template of itself. What is copied lacks the rights to connect and the settings of its database: they stand in the
 * catalogue of the cluster, and are copied there.
 */
async function makeTemplate(server: TenancyServer, name: string): Promise<(client: Client) => Promise<void>> {
  const template = `${name}_template`;
  return withSuperuser(server, 'postgres', async (client) => {
    const { rows } = await client.query('SELECT datacl::text AS acl FROM pg_database WHERE datname = $1', [name]);
    await client.query(`ALTER DATABASE ${name} RENAME TO ${template}`);
    await client.query(`UPDATE pg_database SET datallowconn = false, datacl = '{}' WHERE datname = $1`, [template]);
    const copy = async (session: Client) => {
      await session.query(`CREATE DATABASE ${name} OWNER schema_owner TEMPLATE ${template} STRATEGY file_copy`);
      await session.query('UPDATE pg_database SET datacl = $2::aclitem[] WHERE datname = $1', [name, rows[0].acl]);
      await session.query(
        `INSERT INTO pg_db_role_setting
        SELECT made.oid, setrole, setconfig FROM pg_database AS made, pg_db_role_setting JOIN pg_database AS kept ON kept.oid = setdatabase
        WHERE made.datname = $1 AND kept.datname = $2`,
        [name, template],
      );
    };
    await copy(client);
    return copy;
  });
}

async function withSuperuser<T>(
  server: TenancyServer,
  database: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await server.connect(database);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
