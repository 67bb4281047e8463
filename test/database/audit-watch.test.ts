import type { Client } from 'pg';
import { act, auditedDatabase, tenant } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

let server: TenancyServer;
let root: Client;

beforeAll(async () => {
  server = await startTenancy({ settings: { wal_level: 'logical' } });
  await auditedDatabase(server, 'house');
  root = await server.connect('house');
}, 60_000);

afterAll(() => server?.stop());

interface Entry {
  readonly batch: string;
  readonly action: string;
  readonly object: string;
  readonly object_key: unknown;
  readonly changed: string[] | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

/** Whether there are values before, values after, and columns that changed. */
const values: Readonly<Record<string, readonly boolean[]>> = {
  insert: [false, true, false],
  update: [true, true, true],
  delete: [true, false, false],
  truncate: [false, false, false],
};

/** Runs statements in one transaction and returns what the log says of them, in the order in which it was written. */
async function logged(...statements: string[]): Promise<readonly Entry[]> {
  const { rows: last } = await root.query('SELECT coalesce(max(id), 0) AS id FROM audit.log');
  await act(root, statements);
  const { rows } = await root.query('SELECT * FROM audit.log WHERE id > $1 ORDER BY id', [last[0].id]);
  const { rows: links } = await root.query('SELECT batch, entries FROM audit.link WHERE batch > $1 ORDER BY batch', [
    last[0].id,
  ]);
  const sizes = new Map<string, number>();
  for (const { batch } of rows) {
    sizes.set(batch, (sizes.get(batch) ?? 0) + 1);
  }
  // Whatever was written is linked, each statement by itself, and says of each act what there is to say
  expect(links.map(({ batch, entries }) => [batch, Number(entries)])).toEqual([...sizes]);
  for (const { action, alone, batch, before, after, changed } of rows) {
    expect(alone).toBe(sizes.get(batch) === 1);
    expect(values[action]).toEqual([before, after, changed].map((each) => each !== null));
  }
  return rows;
}

/** What an entry says in short, such as `update 3: 1 -> 2` of a table with the columns `id` and `value`. */
const short = ({ action, object_key: key, before, after }: Entry) =>
  `${action} ${Object.values(key as object).join('/')}: ${before?.value ?? '-'} -> ${after?.value ?? '-'}`;
const inShort = async (...statements: string[]) => (await logged(...statements)).map(short).sort();
const batches = (entries: readonly Entry[]) => new Set(entries.map(({ batch }) => batch)).size;

async function table(name: string, columns = 'id int PRIMARY KEY, value text'): Promise<void> {
  await root.query(`CREATE TABLE app.${name} (${columns}); SELECT audit.watch('app.${name}')`);
}

describe('a statement', () => {
  beforeEach(() => table('part'));
  afterEach(() => root.query('DROP TABLE app.part'));

  test('of many rows is one batch, with an entry for each', async () => {
    const entries = await logged("INSERT INTO app.part SELECT id, 'v' || id FROM generate_series(1, 50) AS id");
    expect(entries.map(short)).toEqual(Array.from({ length: 50 }, (_, i) => `insert ${i + 1}: - -> v${i + 1}`));
    expect(batches(entries)).toBe(1);
    expect(entries[0]).toMatchObject({ batch: (entries[0] as unknown as { id: string }).id, object: 'app.part' });
    const updated = await logged("UPDATE app.part SET value = 'w' WHERE id > 48", 'DELETE FROM app.part WHERE id > 48');
    expect(updated.map(short).sort()).toEqual([
      'delete 49: w -> -',
      'delete 50: w -> -',
      'update 49: v49 -> w',
      'update 50: v50 -> w',
    ]);
    expect(updated.filter(({ action }) => action === 'update').map(({ changed }) => changed)).toEqual([
      ['value'],
      ['value'],
    ]);
    expect(batches(updated)).toBe(2);
  });

  test('that meets no row says nothing, and needs no actor', async () => {
    await root.query("SET app.actor = ''; UPDATE app.part SET value = 'x'; DELETE FROM app.part");
    expect(await logged("UPDATE app.part SET value = 'x'")).toEqual([]);
    await expect(root.query('INSERT INTO app.part VALUES (1)')).rejects.toMatchObject({ code: '42501' });
  });

  test('with ON CONFLICT tells what came and what was there', async () => {
    expect(
      await inShort(
        "INSERT INTO app.part VALUES (1, 'a')",
        "INSERT INTO app.part VALUES (1, 'b'), (2, 'b') ON CONFLICT (id) DO UPDATE SET value = excluded.value",
        "INSERT INTO app.part VALUES (1, 'c'), (3, 'c') ON CONFLICT DO NOTHING",
      ),
    ).toEqual(['insert 1: - -> a', 'insert 2: - -> b', 'insert 3: - -> c', 'update 1: a -> b']);
  });

  test('MERGE tells what it did', async () => {
    expect(
      await inShort(
        "INSERT INTO app.part VALUES (1, 'a'), (2, 'a')",
        `MERGE INTO app.part USING (VALUES (1), (2), (3)) AS given (id) ON part.id = given.id
         WHEN MATCHED AND given.id = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET value = 'm'
         WHEN NOT MATCHED THEN INSERT VALUES (given.id, 'm')`,
      ),
    ).toEqual(['delete 1: a -> -', 'insert 1: - -> a', 'insert 2: - -> a', 'insert 3: - -> m', 'update 2: a -> m']);
  });

  test('COPY tells what it brought', async () => {
    expect(await inShort("COPY app.part FROM PROGRAM 'printf ''1\\ta\\n2\\tb\\n'''")).toEqual([
      'insert 1: - -> a',
      'insert 2: - -> b',
    ]);
  });

  test('a row is what its key names: one that takes another key went and came', async () => {
    expect(
      await inShort(
        "INSERT INTO app.part VALUES (3, 'c'), (2, 'b'), (1, 'a')",
        'UPDATE app.part SET id = 10 WHERE id = 3',
      ),
    ).toEqual(['delete 3: c -> -', 'insert 10: - -> c', 'insert 1: - -> a', 'insert 2: - -> b', 'insert 3: - -> c']);
    expect(await inShort('UPDATE app.part SET id = id + 1')).toEqual([
      'delete 10: c -> -',
      'delete 1: a -> -',
      'insert 11: - -> c',
      'insert 3: - -> b',
      'update 2: b -> a',
    ]);
  });

  test('what a cascade removes and empties is told, each row once', async () => {
    await table('child', 'id int PRIMARY KEY, part int REFERENCES app.part ON DELETE CASCADE, value text');
    await table('friend', 'id int PRIMARY KEY, part int REFERENCES app.part ON DELETE SET NULL, value text');
    await logged(
      'INSERT INTO app.part SELECT id FROM generate_series(1, 3) AS id',
      'INSERT INTO app.child SELECT id, 1 + id % 3 FROM generate_series(1, 6) AS id',
      'INSERT INTO app.friend SELECT id, 1 + id % 3 FROM generate_series(1, 6) AS id',
    );
    const entries = await logged('DELETE FROM app.part WHERE id < 3');
    expect(
      entries.map(({ action, object, object_key: key }) => `${action} ${object} ${JSON.stringify(key)}`).sort(),
    ).toEqual(
      [
        ...[1, 3, 4, 6].map((id) => `delete app.child {"id":${id}}`),
        ...[1, 2].map((id) => `delete app.part {"id":${id}}`),
        ...[1, 3, 4, 6].map((id) => `update app.friend {"id":${id}}`),
      ].sort(),
    );
    await root.query('DROP TABLE app.child, app.friend');
  });

  test('what a trigger of the table changes there in the middle of it is told, each row once', async () => {
    await root.query(`
      CREATE FUNCTION app.again() RETURNS trigger LANGUAGE plpgsql AS $f$
      BEGIN UPDATE app.part SET value = 'again' WHERE id = NEW.id + 100 AND value = 'b'; RETURN NULL; END $f$;
      CREATE TRIGGER again AFTER UPDATE ON app.part FOR EACH ROW EXECUTE FUNCTION app.again()`);
    await logged("INSERT INTO app.part VALUES (1, 'a'), (2, 'a'), (101, 'b'), (102, 'b')");
    expect(await inShort("UPDATE app.part SET value = 'c' WHERE id < 100")).toEqual([
      'update 101: b -> again',
      'update 102: b -> again',
      'update 1: a -> c',
      'update 2: a -> c',
    ]);
  });

  test('a column that came after the watch is told', async () => {
    await logged("INSERT INTO app.part VALUES (1, 'a')");
    await root.query('ALTER TABLE app.part ADD COLUMN more int');
    const [entry] = await logged('UPDATE app.part SET more = 7');
    expect(entry).toMatchObject({ changed: ['more'], object_key: { id: 1 }, after: { id: 1, value: 'a', more: 7 } });
  });
});

describe('what does not lead the watch astray', () => {
  test('tables of the session with the names of its rows', async () => {
    await table('lured');
    await root.query('CREATE TEMPORARY TABLE changed_rows (id int); CREATE TEMPORARY TABLE former_rows (id int)');
    expect(
      await inShort(
        'SET LOCAL search_path = pg_temp',
        "INSERT INTO app.lured VALUES (1, 'a')",
        "UPDATE app.lured SET value = 'b'",
        'DELETE FROM app.lured',
      ),
    ).toEqual(['delete 1: b -> -', 'insert 1: - -> a', 'update 1: a -> b']);
    await root.query('DROP TABLE changed_rows, former_rows');
  });

  test('columns with the names of its own words', async () => {
    const names = [
      'each',
      'first',
      'object',
      'batch',
      'place',
      'old_row',
      'new_row',
      'row_values',
      'key_columns',
      'changed',
    ];
    const words = [
      ...names,
      'other_columns',
      'object_key',
      'changed_rows',
      'former_rows',
      'on_change',
      'name',
      'value',
    ];
    await table(
      'words',
      `${words.map((name) => `"${name}" text`).join(', ')}, PRIMARY KEY ("each", "first", "object")`,
    );
    const values = words.map((name) => `'${name}'`).join(', ');
    const [inserted, updated, deleted] = await logged(
      `INSERT INTO app.words VALUES (${values})`,
      `UPDATE app.words SET "batch" = 'x', name = NULL`,
      'DELETE FROM app.words',
    );
    const whole = Object.fromEntries(words.map((name) => [name, name]));
    const key = { each: 'each', first: 'first', object: 'object' };
    expect(inserted).toMatchObject({ action: 'insert', object: 'app.words', object_key: key, after: whole });
    expect(updated).toMatchObject({ action: 'update', object_key: key, changed: ['batch', 'name'], before: whole });
    expect(deleted).toMatchObject({ action: 'delete', before: { ...whole, batch: 'x', name: null } });
  });

  test('a session that rounds its numbers', async () => {
    await table('measured', 'id double precision PRIMARY KEY, value double precision');
    const entries = await logged(
      'SET LOCAL extra_float_digits = -15',
      'INSERT INTO app.measured VALUES (1.25, 1.125), (1.5, 2.0625)',
      'UPDATE app.measured SET value = value + 1',
    );
    expect(entries.map(short).sort()).toEqual([
      'insert 1.25: - -> 1.125',
      'insert 1.5: - -> 2.0625',
      'update 1.25: 1.125 -> 2.125',
      'update 1.5: 2.0625 -> 3.0625',
    ]);
  });

  test('hashes stay out of every entry of a batch', async () => {
    const hash = `$2b$12$${'a'.repeat(53)}`;
    const entries = await logged(
      `INSERT INTO app.account SELECT id, 'l', '${hash}' FROM generate_series(1, 3) AS id`,
      "UPDATE app.account SET login = 'm'",
      'UPDATE app.account SET id = id + 100 WHERE id = 1',
      'DELETE FROM app.account',
    );
    expect(entries).toHaveLength(11);
    expect(JSON.stringify(entries)).not.toContain('$2b$');
    expect(entries.every(({ before, after }) => (after ?? before)?.password_hash === 'concealed')).toBe(true);
  });
});

describe('logical replication', () => {
  test('brings nothing into a watched table, and whatever it likes into another', async () => {
    await auditedDatabase(server, 'source');
    const source = await server.connect('source');
    for (const client of [source, root]) {
      await client.query('CREATE TABLE app.told (id int PRIMARY KEY); CREATE TABLE app.untold (id int PRIMARY KEY)');
    }
    await root.query("SELECT audit.watch('app.told')");
    await source.query('CREATE PUBLICATION all_of_it FOR TABLE app.told, app.untold');
    await source.query("SELECT pg_create_logical_replication_slot('house', 'pgoutput')");
    const { user, password } = server.superuser;
    await root.query(
      `CREATE SUBSCRIPTION house CONNECTION 'host=${server.host} port=${server.port} user=${user} password=${password} dbname=source sslmode=require'
       PUBLICATION all_of_it WITH (create_slot = false, slot_name = house, copy_data = false)`,
    );
    const count = async (name: string) => Number((await root.query(`SELECT count(*) FROM ${name}`)).rows[0].count);
    const until = async (holds: () => boolean | Promise<boolean>) => {
      for (let tries = 0; tries < 200 && !(await holds()); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    await source.query('INSERT INTO app.untold VALUES (1)');
    await until(async () => (await count('app.untold')) === 1);
    expect(await count('app.untold')).toBe(1);
    await source.query('INSERT INTO app.told VALUES (1)');
    await until(() => server.log().includes('past the audit log'));
    expect(server.log()).toContain('table app.told is watched, and a subscription changes it past the audit log');
    expect(await count('app.told')).toBe(0);
    await root.query('ALTER SUBSCRIPTION house DISABLE; ALTER SUBSCRIPTION house SET (slot_name = NONE)');
    await root.query('DROP SUBSCRIPTION house');
    await source.end();
  });

  test('is what it is refused to: a session in replica mode is told of', async () => {
    await table('replica');
    expect(
      await inShort(
        'SET LOCAL session_replication_role = replica',
        "INSERT INTO app.replica VALUES (1, 'a')",
        "UPDATE app.replica SET value = 'b'",
        'DELETE FROM app.replica',
      ),
    ).toEqual(['delete 1: b -> -', 'insert 1: - -> a', 'update 1: a -> b']);
    expect(await root.query('SELECT FROM app.replica')).toMatchObject({ rowCount: 0 });
  });
});

describe('a table in partitions', () => {
  beforeAll(async () => {
    await root.query(`
      CREATE TABLE app.visit (id int, at date, value text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE app.visit_old PARTITION OF app.visit FOR VALUES FROM ('2020-01-01') TO ('2025-01-01') PARTITION BY RANGE (at);
      CREATE TABLE app.visit_2024 PARTITION OF app.visit_old FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
      CREATE TABLE app.visit_2025 PARTITION OF app.visit FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
      SELECT audit.watch('app.visit')`);
  });

  test('is told once, whichever partition a row is in or goes to', async () => {
    const entries = await logged(
      "INSERT INTO app.visit VALUES (1, '2024-05-05', 'a'), (2, '2025-05-05', 'a')",
      "UPDATE app.visit SET value = 'b'",
      "UPDATE app.visit SET at = '2025-06-06' WHERE id = 1",
      'DELETE FROM app.visit',
    );
    expect(entries.map(short).sort()).toEqual([
      'delete 2024-05-05/1: b -> -',
      'delete 2025-05-05/2: b -> -',
      'delete 2025-06-06/1: b -> -',
      'insert 2024-05-05/1: - -> a',
      'insert 2025-05-05/2: - -> a',
      'insert 2025-06-06/1: - -> b',
      'update 2024-05-05/1: a -> b',
      'update 2025-05-05/2: a -> b',
    ]);
    expect(new Set(entries.map(({ object }) => object))).toEqual(new Set(['app.visit']));
  });

  test.each(['app.visit_2024', 'app.visit_old'])('is told by the name of a partition: %s', async (name) => {
    const entries = await logged(
      `INSERT INTO ${name} VALUES (1, '2024-05-05', 'a')`,
      `UPDATE ${name} SET value = 'b'`,
      `DELETE FROM ${name}`,
      `TRUNCATE ${name}`,
    );
    expect(entries.map(({ action, object }) => `${action} ${object}`).slice(0, 4)).toEqual(
      ['insert', 'update', 'delete', 'truncate'].map((action) => `${action} ${name}`),
    );
  });

  test('a partition that came later is told through the table, and by its name once it is watched again', async () => {
    await root.query(
      "CREATE TABLE app.visit_2026 PARTITION OF app.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    );
    expect(await inShort("INSERT INTO app.visit VALUES (1, '2026-05-05', 'a')")).toHaveLength(1);
    await root.query("SELECT audit.watch('app.visit')");
    expect(await inShort("INSERT INTO app.visit_2026 VALUES (2, '2026-05-05', 'a')")).toHaveLength(1);
    expect(await inShort("INSERT INTO app.visit VALUES (3, '2026-05-05', 'a')")).toHaveLength(1);
  });
});

describe('to watch a table', () => {
  const triggers = async (name: string) =>
    (
      await root.query('SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = $1::regclass ORDER BY tgname', [name])
    ).rows.map(({ tgname, tgenabled }) => `${tgname} ${tgenabled}`);

  test('again changes nothing, and takes the place of a watch of each row', async () => {
    await root.query(`
      CREATE TABLE app.again (id int PRIMARY KEY, value text);
      CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON app.again FOR EACH ROW EXECUTE FUNCTION audit.on_change('{id}', '{}')`);
    for (let time = 0; time < 2; time += 1) {
      await root.query("SELECT audit.watch('app.again')");
      expect(await triggers('app.again')).toEqual([
        'audit_delete A',
        'audit_insert A',
        'audit_replication R',
        'audit_truncate A',
        'audit_update A',
      ]);
    }
  });

  test.each([
    ['without a key', 'id int'],
    ['whose key may be broken for a while', 'id int PRIMARY KEY DEFERRABLE'],
  ])('fails for one %s', async (_, columns) => {
    await root.query(`DROP TABLE IF EXISTS app.keyless; CREATE TABLE app.keyless (${columns})`);
    await expect(root.query("SELECT audit.watch('app.keyless')")).rejects.toThrow(
      'table app.keyless has no primary key that always holds',
    );
  });

  test('tenants are told apart in it as before', async () => {
    const [entry] = await logged(`INSERT INTO app.client (id, tenant_id) VALUES (1, '${tenant}')`);
    expect(entry).toMatchObject({ tenant_id: tenant, actor: 'anna', login: 'postgres' });
  });
});
