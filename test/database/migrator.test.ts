import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseReport, failureOf, migrateDatabases } from '../../lib/database/migrate-databases';
import { digestOf, type Migration, readMigrations } from '../../lib/database/migration-files';
import { type MigrateOptions, migrate } from '../../lib/database/migrator';
import { type PostgresServer, startPostgres } from './postgres-server';

let server: PostgresServer;
let count = 0;

beforeAll(async () => {
  server = await startPostgres();
}, 30_000);

afterAll(() => server.stop());

/** A database of its own for one test. */
async function freshDatabase(): Promise<string> {
  const name = `fresh_${++count}`;
  const client = await server.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return name;
}

function files(texts: Readonly<Record<string, string>>): readonly Migration[] {
  const folder = mkdtempSync(join(tmpdir(), 'avouch-migrations-'));
  for (const [name, sql] of Object.entries(texts)) {
    writeFileSync(join(folder, name), sql);
  }
  const migrations = readMigrations(folder);
  rmSync(folder, { recursive: true });
  return migrations;
}

async function run(database: string, migrations: readonly Migration[], options: Partial<MigrateOptions> = {}) {
  const client = await server.connect(database);
  try {
    return await migrate(client, { migrations, ...options });
  } finally {
    await client.end();
  }
}

async function rowsOf(database: string, sql: string) {
  const client = await server.connect(database);
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

const two = files({
  '0001-orders.sql': 'CREATE TABLE public.orders (id int); INSERT INTO public.orders VALUES (1);',
  '0002-more.sql': 'INSERT INTO public.orders VALUES (2);',
});

test('files are applied once, in order, and the history says by whom', async () => {
  const database = await freshDatabase();
  const progress: string[] = [];
  const first = await run(database, two, {
    onProgress: ({ migration, applied, total }) => progress.push(`${migration} ${applied}/${total}`),
  });
  expect(first).toEqual({ applied: ['0001-orders', '0002-more'], already: 0, unknown: [] });
  expect(progress).toEqual(['0001-orders 1/2', '0002-more 2/2']);
  expect(await run(database, two)).toEqual({ applied: [], already: 2, unknown: [] });
  expect(await rowsOf(database, 'SELECT id FROM public.orders ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await rowsOf(database, 'SELECT number, name, sha256, applied_by FROM tenancy.migrations ORDER BY 1')).toEqual(
    two.map(({ number, name, sha256 }) => ({ number, name, sha256, applied_by: 'postgres' })),
  );
});

test('what a file sets for its session does not reach the next file', async () => {
  const database = await freshDatabase();
  const careless = files({
    '0001-orders.sql': "CREATE TABLE public.orders (id int); SET search_path = public; SET my.word = 'left behind';",
    '0002-more.sql': 'INSERT INTO orders VALUES (2);',
  });
  await expect(run(database, careless)).rejects.toThrow(/0002-more failed .* relation "orders" does not exist/);
  const curious = files({
    '0001-orders.sql': careless[0]?.sql ?? '',
    '0003-curious.sql': "INSERT INTO public.orders VALUES (length(current_setting('my.word', true)))",
  });
  const settings = { 'my.other': 'kept' };
  expect(await run(database, curious, { settings })).toMatchObject({ applied: ['0003-curious'] });
  expect(await rowsOf(database, 'SELECT id FROM public.orders')).toEqual([{ id: null }]);
});

test('two at once from two places apply each file once', async () => {
  const database = await freshDatabase();
  const slow = files({
    '0001-orders.sql': 'CREATE TABLE public.orders (id int); SELECT pg_sleep(0.3);',
    '0002-more.sql': 'INSERT INTO public.orders VALUES (2);',
  });
  const reports = await Promise.all([run(database, slow), run(database, slow), run(database, slow)]);
  expect(reports.flatMap(({ applied }) => applied)).toEqual(['0001-orders', '0002-more']);
  expect(await rowsOf(database, 'SELECT id FROM public.orders')).toEqual([{ id: 2 }]);
});

test('fails when somebody else has the turn for too long, and says so', async () => {
  const database = await freshDatabase();
  const other = run(database, files({ '0001-slow.sql': 'SELECT pg_sleep(1);' }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await expect(run(database, two, { turnTimeoutMs: 100 })).rejects.toThrow(/somebody else has been migrating/);
  await other;
});

test('fails for a file that was edited after it was applied, by its name, and changes nothing', async () => {
  const database = await freshDatabase();
  await run(database, two);
  const edited = files({
    '0001-orders.sql': 'CREATE TABLE public.orders (id int);',
    '0002-more.sql': two[1]?.sql ?? '',
    '0003-new.sql': 'CREATE TABLE public.late (id int);',
  });
  await expect(run(database, edited)).rejects.toThrow(/migration 0001-orders was edited after it was applied/);
  expect(await rowsOf(database, "SELECT to_regclass('public.late') AS late")).toEqual([{ late: null }]);
});

test('line ends of another system are no edit', () => {
  expect(files({ '0001-a.sql': 'SELECT 1;\r\nSELECT 2;\r\n' })[0]?.sha256).toBe(
    files({ '0001-a.sql': 'SELECT 1;\nSELECT 2;\n' })[0]?.sha256,
  );
});

test('a file that fails leaves nothing of itself, what went before stays, and the next run goes on', async () => {
  const database = await freshDatabase();
  const broken = files({
    '0001-orders.sql': 'CREATE TABLE public.orders (id int);',
    '0002-broken.sql': "INSERT INTO public.orders VALUES (1); SELECT 'x'::int;",
    '0003-after.sql': 'INSERT INTO public.orders VALUES (3);',
  });
  await expect(run(database, broken)).rejects.toThrow(/migration 0002-broken failed and was undone: .*\(22P02\)/);
  expect(await rowsOf(database, 'SELECT id FROM public.orders')).toEqual([]);
  const mended = files({
    '0001-orders.sql': 'CREATE TABLE public.orders (id int);',
    '0002-broken.sql': 'INSERT INTO public.orders VALUES (1);',
    '0003-after.sql': 'INSERT INTO public.orders VALUES (3);',
  });
  expect(await run(database, mended)).toEqual({ applied: ['0002-broken', '0003-after'], already: 1, unknown: [] });
});

test('the reason of a failure names no value of a row', async () => {
  const database = await freshDatabase();
  const leaky = files({
    '0001-leaky.sql':
      "CREATE TABLE public.people (name text CHECK (length(name) < 3)); INSERT INTO public.people VALUES ('Ada Lovelace');",
  });
  const reason = await run(database, leaky).catch((error: Error) => error.message);
  expect(reason).toMatch(/violates check constraint/);
  expect(reason).not.toMatch(/Lovelace/);
});

test('fails for a file that ends its transaction by itself', async () => {
  const database = await freshDatabase();
  const sly = files({ '0001-sly.sql': 'CREATE TABLE public.half (id int); COMMIT; SELECT 1;' });
  await expect(run(database, sly)).rejects.toThrow(/0001-sly failed .* take COMMIT and ROLLBACK out of it/);
});

test('a file that waits for a locked table gives up, instead of stopping everybody behind it', async () => {
  const database = await freshDatabase();
  await run(database, two);
  const reader = await server.connect(database);
  await reader.query('BEGIN; LOCK TABLE public.orders IN ACCESS SHARE MODE');
  const blocked = [...two, ...files({ '0003-change.sql': 'ALTER TABLE public.orders ADD COLUMN more int;' })];
  await expect(run(database, blocked, { lockTimeoutMs: 100 })).rejects.toThrow(/0003-change .*lock timeout/);
  await reader.end();
  expect(await run(database, blocked)).toMatchObject({ applied: ['0003-change'] });
});

test('what a newer version applied is reported, and is no error for a deployment that is rolled back', async () => {
  const database = await freshDatabase();
  await run(database, two);
  expect(await run(database, two.slice(0, 1))).toEqual({ applied: [], already: 1, unknown: ['0002-more'] });
});

test('numbers of another owner may come later', async () => {
  const database = await freshDatabase();
  await run(database, files({ '0100-audit.sql': 'SELECT 1;' }));
  const both = files({ '0002-tables.sql': 'SELECT 2;', '0100-audit.sql': 'SELECT 1;' });
  expect(await run(database, both)).toMatchObject({ applied: ['0002-tables'], already: 1 });
});

test('one database that fails keeps none of the others from it, and fails the run', async () => {
  const databases = [await freshDatabase(), await freshDatabase(), await freshDatabase()];
  const spoiled = await server.connect(databases[1]);
  await spoiled.query('CREATE TABLE public.orders (id int)');
  await spoiled.end();
  let open = 0;
  let most = 0;
  const heard: DatabaseReport[] = [];
  const reports = await migrateDatabases({
    targets: [...databases, 'not_there'].map((database) => ({ database })),
    migrations: two,
    concurrency: 2,
    connect: async (_, database) => {
      open += 1;
      most = Math.max(most, open);
      const client = await server.connect(database).catch((error) => {
        open -= 1;
        throw error;
      });
      client.once('end', () => {
        open -= 1;
      });
      return client;
    },
    onReport: (report) => heard.push(report),
  });
  expect(reports.map(({ ok }) => ok)).toEqual([true, false, true, false]);
  expect(heard).toHaveLength(4);
  expect(most).toBeLessThanOrEqual(2);
  expect(failureOf(reports)).toMatch(
    /^2 of 4 databases could not be migrated: fresh_\d+: migration 0001-orders failed/,
  );
  expect(failureOf(reports.filter(({ ok }) => ok))).toBeUndefined();
});

test.each([
  [{ 'orders.sql': '' }, /is not named NNNN-name.sql/],
  [{ '0001-a.sql': '', '0001-b.sql': '' }, /0001-a and 0001-b have the same number/],
])('fails for files whose names say nothing', (texts, words) => {
  expect(() => files(texts as unknown as Record<string, string>)).toThrow(words);
});

test('the digest of all changes with any of them', () => {
  expect(digestOf(two)).not.toBe(digestOf(two.slice(0, 1)));
});
