import type { Client } from 'pg';
import { type RowSweep, sweepRows } from '../../lib/functions/row-retention/sweep';
import { act, otherTenant, tenant } from '../database/audited-database';
import { startTenancy, type TenancyServer } from '../database/tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

const APPLICATION = `
  CREATE TABLE app.chat (tenant_id uuid NOT NULL, id int, at timestamptz NOT NULL, PRIMARY KEY (tenant_id, id));
  CREATE TABLE app.line (tenant_id uuid NOT NULL, id int, chat int, at timestamptz NOT NULL, PRIMARY KEY (tenant_id, id),
    CONSTRAINT line_of_chat FOREIGN KEY (tenant_id, chat) REFERENCES app.chat (tenant_id, id));
  CREATE INDEX ON app.chat (tenant_id, at);
  CREATE INDEX ON app.line (tenant_id, at);
  SELECT tenancy.protect('app.chat'), tenancy.protect('app.line');
  SELECT retention.keep('app.chat', 'at', 10), retention.keep('app.line', 'at', 10);
`;

let server: TenancyServer;
const sessions = new Map<string, Client>();

beforeAll(async () => {
  server = await startTenancy();
  await server.letSignIn('row_keeper');
  await server.sharedDatabase('house');
  await server.tenantDatabase('tenant_a', tenant);
  for (const database of ['house', 'tenant_a']) {
    const owner = await server.signIn('migrator', database);
    await owner.query('SET ROLE schema_owner');
    await owner.query(APPLICATION);
    sessions.set(database, owner);
  }
}, 60_000);

afterAll(() => server?.stop());

/** As the owner of the tables: policies bind it as they bind the application. */
async function inside(database: string, statements: readonly string[], of = tenant): Promise<void> {
  const owner = sessions.get(database);
  if (!owner) {
    throw new Error(`no session in ${database}`);
  }
  await act(owner, statements, { of });
}

const add = (table: string, id: number, days: number, chat = 'NULL') =>
  table === 'chat'
    ? `INSERT INTO app.chat VALUES ('${tenant}', ${id}, now() - interval '${days} days')`
    : `INSERT INTO app.line VALUES ('${tenant}', ${id}, ${chat}, now() - interval '${days} days')`;

afterEach(async () => {
  for (const database of sessions.keys()) {
    await inside(database, ['DELETE FROM app.line', 'DELETE FROM app.chat']);
  }
  await inside('house', ['DELETE FROM app.line', 'DELETE FROM app.chat'], otherTenant);
});

const sweep = (over: Partial<RowSweep> = {}) =>
  sweepRows({
    connect: (database) => server.signIn('row_keeper', database),
    batch: 2,
    hasTime: () => true,
    log: () => undefined,
    ...over,
  });

test('every database and every tenant loses what is past its period, in as many batches as it takes', async () => {
  await inside(
    'house',
    [1, 2, 3, 4, 5].map((id) => add('chat', id, 20)),
  );
  await inside(
    'house',
    [add('chat', 1, 20), add('chat', 2, 5)].map((sql) => sql.replace(tenant, otherTenant)),
    otherTenant,
  );
  await inside('tenant_a', [add('line', 1, 20), add('line', 2, 5)]);
  expect(await sweep()).toEqual({ house: 6, tenant_a: 1 });
  expect(await sweep()).toEqual({ house: 0, tenant_a: 0 });
});

test('rows that others refer to go in the same run, once those are gone', async () => {
  await inside('house', [add('chat', 1, 20), add('chat', 2, 21), add('line', 1, 20, '1'), add('line', 2, 15, '2')]);
  expect(await sweep()).toEqual({ house: 4, tenant_a: 0 });
});

test('rows that younger ones refer to are left, with the name of what holds them, and keep nothing else', async () => {
  await inside('house', [add('chat', 1, 20), add('chat', 2, 19), add('chat', 3, 18), add('line', 1, 2, '1')]);
  await inside('tenant_a', [add('line', 1, 20)]);
  const lines: string[] = [];
  await expect(sweep({ log: (line) => lines.push(line) })).rejects.toThrow(
    'rows are kept for longer than their period: house: rows of app.chat are held back by line_of_chat | house: 1 rows of app.chat are more than a day past their period',
  );
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { database: 'house', deleted: 2 },
    { database: 'tenant_a', deleted: 1, faults: [] },
  ]);
});

test('a trigger that lets a row stay is told, and the other tables are swept', async () => {
  const root = await server.connect('house');
  await root.query(`
    CREATE FUNCTION app.stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    CREATE TRIGGER stay BEFORE DELETE ON app.line FOR EACH ROW EXECUTE FUNCTION app.stay()`);
  await inside('house', [add('line', 1, 20), add('chat', 1, 20)]);
  await expect(sweep()).rejects.toThrow(
    'rows of app.line are held back by something that is no constraint | house: 1 rows of app.line are more than a day past their period',
  );
  await root.query(`
    CREATE OR REPLACE FUNCTION app.stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$`);
  await inside('house', [add('chat', 1, 20)]);
  await expect(sweep()).rejects.toThrow(
    'rows of app.line cannot be deleted: append-only | house: 1 rows of app.line are',
  );
  await root.query('DROP TRIGGER stay ON app.line');
  expect(await sweep()).toMatchObject({ house: 1 });
});

test('a time that is to come is told', async () => {
  await inside('house', [add('chat', 1, -9)]);
  await expect(sweep()).rejects.toThrow('house: 1 rows of app.chat have a at that is to come');
});

test('what there was no time for is told, so that it is tried again', async () => {
  await inside(
    'house',
    [1, 2, 3].map((id) => add('chat', id, 20)),
  );
  let batches = 1;
  await expect(sweep({ hasTime: () => batches-- > 0 })).rejects.toThrow(
    'house: rows of app.chat were not reached in time | house: 1 rows of app.chat are more than a day past their period',
  );
});

test('a row that somebody is changing is left to the next run, and is no fault', async () => {
  await inside('house', [add('chat', 1, 10.5)]);
  const owner = sessions.get('house');
  await owner?.query('BEGIN');
  await owner?.query("SELECT tenancy.enter($1, 'anna')", [tenant]);
  await owner?.query('UPDATE app.chat SET id = 2');
  expect(await sweep()).toEqual({ house: 0, tenant_a: 0 });
  await owner?.query('COMMIT');
  expect(await sweep()).toEqual({ house: 1, tenant_a: 0 });
});

test('a database without periods, or that does not let the keeper in, is no pass, and the others are swept', async () => {
  const root = await server.connect('house');
  await root.query('CREATE DATABASE stray OWNER schema_owner TEMPLATE template0');
  await inside('tenant_a', [add('line', 1, 20)]);
  await expect(sweep()).rejects.toThrow('stray: schema "retention" does not exist');
  await root.query('REVOKE ALL ON DATABASE stray FROM PUBLIC');
  await expect(sweep()).rejects.toThrow('stray: permission denied');
  await root.query('DROP DATABASE stray');
  expect(await sweep()).toEqual({ house: 0, tenant_a: 0 });
});
