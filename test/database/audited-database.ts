import type { Client } from 'pg';
import type { TenancyServer } from './tenancy-server';

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

/** Makes a database that all tenants share, with an application's tables in it. */
export async function auditedDatabase(server: TenancyServer, name: string): Promise<void> {
  await server.letSignIn('audit_keeper');
  await server.sharedDatabase(name);
  const migrator = await server.signIn('migrator', name);
  await migrator.query('SET ROLE schema_owner');
  await migrator.query(APPLICATION);
  await migrator.end();
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
