import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkMigrations } from '../../bin/application-migrations';
import { InputError } from '../../lib/control/input-error';
import { migrateApplication, readApplicationMigrations } from '../../lib/database/application-migrations';
import type { Migration } from '../../lib/database/migration-files';
import { provisionTenant } from '../../lib/database/provision-tenant';
import { readEnvironment } from '../../lib/settings/check-settings';
import { databaseMigrations, startTenancy, type TenancyServer } from './tenancy-server';

const example = readApplicationMigrations(join(__dirname, 'example-migrations'));
const modes = ['rls', 'database'] as const;
const tenant = '00000000-0000-4000-8000-00000000000a';

let server: TenancyServer;
let count = 0;

beforeAll(async () => {
  server = await startTenancy();
}, 30_000);

afterAll(() => server.stop());

function folder(texts: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'avouch-application-'));
  for (const [name, sql] of Object.entries(texts)) {
    writeFileSync(join(path, name), sql);
  }
  return path;
}

const files = (texts: Readonly<Record<string, string>>) => readApplicationMigrations(folder(texts));

async function freshDatabase(mode: (typeof modes)[number]): Promise<string> {
  const name = `fresh_${mode}_${++count}`;
  await (mode === 'rls' ? server.sharedDatabase(name) : server.tenantDatabase(name, tenant));
  return name;
}

async function run(database: string, migrations: readonly Migration[]) {
  const session = await server.signIn('application_migrator', database);
  try {
    return await migrateApplication(session, migrations);
  } finally {
    await session.end();
  }
}

async function rowsOf(database: string, sql: string) {
  const client = await server.connect(database);
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

/** A table with all its guards, of which a test takes one away. */
const guarded = [
  'CREATE TABLE app.file (tenant_id uuid NOT NULL, id int, name text, PRIMARY KEY (tenant_id, id));',
  "SELECT tenancy.protect('app.file');",
  "SELECT audit.watch('app.file');",
  "SELECT secure.refuse_cards_in('app.file');",
];

describe.each(modes)('in mode %s', (mode) => {
  // Whatever fails is undone, so that one database serves all that does
  let empty: string;

  beforeAll(async () => {
    empty = await freshDatabase(mode);
  }, 30_000);

  test('the example is applied once, and its tables belong to the owner of the schema', async () => {
    const database = await freshDatabase(mode);
    expect(await run(database, example)).toEqual({ applied: ['0001-clients', '0002-notes'], already: 0, unknown: [] });
    expect(await run(database, example)).toEqual({ applied: [], already: 2, unknown: [] });
    const owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'app'";
    expect(await rowsOf(database, owners)).toEqual([{ tableowner: 'schema_owner' }]);
    const history = 'SELECT number, applied_by FROM tenancy.application_migrations ORDER BY 1';
    expect(await rowsOf(database, history)).toEqual([
      { number: 1, applied_by: 'application_migrator' },
      { number: 2, applied_by: 'application_migrator' },
    ]);
    expect(await rowsOf(database, 'SELECT count(*)::int AS ours FROM tenancy.migrations')).toEqual([
      { ours: databaseMigrations.length },
    ]);
  });

  test('two at once apply each file once', async () => {
    const database = await freshDatabase(mode);
    const reports = await Promise.all([run(database, example), run(database, example)]);
    expect(reports.flatMap(({ applied }) => applied)).toEqual(['0001-clients', '0002-notes']);
  });

  test('fails for a file that changed after it was applied, and changes nothing', async () => {
    const database = await freshDatabase(mode);
    await run(database, example);
    const changed = example.map((each) => (each.number === 1 ? { ...each, sha256: '0'.repeat(64) } : each));
    const more = [...changed, ...files({ '0001-later.sql': 'SELECT 1;' }).map((each) => ({ ...each, number: 3 }))];
    await expect(run(database, more)).rejects.toThrow(
      /^application migration 0001-clients was edited after it was applied/,
    );
    expect(await rowsOf(database, 'SELECT max(number) AS last FROM tenancy.application_migrations')).toEqual([
      { last: 2 },
    ]);
  });

  test('a table with all its guards is taken', async () => {
    const database = await freshDatabase(mode);
    expect(await run(database, files({ '0001-file.sql': guarded.join('\n') }))).toMatchObject({
      applied: ['0001-file'],
    });
  });

  const [create = '', protect = '', watch = '', cards = ''] = guarded;
  test.each([
    ['is not protected', [create], "app.file lacks SELECT tenancy.protect('app.file'): call"],
    [
      'is not protected, and given away',
      [create, 'GRANT SELECT, INSERT ON app.file TO application;', watch, cards],
      "app.file lacks SELECT tenancy.protect('app.file'): call",
    ],
    [
      'is shared although its rows name tenants',
      [create, "SELECT tenancy.share('app.file');"],
      "app.file lacks SELECT tenancy.protect('app.file'): call",
    ],
    ['is not watched', [create, protect, cards], "app.file lacks SELECT audit.watch('app.file'): call"],
    ['takes card numbers', [create, protect, watch], "app.file lacks SELECT secure.refuse_cards_in('app.file'): call"],
    [
      'is nothing of this',
      [create, protect],
      "app.file lacks SELECT audit.watch('app.file'); SELECT secure.refuse_cards_in('app.file'): call",
    ],
    ['is unprotected later', [...guarded, 'ALTER TABLE app.file NO FORCE ROW LEVEL SECURITY;'], 'tenancy.protect'],
    ['loses its policy', [...guarded, 'DROP POLICY tenant_isolation ON app.file;'], 'tenancy.protect'],
    ['is watched only sometimes', [...guarded, 'ALTER TABLE app.file DISABLE TRIGGER audit_update;'], 'audit.watch'],
    ['is in another schema', ['CREATE TABLE public.file (id int);'], "tenancy.protect('public.file')"],
    ['has a name in capitals', ['CREATE TABLE app."File" (id int);'], `tenancy.protect('app."File"')`],
    [
      'is read by a view with the rights of its owner',
      [...guarded, 'CREATE VIEW app.all AS SELECT * FROM app.file;'],
      'app."all" lacks ALTER VIEW app."all" SET (security_invoker = true)',
    ],
    [
      'is copied',
      [...guarded, 'CREATE MATERIALIZED VIEW app.copy AS SELECT 1 AS one; GRANT SELECT ON app.copy TO application;'],
      'app.copy lacks REVOKE ALL',
    ],
  ])('fails for a table that %s, naming it and the call', async (_, statements, words) => {
    const failure = await run(empty, files({ '0001-file.sql': statements.join('\n') })).catch((error) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure.message).toMatch(
      /^application migration 0001-file failed and was undone: it leaves tables unguarded: /,
    );
    expect(failure.message).toContain(words);
    expect(
      await rowsOf(empty, "SELECT count(*)::int AS left FROM pg_tables WHERE schemaname IN ('app', 'public')"),
    ).toEqual([{ left: 0 }]);
  });

  test.each([
    ['a table that nobody may write', [create, "SELECT tenancy.protect('app.file', 'SELECT');"]],
    [
      'a table that need not be watched, for a reason',
      [create, protect, cards, "COMMENT ON TABLE app.file IS 'audit exempt: rebuilt from the files every night';"],
    ],
    [
      'a partition that is made later',
      [
        'CREATE TABLE app.event (tenant_id uuid NOT NULL, at int, PRIMARY KEY (tenant_id, at)) PARTITION BY RANGE (at);',
        'CREATE TABLE app.event_1 PARTITION OF app.event FOR VALUES FROM (0) TO (9);',
        "SELECT tenancy.protect('app.event'); SELECT audit.watch('app.event');",
        "SELECT secure.refuse_cards_in('app.event');",
        'CREATE TABLE app.event_2 PARTITION OF app.event FOR VALUES FROM (9) TO (19);',
      ],
    ],
  ])('takes %s', async (_, statements) => {
    const database = await freshDatabase(mode);
    expect(await run(database, files({ '0001-file.sql': statements.join('\n') }))).toMatchObject({
      applied: ['0001-file'],
    });
  });

  test.each([
    ['becomes the owner of the audit log', 'SET ROLE security_owner;', /permission denied to set role/],
    ['becomes the migrator', 'SET ROLE migrator;', /permission denied to set role/],
    ['takes the audit log away', 'DROP TABLE audit.log;', /must be owner/],
    ['takes the guard of a table away', 'DROP FUNCTION audit.on_change() CASCADE;', /must be owner/],
    ['lets the application into the owner', 'GRANT schema_owner TO application;', /permission denied/],
    [
      'makes another protection of its own',
      "CREATE OR REPLACE FUNCTION tenancy.row_condition() RETURNS text LANGUAGE sql AS $$ SELECT 'true' $$;",
      /changes the schema tenancy/,
    ],
    [
      'puts something beside ours',
      'CREATE FUNCTION tenancy.more() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
      /changes the schema tenancy/,
    ],
    [
      'says whose the database is',
      "UPDATE tenancy.settings SET tenant_key = 'owner_id';",
      /changes the schema tenancy/,
    ],
    ['rewrites what was applied', 'DELETE FROM tenancy.migrations WHERE number = 1;', /changes the schema tenancy/],
    [
      'lets the application read the history',
      'GRANT ALL ON tenancy.application_migrations TO application;',
      /changes the schema tenancy/,
    ],
    ['commits by itself', 'CREATE TABLE app.half (id int); COMMIT; SELECT 1;', /take COMMIT and ROLLBACK out of it/],
  ])('fails for a file that %s', async (_, sql, words) => {
    await expect(run(empty, files({ '0001-sly.sql': sql }))).rejects.toThrow(words);
    expect(await rowsOf(empty, 'SELECT number FROM tenancy.application_migrations')).toEqual([]);
  });

  test('a file may change rows, for a tenant that it names or that owns the database, and the log says so', async () => {
    const database = await freshDatabase(mode);
    const enter = mode === 'rls' ? `SELECT tenancy.enter('${tenant}', 'application migration');` : '';
    const insert = "INSERT INTO app.file (id, name) VALUES (1, 'first');";
    await run(database, files({ '0001-file.sql': guarded.join('\n'), '0002-rows.sql': `${enter} ${insert}` }));
    expect(await rowsOf(database, 'SELECT tenant_id, name FROM app.file')).toEqual([
      { tenant_id: tenant, name: 'first' },
    ]);
    expect(await rowsOf(database, 'SELECT actor, tenant_id, login, object FROM audit.log')).toEqual([
      { actor: 'application migration', tenant_id: tenant, login: 'application_migrator', object: 'app.file' },
    ]);
    if (mode === 'rls') {
      const unnamed = files({
        '0001-file.sql': guarded.join('\n'),
        '0002-rows.sql': `${enter} ${insert}`,
        '0003-more.sql': insert,
      });
      await expect(run(database, unnamed)).rejects.toThrow(/0003-more failed .*app.tenant_id/);
    }
  });
});

test('a new tenant has the tables of the application from the beginning, and asking again changes nothing', async () => {
  const options = {
    connect: (role: string, database: string) => server.signIn(role, database),
    migrations: databaseMigrations,
    tenantKey: 'tenant_id',
    application: example,
  };
  const superuser = await server.connect();
  // A cluster holds either one database that all tenants share or one for each
  for (const { datname } of (await superuser.query("SELECT datname FROM pg_database WHERE datname LIKE 'fresh_rls_%'"))
    .rows) {
    await superuser.query(`DROP DATABASE ${datname}`);
  }
  await superuser.end();
  const id = randomUUID();
  const { role } = await provisionTenant(id, options);
  await provisionTenant(id, options);
  await server.letSignIn(role);
  const session = await server.signIn(role, role);
  await session.query('BEGIN');
  await session.query("SELECT tenancy.enter($1, 'anna')", [id]);
  await session.query("INSERT INTO app.client (name, country) VALUES ('Ada', 'AT')");
  expect((await session.query('SELECT tenant_id, name FROM app.client')).rows).toEqual([
    { tenant_id: id, name: 'Ada' },
  ]);
  await session.query('COMMIT');
  await session.end();
});

describe('the folder', () => {
  const settings = (migrations: string | undefined) => {
    const right = readEnvironment('production');
    return { ...right, application: { ...right.application, migrations } };
  };

  test('is taken as it should be, and need not be there', () => {
    expect(() => checkMigrations(settings(join(__dirname, 'example-migrations')))).not.toThrow();
    expect(() => checkMigrations(settings(undefined))).not.toThrow();
  });

  test.each([
    ['is not there', () => join(tmpdir(), 'no-such-folder'), /there is no folder '/],
    ['is a file', () => __filename, /there is no folder '/],
    ['is empty', () => folder({}), /holds no migration, expected files such as 0001-clients.sql/],
    [
      'holds a file by another name',
      () => folder({ '0001-a.sql': '', 'readme.md': '' }),
      /readme.md' is not named NNNN-name.sql/,
    ],
    [
      'holds two files of a number',
      () => folder({ '0001-a.sql': '', '0001-b.sql': '' }),
      /0001-a and 0001-b have the same number/,
    ],
    [
      'leaves a number out',
      () => folder({ '0001-a.sql': '', '0003-c.sql': '' }),
      /0003-c stands where 0002 is expected/,
    ],
    ['begins later', () => folder({ '0002-b.sql': '' }), /0002-b stands where 0001 is expected/],
  ])('fails where it %s', (_, path, words) => {
    expect(() => checkMigrations(settings(path()))).toThrow(InputError);
    expect(() => checkMigrations(settings(path()))).toThrow(words);
    expect(() => checkMigrations(settings(path()))).toThrow(/^environment 'production': application.migrations is '/);
  });
});
