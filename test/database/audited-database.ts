import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, ClientConfig } from 'pg';
import type { PostgresServer } from './postgres-server';

const folder = join(__dirname, '..', '..', 'lib', 'database');

export const tenant = '00000000-0000-4000-8000-00000000000a';
export const otherTenant = '00000000-0000-4000-8000-00000000000b';

/** What the application of the tests stores: the tables of an ordinary owner, watched and guarded. */
const APPLICATION = `
  CREATE TABLE app.client (id int PRIMARY KEY, tenant_id uuid NOT NULL, name text, notes text, details jsonb, contact secure.gcm_blob);
  CREATE TABLE app.account (id int PRIMARY KEY, login text NOT NULL, password_hash secure.bcrypt_hash, token secure.token_digest);
  GRANT SELECT, INSERT, UPDATE, DELETE ON app.client, app.account TO application;
  SELECT audit.watch('app.client');
  SELECT audit.watch('app.account');
  SELECT secure.refuse_cards_in('app.client');
  SELECT secure.refuse_cards_in('app.account');
`;

/** Makes a database with the audit log, the secure types and an application's tables. */
export async function auditedDatabase(server: PostgresServer, name: string): Promise<void> {
  const root = await server.connect();
  await root.query(`
    DO $$ DECLARE role text; BEGIN
      FOREACH role IN ARRAY ARRAY['schema_owner', 'application', 'migrator', 'auditor'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN EXECUTE format('CREATE ROLE %I', role); END IF;
      END LOOP;
    END $$`);
  await root.query("ALTER ROLE application LOGIN PASSWORD 'application'");
  await root.query("ALTER ROLE migrator LOGIN PASSWORD 'migrator'");
  await root.query('GRANT schema_owner TO migrator WITH INHERIT FALSE, SET TRUE');
  for (const sql of files('cluster')) {
    await root.query(sql);
  }
  await root.query("ALTER ROLE audit_keeper PASSWORD 'audit_keeper'");
  await root.query(`CREATE DATABASE ${name} OWNER schema_owner TEMPLATE template0`);
  await root.end();
  const migrator = await as(server, name, 'migrator');
  await migrator.query("SELECT set_config('role', 'schema_owner', false)");
  for (const sql of files('migrations')) {
    await migrator.query('BEGIN');
    await migrator.query(sql);
    await migrator.query('COMMIT');
  }
  await migrator.query('CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO application');
  await migrator.query(APPLICATION);
  await migrator.end();
}

function files(kind: 'cluster' | 'migrations'): readonly string[] {
  return readdirSync(join(folder, kind))
    .filter((file) => /^01\d\d-/.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, kind, file), 'utf8'));
}

/** A session of one of the roles, whose password in these tests is its name. */
export function as(server: PostgresServer, database: string, role: string, over: ClientConfig = {}): Promise<Client> {
  return server.connect(database, { user: role, password: role, ...over });
}

/** Runs statements in one transaction, as `tenancy.enter` begins it. */
export async function act(
  client: Client,
  statements: readonly string[],
  { actor = 'anna', of = tenant, address = '203.0.113.7' } = {},
): Promise<void> {
  await client.query('BEGIN');
  try {
    const settings = {
      'app.tenant_id': of,
      'app.actor': actor,
      'app.client_address': address,
      'app.user_agent': 'test',
    };
    for (const [name, value] of Object.entries(settings)) {
      await client.query('SELECT set_config($1, $2, true)', [name, value]);
    }
    for (const statement of statements) {
      await client.query(statement);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
