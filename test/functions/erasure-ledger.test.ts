import type { Client } from 'pg';
import { type Erased, everyErasure, recordErasure } from '../../lib/functions/erasure-ledger/erasure-ledger';
import { eraseKeys } from '../../lib/functions/key-eraser/erase-keys';
import { type Examination, examine } from '../../lib/functions/restore-validation/examine';
import { recoverCluster } from '../../lib/functions/restore-validation/recovery';
import { inDatabase, openAs } from '../../lib/functions/restore-validation/session';
import { act, otherTenant, tenant } from '../database/audited-database';
import { certificateAuthority } from '../database/certificates';
import { startTenancy, type TenancyServer } from '../database/tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

const digits = (id: string) => id.replaceAll('-', '');
const keyOf = (n: number) => `10000000-0000-4000-8000-00000000000${n}`;
const named = (name: string) => Object.assign(new Error(name), { name });

/** A bucket that locks its objects: an object can be hidden, and its version stays. */
function lockedBucket(versions: string[] = [], pageSize = 2) {
  return {
    versions,
    bucket: 'ledger',
    account: '111122223333',
    client: {
      putObject: async ({ Key, Body }: { Key: string; Body: string }) => {
        if (versions.includes(Key)) {
          throw named('PreconditionFailed');
        }
        expect(JSON.parse(Body)).toMatchObject({ version: 1, at: expect.stringMatching(/Z$/) });
        versions.push(Key);
      },
      listObjectVersions: async ({ KeyMarker: after = '' }: { KeyMarker?: string }) => {
        const rest = versions.filter((key) => key > after).sort();
        const page = rest.slice(0, pageSize);
        return {
          Versions: page.map((Key) => ({ Key })),
          ...(rest.length > pageSize && { NextKeyMarker: page.at(-1), NextVersionIdMarker: 'v' }),
        };
      },
    },
  };
}

describe('the ledger', () => {
  const all: readonly Erased[] = [
    { tenant, key: keyOf(1) },
    { tenant, key: keyOf(2) },
    { tenant: otherTenant, key: keyOf(3) },
    { tenant: otherTenant },
  ];

  test('gives back what was written into it, over pages, and what is written twice once', async () => {
    const ledger = lockedBucket();
    for (const erased of [...all, ...all]) {
      await recordErasure(ledger, erased, new Date());
    }
    expect(ledger.versions).toContain(`erased/tenants/${digits(otherTenant)}`);
    expect(ledger.versions).toHaveLength(4);
    expect(await everyErasure(ledger)).toEqual(all);
  });

  test.each([
    ['a tenant that is none', { tenant: 'Tenant' }, 'expected a UUID in lower case'],
    ['a name in the place of a key', { tenant, key: 'ada@example.com' }, 'is no entry of the ledger'],
  ])('takes no %s', async (_, erased, words) => {
    const ledger = lockedBucket();
    await expect(recordErasure(ledger, erased, new Date())).rejects.toThrow(words);
    expect(ledger.versions).toEqual([]);
  });

  test('with an entry that nobody can read is no ledger', async () => {
    await expect(everyErasure(lockedBucket(['erased/tenants/somebody']))).rejects.toThrow(
      "'erased/tenants/somebody' is no entry of the ledger of erasures",
    );
  });
});

let server: TenancyServer;
let root: Client;
let application: Client;

const insertKey = (of: string, n: number) =>
  `INSERT INTO secure.subject_key (id, tenant_id, subject, wrapped) VALUES ('${keyOf(n)}', '${of}', 'person-${n}', decode(repeat('ab', 64), 'hex'))`;

async function start(): Promise<void> {
  server = await startTenancy();
  await server.letSignIn('tenant_eraser');
  // The administrator of RDS may add amcheck, and this one could not: it looks where it may add nothing
  const superuser = await server.connect();
  await superuser.query(
    'ALTER DATABASE postgres OWNER TO CURRENT_USER; GRANT CONNECT ON DATABASE postgres TO platform_admin',
  );
  await superuser.end();
}

/** Looks into the server as into one that was restored, with the administrator that RDS gives: no superuser. */
function examination(erased: readonly Erased[], over: Partial<Examination> = {}): Examination {
  return {
    rds: {
      describeDBClusters: async () => ({
        DBClusters: [{ Endpoint: server.host, Port: server.port, MasterUsername: 'platform_admin' }],
      }),
      modifyDBCluster: async ({ MasterUserPassword: password }: { MasterUserPassword: string }) =>
        root.query(`ALTER ROLE platform_admin PASSWORD '${password}'`),
    } as Examination['rds'],
    ca: server.ca,
    inDatabase,
    openAs,
    erased: async () => erased,
    hasTime: () => true,
    // As time goes by for whoever waits
    now: advancing(),
    pause: async () => undefined,
    filesAs: () => Promise.reject(new Error('no bucket was restored')),
    below: () => 0,
    dynamoDb: {} as Examination['dynamoDb'],
    catalogueOf: () => ({ every: async () => [] }),
    catalogue: 'catalogue',
    tableKey: 'key',
    filesKey: 'key',
    ...over,
  };
}

const restoredTo = { RecoveryPointCreationDate: new Date(), RestoreJobId: 'job' };
const CHECK = 'whoever was erased is erased again';

async function verdictOn(erased: readonly Erased[], over?: Partial<Examination>) {
  const results = await examine(examination(erased, over), 'restored', restoredTo);
  return {
    gone: results.find(({ check }) => check === CHECK),
    others: results.filter(({ check, outcome }) => check !== CHECK && outcome === 'failed'),
  };
}

describe('a database that tenants share', () => {
  beforeAll(async () => {
    await start();
    await server.sharedDatabase('house');
    const owner = await server.signIn('migrator', 'house');
    await owner.query('SET ROLE schema_owner');
    await owner.query(`CREATE TABLE app.note (tenant_id uuid NOT NULL, id int, body text, PRIMARY KEY (tenant_id, id));
      SELECT tenancy.protect('app.note'), audit.watch('app.note')`);
    await owner.end();
    root = await server.connect('house');
    application = await server.signIn('application', 'house');
    for (const [of, numbers] of [
      [tenant, [1, 2]],
      [otherTenant, [3, 4]],
    ] as const) {
      await act(application, ["INSERT INTO app.note VALUES (current_setting('app.tenant_id')::uuid, 1, 'secret')"], {
        of,
      });
      await act(
        application,
        numbers.map((n) => insertKey(of, n)),
        { of },
      );
    }
  }, 120_000);

  afterAll(() => server?.stop());

  const living = async () => {
    const { rows } = await root.query(
      `SELECT (SELECT string_agg(right(id::text, 1), '' ORDER BY id) FROM secure.subject_key WHERE wrapped IS NOT NULL) AS keys,
        (SELECT string_agg(right(tenant_id::text, 1), '' ORDER BY tenant_id) FROM app.note) AS notes`,
    );
    return rows[0];
  };

  test('keys of people are recorded before they are destroyed; without the ledger none is', async () => {
    const ledger = lockedBucket();
    const log: string[] = [];
    const run = (record: (erased: Erased) => Promise<void>, hasTime = () => true) =>
      eraseKeys({
        connect: (database) => server.signIn('tenant_eraser', database),
        record,
        hasTime,
        log: (line) => log.push(line),
      });
    await act(application, ["SELECT secure.forget_subject('person-4')"], { of: otherTenant });
    await expect(run(() => Promise.reject(new Error('no ledger')))).rejects.toThrow(
      'keys of people that were to be destroyed are left: house: no ledger',
    );
    await expect(
      run(
        async () => undefined,
        () => false,
      ),
    ).rejects.toThrow('1 of 1 were not reached in time');
    expect(await living()).toMatchObject({ keys: '1234' });
    const kept = async (erased: Erased) => {
      // While it is written down, the key is there
      expect(await living()).toMatchObject({ keys: '1234' });
      await recordErasure(ledger, erased, new Date());
    };
    expect([await run(kept), await run(kept)]).toEqual([1, 0]);
    expect(await living()).toMatchObject({ keys: '123' });
    expect(await everyErasure(ledger)).toEqual([{ tenant: otherTenant, key: keyOf(4) }]);
    expect(log.join()).not.toContain('person');
  });

  test('that was restored is told of nobody where nobody was erased', async () => {
    const { gone, others } = await verdictOn([]);
    expect([gone, others]).toEqual([
      { store: '*', check: CHECK, outcome: 'absent', found: '0 tenants and 0 people' },
      [],
    ]);
  });

  test('without its ledger there is no verdict', async () => {
    await expect(verdictOn([], { erased: () => Promise.reject(new Error('denied')) })).rejects.toThrow('denied');
  });

  test('where there was no time to erase again, the copy has failed', async () => {
    const { gone } = await verdictOn([{ tenant }], { hasTime: () => false });
    expect(gone).toMatchObject({ outcome: 'failed', found: 'rows are left for the next run' });
    expect(await living()).toEqual({ keys: '123', notes: 'ab' });
  });

  test('where the eraser does nothing, the copy has failed: it is looked at, not believed', async () => {
    await root.query('ALTER FUNCTION erasure.destroy_keys RENAME TO destroy_keys_kept');
    await root.query('ALTER FUNCTION erasure.erase_rows RENAME TO erase_rows_kept');
    await root.query(
      `CREATE FUNCTION erasure.destroy_keys(uuid, uuid[] DEFAULT NULL) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'`,
    );
    await root.query(`CREATE FUNCTION erasure.erase_rows(oid, uuid, integer, tid, OUT seen int, OUT deleted int, OUT held_by text, OUT last_row text)
      LANGUAGE sql AS 'SELECT 0, 0, NULL::text, NULL::text'`);
    const { gone } = await verdictOn([{ tenant }, { tenant: otherTenant, key: keyOf(3) }]);
    expect(gone).toMatchObject({
      outcome: 'failed',
      found: `tenant ${tenant} has 1 rows of app.note, tenant ${tenant} has 2 rows of secure.subject_key, tenant ${otherTenant} has 1 keys of people`,
    });
    await root.query('DROP FUNCTION erasure.destroy_keys; DROP FUNCTION erasure.erase_rows');
    await root.query('ALTER FUNCTION erasure.destroy_keys_kept RENAME TO destroy_keys');
    await root.query('ALTER FUNCTION erasure.erase_rows_kept RENAME TO erase_rows');
  });

  test('that was restored loses who was erased, and nobody else; what it does not hold is no error, and again changes nothing', async () => {
    const erased = [
      { tenant },
      { tenant: '00000000-0000-4000-8000-0000000000ff' },
      { tenant: otherTenant, key: keyOf(3) },
      { tenant: otherTenant, key: keyOf(9) },
      { tenant, key: keyOf(1) },
    ];
    await act(application, [insertKey(otherTenant, 5)], { of: otherTenant });
    for (const _ of ['once', 'again']) {
      const { gone, others } = await verdictOn(erased);
      expect([gone, others]).toEqual([
        { store: '*', check: CHECK, outcome: 'passed', found: '2 tenants and 3 people' },
        [],
      ]);
      expect(await living()).toEqual({ keys: '5', notes: 'b' });
    }
    const { rows } = await root.query(
      "SELECT DISTINCT actor, user_agent FROM audit.log WHERE actor = 'platform_admin'",
    );
    expect(rows).toEqual(expect.arrayContaining([expect.objectContaining({ user_agent: 'erasure of a tenant' })]));
    // The administrator keeps no way into the database
    const { rows: roles } = await root.query(
      "SELECT roleid::regrole::text AS role FROM pg_auth_members WHERE member = 'platform_admin'::regrole AND (inherit_option OR set_option)",
    );
    expect(roles).toEqual([]);
  });

  test('that somebody restored in earnest is looked into the same way, under names that say so', async () => {
    const lines: string[] = [];
    const around = { ...examination([{ tenant }]), write: (line: string) => lines.push(line) };
    const asked = { cluster: 'restored-1', restoredTo: '2026-11-29T10:00:00Z' };
    expect(await recoverCluster(around, asked)).toMatchObject({
      status: 'SUCCESSFUL',
      results: expect.arrayContaining([
        { store: '*', check: CHECK, outcome: 'passed', found: '1 tenants and 0 people' },
      ]),
    });
    expect(JSON.parse(lines.join())).toMatchObject({
      evidence: 'recovery',
      restored: 'restored-1',
      status: 'SUCCESSFUL',
    });
    await expect(recoverCluster(around, { ...asked, cluster: 'production' })).rejects.toThrow('begins with restored-');
    await expect(recoverCluster(around, { ...asked, restoredTo: 'then' })).rejects.toThrow("restoredTo is 'then'");
    const denied = { ...around, ca: certificateAuthority('somebody else').certificate, now: advancing() };
    expect((await recoverCluster(denied, asked)).status).toBe('FAILED');
  });
});

/** A clock that goes on by a minute whenever somebody looks. */
function advancing() {
  let at = Date.now();
  return () => {
    at += 60_000;
    return new Date(at);
  };
}

describe('a cluster with a database for each tenant', () => {
  beforeAll(async () => {
    await start();
    for (const whose of [tenant, otherTenant]) {
      await server.tenantDatabase(`tenant_${digits(whose)}`, whose);
      const database = await server.connect(`tenant_${digits(whose)}`);
      await act(
        database,
        (whose === tenant ? [1] : [3, 4]).map((n) => insertKey(whose, n)),
        { of: whose },
      );
      await database.end();
    }
    root = await server.connect(`tenant_${digits(otherTenant)}`);
  }, 120_000);

  afterAll(() => server?.stop());

  test('has failed as long as a database of an erased tenant is there, though nobody is let into it', async () => {
    const name = `tenant_${digits(tenant)}`;
    await root.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    const kept: Examination['openAs'] = (access, role, database) =>
      role === 'provisioner' ? Promise.reject(new Error('no turn')) : openAs(access, role, database);
    expect((await verdictOn([{ tenant }], { openAs: kept })).gone).toMatchObject({
      outcome: 'failed',
      found: 'no turn',
    });
  });

  test('loses the database of a tenant that was erased and the keys of people in others', async () => {
    const erased = [{ tenant }, { tenant, key: keyOf(1) }, { tenant: otherTenant, key: keyOf(3) }];
    for (const _ of ['once', 'again']) {
      const { gone, others } = await verdictOn(erased);
      expect([gone, others]).toEqual([
        { store: '*', check: CHECK, outcome: 'passed', found: '1 tenants and 2 people' },
        [],
      ]);
      const { rows } = await root.query("SELECT datname FROM pg_database WHERE datname LIKE 'tenant%'");
      expect(rows).toEqual([{ datname: `tenant_${digits(otherTenant)}` }]);
      const keys = await root.query('SELECT id FROM secure.subject_key WHERE wrapped IS NOT NULL');
      expect(keys.rows).toEqual([{ id: keyOf(4) }]);
    }
  });
});
