import type { Client } from 'pg';
import { provisionTenant } from '../../lib/database/provision-tenant';
import type { TenantNames } from '../../lib/database/tenant-names';
import { attack, clientA, digestOfTenant, inTransaction, isLooted, marker, seedsOfA, seedsOfB } from './attacker';
import { sampleApplication, tenantA, tenantB } from './sample-application';
import { databaseMigrations, startTenancy, type TenancyServer } from './tenancy-server';

jest.setTimeout(30_000);

let server: TenancyServer;
let a: TenantNames;
let b: TenantNames;
let session: Client;
let before: string;

/** A tenant with a database and a role of its own, an application in it and its first rows. */
async function settle(tenant: string, seeds: readonly string[]): Promise<TenantNames> {
  const names = await provisionTenant(tenant, {
    connect: (role, database) => server.signIn(role, database),
    migrations: databaseMigrations,
    tenantKey: 'tenant_id',
  });
  await server.letSignIn(names.role);
  const migrator = await server.signIn('migrator', names.database);
  await migrator.query('SET ROLE schema_owner');
  for (const statement of sampleApplication) {
    await migrator.query(statement);
  }
  await migrator.end();
  const client = await server.signIn(names.role, names.database);
  await inTransaction(client, seeds);
  await client.end();
  return names;
}

beforeAll(async () => {
  server = await startTenancy();
  a = await settle(tenantA, seedsOfA);
  b = await settle(tenantB, seedsOfB);
  session = await server.signIn(a.role, a.database);
  before = await digestOfTenant(server, b.database, tenantB);
}, 120_000);

afterEach(async () => {
  expect(await digestOfTenant(server, b.database, tenantB)).toBe(before);
});

afterAll(() => server?.stop());

test('trap 24: the credential of a tenant opens its own database and no other, the maintenance database and the template included', async () => {
  for (const database of [b.database, 'postgres', 'template1']) {
    await expect(server.signIn(a.role, database)).rejects.toMatchObject({ code: '42501' });
  }
});

test('the role of the whole application opens no database of a tenant', async () => {
  await expect(server.signIn('application', a.database)).rejects.toMatchObject({ code: '42501' });
});

test('a session works for its own tenant alone, whichever it names', async () => {
  expect((await attack(session, ['SELECT 1'], tenantB)).refused).toBe('42501');
  const named = await attack(session, [`SET LOCAL app.tenant_id = '${tenantB}'`, 'SELECT * FROM app.client']);
  expect([named.rows, named.refused]).toEqual([[], undefined]);
});

test.each<readonly [string, () => string, string | undefined]>([
  ['to put on the role of another tenant', () => `SET ROLE "${b.role}"`, '42501'],
  ['to put on the role of the application and drop the tie', () => 'SET ROLE schema_owner', '42501'],
  ['to reach the other database by dblink', () => 'CREATE EXTENSION dblink SCHEMA app', '42501'],
  ['to reach the other database by postgres_fdw', () => 'CREATE EXTENSION postgres_fdw SCHEMA app', '42501'],
  ['to make a server of foreign tables', () => 'CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw', '42704'],
  ['to name a table of the other database', () => `SELECT * FROM "${b.database}".app.client`, '0A000'],
  ['to make a database', () => 'CREATE DATABASE mine', '25001'],
  ['to let others in', () => `GRANT CONNECT ON DATABASE "${a.database}" TO PUBLIC`, undefined],
  [
    'to write a row of another tenant',
    () => `INSERT INTO app.client (tenant_id, name) VALUES ('${tenantB}', 'x')`,
    '23514',
  ],
])('it is refused %s', async (_, statement, code) => {
  const loot = await attack(session, [statement()]);
  expect([loot.refused, isLooted(loot)]).toEqual([code, false]);
  const { rows } = await session.query(
    "SELECT has_database_privilege('public', current_database(), 'CONNECT') AS open, current_user AS role",
  );
  expect(rows).toEqual([{ open: false, role: a.role }]);
});

test('what the cluster shows of other databases holds no data of theirs', async () => {
  const busy = await server.signIn(b.role, b.database);
  await busy.query('BEGIN');
  await busy.query('SELECT tenancy.enter($1, $2)', [tenantB, 'bob']);
  await busy.query(`SELECT name FROM app.client WHERE name = '${marker}'`);
  const loot = await attack(session, [
    'SELECT * FROM pg_stat_activity',
    'SELECT * FROM pg_stat_database',
    'SELECT * FROM pg_locks',
    'SELECT datname, datacl FROM pg_database',
    'SELECT * FROM pg_roles',
  ]);
  expect([loot.refused, isLooted(loot)]).toEqual([undefined, false]);
  await busy.end();
});

test('notifications and large objects stay in the database', async () => {
  const listener = await server.signIn(b.role, b.database);
  const heard: string[] = [];
  listener.on('notification', ({ channel }) => heard.push(channel));
  await listener.query('LISTEN anything');
  const made = await attack(session, ["SELECT pg_notify('anything', 'x')", "SELECT lo_from_bytea(0, 'x') AS number"]);
  const [, { number }] = made.rows as [unknown, { number: number }];
  await expect(listener.query('SELECT lo_get($1)', [number])).rejects.toMatchObject({ code: '42704' });
  expect(heard).toEqual([]);
  await listener.end();
});

test('its own rows are all there', async () => {
  const { rows } = await attack(session, ['SELECT id FROM app.client']);
  expect(rows).toEqual([{ id: clientA }]);
});
