import fc from 'fast-check';
import pg, { type Client } from 'pg';
import {
  attack,
  clientA,
  clientB,
  digestOfTenant,
  inTransaction,
  isLooted,
  marker,
  seedsOfA,
  seedsOfB,
} from './attacker';
import { allRows, statementOf } from './random-statements';
import { sampleApplication, tenantA, tenantB } from './sample-application';
import { startTenancy, type TenancyServer } from './tenancy-server';

jest.setTimeout(30_000);

const database = 'shared';
let server: TenancyServer;
let application: Client;
let before: string;

beforeAll(async () => {
  server = await startTenancy();
  await server.sharedDatabase(database);
  const migrator = await server.signIn('migrator', database);
  await migrator.query('SET ROLE schema_owner');
  for (const statement of [...sampleApplication, ...partitioned, ...careless]) {
    await migrator.query(statement);
  }
  await migrator.end();
  application = await server.signIn('application', database);
  await inTransaction(application, seedsOfA);
  await inTransaction(application, seedsOfB);
  await inTransaction(application, [
    `SELECT tenancy.enter('${tenantB}', 'seed')`,
    `INSERT INTO app.visit (tenant_id, at, place) VALUES ('${tenantB}', '2026-03-02', '${marker}')`,
    `INSERT INTO app.careless (tenant_id, email) VALUES ('${tenantB}', '${marker}@example.org')`,
  ]);
  const superuser = await server.connect(database);
  await superuser.query('ANALYZE');
  await superuser.end();
  before = await digestOfTenant(server, database, tenantB);
}, 120_000);

afterEach(async () => {
  expect(await digestOfTenant(server, database, tenantB)).toBe(before);
});

afterAll(() => server?.stop());

const partitioned = [
  'CREATE TABLE app.visit (tenant_id uuid NOT NULL, at date NOT NULL, place text) PARTITION BY RANGE (at)',
  "CREATE TABLE app.visit_2026 PARTITION OF app.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  "SELECT tenancy.protect('app.visit')",
];

/** What a key without the tenant gives away: kept here to show why the sample's keys all begin with it. */
const careless = [
  'CREATE TABLE app.careless (tenant_id uuid NOT NULL, email text UNIQUE)',
  "SELECT tenancy.protect('app.careless')",
];

/** The tables of tenant B are asked for, and only those of tenant A answer. */
describe('nothing of another tenant is read', () => {
  test.each([
    ['by a query without a condition', ['SELECT * FROM app.client']],
    ['by naming the tenant', [`SELECT * FROM app.client WHERE tenant_id = '${tenantB}'`]],
    ['by a condition that is always true', [`SELECT * FROM app.client WHERE tenant_id = '${tenantA}' OR true`]],
    ['by a union', ['SELECT name FROM app.client UNION ALL SELECT body FROM app.note']],
    ['by a join', ['SELECT * FROM app.client AS c FULL JOIN app.note AS n ON true']],
    [
      'by aggregates',
      ['SELECT string_agg(name, $$,$$), max(email) FROM app.client', 'SELECT max(cents) FROM app.trust_entry'],
    ],
    ['by a whole row', ['SELECT c, to_jsonb(c) FROM app.client AS c']],
    [
      'by system columns',
      ['SELECT ctid, xmin, name FROM app.client', "SELECT name FROM app.client WHERE ctid = '(0,2)'"],
    ],
    ['by a view', ['SELECT * FROM app.client_name']],
    ['by a partitioned table', ['SELECT * FROM app.visit']],
    ['by a partition under its own name', ['SELECT * FROM app.visit_2026']],
    ['by ONLY', ['SELECT * FROM ONLY app.client']],
    ['by a sample', ['SELECT * FROM app.client TABLESAMPLE SYSTEM (100)']],
    ['by a cursor', ['DECLARE c CURSOR FOR SELECT * FROM app.client', 'FETCH ALL FROM c']],
    ['by a prepared statement', ['PREPARE p AS SELECT * FROM app.client', 'EXECUTE p', 'DEALLOCATE p']],
    ['by COPY', ['COPY app.client TO STDOUT', 'COPY (SELECT * FROM app.note) TO STDOUT']],
    [
      'by XML, as a dump would',
      [
        "SELECT table_to_xml('app.client', true, false, '')::text",
        "SELECT schema_to_xml('app', true, false, '')::text",
      ],
    ],
    ['by a query in a function', ["SELECT query_to_xml('SELECT * FROM app.client', true, false, '')::text"]],
    ['by the statistics of texts', ["SELECT * FROM ts_stat('SELECT to_tsvector(name) FROM app.client')"]],
    ['by an anonymous block', ["DO $$ BEGIN RAISE NOTICE '%', (SELECT string_agg(name, ',') FROM app.client); END $$"]],
    ['by what the planner says', ['EXPLAIN (ANALYZE, VERBOSE, BUFFERS) SELECT * FROM app.client']],
    [
      'by what the planner knows',
      ['SELECT * FROM pg_stats', 'SELECT * FROM pg_stats_ext', 'SELECT * FROM pg_stats_ext_exprs'],
    ],
    ['by UPDATE without a condition', ['UPDATE app.client SET name = name RETURNING *']],
    ['by DELETE without a condition', ['DELETE FROM app.credential RETURNING *']],
    [
      'by MERGE',
      [
        `MERGE INTO app.client AS c USING (VALUES ('${clientB}'::uuid)) AS v (id) ON c.id = v.id WHEN MATCHED THEN DELETE RETURNING c.*`,
      ],
    ],
    ['by a statement within a statement', ['WITH gone AS (DELETE FROM app.credential RETURNING *) SELECT * FROM gone']],
    ['by the audit log', ['SELECT * FROM audit.log']],
    ['by locking rows', ['SELECT * FROM app.client FOR UPDATE SKIP LOCKED']],
  ])('%s', async (_, statements) => {
    const loot = await attack(application, statements);
    expect([loot.refused, isLooted(loot)]).toEqual([undefined, false]);
  });

  test.each([
    ['the value of a failed conversion', 'SELECT name::int FROM app.client WHERE name LIKE $$secret%$$', undefined],
    ['a conversion in the condition', 'SELECT 1 FROM app.client WHERE name::int > 0', '22P02'],
    [
      'an error that only some rows make',
      `SELECT 1 FROM app.client WHERE 1 / (CASE name WHEN '${marker}' THEN 0 ELSE 1 END) = 1`,
      undefined,
    ],
    ['a cast by xpath', "SELECT xpath('/' || name, '<a/>') FROM app.client", undefined],
  ] as const)('by functions that say what they saw: %s', async (_, statement, code) => {
    const loot = await attack(application, [statement]);
    expect([loot.refused, isLooted(loot)]).toEqual([code, false]);
  });
});

describe('refused', () => {
  const notAllowed = '42501';

  test('to change the server', async () => {
    const change = application.query("ALTER SYSTEM SET log_statement = 'none'");
    await expect(change).rejects.toMatchObject({ code: notAllowed });
  });

  test('to grant, with a warning', async () => {
    const { notices } = await attack(application, ['GRANT SELECT ON app.client TO auditor']);
    expect(notices.join()).toContain('no privileges were granted');
    const { rows } = await application.query(
      "SELECT has_table_privilege('auditor', 'app.client', 'SELECT') AS granted",
    );
    expect(rows).toEqual([{ granted: false }]);
  });

  const refused: readonly (readonly [name: string, statement: string, code?: string])[] = [
    ...[
      'schema_owner',
      'security_owner',
      'postgres',
      'migrator',
      'auditor',
      'provisioner',
      'audit_keeper',
      'row_keeper',
      'tenant_eraser',
      'pg_read_all_data',
    ].map((role) => [`to put on the role ${role}`, `SET ROLE ${role}`] as const),
    ['to become another session', 'SET SESSION AUTHORIZATION postgres'],
    ['to switch policies off', 'SET LOCAL row_security = off; SELECT * FROM app.client'],
    ['to switch triggers off', 'SET session_replication_role = replica'],
    ['to disable row-level security', 'ALTER TABLE app.client DISABLE ROW LEVEL SECURITY'],
    ['to let the owner pass', 'ALTER TABLE app.client NO FORCE ROW LEVEL SECURITY'],
    ['to drop a policy', 'DROP POLICY tenant_isolation ON app.client'],
    ['to add a policy', 'CREATE POLICY mine ON app.client USING (true)'],
    ['to alter a policy', 'ALTER POLICY tenant_isolation ON app.client USING (true)'],
    ['to disable a trigger', 'ALTER TABLE app.client DISABLE TRIGGER ALL'],
    ['to empty a table', 'TRUNCATE app.client'],
    ['to make a table', 'CREATE TABLE app.copy AS SELECT * FROM app.client'],
    ['to make a table in public', 'CREATE TABLE public.copy (x int)'],
    ['to make a temporary table that hides another', 'CREATE TEMPORARY TABLE client (x int)'],
    ['to make a function', 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
    ['to make a temporary function', 'CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
    ['to make an operator', 'CREATE OPERATOR app.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_eq)'],
    ['to make a view', 'CREATE VIEW app.v AS SELECT * FROM app.client'],
    ['to make a materialized view', 'CREATE MATERIALIZED VIEW app.v AS SELECT * FROM app.client'],
    ['to make a schema', 'CREATE SCHEMA mine'],
    ['to inherit from a table', 'CREATE TABLE app.child () INHERITS (app.client)'],
    ['to make an event trigger', 'CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION audit.refuse_change()'],
    ['to publish', 'CREATE PUBLICATION p FOR TABLE app.client'],
    ['to replicate', "SELECT pg_create_logical_replication_slot('s', 'test_decoding')"],
    ['to reach other databases by dblink', 'CREATE EXTENSION dblink SCHEMA app'],
    ['to reach other databases by postgres_fdw', 'CREATE EXTENSION postgres_fdw SCHEMA app'],
    ['to read files by file_fdw', 'CREATE EXTENSION file_fdw SCHEMA app'],
    ['to add a trusted extension', 'CREATE EXTENSION pg_trgm SCHEMA app'],
    ['to read a file', "SELECT pg_read_file('PG_VERSION')"],
    ['to list a folder', "SELECT pg_ls_dir('.')"],
    ['to read a file by COPY', "COPY app.note (tenant_id, body) FROM '/etc/passwd'"],
    ['to write a file by COPY', "COPY app.client TO '/tmp/client'"],
    ['to run a program', "COPY app.client TO PROGRAM 'cat'"],
    ['to import a file as large object', "SELECT lo_import('/etc/passwd')"],
    ['to read the bytes of large objects', 'SELECT * FROM pg_largeobject'],
    ['to read what statistics are made of', 'SELECT * FROM pg_statistic'],
    ['to read passwords', 'SELECT rolpassword FROM pg_authid'],
    ['to read the settings of the chain', 'SELECT * FROM audit.link'],
    ['to change the database', 'ALTER DATABASE shared SET app.tenant_id = $$x$$'],
    ['to change settings of tenancy', "UPDATE tenancy.settings SET mode = 'database'"],
    ['to make itself more', 'ALTER ROLE application BYPASSRLS'],
    ['to make a role', 'CREATE ROLE mine'],
    ['to copy rows in', 'COPY app.client FROM STDIN', '0A000'],
    ['to call a function of the owner', "SELECT tenancy.protect('app.client')"],
    ['to end another session', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"],
  ];
  test.each(refused.map(([name, ...rest]) => [name, rest] as const))(
    '%s',
    async (_, [statement, code = notAllowed]) => {
      const loot = await attack(application, [statement]);
      expect(loot.refused).toBe(code);
      expect(isLooted(loot)).toBe(false);
    },
  );

  test.each([
    ['INSERT', `INSERT INTO app.client (tenant_id, name) VALUES ('${tenantB}', 'x')`],
    ['UPDATE', `UPDATE app.client SET tenant_id = '${tenantB}'`],
    [
      'ON CONFLICT',
      `INSERT INTO app.client (tenant_id, id, name) VALUES ('${tenantB}', '${clientB}', 'x') ON CONFLICT (tenant_id, id) DO UPDATE SET name = 'x'`,
    ],
    [
      'ON CONFLICT DO NOTHING',
      `INSERT INTO app.client (tenant_id, id, name) VALUES ('${tenantB}', '${clientB}', 'x') ON CONFLICT DO NOTHING`,
    ],
    [
      'MERGE',
      `MERGE INTO app.client AS c USING (VALUES ('${clientB}'::uuid)) AS v (id) ON c.id = v.id WHEN NOT MATCHED THEN INSERT (tenant_id, id, name) VALUES ('${tenantB}', v.id, 'x')`,
    ],
    ['a partition', `INSERT INTO app.visit_2026 (tenant_id, at) VALUES ('${tenantB}', '2026-05-05')`],
  ])('to write a row of another tenant by %s', async (_, statement) => {
    expect(await attack(application, [statement])).toMatchObject({ refused: notAllowed });
  });
});

describe('whether a row of another tenant exists', () => {
  test('is not told by a foreign key that begins with the tenant', async () => {
    const probe = (client: string) =>
      attack(application, [
        `INSERT INTO app.note (tenant_id, client_id, body) VALUES ('${tenantA}', '${client}', 'x')`,
      ]);
    const existing = await probe(clientB);
    const invented = await probe(clientB.replace('1', '9'));
    expect([existing.refused, invented.refused]).toEqual(['23503', '23503']);
    expect(existing.error?.replaceAll(clientB, '')).toBe(invented.error?.replaceAll(clientB.replace('1', '9'), ''));
  });

  test('is not told by a unique key that begins with the tenant', async () => {
    const loot = await attack(application, [
      `INSERT INTO app.client (tenant_id, name, email) VALUES ('${tenantA}', 'x', '${marker}@example.org') RETURNING name`,
      `DELETE FROM app.client WHERE email = '${marker}@example.org'`,
    ]);
    expect([loot.rows, loot.refused]).toEqual([[{ name: 'x' }], undefined]);
  });

  test('is told by a unique key that does not, which is why every key begins with the tenant', async () => {
    const probe = (email: string) => attack(application, [`INSERT INTO app.careless (email) VALUES ('${email}')`]);
    expect((await probe(`${marker}@example.org`)).refused).toBe('23505');
    expect((await probe('nobody@example.org')).refused).toBeUndefined();
  });
});

describe('a session that serves one tenant after another', () => {
  test('is refused between requests: no tenant, an empty one, a word', async () => {
    const session = await server.signIn('application', database);
    const code = (sql: string) => session.query(sql).then(String, (error: pg.DatabaseError) => error.code);
    expect(await code('SELECT * FROM app.client')).toBe('42704');
    await attack(session, ['SELECT 1']);
    expect(await code('SELECT * FROM app.client')).toBe('22P02');
    expect(await code("SET app.tenant_id = ''; SELECT * FROM app.client")).toBe('22P02');
    expect(await code("SET app.tenant_id = 'anybody'; SELECT * FROM app.client")).toBe('22P02');
    expect(await code("SELECT tenancy.enter(NULL, 'x')")).toBe('22023');
    expect(await code(`SELECT tenancy.enter('${tenantA}', '')`)).toBe('22023');
    await session.end();
  });

  test('answers a cached plan for whoever asks now', async () => {
    const session = await server.signIn('application', database);
    // After five executions PostgreSQL keeps one plan for all values
    await session.query('PREPARE clients AS SELECT name FROM app.client WHERE name <> $1');
    for (let round = 0; round < 8; round++) {
      const mine = await attack(session, ["EXECUTE clients ('x')"]);
      const others = await attack(session, ["EXECUTE clients ('x')"], tenantB);
      expect([mine.rows, others.rows]).toEqual([[{ name: 'word-of-a' }], [{ name: marker }]]);
    }
    await session.end();
  });

  test('of a pool hands nothing on, and a tenant that was set for the session is overruled by the next request', async () => {
    const pool = new pg.Pool({
      max: 1,
      host: server.host,
      port: server.port,
      database,
      user: 'application',
      password: 'only-for-this-test',
      ssl: { ca: server.ca },
    });
    const request = async (statements: readonly string[], tenant?: string) => {
      const client = await pool.connect();
      try {
        return tenant === undefined
          ? await client.query(statements.join(';'))
          : await attack(client as unknown as Client, statements, tenant);
      } finally {
        client.release();
      }
    };
    await request(['SELECT 1'], tenantA);
    await expect(request(['SELECT * FROM app.client'])).rejects.toThrow(/invalid input syntax for type uuid: ""/);
    // What a careless request leaves behind
    await request([`SET app.tenant_id = '${tenantA}'`]);
    expect(await request(['SELECT name FROM app.client'], tenantB)).toMatchObject({ rows: [{ name: marker }] });
    await pool.end();
  });

  test('tells other sessions of the role what it runs, but not the values', async () => {
    const busy = await server.signIn('application', database);
    await busy.query('BEGIN');
    await busy.query('SELECT tenancy.enter($1, $2)', [tenantB, 'bob']);
    await busy.query('SELECT name FROM app.client WHERE name = $1', [marker]);
    const loot = await attack(application, ["SELECT query FROM pg_stat_activity WHERE usename = 'application'"]);
    expect(JSON.stringify(loot.rows)).toContain('WHERE name = $1');
    expect(isLooted(loot)).toBe(false);
    await busy.end();
  });
});

describe('what no policy reaches, and so must carry nothing', () => {
  test('a notification is heard by every session of the database', async () => {
    const listener = await server.signIn('application', database);
    const heard: string[] = [];
    listener.on('notification', ({ channel }) => heard.push(channel));
    await listener.query('LISTEN anything');
    await attack(application, ["SELECT pg_notify('anything', 'nothing of anybody')"], tenantB);
    await listener.query('SELECT 1');
    expect(heard).toEqual(['anything']);
    await listener.end();
  });

  test('a large object belongs to the role, whichever tenant it works for', async () => {
    const made = await attack(application, ["SELECT lo_from_bytea(0, 'x') AS number"], tenantB);
    const [{ number }] = made.rows as { number: number }[] & [{ number: number }];
    const read = await attack(application, [`SELECT encode(lo_get(${number}), 'escape') AS text`]);
    expect(read.rows).toEqual([{ text: 'x' }]);
    await attack(application, [`SELECT lo_unlink(${number})`]);
  });
});

describe('statements that nobody thought of', () => {
  /** Runs one as tenant A and looks, before it is undone, at what became of tenant B. */
  const survives = async (client: Client, statement: string, seen: { rows: number; ran: number }) => {
    await client.query('BEGIN');
    try {
      await client.query('SELECT tenancy.enter($1, $2)', [tenantA, 'mallory']);
      await client.query('SAVEPOINT before_it');
      let text: string;
      try {
        const { rows } = await client.query(statement);
        seen.ran += 1;
        seen.rows += rows.length;
        text = JSON.stringify(rows);
      } catch (error) {
        const { message, detail } = error as pg.DatabaseError;
        text = `${message} ${detail}`;
        await client.query('ROLLBACK TO before_it');
      }
      await client.query('SELECT tenancy.enter($1, $2)', [tenantB, 'bob']);
      const { rows } = await client.query(allRows());
      return { leaked: text.replaceAll(statement, '').includes(marker), others: JSON.stringify(rows) };
    } finally {
      await client.query('ROLLBACK');
    }
  };

  const run = async (client: Client, seen: { rows: number; ran: number }, runs: number) => {
    const { others } = await survives(client, 'SELECT 1', { rows: 0, ran: 0 });
    return fc.check(
      fc.asyncProperty(statementOf({ tenantA, tenantB, clientA, clientB }), async (statement) => {
        const after = await survives(client, statement, seen);
        return !after.leaked && after.others === others;
      }),
      { numRuns: runs, seed: 17 },
    );
  };

  test('neither show nor change a row of another tenant', async () => {
    const seen = { rows: 0, ran: 0 };
    const { failed, counterexample } = await run(application, seen, 600);
    expect([failed, counterexample]).toEqual([false, null]);
    expect(seen.ran).toBeGreaterThan(200);
    expect(seen.rows).toBeGreaterThan(100);
  });

  test('would be found out where a policy is missing', async () => {
    const superuser = await server.connect(database);
    await superuser.query('ALTER POLICY tenant_isolation ON app.client USING (true)');
    const { failed } = await run(application, { rows: 0, ran: 0 }, 600);
    await superuser.query(
      "ALTER POLICY tenant_isolation ON app.client USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))",
    );
    await superuser.end();
    expect(failed).toBe(true);
  });
});
