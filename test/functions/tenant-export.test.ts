import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Client } from 'pg';
import {
  type BegunExport,
  type Exporting,
  type ExportStep,
  exportStep,
} from '../../lib/functions/tenant-export/export';
import type { RowProgress } from '../../lib/functions/tenant-export/rows';
import { exportSnapshot, takeOver, untilTakenOver } from '../../lib/functions/tenant-export/snapshot-relay';
import { act } from '../database/audited-database';
import { sampleApplication, tenantA, tenantB } from '../database/sample-application';
import { startTenancy, type TenancyServer } from '../database/tenancy-server';
import { directoryOf, ExportBucket, exporting, readCsv } from './export-bucket';

// A real server, beside everything else that the machine runs
jest.setTimeout(120_000);

const digitsA = tenantA.replaceAll('-', '');
const digitsB = tenantB.replaceAll('-', '');

const MORE = `
  CREATE TYPE app.colour AS ENUM ('red', 'green');
  CREATE TABLE app.odd (tenant_id uuid NOT NULL, id int, "Te""xt, =1" text, bytes bytea, doc jsonb, amount numeric, real float8, at timestamptz,
    day date, lasts interval, flag boolean, list text[], colour app.colour, contact secure.gcm_blob, PRIMARY KEY (tenant_id, id));
  CREATE TABLE app.event (tenant_id uuid NOT NULL, id int) PARTITION BY RANGE (id);
  CREATE TABLE app.event_low PARTITION OF app.event FOR VALUES FROM (0) TO (10);
  CREATE TABLE app.event_high PARTITION OF app.event DEFAULT;
  CREATE TABLE app.large (tenant_id uuid NOT NULL, id int, body text);
  SELECT tenancy.protect('app.odd'), tenancy.protect('app.event'), tenancy.protect('app.large');
`;

/** Texts that a spreadsheet, a reader of lines or a reader of quotes could take for something else. */
const ODD_TEXTS = [
  '',
  'NULL',
  '\\N',
  'two\nlines',
  'two\r\nlines',
  'a "quoted" word',
  '"',
  ',',
  "'",
  "'=1",
  '=1+1',
  "=cmd|' /C calc'!A0",
  '+49 30 1234',
  '-1',
  '@SUM(A1)',
  '\tindented',
  '\rback',
  '＝1',
  'Zoë 💶 日本',
  ' spaces ',
  '; = 1',
];

let server: TenancyServer;
let shared: Client;
let owner: Client;

async function build(name: string): Promise<Client> {
  const migrator = await server.signIn('migrator', name);
  await migrator.query('SET ROLE schema_owner');
  for (const statement of [...sampleApplication, MORE]) {
    await migrator.query(statement);
  }
  return migrator;
}

beforeAll(async () => {
  server = await startTenancy();
  await server.sharedDatabase('application');
  owner = await build('application');
  shared = await server.signIn('application', 'application');
  await fill(shared, tenantA, 'alpha');
  await fill(shared, tenantB, 'beta');
}, 120_000);

afterAll(() => server?.stop());

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Rows of every kind. What is of whom is told by the word in them. */
async function fill(client: Client, of: string, word: string): Promise<void> {
  const texts = ODD_TEXTS.map((text, at) => `(${at}, E${quote(text.replaceAll('\\', '\\\\'))})`).join(', ');
  await act(
    client,
    [
      `INSERT INTO app.client (name, email) SELECT '${word} client ' || n, '${word}' || n || '@example.com' FROM generate_series(1, 40) AS n`,
      `INSERT INTO app.note (body) SELECT '${word} note ' || n FROM generate_series(1, 25) AS n`,
      `INSERT INTO app.credential (user_id, password_hash) VALUES (gen_random_uuid(), '$2b$12$' || repeat('a', 53))`,
      `INSERT INTO app.odd (id, "Te""xt, =1") VALUES ${texts}`,
      `INSERT INTO app.odd (id, "Te""xt, =1", bytes, doc, amount, real, at, day, lasts, flag, list, colour, contact) VALUES
        (100, NULL, '\\xdeadbeef00', '{"of": "${word}", "big": 12345678901234567890.123456789, "nested": [null, "\\n"]}', 12345678901234567890.123456789,
         0.1, '2026-11-29 10:00:00.123456+02', '2026-11-29', '1 day -02:03:04', false, ARRAY['a', NULL, '=1'], 'green',
         '\\x01' || decode(repeat('ab', 60), 'hex')),
        (101, NULL, '', 'null', 'NaN', 'Infinity', 'infinity', '-infinity', '-1 year', NULL, '{}', NULL, NULL)`,
      'INSERT INTO app.event (id) VALUES (1), (2), (100)',
      `INSERT INTO secure.subject_key (id, tenant_id, subject, wrapped) VALUES (gen_random_uuid(), '${of}', '${word}', decode(repeat('ab', 64), 'hex'))`,
    ],
    { of, actor: `${word} person` },
  );
}

/** What a tenant's session opens, by the database that rows lie in. */
const asShared =
  (bucket: ExportBucket): Exporting['as'] =>
  async (digits) => ({
    s3: bucket.as(digits),
    database: () => server.signIn('application', 'application'),
  });

let runs = 0;

/** Runs an export as the process does: rows turn by turn, each of which starts the next while it is still there. */
async function run(work: Exporting, of = digitsA, key = `${of}/requests/one.json`) {
  runs += 1;
  const begun = await exportStep(
    { action: 'begin', key, run: `run-${runs}`, requestedAt: '2026-11-29T10:00:00.000Z' },
    work,
  );
  if (!begun || !('isTurn' in begun) || !begun.isTurn) {
    return { begun };
  }
  const turns: Promise<unknown>[] = [];
  const rows = (progress?: RowProgress): Promise<unknown> =>
    exportStep({ action: 'rows', begun, progress } as ExportStep, {
      ...work,
      handOver: async (next) => {
        turns.push(rows(next));
      },
    });
  await rows();
  for (let at = 0; at < turns.length; at += 1) {
    await turns[at];
  }
  let accounts = await exportStep({ action: 'accounts', begun }, work);
  while (accounts && 'isDone' in accounts && !accounts.isDone) {
    accounts = await exportStep({ action: 'accounts', begun, progress: accounts.progress } as ExportStep, work);
  }
  let files = await exportStep({ action: 'files', begun }, work);
  while (files && 'isDone' in files && !files.isDone) {
    files = await exportStep({ action: 'files', begun, progress: files.progress } as ExportStep, work);
  }
  const sealed = await exportStep({ action: 'seal', begun }, work);
  return {
    begun: begun as BegunExport,
    sealed,
    folder: `exports|${of}/exports/${begun.export}/`,
    turns: turns.length + 1,
  };
}

const request = (bucket: ExportBucket, of = digitsA, by = 'owner-1') =>
  bucket.put(`exports|${of}/requests/one.json`, JSON.stringify({ by }));

interface Part {
  readonly rows: number;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/** All rows of a table, from every part of both formats; they must say the same. */
function read(bucket: ExportBucket, folder: string, table: string) {
  const { tables } = bucket.json(`${folder}manifest.json`) as unknown as {
    tables: {
      table: string;
      columns: string[];
      withheld: string[];
      encrypted: string[];
      rows: number;
      parts: Part[];
    }[];
  };
  const found = tables.find((each) => each.table === table);
  if (!found) {
    throw new Error(`${table} is not in the export`);
  }
  const bodies = (format: string) =>
    found.parts.flatMap(({ files }) =>
      files
        .filter(({ name }) => name.endsWith(format))
        .map(({ name }) => bucket.objects.get(`${folder}${name}`)?.toString('utf8') ?? ''),
    );
  const json = bodies('.json').flatMap((text) => JSON.parse(text) as Record<string, unknown>[]);
  const csv = bodies('.csv').flatMap((text) => {
    const [head = [], ...rows] = readCsv(text);
    expect(head.map((name) => name?.replace(/^'/, ''))).toEqual(found.columns);
    return rows.map((row) => row.map((value) => value?.replace(/^'/, '') ?? null));
  });
  expect([json.length, csv.length]).toEqual([found.rows, found.rows]);
  return { ...found, json, csv, text: bodies('.json').join('') };
}

describe('a whole export', () => {
  const bucket = new ExportBucket();
  let folder = '';

  beforeAll(async () => {
    request(bucket);
    bucket.put(`files|${digitsA}/contract.pdf`, 'contract of alpha');
    bucket.put(`files|${digitsA}/photos/a b+ü%.png`, 'photo of alpha');
    bucket.put(`files|${digitsA}/empty`, '');
    bucket.put(`files|${digitsA}/deep/a/b/c`, 'deep');
    bucket.put(`files|${digitsB}/contract.pdf`, 'contract of beta');
    const client = directoryOf({ [digitsA]: ['anna', '=ben', 'carl', 'dora', 'eve'], [digitsB]: ['beta person'] });
    const directory = { userPool: 'pool', client };
    ({ folder = '' } = await run(exporting({ as: asShared(bucket), directory })));
  });

  test('has every row of the tenant and none of another', () => {
    const everything = bucket
      .names(folder)
      .map((name) => bucket.objects.get(name)?.toString('utf8'))
      .join('');
    expect(everything).not.toMatch(/beta/);
    expect(everything).not.toContain(tenantB);
    expect(read(bucket, folder, 'app.client').rows).toBe(40);
    expect(read(bucket, folder, 'app.note').rows).toBe(25);
    expect(
      read(bucket, folder, 'app.event')
        .json.map(({ id }) => id)
        .sort(),
    ).toEqual([1, 100, 2]);
    // A table without a row shows its columns
    expect(read(bucket, folder, 'app.trust_entry')).toMatchObject({
      rows: 0,
      columns: expect.arrayContaining(['cents']),
    });
    expect(read(bucket, folder, 'audit.log').json.map(({ actor }) => actor)).toContain('alpha person');
    expect(read(bucket, folder, 'secure.subject_key').rows).toBe(1);
  });

  test('has every table of the catalogue that holds rows of tenants, and no other', async () => {
    const { tables } = bucket.json(`${folder}manifest.json`) as unknown as { tables: { table: string }[] };
    expect(tables.map(({ table }) => table)).toEqual([
      'app.client',
      'app.credential',
      'app.event',
      'app.large',
      'app.note',
      'app.odd',
      'app.trust_entry',
      'audit.log',
      'secure.subject_key',
      'directory.accounts',
    ]);
  });

  test('has the accounts of the tenant', () => {
    const { csv, json } = read(bucket, folder, 'directory.accounts');
    expect(json.map(({ name }) => name)).toEqual(['anna', '=ben', 'carl', 'dora', 'eve']);
    expect(csv[1]).toEqual([
      '=ben',
      'CONFIRMED',
      'true',
      '1970-01-01T00:00:00.000Z',
      null,
      '{"email":"=ben@example.com"}',
    ]);
  });

  test('keeps texts as they are in both formats, and none begins like a formula', () => {
    const { json, csv } = read(bucket, folder, 'app.odd');
    const texts = (rows: readonly (readonly unknown[])[]) =>
      rows
        .filter(([id]) => Number(id) < 100)
        .sort(([one], [other]) => Number(one) - Number(other))
        .map(([, text]) => text);
    expect(texts(json.map(({ id, 'Te"xt, =1': text }) => [id, text]))).toEqual(ODD_TEXTS);
    expect(texts(csv.map(([, id, text]) => [id, text]))).toEqual(ODD_TEXTS);
    const raw = readCsv(bucket.objects.get(`${folder}rows/app.odd/000001.csv`)?.toString('utf8') ?? '');
    for (const value of raw.flat()) {
      expect(value ?? '').not.toMatch(/^(?:[=+@\t\r＝＋－＠]|-(?!\d))/);
    }
  });

  test('keeps values of all kinds', () => {
    const { json, csv, text, encrypted } = read(bucket, folder, 'app.odd');
    expect(json.find(({ id }) => id === 100)).toMatchObject({
      'Te"xt, =1': null,
      bytes: '\\xdeadbeef00',
      real: 0.1,
      at: '2026-11-29T08:00:00.123456+00:00',
      day: '2026-11-29',
      lasts: 'P1DT-2H-3M-4S',
      flag: false,
      list: ['a', null, '=1'],
      colour: 'green',
    });
    // A reader of JSON may round it; the file does not
    expect(text).toContain('"amount":12345678901234567890.123456789');
    expect(text).toContain('"big": 12345678901234567890.123456789');
    expect(csv.find(([, id]) => id === '100')).toEqual([
      tenantA,
      '100',
      null,
      '\\xdeadbeef00',
      '{"of": "alpha", "big": 12345678901234567890.123456789, "nested": [null, "\\n"]}',
      '12345678901234567890.123456789',
      '0.1',
      '2026-11-29 08:00:00.123456+00',
      '2026-11-29',
      'P1DT-2H-3M-4S',
      'false',
      '{a,NULL,=1}',
      'green',
      `\\x01${'ab'.repeat(60)}`,
    ]);
    expect(csv.find(([, id]) => id === '101')).toEqual([
      tenantA,
      '101',
      null,
      '\\x',
      'null',
      'NaN',
      'Infinity',
      'infinity',
      '-infinity',
      'P-1Y',
      null,
      '{}',
      null,
      null,
    ]);
    expect(encrypted).toEqual(['contact']);
  });

  test('leaves behind what somebody signs in by, and says so', () => {
    const { json, withheld } = read(bucket, folder, 'app.credential');
    expect(withheld).toEqual(['password_hash']);
    expect(json).toHaveLength(1);
    expect(bucket.names(folder).some((name) => bucket.objects.get(name)?.includes('$2b$12$'))).toBe(false);
  });

  test('has every file of the tenant, byte by byte, with its SHA-256 in a list that the manifest vouches for', () => {
    const { files } = bucket.json(`${folder}manifest.json`) as unknown as {
      files: { count: number; lists: { name: string }[] };
    };
    expect(files.count).toBe(4);
    const listed = files.lists.flatMap(
      ({ name }) => (bucket.json(`${folder}${name}`) as unknown as { files: { name: string; sha256: string }[] }).files,
    );
    const { createHash } = jest.requireActual<typeof import('node:crypto')>('node:crypto');
    for (const { name, sha256 } of listed) {
      expect(
        createHash('sha256')
          .update(bucket.objects.get(`${folder}${name}`) ?? '')
          .digest('hex'),
      ).toBe(sha256);
    }
    expect(listed.map(({ name }) => name)).toEqual([
      'files/contract.pdf',
      'files/deep/a/b/c',
      'files/empty',
      'files/photos/a b+ü%.png',
    ]);
  });

  test('is named in the activity log of the tenant: who exported what', async () => {
    const { json } = read(bucket, folder, 'audit.log');
    expect(json.filter(({ action }) => action === 'export')).toEqual([
      expect.objectContaining({
        actor: 'owner-1',
        object: 'tenant',
        after: expect.objectContaining({ tables: expect.arrayContaining(['app.client']) }),
      }),
    ]);
  });

  test('has its manifest last, and gives the turn back', () => {
    expect(bucket.puts.at(-1)).toBe(`${folder.split('|')[1]}manifest.json`);
    expect(bucket.objects.has(`exports|${digitsA}/running.json`)).toBe(false);
  });
});

describe('an export that takes several runs', () => {
  /** Has no time left after so many looks at the clock, in each run anew. */
  const impatient = (bucket: ExportBucket, looks: number): Exporting => {
    let left = looks;
    return exporting({
      as: asShared(bucket),
      hasTime: () => {
        left -= 1;
        if (left > 0) {
          return true;
        }
        left = looks;
        return false;
      },
    });
  };

  test('sees one moment, whatever is committed between its runs, and loses and doubles no row', async () => {
    const bucket = new ExportBucket();
    request(bucket);
    const before = await countsOf(tenantA);
    const work = impatient(bucket, 2);
    let sessions = 0;
    const meddling: Exporting['as'] = async (digits) => {
      const reach = await asShared(bucket)(digits);
      return {
        ...reach,
        database: async () => {
          sessions += 1;
          // The first notes the export, the second takes the snapshot: before each of the others somebody adds, changes and deletes
          if (sessions > 2) {
            const changes = [
              `INSERT INTO app.client (name) VALUES ('alpha late')`,
              `INSERT INTO app.event (id) VALUES (${1000 + sessions})`,
              `UPDATE app.note SET body = 'alpha changed' WHERE id IN (SELECT id FROM app.note LIMIT 3)`,
              'DELETE FROM app.note WHERE id IN (SELECT max(id) FROM app.note)',
            ];
            await act(shared, changes, { of: tenantA, actor: 'alpha person' });
          }
          return reach.database();
        },
      };
    };
    const { folder = '', turns } = await run({ ...work, as: meddling });
    expect(turns).toBeGreaterThan(3);
    for (const [table, count] of Object.entries(before)) {
      const { json, rows } = read(bucket, folder, table);
      expect([table, rows]).toEqual([table, count]);
      expect(new Set(json.map((row) => JSON.stringify(row))).size).toBe(count);
    }
    const whole = bucket
      .names(folder)
      .map((name) => bucket.objects.get(name)?.toString('utf8'))
      .join('');
    expect(whole).not.toContain('alpha changed');
    expect(whole).not.toContain('alpha late');
  });

  test('whoever goes on stays until it was seen, however little is left to do', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => server.signIn('application', 'application')));
    await first?.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const snapshot = await exportSnapshot(first as Client);
    const goingOn = (async () => {
      await second?.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '${snapshot}'`);
      await takeOver(second as Client, snapshot);
      await second?.query('COMMIT');
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    let looks = 0;
    await untilTakenOver(first as Client, snapshot, () => ++looks <= 5);
    expect(looks).toBeLessThanOrEqual(5);
    await first?.query('COMMIT');
    await goingOn;
    await Promise.all([first?.end(), second?.end()]);
  });

  test('ends where the snapshot is gone, and has no manifest', async () => {
    const bucket = new ExportBucket();
    request(bucket);
    const work = impatient(bucket, 2);
    const begun = await exportStep(
      { action: 'begin', key: `${digitsA}/requests/one.json`, run: 'gone', requestedAt: '2026-11-29T10:00:00Z' },
      work,
    );
    const handed: RowProgress[] = [];
    // Whoever came first does not wait
    await exportStep({ action: 'rows', begun } as ExportStep, {
      ...work,
      patience: () => false,
      handOver: async (next) => void handed.push(next),
    });
    const next = exportStep({ action: 'rows', begun, progress: handed[0] } as ExportStep, work);
    await expect(next).rejects.toThrow(/snapshot/);
    await expect(exportStep({ action: 'seal', begun } as ExportStep, work)).rejects.toThrow(
      'is not whole in the export',
    );
    expect(bucket.names('exports|').some((name) => name.endsWith('manifest.json'))).toBe(false);
  });

  test('takes no SQL from its progress', async () => {
    const bucket = new ExportBucket();
    request(bucket);
    const work = impatient(bucket, 2);
    const begun = await exportStep(
      { action: 'begin', key: `${digitsA}/requests/one.json`, run: 'sql', requestedAt: '2026-11-29T10:00:00Z' },
      work,
    );
    const handed: RowProgress[] = [];
    let later: Promise<unknown> = Promise.resolve();
    let waits = 5;
    await exportStep({ action: 'rows', begun } as ExportStep, {
      ...work,
      patience: () => waits-- > 0,
      handOver: async (next) => {
        handed.push(next);
        const after = { part: '1', row: "(0,1)'); DROP TABLE app.note; --" };
        later = expect(
          exportStep({ action: 'rows', begun, progress: { ...next, after } } as ExportStep, work),
        ).rejects.toThrow('expected numbers');
      },
    });
    await later;
  });
});

async function countsOf(of: string): Promise<Record<string, number>> {
  const root = await server.connect('application');
  const counts: Record<string, number> = {};
  for (const table of ['app.client', 'app.note', 'app.odd', 'app.event']) {
    const { rows } = await root.query(`SELECT count(*)::int AS count FROM ${table} WHERE tenant_id = $1`, [of]);
    counts[table] = rows[0].count;
  }
  await root.end();
  return counts;
}

describe('a large table', () => {
  test('of 100,000 rows passes through in parts, and memory does not grow with it', async () => {
    await act(
      shared,
      ["INSERT INTO app.large (id, body) SELECT n, repeat('x', 500) || n FROM generate_series(1, 100000) AS n"],
      { of: tenantB },
    );
    const bucket = new ExportBucket(1000);
    request(bucket, digitsB);
    setFlagsFromString('--expose_gc');
    const collect: () => void = runInNewContext('gc');
    const inUse = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    let peak = 0;
    let parts = 0;
    bucket.store = (key, body) => {
      peak = Math.max(peak, inUse());
      parts += key.includes('/rows/app.large/') ? 1 : 0;
      return body;
    };
    const start = inUse();
    const { folder = '' } = await run(exporting({ as: asShared(bucket) }), digitsB);
    const { json, rows } = read(bucket, folder, 'app.large');
    expect(rows).toBe(100_000);
    expect(new Set(json.map(({ id }) => id)).size).toBe(100_000);
    expect(parts).toBeGreaterThan(8);
    expect(bucket.largest).toBeLessThan(24 * 1024 * 1024);
    // Rows as text weigh more than 110 MB together
    expect(peak - start).toBeLessThan(50 * 1024 * 1024);
    await act(shared, ['DELETE FROM app.large'], { of: tenantB });
  });
});

describe('a database of one tenant', () => {
  const name = `tenant_${digitsA}`;
  const bucket = new ExportBucket();
  const as: Exporting['as'] = async (digits) => ({
    s3: bucket.as(digits),
    database: () => server.signIn(name, `tenant_${digits}`),
  });
  const own = (over: Partial<Exporting> = {}) =>
    exporting({ as, source: (digits) => ({ bucket: `files-${digits}`, prefix: '' }), ...over });

  beforeAll(async () => {
    const root = await server.connect();
    await root.query(`CREATE ROLE ${name} LOGIN NOCREATEDB NOCREATEROLE IN ROLE application`);
    await server.letSignIn(name);
    await server.tenantDatabase(name, tenantA);
    await root.query(`GRANT CONNECT ON DATABASE ${name} TO ${name}`);
    await root.end();
    await (await build(name)).end();
    const client = await server.signIn(name, name);
    await fill(client, tenantA, 'alpha');
    await client.end();
    request(bucket);
    bucket.put(`files-${digitsA}|contract.pdf`, 'contract of alpha');
  });

  test('is exported whole, as its own role', async () => {
    const { folder = '' } = await run(own());
    expect(read(bucket, folder, 'app.client').rows).toBe(40);
    expect(read(bucket, folder, 'audit.log').json.filter(({ action }) => action === 'export')).toEqual([
      expect.objectContaining({ login: name, actor: 'owner-1' }),
    ]);
    expect(bucket.objects.get(`${folder}files/contract.pdf`)?.toString()).toBe('contract of alpha');
  });

  test('holds nothing for another tenant, whose session does not come in', async () => {
    request(bucket, digitsB);
    await expect(run(own(), digitsB)).rejects.toThrow(/does not exist|permission denied/);
    // Led astray to the database of somebody else, the database refuses the tenant
    const astray: Exporting['as'] = async (digits) => ({
      s3: bucket.as(digits),
      database: () => server.signIn(name, name),
    });
    await expect(run(own({ as: astray }), digitsB)).rejects.toThrow('this database belongs to another tenant');
  });
});

describe('what somebody asks for', () => {
  const bucket = new ExportBucket();
  const work = () => exporting({ as: asShared(bucket) });

  test('in the folder of A gives what is of A, whoever it names', async () => {
    bucket.put(
      `exports|${digitsA}/requests/one.json`,
      JSON.stringify({ by: 'mallory', tenant: tenantB, digits: digitsB, key: `${digitsB}/requests/x.json` }),
    );
    const { begun, folder = '' } = await run(work());
    expect(begun).toMatchObject({ tenant: tenantA });
    expect(read(bucket, folder, 'app.client').text).not.toContain('beta');
  });

  test('in the folder of B cannot be put there, or read, by a session of A', async () => {
    const session = bucket.as(digitsA);
    const of = { Bucket: 'exports', ExpectedBucketOwner: '111122223333', Key: `${digitsB}/requests/one.json` };
    await expect(session.getObject(of)).rejects.toMatchObject({ name: 'AccessDenied' });
    // The process works for whom the folder names: in a session of A it would not come to B
    const lured: Exporting['as'] = () => asShared(bucket)(digitsA);
    request(bucket, digitsB);
    await expect(run({ ...work(), as: lured }, digitsB)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test.each([
    `${digitsA}/../${digitsB}/requests/one.json`,
    `${digitsA.toUpperCase()}/requests/one.json`,
    `${tenantA}/requests/one.json`,
    `${digitsA}${digitsB}/requests/one.json`,
    `'; DROP TABLE app.note; --/requests/one.json`,
    `${digitsA}\n/requests/one.json`,
    '*/requests/one.json',
    '${aws:PrincipalTag/tenant}/requests/one.json',
    `${digitsA}/exports/one.json`,
    `${digitsA}/requests/../running.json`,
    '',
  ])('at %j is refused', async (key) => {
    await expect(run(work(), digitsA, key)).rejects.toThrow('the request lies at');
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"by": 7}',
    '{"by": ""}',
    '{"by": "a\\u0000b"}',
    `{"by": "${'x'.repeat(201)}"}`,
    'no json',
  ])('without a person, as %j, is refused', async (body) => {
    bucket.put(`exports|${digitsA}/requests/two.json`, body.replaceAll('\\\\', '\\'));
    await expect(run(work(), digitsA, `${digitsA}/requests/two.json`)).rejects.toThrow('who asked');
  });

  test('of a run or an export without a name is refused', async () => {
    const begin = {
      action: 'begin',
      key: `${digitsA}/requests/one.json`,
      requestedAt: '2026-11-29T10:00:00Z',
    } as const;
    await expect(exportStep({ ...begin, run: '../x' }, work())).rejects.toThrow("run is '../x'");
    await expect(exportStep({ ...begin, run: 'x', requestedAt: 'soon' }, work())).rejects.toThrow('requestedAt');
    const begun = { tenant: tenantA, export: `../../${digitsB}`, by: 'x', requestedAt: '' };
    await expect(exportStep({ action: 'rows', begun }, work())).rejects.toThrow('export is');
    await expect(exportStep({ action: 'rows', begun: { ...begun, tenant: `${tenantA}'--` } }, work())).rejects.toThrow(
      'expected a UUID',
    );
    await expect(
      exportStep({ action: 'dump', begun: { ...begun, export: '20261129T100000Z-x' } } as never, work()),
    ).rejects.toThrow("action is 'dump'");
  });

  test('waits for its turn: one export of a tenant at a time, and another tenant does not wait', async () => {
    request(bucket);
    request(bucket, digitsB);
    const begin = (digits: string, run_: string, now = '2026-11-29T10:00:00Z') =>
      exportStep(
        { action: 'begin', key: `${digits}/requests/one.json`, run: run_, requestedAt: now },
        { ...work(), now: () => new Date(now) },
      );
    const first = await begin(digitsA, 'first');
    expect(first).toMatchObject({ isTurn: true });
    expect(await begin(digitsA, 'second')).toEqual({ isTurn: false });
    // The same run, asked again after it got no answer
    expect(await begin(digitsA, 'first')).toMatchObject({ isTurn: true });
    expect(await begin(digitsB, 'other')).toMatchObject({ isTurn: true });
    expect(await begin(digitsA, 'late', '2026-11-30T09:59:59Z')).toEqual({ isTurn: false });
    // No run lasts that long: what was left behind gives way
    expect(await begin(digitsA, 'late', '2026-11-30T10:00:01Z')).toMatchObject({ isTurn: true });
    // The one before does not take the turn of its successor away
    await exportStep({ action: 'abandon', begun: first } as ExportStep, work());
    expect(bucket.objects.has(`exports|${digitsA}/running.json`)).toBe(true);
    bucket.objects.delete(`exports|${digitsA}/running.json`);
    bucket.objects.delete(`exports|${digitsB}/running.json`);
  });
});

describe('tables that are not as they must be', () => {
  const bucket = new ExportBucket();
  beforeAll(() => request(bucket));

  const withTables = async (statements: string, undo: string) => {
    await owner.query(statements);
    try {
      return await run(exporting({ as: asShared(bucket) }));
    } finally {
      await owner.query(undo);
      expect(bucket.objects.has(`exports|${digitsA}/running.json`)).toBe(false);
    }
  };

  test('a table that was added later is in the export', async () => {
    const { folder = '' } = await withTables(
      `CREATE TABLE app."Odd ""name"" / x" (tenant_id uuid NOT NULL, "select" int); SELECT tenancy.protect('app."Odd ""name"" / x"')`,
      'SELECT 1',
    );
    expect(read(bucket, folder, 'app.Odd "name" / x')).toMatchObject({ rows: 0 });
    await owner.query('DROP TABLE app."Odd ""name"" / x"');
  });

  test.each([
    [
      'names tenants and has no policy',
      'CREATE TABLE app.open (tenant_id uuid NOT NULL); GRANT SELECT ON app.open TO application',
    ],
    [
      'is written and tied to nobody',
      'CREATE TABLE app.open (id int); GRANT SELECT, INSERT ON app.open TO application',
    ],
    ['was forgotten', 'CREATE TABLE app.open (id int)'],
    [
      'has lost its policy',
      `CREATE TABLE app.open (tenant_id uuid NOT NULL); SELECT tenancy.protect('app.open'); DROP POLICY tenant_isolation ON app.open`,
    ],
    [
      'does not force its policies',
      `CREATE TABLE app.open (tenant_id uuid NOT NULL); SELECT tenancy.protect('app.open'); ALTER TABLE app.open NO FORCE ROW LEVEL SECURITY`,
    ],
  ])('one that %s is refused by name, before anything is read', async (_, statements) => {
    const puts = bucket.puts.length;
    await expect(withTables(statements, 'DROP TABLE app.open')).rejects.toThrow(
      'no policy ties app.open to one tenant',
    );
    expect(bucket.puts.slice(puts)).toEqual([`${digitsA}/running.json`]);
  });

  test('one that the application may not read is refused, unless its comment says why it is left out', async () => {
    const hidden = `CREATE TABLE app.hidden (tenant_id uuid NOT NULL); SELECT tenancy.protect('app.hidden', 'INSERT')`;
    await expect(withTables(hidden, 'DROP TABLE app.hidden')).rejects.toThrow(
      'app.hidden cannot be read by whoever works for the tenant',
    );
    const told = `${hidden}; COMMENT ON TABLE app.hidden IS 'export exempt: counts of our own, about nobody'`;
    const { folder = '' } = await withTables(told, 'DROP TABLE app.hidden');
    expect(bucket.json(`${folder}manifest.json`).exempt).toEqual([
      { table: 'app.hidden', reason: 'counts of our own, about nobody' },
    ]);
    const untold = `${hidden}; COMMENT ON TABLE app.hidden IS 'export exempt: no'`;
    await expect(withTables(untold, 'DROP TABLE app.hidden')).rejects.toThrow('app.hidden cannot be read');
  });

  test('a list that everybody shares is nobody’s, and not exported', async () => {
    const { folder = '' } = await run(exporting({ as: asShared(bucket) }));
    expect(() => read(bucket, folder, 'app.country')).toThrow('is not in the export');
  });
});

describe('what is lost on the way', () => {
  const attempt = async (spoil: (bucket: ExportBucket) => void) => {
    const bucket = new ExportBucket();
    request(bucket);
    bucket.put(`files|${digitsA}/contract.pdf`, 'contract of alpha');
    bucket.put(`files|${digitsA}/other.pdf`, 'other of alpha');
    spoil(bucket);
    const error = await run(exporting({ as: asShared(bucket) })).then(
      () => 'it went through',
      (problem: Error) => `${problem.name}: ${problem.message}`,
    );
    expect(bucket.names('exports|').filter((name) => name.endsWith('manifest.json'))).toEqual([]);
    return error;
  };
  const losing = (where: RegExp, change: (body: Buffer) => Buffer | undefined) => (bucket: ExportBucket) => {
    bucket.store = (key, body) => (where.test(key) ? change(body) : body);
  };
  const cut = (body: Buffer) => body.subarray(0, body.length - 1);

  test.each<[string, (bucket: ExportBucket) => void, RegExp]>([
    [
      'a part of a table that is cut',
      losing(/app\.client\/.*json$/, cut),
      /rows\/ of the export holds .* it is not whole/,
    ],
    ['a part of a table that is not there', losing(/app\.note\/.*csv$/, () => undefined), /rows\/ of the export holds/],
    ['a file that is cut', losing(/files\/contract/, cut), /files\/ of the export holds/],
    ['a file that is not there', losing(/files\/other/, () => undefined), /files\/ of the export holds/],
    ['a list of tables', losing(/index\/rows/, () => undefined), /no list of tables/],
    ['a list of accounts', losing(/index\/accounts/, () => undefined), /directory.accounts is not whole/],
    ['a list of files', losing(/index\/files/, () => undefined), /no list of files/],
  ])('%s is noticed, and no manifest is written', async (_, spoil, words) => {
    expect(await attempt(spoil)).toMatch(words);
  });

  test('a file that is deleted meanwhile is no longer the tenant’s, and one that is changed comes as it is now', async () => {
    const bucket = new ExportBucket();
    request(bucket);
    bucket.put(`files|${digitsA}/a-deleted.pdf`, 'deleted');
    bucket.put(`files|${digitsA}/b-changed.pdf`, 'as it was');
    let isChanged = false;
    bucket.onCopy = (key) => {
      if (key.endsWith('a-deleted.pdf')) {
        bucket.objects.delete(`files|${digitsA}/a-deleted.pdf`);
      } else if (!isChanged) {
        isChanged = true;
        bucket.put(`files|${digitsA}/b-changed.pdf`, 'as it is now');
      }
    };
    const { folder = '' } = await run(exporting({ as: asShared(bucket) }));
    expect(bucket.json(`${folder}manifest.json`).files).toMatchObject({ count: 1, vanished: 1 });
    expect(bucket.objects.get(`${folder}files/b-changed.pdf`)?.toString()).toBe('as it is now');
  });
});
