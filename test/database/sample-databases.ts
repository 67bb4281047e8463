import type { Client } from 'pg';
import type { DatabaseCase } from '../../lib/control/cases';
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
 * Starts a server with both databases and one of another tenant. Each is copied from a template and copied anew when it was changed. Roles,
 * settings and other databases belong to the cluster: where a change reached these, the whole cluster is put back, which takes longer.
 */
export async function startSamples(): Promise<SampleDatabases> {
  const server = await startTenancy();
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
  await server.keep();
  const asSetUp = await withSuperuser(server, 'postgres', digestOfCluster);
  return {
    server,
    url: (mode) => server.url(sampleNames[mode], 'auditor', password),
    change: async (mode, statements) => {
      const name = sampleNames[mode];
      const before = new Date();
      await withSuperuser(server, name, async (client) => {
        for (const statement of statements) {
          await client.query(statement.replaceAll('{database}', name));
        }
      });
      if (statements.some((statement) => statement.includes('pg_reload_conf'))) {
        await untilReloaded(server, before);
      }
    },
    undo: async (mode) => {
      const isSpoilt = await withSuperuser(server, 'postgres', async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${sampleNames[mode]} WITH (FORCE)`);
        await copies[mode](client);
        return (await digestOfCluster(client)) !== asSetUp;
      });
      if (isSpoilt) {
        await server.restore();
      }
    },
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

/** Everything that databases share, as one text: what differs after a case was changed by it. */
async function digestOfCluster(client: Client): Promise<string> {
  const { rows } = await client.query(`
    SELECT md5(string_agg(line, '|' ORDER BY line)) AS digest FROM (
      SELECT pg_authid::text AS line FROM pg_authid
      UNION ALL SELECT pg_auth_members::text FROM pg_auth_members
      UNION ALL SELECT pg_parameter_acl::text FROM pg_parameter_acl
      UNION ALL SELECT format('%s %s %s', datname, setrole, setconfig)
        FROM pg_db_role_setting LEFT JOIN pg_database ON pg_database.oid = setdatabase
      UNION ALL SELECT format('%s %s %s %s %s %s', datname, datdba, datacl, datallowconn, datistemplate, datconnlimit) FROM pg_database
      UNION ALL SELECT format('%s %s', name, setting) FROM pg_file_settings
      UNION ALL SELECT format('%s %s %s %s %s %s', type, database, user_name, address, auth_method, options) FROM pg_hba_file_rules
    ) AS lines`);
  return rows[0].digest;
}

async function untilReloaded(server: TenancyServer, since: Date): Promise<void> {
  for (let loaded = false; !loaded; ) {
    const { rows } = await withSuperuser(server, 'postgres', (client) =>
      client.query('SELECT pg_conf_load_time() >= $1 AS loaded', [since]),
    );
    loaded = rows[0].loaded;
  }
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
