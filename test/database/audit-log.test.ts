import type { Client } from 'pg';
import { act, auditedDatabase, otherTenant, tenant } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

let server: TenancyServer;
let root: Client;
let application: Client;

beforeAll(async () => {
  server = await startTenancy();
  await auditedDatabase(server, 'house');
  root = await server.connect('house');
  application = await server.signIn('application', 'house');
}, 60_000);

afterAll(() => server?.stop());

async function entries(where = 'true'): Promise<({ at: Date } & Record<string, unknown>)[]> {
  return (await root.query(`SELECT * FROM audit.log WHERE ${where} ORDER BY id`)).rows;
}

describe('what an entry says', () => {
  test('insert, update and delete: who, when, from where, what, and the values before and after', async () => {
    const begun = Date.now();
    await act(application, [
      `INSERT INTO app.client (id, tenant_id, name) VALUES (1, '${tenant}', 'Ada')`,
      "UPDATE app.client SET name = 'Ada L.', notes = 'called' WHERE id = 1",
      'DELETE FROM app.client WHERE id = 1',
    ]);
    const [inserted, updated, deleted] = await entries("object = 'app.client'");
    expect(inserted).toMatchObject({
      actor: 'anna',
      client_address: '203.0.113.7',
      user_agent: 'test',
      tenant_id: tenant,
      login: 'application',
      action: 'insert',
      object_key: { id: 1 },
      before: null,
      after: { name: 'Ada' },
    });
    expect(Math.abs(Number(inserted?.at) - begun)).toBeLessThan(60_000);
    expect(updated).toMatchObject({
      action: 'update',
      changed: ['name', 'notes'],
      before: { name: 'Ada', notes: null },
      after: { name: 'Ada L.', notes: 'called' },
    });
    expect(deleted).toMatchObject({ action: 'delete', before: { name: 'Ada L.' }, after: null });
    expect(Number(deleted?.at)).toBeGreaterThanOrEqual(Number(inserted?.at));
  });

  test('truncate is logged as such', async () => {
    await act(root, ['TRUNCATE app.client']);
    expect(await entries("action = 'truncate'")).toMatchObject([{ object: 'app.client', login: 'postgres' }]);
  });

  test('hashes and digests stay out of the log; that they changed does not', async () => {
    const hash = (letter: string) => `$2b$12$${letter.repeat(53)}`;
    await act(application, [
      `INSERT INTO app.account (id, login, password_hash) VALUES (1, 'ada', '${hash('a')}')`,
      `UPDATE app.account SET password_hash = '${hash('b')}'`,
    ]);
    const [, updated] = await entries("object = 'app.account'");
    expect(updated).toMatchObject({ changed: ['password_hash'], after: { password_hash: 'concealed', token: null } });
    expect(JSON.stringify(await entries())).not.toContain('$2b$');
  });

  test('reads and privileged acts are recorded by name; the acts of the database cannot be forged', async () => {
    await act(application, [`SELECT audit.record('read', 'app.client', '{"id": 7}')`]);
    expect(await entries("action = 'read'")).toMatchObject([{ object: 'app.client', object_key: { id: 7 } }]);
    await expect(act(application, [`SELECT audit.record('delete', 'app.client')`])).rejects.toThrow(
      'action delete is recorded by the database itself',
    );
    await expect(act(application, [`SELECT audit.record('', 'app.client')`])).rejects.toThrow('action is empty');
    await expect(act(application, [`SELECT audit.record(NULL, 'app.client')`])).rejects.toMatchObject({
      code: '23502',
    });
  });

  test('without a request the session is named instead', async () => {
    await application.query("BEGIN; SET LOCAL app.actor = 'nightly job'");
    await application.query("SELECT audit.record('job', 'invoices')");
    await application.query('COMMIT');
    expect(await entries("action = 'job'")).toMatchObject([{ client_address: '127.0.0.1', tenant_id: null }]);
  });
});

describe('who may do what', () => {
  test.each([
    'INSERT INTO app.client (id, tenant_id) VALUES (9, gen_random_uuid())',
    "SELECT audit.record('read', 'x')",
  ])('without an actor it fails: %s', async (statement) => {
    await expect(application.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('an empty actor, as a setting is after its transaction, is none', async () => {
    await expect(act(application, ["SELECT audit.record('read', 'x')"], { actor: '' })).rejects.toThrow(
      'no actor is set',
    );
  });

  test('a tenant reads its own entries, and nobody does without a tenant', async () => {
    await act(application, ["SELECT audit.record('visit', 'a')"]);
    await act(application, ["SELECT audit.record('visit', 'b')"], { of: otherTenant });
    await application.query('BEGIN');
    await application.query("SELECT set_config('app.tenant_id', $1, true)", [otherTenant]);
    const { rows } = await application.query('SELECT DISTINCT tenant_id FROM audit.log');
    await application.query('COMMIT');
    expect(rows).toEqual([{ tenant_id: otherTenant }]);
    expect((await application.query('SELECT FROM audit.log')).rowCount).toBe(0);
  });

  test.each([
    "INSERT INTO audit.log (batch, alone, at, actor, client_address, user_agent, login, action, object) VALUES (1, true, now(), 'x', '::1', 'x', 'x', 'x', 'x')",
    "SELECT audit.write_entry('insert', 'x', NULL, NULL, '{}')",
    "SELECT audit.first_entry('insert', 'x')",
    'SELECT audit.apply_retention(90)',
    "SELECT audit.watch('app.client')",
    'SELECT FROM audit.link',
    'DO $$ BEGIN LOCK TABLE audit.chain IN EXCLUSIVE MODE; END $$',
    'DO $$ BEGIN LOCK TABLE audit.lane IN EXCLUSIVE MODE; END $$',
    'SELECT FROM audit.lane FOR UPDATE',
    'SELECT audit.take_lane()',
    'CREATE TEMPORARY TABLE mine (id int PRIMARY KEY); CREATE TRIGGER forge AFTER INSERT ON mine REFERENCING NEW TABLE AS changed_rows EXECUTE FUNCTION audit.on_change()',
    'SELECT FROM audit.log_otherwise',
  ])('the application may not: %s', async (statement) => {
    await expect(application.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('a temporary table in front of the search path leads nobody astray', async () => {
    await application
      .query('SET search_path = pg_temp; CREATE TEMPORARY TABLE link (seq bigint)')
      .catch(() => undefined);
    await act(application, ["SELECT audit.record('search path', 'x')"]);
    await application.query('RESET search_path');
    expect(await entries("action = 'search path'")).toHaveLength(1);
  });
});

describe('nobody changes what is written', () => {
  const tampering = ['UPDATE %s SET %c = %c', 'DELETE FROM %s', 'TRUNCATE %s'];
  const tables = {
    'audit.log': 'actor',
    'audit.log_otherwise': 'actor',
    'audit.link': 'hash',
    'audit.checkpoint': 'seq',
    'audit.chain': 'begun',
    'audit.lane': 'id',
  };
  const statements = Object.entries(tables).flatMap(([table, column]) =>
    tampering.map((each) => each.replaceAll('%s', table).replaceAll('%c', column)),
  );

  beforeAll(async () => {
    // A row where each statement looks for one
    await root.query("SET app.actor = 'root'");
    await root.query(
      "INSERT INTO audit.log (batch, alone, at, actor, client_address, user_agent, login, action, object) VALUES (1, true, '2001-01-01', 'x', '::1', 'x', 'x', 'old', 'x')",
    );
  });

  test.each(statements)('%s, not even the superuser', async (statement) => {
    await expect(root.query(statement)).rejects.toThrow('append-only');
  });

  test.each(statements)('%s, nor in replica mode', async (statement) => {
    await root.query('SET session_replication_role = replica');
    try {
      await expect(root.query(statement)).rejects.toThrow('append-only');
    } finally {
      await root.query('SET session_replication_role = DEFAULT');
    }
  });

  test.each(statements)('%s, nor the owner of the tables', async (statement) => {
    await root.query('SET ROLE security_owner');
    try {
      await expect(root.query(statement)).rejects.toThrow('append-only');
    } finally {
      await root.query('RESET ROLE');
    }
  });

  test('replica mode writes entries of watched tables all the same', async () => {
    await root.query("SET session_replication_role = replica; SET app.actor = 'root'");
    await root.query(`INSERT INTO app.client (id, tenant_id, name) VALUES (44, '${tenant}', 'replica')`);
    await root.query('SET session_replication_role = DEFAULT');
    expect(await entries("after ->> 'name' = 'replica'")).toHaveLength(1);
    const { rows } = await root.query(
      "SELECT FROM audit.log LEFT JOIN audit.link USING (batch, at) WHERE link.seq IS NULL AND action <> 'old'",
    );
    expect(rows).toEqual([]);
  });
});
