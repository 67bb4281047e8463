import { randomUUID } from 'node:crypto';
import type { Session } from '../../lib/database/migrate-databases';
import { type ProvisioningOptions, provisionTenant, removeTenant } from '../../lib/database/provision-tenant';
import { tenantNames } from '../../lib/database/tenant-names';
import { databaseMigrations, startTenancy, type TenancyServer } from './tenancy-server';

let server: TenancyServer;

beforeAll(async () => {
  server = await startTenancy();
}, 30_000);

afterAll(() => server.stop());

const options = (over: Partial<ProvisioningOptions> = {}): ProvisioningOptions => ({
  connect: (role, database) => server.signIn(role, database),
  migrations: databaseMigrations,
  tenantKey: 'tenant_id',
  drainMs: 3000,
  ...over,
});

async function provisioned(): Promise<{ readonly tenant: string; readonly name: string }> {
  const tenant = randomUUID();
  const { role } = await provisionTenant(tenant, options());
  await server.letSignIn(role);
  return { tenant, name: role };
}

/** Everything that the cluster holds of a tenant. */
async function inventory(tenant: string) {
  const { database, role } = tenantNames(tenant);
  const superuser = await server.connect();
  const { rows } = await superuser.query(
    `SELECT
      (SELECT count(*)::int FROM pg_database WHERE datname = $1 AND datallowconn) AS databases,
      (SELECT count(*)::int FROM pg_roles WHERE rolname = $2 AND rolcanlogin) AS roles,
      (SELECT coalesce(bool_or(datallowconn AND has_database_privilege('public', oid, 'CONNECT')), false)
       FROM pg_database WHERE datname = $1) AS open`,
    [database, role],
  );
  await superuser.end();
  return rows[0];
}

/** A session that breaks off before its nth statement, as if the function had been stopped there. */
function interruptedAt(n: number): ProvisioningOptions['connect'] {
  let left = n;
  return async (role, database) => {
    const session = await server.signIn(role, database);
    const query = session.query.bind(session) as (...args: unknown[]) => Promise<unknown>;
    const broken = (...args: unknown[]) => {
      left -= 1;
      return left < 0 ? session.end().then(() => Promise.reject(new Error('interrupted'))) : query(...args);
    };
    return Object.assign(session, { query: broken }) as unknown as Session;
  };
}

test('a tenant gets a database and a role, and asking again changes nothing', async () => {
  const { tenant, name } = await provisioned();
  const whole = { databases: 1, roles: 1, open: false };
  expect(await inventory(tenant)).toEqual(whole);
  await Promise.all([provisionTenant(tenant, options()), provisionTenant(tenant, options())]);
  expect(await inventory(tenant)).toEqual(whole);

  const session = await server.signIn(name, name);
  await session.query('BEGIN');
  await session.query("SELECT tenancy.enter($1, 'somebody')", [tenant]);
  await session.query('COMMIT');
  await expect(session.query("SELECT tenancy.enter($1, 'somebody')", [randomUUID()])).rejects.toThrow(/another tenant/);
  await session.end();
});

test('one credential opens exactly one database', async () => {
  const [one, other] = [await provisioned(), await provisioned()];
  const own = await server.signIn(one.name, one.name);
  await own.end();
  for (const database of [other.name, 'postgres', 'template1']) {
    await expect(server.signIn(one.name, database)).rejects.toMatchObject({ code: '42501' });
  }
  await expect(server.signIn('application', one.name)).rejects.toMatchObject({ code: '42501' });
});

test.each([
  ['makes no table', 'CREATE TABLE app.mine (id int)'],
  ['makes no schema', 'CREATE SCHEMA mine'],
  ['makes no table in public', 'CREATE TABLE public.mine (id int)'],
  ['makes no temporary table', 'CREATE TEMPORARY TABLE mine (id int)'],
  ['installs no trusted extension', 'CREATE EXTENSION pgcrypto SCHEMA app'],
  ['installs no door to other databases', 'CREATE EXTENSION dblink SCHEMA app'],
  ['installs no foreign data', 'CREATE EXTENSION postgres_fdw SCHEMA app'],
  ['makes no database', 'CREATE DATABASE mine'],
  ['becomes no owner', 'SET ROLE schema_owner'],
  ['becomes no provisioner', 'SET ROLE provisioner'],
  ['runs no program', "COPY pg_catalog.pg_class TO PROGRAM 'cat'"],
  ['does not say whose the database is', 'UPDATE tenancy.settings SET tenant_id = gen_random_uuid()'],
])('the role of a tenant %s', async (_, sql) => {
  const { name } = await provisioned();
  const session = await server.signIn(name, name);
  await expect(session.query(sql)).rejects.toMatchObject({ code: '42501' });
  await session.end();
});

test('provisioning that is interrupted anywhere is finished by the next attempt, and never open to everybody', async () => {
  for (let step = 0; ; step += 1) {
    const tenant = randomUUID();
    const outcome = await provisionTenant(
      tenant,
      options({ connect: interruptedAt(step), migrations: databaseMigrations.slice(0, 1) }),
    ).catch((error) => error);
    if (!(outcome instanceof Error)) {
      expect(step).toBeGreaterThan(12);
      return;
    }
    expect(outcome.message).toMatch(/interrupted|terminated|not queryable/);
    const between = await inventory(tenant);
    expect(between.open).toBe(false);
    await provisionTenant(tenant, options());
    expect(await inventory(tenant)).toEqual({ databases: 1, roles: 1, open: false });
  }
}, 60_000);

test('a tenant that is removed leaves nothing, even while it is at work', async () => {
  const { tenant, name } = await provisioned();
  const busy = await server.signIn(name, name);
  await busy.query('BEGIN');
  await removeTenant(tenant, options());
  expect(await inventory(tenant)).toEqual({ databases: 0, roles: 0, open: false });
  await expect(busy.query('SELECT 1')).rejects.toThrow();
  await removeTenant(tenant, options());
});

test('a removal that is interrupted anywhere is finished by the next attempt', async () => {
  for (let step = 0; ; step += 1) {
    const { tenant, name } = await provisioned();
    const outcome = await removeTenant(tenant, options({ connect: interruptedAt(step) })).catch((error) => error);
    if (!(outcome instanceof Error)) {
      expect(step).toBeGreaterThan(8);
      return;
    }
    await removeTenant(tenant, options());
    expect(await inventory(tenant)).toEqual({ databases: 0, roles: 0, open: false });
    await expect(server.signIn(name, name)).rejects.toThrow();
  }
}, 60_000);

test('fails while somebody else is still connected, and goes on later', async () => {
  const { tenant, name } = await provisioned();
  const migrator = await server.signIn('migrator', name);
  await expect(removeTenant(tenant, options({ drainMs: 200 }))).rejects.toThrow(/being accessed by other users/);
  await migrator.end();
  await removeTenant(tenant, options());
  expect(await inventory(tenant)).toEqual({ databases: 0, roles: 0, open: false });
}, 15_000);

test('fails for an id that is no UUID', async () => {
  await expect(provisionTenant('template1', options())).rejects.toThrow("tenant is 'template1', expected a UUID");
});

test('fails beside a database that all tenants share, whose door a tenant would pass too', async () => {
  await server.sharedDatabase('shared_beside');
  const tenant = randomUUID();
  await expect(provisionTenant(tenant, options())).rejects.toThrow(/role application may connect to shared_beside/);
  expect(await inventory(tenant)).toEqual({ databases: 0, roles: 0, open: false });
});
