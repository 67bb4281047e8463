import type pg from 'pg';
import { startTenancy, type TenancyServer } from './tenancy-server';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';

let server: TenancyServer;
let application: pg.Client;
let owner: pg.Client;

beforeAll(async () => {
  server = await startTenancy();
  await server.sharedDatabase('shared');
  owner = await signInAsOwner('shared');
  await owner.query(`
    CREATE TABLE app.client (tenant_id uuid NOT NULL, id int, name text, PRIMARY KEY (tenant_id, id));
    CREATE TABLE app.note (id int, tenant_id uuid NOT NULL, text text);
    CREATE TABLE app.country (code text);
    CREATE TABLE app.forgotten (tenant_id uuid NOT NULL);
    CREATE TABLE app.event (tenant_id uuid NOT NULL, at int) PARTITION BY RANGE (at);
    CREATE TABLE app.event_1 PARTITION OF app.event FOR VALUES FROM (0) TO (10);
    SELECT tenancy.protect('app.client'), tenancy.protect('app.note', 'SELECT, INSERT'), tenancy.protect('app.event');
    SELECT tenancy.share('app.country');
    CREATE VIEW app.names WITH (security_invoker = true) AS SELECT name FROM app.client;
    GRANT SELECT ON app.names TO application`);
  application = await server.signIn('application', 'shared');
  await as(A, "INSERT INTO app.client (id, name) VALUES (1, 'of A')");
  await as(B, "INSERT INTO app.client (id, name) VALUES (1, 'of B')");
}, 60_000);

afterAll(() => server.stop());

async function signInAsOwner(database: string): Promise<pg.Client> {
  const client = await server.signIn('migrator', database);
  await client.query('SET ROLE schema_owner');
  return client;
}

/** One transaction of the application for a tenant. */
async function as(tenant: string, sql: string, client = application) {
  await client.query('BEGIN');
  try {
    await client.query("SELECT tenancy.enter($1, 'somebody')", [tenant]);
    const result = await client.query(sql);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

describe('a database that all tenants share', () => {
  test('shows each tenant its own rows, in tables, views and partitions', async () => {
    expect((await as(A, 'SELECT name FROM app.client')).rows).toEqual([{ name: 'of A' }]);
    expect((await as(B, 'SELECT name FROM app.names')).rows).toEqual([{ name: 'of B' }]);
    await as(A, 'INSERT INTO app.event (at) VALUES (1)');
    expect((await as(B, 'SELECT * FROM app.event')).rows).toEqual([]);
    expect((await as(B, 'SELECT * FROM app.event_1')).rows).toEqual([]);
    expect((await as(A, 'SELECT * FROM app.event_1')).rows).toHaveLength(1);
  });

  test.each([
    ['changes', "UPDATE app.client SET name = 'taken'"],
    ['deletes', 'DELETE FROM app.client'],
  ])('a tenant %s no row of another', async (_, sql) => {
    await as(B, sql);
    expect((await as(A, 'SELECT name FROM app.client')).rows).toEqual([{ name: 'of A' }]);
    await as(B, "DELETE FROM app.client; INSERT INTO app.client (id, name) VALUES (1, 'of B')");
  });

  test.each([
    ['writes no row for another', `INSERT INTO app.client VALUES ('${A}', 9, 'forged')`],
    ['gives no row away', `UPDATE app.client SET tenant_id = '${A}'`],
    ['copies nothing in for another', `INSERT INTO app.note VALUES (1, '${A}', 'forged')`],
    ['does not switch row-level security off', 'SET LOCAL row_security = off; SELECT * FROM app.client'],
    ['reaches no table that nobody protected', 'SELECT * FROM app.forgotten'],
    ['does not change what all share', "INSERT INTO app.country VALUES ('xx')"],
    ['does no more than was granted', "UPDATE app.note SET text = ''"],
    ['protects and unprotects nothing', 'ALTER TABLE app.client DISABLE ROW LEVEL SECURITY'],
    ['becomes no owner', 'SET ROLE schema_owner'],
    ['empties nothing', 'TRUNCATE app.client'],
  ])('a tenant %s', async (_, sql) => {
    await expect(as(B, sql)).rejects.toMatchObject({ code: '42501' });
  });

  test('refuses every session that names no tenant: before the first transaction, after one, and outside of one', async () => {
    const fresh = await server.signIn('application', 'shared');
    await expect(fresh.query('SELECT * FROM app.client')).rejects.toMatchObject({ code: '42704' });
    await as(A, 'SELECT 1', fresh);
    // '' and not null is what the setting is now
    await expect(fresh.query('SELECT * FROM app.client')).rejects.toMatchObject({ code: '22P02' });
    await expect(fresh.query('INSERT INTO app.client (id) VALUES (2)')).rejects.toMatchObject({ code: '22P02' });
    await fresh.query("SELECT tenancy.enter($1, 'somebody')", [A]);
    await expect(fresh.query('SELECT * FROM app.client')).rejects.toMatchObject({ code: '22P02' });
    await fresh.end();
  });

  test('holds its owner to the same', async () => {
    await expect(owner.query('SELECT * FROM app.client')).rejects.toThrow();
    expect((await as(A, 'SELECT name FROM app.client', owner)).rows).toEqual([{ name: 'of A' }]);
  });

  test('finds rows by the index that starts with the tenant, and asks for the tenant once', async () => {
    await as(
      A,
      "INSERT INTO app.client SELECT tenant, n, '' FROM (SELECT current_setting('app.tenant_id')::uuid AS tenant, generate_series(10, 3000) AS n) AS many",
    );
    await owner.query('ANALYZE app.client');
    const { rows } = await as(B, 'EXPLAIN SELECT * FROM app.client WHERE id = 1');
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/InitPlan 1/);
    expect(plan).toMatch(/Index Cond: \(\(tenant_id = \(InitPlan 1\)\.col1\) AND \(id = 1\)\)/);
    await as(A, 'DELETE FROM app.client WHERE id >= 10');
  });

  test('no policy of the house asks for the tenant once a row', async () => {
    const { rows } = await owner.query(
      `SELECT policyname, qual AS condition FROM pg_policies WHERE qual LIKE '%current_setting%'
      UNION ALL SELECT policyname, with_check FROM pg_policies WHERE with_check LIKE '%current_setting%'`,
    );
    expect(rows.map(({ policyname }) => policyname)).toEqual(
      expect.arrayContaining(['tenant_isolation', 'own_tenant']),
    );
    // In a sub-select that names no column of the row
    expect(rows.filter(({ condition }) => !/\( SELECT [^.]*current_setting\(/.test(condition))).toEqual([]);
    const { rows: plan } = await as(A, 'EXPLAIN SELECT * FROM audit.log');
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text.match(/InitPlan \d/g)).toContain('InitPlan 1');
    expect(text).not.toContain('current_setting');
  });

  test('a table gets the index that it lacks, once', async () => {
    await owner.query("SELECT tenancy.protect('app.note', 'SELECT, INSERT')");
    const { rows } = await owner.query("SELECT indexdef FROM pg_indexes WHERE tablename = 'note'");
    expect(rows).toEqual([{ indexdef: expect.stringMatching(/USING btree \(tenant_id\)$/) }]);
  });

  test.each([
    ['a table without the column', 'CREATE TABLE app.x (id int)', /has no column tenant_id that is uuid NOT NULL/],
    [
      'a column that may be null',
      'CREATE TABLE app.x (tenant_id uuid)',
      /has no column tenant_id that is uuid NOT NULL/,
    ],
    ['a column of text, which compares with ""', 'CREATE TABLE app.x (tenant_id text NOT NULL)', /uuid NOT NULL/],
    ['a view', 'CREATE VIEW app.x AS SELECT 1 AS id', /is no table/],
  ])('fails to protect %s', async (_, sql, words) => {
    await owner.query('BEGIN');
    await owner.query(sql);
    await expect(owner.query("SELECT tenancy.protect('app.x')")).rejects.toThrow(words);
    await owner.query('ROLLBACK');
  });

  test.each([
    ['no tenant', 'SELECT tenancy.enter(NULL, $1)', 'somebody', /both must be named/],
    ['no actor', 'SELECT tenancy.enter($1, NULL)', A, /both must be named/],
    ['a tenant that is no uuid', "SELECT tenancy.enter($1::text::uuid, 'x')", "' OR true", /invalid input syntax/],
  ])('fails to enter for %s', async (_, sql, value, words) => {
    await expect(application.query(sql, [value])).rejects.toThrow(words);
  });

  test('tells the auditor what is there, and no row', async () => {
    const auditor = await server.signIn('auditor', 'shared');
    expect((await auditor.query('SELECT mode, tenant_key, tenant_id FROM tenancy.settings')).rows).toEqual([
      { mode: 'rls', tenant_key: 'tenant_id', tenant_id: null },
    ]);
    expect((await auditor.query('SELECT name FROM tenancy.migrations')).rows.length).toBeGreaterThan(0);
    await expect(auditor.query('SELECT * FROM app.client')).rejects.toMatchObject({ code: '42501' });
    await auditor.end();
  });
});

describe('a database of one tenant', () => {
  let tenantOwner: pg.Client;

  beforeAll(async () => {
    await server.tenantDatabase('own', A);
    tenantOwner = await signInAsOwner('own');
    await tenantOwner.query(`
      CREATE TABLE app.client (id int, name text);
      CREATE TABLE app.note (id int, tenant_id uuid NOT NULL);
      CREATE TABLE app.event (tenant_id uuid NOT NULL, at int) PARTITION BY RANGE (at);
      CREATE TABLE app.event_1 PARTITION OF app.event FOR VALUES FROM (0) TO (10);
      SELECT tenancy.protect('app.client'), tenancy.protect('app.note'), tenancy.protect('app.event');
      SELECT tenancy.protect('app.event')`);
  }, 30_000);

  test('needs no column for the tenant, and still refuses whoever names none or another', async () => {
    await as(A, "INSERT INTO app.client VALUES (1, 'of A')", tenantOwner);
    expect((await as(A, 'SELECT name FROM app.client', tenantOwner)).rows).toEqual([{ name: 'of A' }]);
    await expect(tenantOwner.query('SELECT * FROM app.client')).rejects.toThrow();
    await expect(as(B, 'SELECT 1', tenantOwner)).rejects.toThrow(/belongs to another tenant/);
    await tenantOwner.query(`BEGIN; SET LOCAL app.tenant_id = '${B}'`);
    expect((await tenantOwner.query('SELECT * FROM app.client')).rows).toEqual([]);
    await tenantOwner.query('ROLLBACK');
  });

  test('takes no row of another tenant into a table that names tenants, not even from a superuser', async () => {
    const superuser = await server.connect('own');
    await expect(superuser.query(`INSERT INTO app.note VALUES (1, '${B}')`)).rejects.toThrow(/only_own_tenant/);
    await superuser.query(`INSERT INTO app.note VALUES (1, '${A}')`);
    for (const table of ['app.event', 'app.event_1']) {
      await expect(superuser.query(`INSERT INTO ${table} VALUES ('${B}', 1)`)).rejects.toThrow(/only_own_tenant/);
    }
    await superuser.end();
  });
});
