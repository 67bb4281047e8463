import type { Client } from 'pg';
import { conformance } from '../../lib/database/conformance';
import { act, otherTenant, tenant } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

const dates = 'created_at timestamptz NOT NULL DEFAULT now()';
const APPLICATION = `
  CREATE TABLE app.client (tenant_id uuid NOT NULL, id int, ${dates}, PRIMARY KEY (tenant_id, id));
  CREATE TABLE app.message (
    tenant_id uuid NOT NULL, id int, client_id int, body text, ${dates}, PRIMARY KEY (tenant_id, id),
    CONSTRAINT message_client FOREIGN KEY (tenant_id, client_id) REFERENCES app.client (tenant_id, id));
  CREATE TABLE app.event (tenant_id uuid NOT NULL, id int, ${dates}) PARTITION BY RANGE (created_at);
  CREATE TABLE app.event_old PARTITION OF app.event FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
  CREATE TABLE app.event_new PARTITION OF app.event DEFAULT;
  CREATE INDEX ON app.client (tenant_id, created_at);
  CREATE INDEX ON app.message (tenant_id, created_at);
  CREATE INDEX ON app.event (tenant_id, created_at);
  SELECT tenancy.protect('app.client'), tenancy.protect('app.message'), tenancy.protect('app.event');
  SELECT audit.watch('app.client');
  SELECT audit.watch('app.message');
  SELECT retention.keep_while_active('app.client', 'who the account works for');
  SELECT retention.keep('app.message', 'created_at', 30);
  SELECT retention.keep('app.event', 'created_at', 90);
`;

let server: TenancyServer;
let root: Client;
let owner: Client;
let keeper: Client;
let application: Client;

beforeAll(async () => {
  server = await startTenancy();
  await server.letSignIn('row_keeper');
  await server.sharedDatabase('house');
  root = await server.connect('house');
  owner = await signInAsOwner('house');
  await owner.query(APPLICATION);
  keeper = await server.signIn('row_keeper', 'house');
  application = await server.signIn('application', 'house');
}, 60_000);

afterAll(() => server?.stop());

async function signInAsOwner(database: string): Promise<Client> {
  const client = await server.signIn('migrator', database);
  await client.query('SET ROLE schema_owner');
  return client;
}

beforeEach(async () => {
  for (const whose of [tenant, otherTenant]) {
    await act(application, ['DELETE FROM app.message', 'DELETE FROM app.client', 'DELETE FROM app.event'], {
      of: whose,
    });
  }
});

const message = (id: number, days: number, client = 'NULL') =>
  `INSERT INTO app.message (id, client_id, body, created_at) VALUES (${id}, ${client}, 'secret ${id}', now() - interval '${days} days')`;

interface Sweep {
  readonly seen: number;
  readonly deleted: number;
  readonly held_by: string | null;
  readonly last_at: string;
  readonly last_row: string;
}

async function numberOf(table: string, client = root): Promise<number> {
  const { rows } = await client.query('SELECT $1::regclass::oid AS number', [table]);
  return rows[0].number;
}

async function sweep(of = tenant, part = 'app.message', most = 500, after?: Sweep): Promise<Sweep> {
  const values = [await numberOf(part), of, most, after?.last_at ?? '-infinity', after?.last_row ?? '(0,0)'];
  const { rows } = await keeper.query('SELECT * FROM retention.delete_overdue($1, $2, $3, $4, $5)', values);
  return rows[0];
}

const due = async () => (await keeper.query('SELECT name AS part, tenant FROM retention.due()')).rows;
const overdue = async (grace = 0) =>
  (await keeper.query('SELECT * FROM retention.overdue($1)', [grace])).rows.map((row) =>
    [row.kept, row.overdue, row.undated, row.ahead].join(' '),
  );
const idsOf = async (of: string) => {
  const { rows } = await root.query('SELECT id FROM app.message WHERE tenant_id = $1 ORDER BY id', [of]);
  return rows.map(({ id }) => id);
};

describe('rows past their period', () => {
  test('are deleted for every tenant, and no row that is younger', async () => {
    await act(application, [message(1, 30.5), message(2, 29)]);
    await act(application, [message(1, 400), message(2, 0)], { of: otherTenant });
    expect(await due()).toEqual(
      expect.arrayContaining([
        { part: 'app.message', tenant },
        { part: 'app.message', tenant: otherTenant },
      ]),
    );
    expect(await overdue()).toEqual(['app.event 0 0 0', 'app.message 2 0 0']);
    expect(await overdue(1)).toEqual(['app.event 0 0 0', 'app.message 1 0 0']);
    for (const whose of [tenant, otherTenant]) {
      expect(await sweep(whose)).toMatchObject({ seen: 1, deleted: 1, held_by: null });
      expect(await idsOf(whose)).toEqual([2]);
    }
    expect(await due()).toEqual([]);
    expect(await overdue()).toEqual(['app.event 0 0 0', 'app.message 0 0 0']);
  });

  test('are deleted in batches, the oldest first', async () => {
    await act(
      application,
      [5, 3, 4, 1, 2].map((id) => message(id, 100 - id)),
    );
    const first = await sweep(tenant, 'app.message', 2);
    expect([first.seen, first.deleted, await idsOf(tenant)]).toEqual([2, 2, [3, 4, 5]]);
    const second = await sweep(tenant, 'app.message', 2, first);
    const third = await sweep(tenant, 'app.message', 2, second);
    expect([second.deleted, third.deleted, await idsOf(tenant)]).toEqual([2, 1, []]);
  });

  test('of a partitioned table are deleted in its partitions', async () => {
    const at = ['2020-02-03', '2025-12-31', 'now'];
    await act(
      application,
      at.map((time, id) => `INSERT INTO app.event (id, created_at) VALUES (${id}, '${time}')`),
    );
    await act(application, ["INSERT INTO app.event_old (id, created_at) VALUES (9, '2021-01-01')"], {
      of: otherTenant,
    });
    expect(await due()).toEqual([
      { part: 'app.event_old', tenant },
      { part: 'app.event_old', tenant: otherTenant },
    ]);
    expect(await sweep(tenant, 'app.event_old')).toMatchObject({ deleted: 2 });
    expect(await sweep(otherTenant, 'app.event_old')).toMatchObject({ deleted: 1 });
    expect((await root.query('SELECT id FROM app.event')).rows).toEqual([{ id: 2 }]);
  });

  test('that others refer to stay, are counted by their constraint, and keep none of the rest', async () => {
    await owner.query("SELECT retention.keep('app.client', 'created_at', 30)");
    const old = "now() - interval '50 days'";
    await act(application, [
      `INSERT INTO app.client (id, created_at) VALUES (1, ${old}), (2, ${old}), (3, ${old})`,
      message(1, 2, '2'),
    ]);
    const swept = await sweep(tenant, 'app.client');
    expect(swept).toMatchObject({ seen: 3, deleted: 2, held_by: 'message_client' });
    expect(await sweep(tenant, 'app.client', 500, swept)).toMatchObject({ seen: 0, deleted: 0 });
    expect((await root.query('SELECT id FROM app.client')).rows).toEqual([{ id: 2 }]);
    expect(await overdue()).toContain('app.client 1 0 0');
    await owner.query("SELECT retention.keep_while_active('app.client', 'who the account works for')");
    expect(await overdue()).toEqual(['app.event 0 0 0', 'app.message 0 0 0']);
  });

  test('that somebody is changing wait for the next run', async () => {
    await act(application, [message(1, 40), message(2, 41)]);
    await application.query('BEGIN');
    await application.query("SELECT tenancy.enter($1, 'anna')", [tenant]);
    await application.query("UPDATE app.message SET body = 'x' WHERE id = 1");
    expect(await sweep()).toMatchObject({ seen: 1, deleted: 1 });
    await application.query('COMMIT');
    expect(await sweep()).toMatchObject({ seen: 1, deleted: 1 });
  });

  test('leave an entry for each row, and one for the sweep, by who did it', async () => {
    const { rows: before } = await root.query('SELECT coalesce(max(id), 0) AS id FROM audit.log');
    await act(application, [message(7, 31)]);
    await sweep();
    const { rows } = await root.query(
      "SELECT actor, login, user_agent, tenant_id, action, object, after FROM audit.log WHERE id > $1 AND action <> 'insert' ORDER BY id",
      [before[0].id],
    );
    const by = { actor: 'row_keeper', login: 'row_keeper', user_agent: 'retention of rows', tenant_id: tenant };
    expect(rows).toEqual([
      { ...by, action: 'delete', object: 'app.message', after: null },
      {
        ...by,
        action: 'expire',
        object: 'app.message',
        after: { days: 30, before: expect.any(String), deleted: 1, left: 0 },
      },
    ]);
  });

  test('with no time, or one to come, are counted and never taken for young', async () => {
    await act(application, [message(1, -2), message(2, 1)]);
    await root.query('ALTER TABLE app.message ALTER created_at DROP NOT NULL');
    await act(application, ['INSERT INTO app.message (id, created_at) VALUES (3, NULL), (4, $$infinity$$)']);
    expect(await overdue()).toContain('app.message 0 1 2');
    await act(application, ['DELETE FROM app.message']);
    await root.query('ALTER TABLE app.message ALTER created_at SET NOT NULL');
  });
});

describe('a period', () => {
  const table =
    'CREATE TABLE app.x (tenant_id uuid NOT NULL, at timestamptz NOT NULL, CONSTRAINT x_key UNIQUE (tenant_id, at))';
  const protect = "SELECT tenancy.protect('app.x')";
  const keep = "SELECT retention.keep('app.x', 'at', 30)";

  test.each([
    [
      'for no day',
      table,
      protect,
      "SELECT retention.keep('app.x', 'at', 0)",
      /cannot be kept for 0 days: allowed are 1/,
    ],
    ['without end', table, protect, "SELECT retention.keep('app.x', 'at', NULL)", /cannot be kept for no days/],
    ['of a table that nobody protected', table, 'SELECT 1', keep, /app.x are not tied to their tenants/],
    ['by a column that is not there', table, protect, "SELECT retention.keep('app.x', 'made', 30)", /no column made/],
    ['by a time that may be missing', table.replace('timestamptz NOT NULL', 'timestamptz'), protect, keep, /NOT NULL/],
    ['by a time of no zone', table.replace('timestamptz', 'timestamp'), protect, keep, /that is timestamptz/],
    ['whose index knows no tenants', table.replace('(tenant_id, at)', '(at)'), protect, keep, /has no index/],
    ['that no index serves', table.replace('(tenant_id, at)', '(tenant_id)'), protect, keep, /has no index/],
    [
      'of rows that another policy may hide',
      table,
      `${protect}; CREATE POLICY present ON app.x AS RESTRICTIVE USING (at < now())`,
      keep,
      /policy present of table app.x may hide rows/,
    ],
    [
      'of a view',
      'CREATE VIEW app.x AS SELECT now() AS at, gen_random_uuid() AS tenant_id',
      'SELECT 1',
      keep,
      /no column|no table/,
    ],
    [
      'of a partition',
      'SELECT 1',
      'SELECT 1',
      "SELECT retention.keep('app.event_old', 'created_at', 9)",
      /no table of its own/,
    ],
    ['without a reason', table, protect, "SELECT retention.keep_while_active('app.x', 'so')", /expected ten letters/],
  ])('is refused %s', async (_, made, prepared, declared, words) => {
    await owner.query('BEGIN');
    await owner.query(made);
    await owner.query(prepared);
    const refused = await owner.query(declared).catch(String);
    await owner.query('ROLLBACK');
    expect(refused).toMatch(words);
  });

  test('says which index it asks for', async () => {
    await owner.query('BEGIN');
    await owner.query(table.replace('(tenant_id, at)', '(tenant_id)'));
    await owner.query(protect);
    await expect(owner.query(keep)).rejects.toMatchObject({ hint: 'CREATE INDEX ON app.x (tenant_id, at)' });
    await owner.query('ROLLBACK');
  });

  test('reaches rows that were there before it, of every tenant, and leaves the table as tight as it was', async () => {
    const early = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
    await owner.query(`${table}; ${protect}`);
    for (const whose of [early, otherTenant]) {
      await act(application, ["INSERT INTO app.x (at) VALUES ('2020-01-01'), ('2020-01-02')"], { of: whose });
    }
    expect((await root.query('SELECT FROM retention.tenant WHERE id = $1', [early])).rowCount).toBe(0);
    await owner.query(keep);
    expect(await due()).toEqual(expect.arrayContaining([{ part: 'app.x', tenant: early }]));
    expect(await sweep(early, 'app.x')).toMatchObject({ deleted: 2 });
    await expect(owner.query('SELECT * FROM app.x')).rejects.toThrow();
    await owner.query('DROP TABLE app.x');
    expect(await overdue()).toEqual(['app.event 0 0 0', 'app.message 0 0 0']);
  });

  test('cannot be changed or taken back, and the newest counts', async () => {
    await expect(root.query('UPDATE retention.period SET days = 9')).rejects.toThrow(
      'append-only: update of retention.period',
    );
    await expect(root.query('DELETE FROM retention.period')).rejects.toThrow('append-only: delete');
    await expect(root.query('TRUNCATE retention.tenant')).rejects.toThrow('append-only: truncate');
    await act(application, [message(1, 20)]);
    await owner.query("SELECT retention.keep('app.message', 'created_at', 10)");
    expect(await overdue()).toContain('app.message 1 0 0');
    await owner.query("SELECT retention.keep('app.message', 'created_at', 30)");
    expect(await overdue()).toContain('app.message 0 0 0');
  });
});

describe('nobody else decides', () => {
  test.each([
    ['application', "SELECT retention.keep('app.message', 'created_at', 1)"],
    ['application', 'SELECT * FROM retention.period'],
    ['application', "SELECT retention.note_tenants('{}')"],
    ['row_keeper', "SELECT retention.keep('app.message', 'created_at', 1)"],
    ['row_keeper', "SELECT retention.record_period('app.message', 'created_at', 1, NULL)"],
    ['row_keeper', 'SELECT * FROM app.message'],
    ['row_keeper', 'DELETE FROM app.message'],
    ['row_keeper', 'SELECT * FROM retention.tenant'],
    ['row_keeper', 'SET ROLE schema_owner'],
    ['auditor', 'SELECT retention.delete_overdue(1, gen_random_uuid())'],
    ['auditor', 'SELECT * FROM retention.due()'],
    ['auditor', 'SELECT * FROM retention.tenant'],
  ])('%s may not: %s', async (role, sql) => {
    const client = await server.signIn(role, 'house');
    await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });

  test('the keeper deletes nothing that has no period', async () => {
    await expect(sweep(tenant, 'app.client')).rejects.toThrow('rows of table app.client have no period');
    await expect(sweep(tenant, 'app.message', 0)).rejects.toThrow('most is 0, allowed are 1 to 10000');
  });

  test('the auditor counts, in a transaction that only reads, and is shown no row', async () => {
    await act(application, [message(1, 33)]);
    const auditor = await server.signIn('auditor', 'house');
    await auditor.query('BEGIN READ ONLY');
    const { rows } = await auditor.query('SELECT * FROM retention.overdue(1)');
    expect(rows.find(({ kept }) => kept === 'app.message')).toEqual({
      kept: 'app.message',
      clock: 'created_at',
      days: 30,
      overdue: '1',
      undated: '0',
      ahead: '0',
    });
    await expect(auditor.query('SELECT * FROM app.message')).rejects.toMatchObject({ code: '42501' });
    await auditor.end();
  });
});

test('tables that say nothing are named, and shared lists are not', async () => {
  await owner.query('BEGIN');
  await owner.query('CREATE TABLE app.draft (tenant_id uuid NOT NULL); CREATE TABLE app.country (code text)');
  await owner.query("SELECT tenancy.protect('app.draft'), tenancy.share('app.country')");
  expect((await owner.query('SELECT retention.without_period() AS name')).rows).toEqual([{ name: 'app.draft' }]);
  expect(await conformance({ migrated: owner })).toEqual([
    {
      claim: 'clvr-retention-rules-documented',
      holds: false,
      found: 'no period for app.draft: call retention.keep or retention.keep_while_active',
    },
  ]);
  await owner.query('ROLLBACK');
});

test('an application whose tables all say it conforms, also where the auditor looks', async () => {
  const auditor = await server.signIn('auditor', 'house');
  expect(await conformance({ migrated: auditor })).toMatchObject([{ holds: true }]);
  await auditor.end();
});

test('in a database of one tenant the tenant need not stand in the rows', async () => {
  await server.tenantDatabase('own', tenant);
  const own = await signInAsOwner('own');
  await own.query(`CREATE TABLE app.message (id int, ${dates}); CREATE INDEX ON app.message (created_at)`);
  await own.query("SELECT tenancy.protect('app.message'), retention.keep('app.message', 'created_at', 30)");
  await act(own, ["INSERT INTO app.message VALUES (1, now() - interval '31 days'), (2, now())"]);
  const session = await server.signIn('row_keeper', 'own');
  const { rows: found } = await session.query('SELECT * FROM retention.due()');
  expect(found).toEqual([{ part: expect.any(Number), name: 'app.message', tenant }]);
  const part = found[0].part;
  const { rows } = await session.query('SELECT * FROM retention.delete_overdue($1, $2)', [part, tenant]);
  expect(rows).toMatchObject([{ seen: 1, deleted: 1 }]);
  await expect(session.query('SELECT retention.delete_overdue($1, $2)', [part, otherTenant])).rejects.toThrow(
    'this database belongs to another tenant',
  );
  expect((await session.query('SELECT overdue FROM retention.overdue()')).rows).toEqual([{ overdue: '0' }]);
  await session.end();
  await own.end();
});
