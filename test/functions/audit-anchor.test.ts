import type { Client } from 'pg';
import { type AnchorRun, anchorChains } from '../../lib/functions/audit-anchor/anchor';
import { AnchorArchive, type ObjectStore } from '../../lib/functions/audit-anchor/anchor-archive';
import { act, auditedDatabase } from '../database/audited-database';
import { startTenancy, type TenancyServer } from '../database/tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

/** A bucket as S3 documents it: keys in order, pages, conditional writes, and objects that nobody replaces. */
function bucket(): ObjectStore & { readonly objects: Map<string, string>; page: number; gets: string[] } {
  const objects = new Map<string, string>();
  return {
    objects,
    page: 1000,
    gets: [],
    async getObject({ Key }) {
      this.gets.push(Key);
      const body = objects.get(Key);
      return { Body: { transformToString: async () => body ?? '' } };
    },
    async listObjectsV2({ Prefix, StartAfter, ContinuationToken }) {
      const after = ContinuationToken ?? StartAfter ?? '';
      const keys = [...objects.keys()].filter((key) => key.startsWith(Prefix) && key > after).sort();
      const Contents = keys.slice(0, this.page).map((Key) => ({ Key }));
      return { Contents, NextContinuationToken: keys.length > this.page ? Contents.at(-1)?.Key : undefined };
    },
    async putObject({ Key, Body }) {
      if (objects.has(Key)) {
        throw Object.assign(new Error('At least one of the pre-conditions you specified did not hold'), {
          name: 'PreconditionFailed',
        });
      }
      objects.set(Key, Body);
      return {};
    },
  };
}

let server: TenancyServer;
let root: Client;

beforeAll(async () => {
  server = await startTenancy();
  await auditedDatabase(server, 'house');
  await server.tenantDatabase('tenant/a');
  root = await server.connect('house');
  await act(root, ["SELECT audit.record('read', 'x')"]);
}, 60_000);

afterAll(() => server?.stop());

let now = new Date('2026-11-29T10:20:00Z');

function run(store: ObjectStore, over: Partial<AnchorRun> = {}): Promise<readonly string[]> {
  return anchorChains({
    connect: (database) => server.signIn('audit_keeper', database),
    archive: new AnchorArchive(store, 'anchors', 60),
    retentionDays: 731,
    whole: false,
    now: () => now,
    log: () => undefined,
    ...over,
  });
}

const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000);
};

test('the head of every database is kept under a key of its own, by hour', async () => {
  const store = bucket();
  expect(await run(store)).toEqual(['house', 'tenant/a']);
  expect([...store.objects.keys()]).toEqual([
    'anchors/house/2026-11-29T10-00.json',
    'anchors/tenant%2Fa/2026-11-29T10-00.json',
  ]);
  expect(JSON.parse(store.objects.get('anchors/house/2026-11-29T10-00.json') ?? '')).toMatchObject({
    version: 3,
    database: 'house',
    count: 1,
    heads: Array.from({ length: 16 }, () => ({
      seq: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })),
    at: '2026-11-29T10:20:00.000Z',
  });
});

test('a second run in the same hour overwrites nothing and fails for nothing; the next hour has an anchor of its own', async () => {
  const store = bucket();
  await run(store);
  const first = new Map(store.objects);
  await act(root, ["SELECT audit.record('read', 'y')"]);
  later(10);
  expect(await run(store)).toEqual(['house', 'tenant/a']);
  expect(store.objects).toEqual(first);
  later(60);
  await run(store);
  expect(store.objects.size).toBe(4);
});

test('the newest anchor is found past pages, and after a pause of weeks', async () => {
  const store = bucket();
  store.page = 2;
  for (let hour = 0; hour < 6; hour += 1) {
    later(60);
    await run(store);
  }
  const last = [...store.objects.keys()]
    .filter((key) => key.startsWith('anchors/house/'))
    .sort()
    .at(-1);
  later(60 * 24 * 20);
  store.gets.length = 0;
  await run(store);
  expect(store.gets).toContain(last);
});

test('a cut tail of one database is reported and not anchored; the others are', async () => {
  const store = bucket();
  await act(root, ["SELECT audit.record('read', 'tail')"]);
  await run(store);
  await root.query(
    'CREATE TABLE saved AS SELECT * FROM audit.link ORDER BY seq DESC LIMIT 1; ALTER TABLE audit.link DISABLE TRIGGER append_only; DELETE FROM audit.link USING saved WHERE link.lane = saved.lane AND link.seq = saved.seq; ALTER TABLE audit.link ENABLE ALWAYS TRIGGER append_only',
  );
  later(60);
  await expect(run(store)).rejects.toThrow(
    /^1 audit chains are broken .* house: link \d+ of lane \d+ is gone, which 2026-/,
  );
  expect([...store.objects.keys()].filter((key) => key.includes(now.toISOString().slice(0, 13)))).toEqual([
    expect.stringContaining('tenant%2Fa'),
  ]);
  await expect(run(store, { whole: true })).rejects.toThrow(/links? \d+.* gone/);
  await root.query('INSERT INTO audit.link SELECT * FROM saved');
  later(60);
  expect(await run(store, { whole: true })).toContain('house');
});

test('a database without a chain, or that does not let the keeper in, is no pass', async () => {
  await root.query('CREATE DATABASE stray OWNER schema_owner TEMPLATE template0');
  await expect(run(bucket())).rejects.toThrow('stray: relation "audit.chain" does not exist');
  await root.query('REVOKE ALL ON DATABASE stray FROM PUBLIC');
  await expect(run(bucket())).rejects.toThrow('stray: permission denied');
  await root.query('DROP DATABASE stray');
});

test('what is in the place of an anchor and is none stops the database, not the others', async () => {
  const store = bucket();
  const heads = Array.from({ length: 15 }, () => ({ seq: 0, hash: '0'.repeat(64) }));
  for (const anchor of [{ version: 2 }, { version: 3 }, { version: 3, heads }]) {
    store.objects.set('anchors/house/2026-01-01T00-00.json', JSON.stringify(anchor));
    await expect(run(store)).rejects.toThrow("house: 'anchors/house/2026-01-01T00-00.json' is no anchor of version 3");
  }
  expect([...store.objects.keys()].some((key) => key.startsWith('anchors/tenant'))).toBe(true);
});

test('a bucket that refuses is told', async () => {
  const store = { ...bucket(), putObject: () => Promise.reject(new Error('AccessDenied')) };
  await expect(run(store)).rejects.toThrow('2 audit chains are broken or cannot be read: house: AccessDenied');
});
