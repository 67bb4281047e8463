import type { Client } from 'pg';
import { type ErasureRequest, eraseTenant, type TenantErasure } from '../../lib/functions/tenant-erasure/erasure';
import { filesOf } from '../../lib/functions/tenant-erasure/file-session';
import type { FileCalls } from '../../lib/functions/tenant-erasure/files';
import { act, otherTenant, tenant } from '../database/audited-database';
import { startTenancy, type TenancyServer } from '../database/tenancy-server';

jest.mock('@aws-sdk/client-s3', () => ({ S3: class {} }), { virtual: true });

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

const APPLICATION = `
  CREATE TABLE app.chat (tenant_id uuid NOT NULL, id int, parent int, PRIMARY KEY (tenant_id, id),
    CONSTRAINT chat_parent FOREIGN KEY (tenant_id, parent) REFERENCES app.chat (tenant_id, id));
  CREATE TABLE app.line (tenant_id uuid NOT NULL, id int, chat int, body text, PRIMARY KEY (tenant_id, id),
    CONSTRAINT line_of_chat FOREIGN KEY (tenant_id, chat) REFERENCES app.chat (tenant_id, id));
  CREATE TABLE app.event (tenant_id uuid NOT NULL, id int) PARTITION BY RANGE (id);
  CREATE TABLE app.event_low PARTITION OF app.event FOR VALUES FROM (0) TO (10);
  CREATE TABLE app.event_high PARTITION OF app.event DEFAULT;
  CREATE TABLE app.country (code text PRIMARY KEY);
  INSERT INTO app.country VALUES ('DE');
  SELECT tenancy.protect('app.chat'), tenancy.protect('app.line'), tenancy.protect('app.event'), tenancy.share('app.country');
  SELECT audit.watch('app.line');
`;

let server: TenancyServer;
let root: Client;
let owner: Client;
let application: Client;

beforeAll(async () => {
  server = await startTenancy();
  await server.letSignIn('tenant_eraser');
  await server.sharedDatabase('house');
  owner = await server.signIn('migrator', 'house');
  await owner.query('SET ROLE schema_owner');
  await owner.query(APPLICATION);
  root = await server.connect('house');
  application = await server.signIn('application', 'house');
}, 60_000);

afterAll(() => server?.stop());

/** The mark of a destroyed key stays, so each person has a name of their own. */
let people = 0;

/** Chats that refer to older ones, lines in the first, events in each partition, and the key of a person. */
async function fill(of: string): Promise<void> {
  people += 1;
  await act(
    application,
    [
      'INSERT INTO app.chat (id) VALUES (0)',
      'INSERT INTO app.chat (id, parent) SELECT n, n - 1 FROM generate_series(1, 20) AS n',
      "INSERT INTO app.line (id, chat, body) SELECT n, 0, 'secret' FROM generate_series(1, 30) AS n",
      'INSERT INTO app.event (id) VALUES (1), (100)',
      `INSERT INTO secure.subject_key (id, tenant_id, subject, wrapped) VALUES (gen_random_uuid(), '${of}', 'anna-${people}', decode(repeat('ab', 64), 'hex'))`,
    ],
    { of },
  );
}

async function countsOf(of: string): Promise<string> {
  const count = (table: string, where = '') => `(SELECT count(*) FROM ${table} WHERE tenant_id = '${of}' ${where})`;
  const { rows } = await root.query(
    `SELECT format('%s chats, %s lines, %s events, %s keys', ${count('app.chat')}, ${count('app.line')}, ${count('app.event')},
      ${count('secure.subject_key', 'AND wrapped IS NOT NULL')}) AS counts`,
  );
  return rows[0].counts;
}

afterEach(async () => {
  await owner.query('DROP TABLE IF EXISTS app.held; DROP FUNCTION IF EXISTS app.refuse');
  for (const whose of [tenant, otherTenant]) {
    await root.query('SELECT erasure.destroy_keys($1)', [whose]);
    await act(
      application,
      ['DELETE FROM app.line', 'UPDATE app.chat SET parent = NULL', 'DELETE FROM app.chat', 'DELETE FROM app.event'],
      {
        of: whose,
      },
    );
  }
});

const full = '21 chats, 30 lines, 2 events, 1 keys';

/** A bucket as S3 keeps it: pages of two, and what is deleted by its version is gone. */
function bucketOf(names: readonly string[], uploads: readonly string[] = [], refusing = '') {
  let objects = names.flatMap((Key) => [
    { Key, VersionId: '1' },
    { Key, VersionId: 'marker' },
  ]);
  let open = uploads.map((Key) => ({ Key, UploadId: 'u' }));
  let exists = true;
  const gone = () => Object.assign(new Error('no bucket'), { name: 'NoSuchBucket' });
  const page = <T extends { Key: string }>(all: readonly T[], prefix: string) => {
    if (!exists) {
      throw gone();
    }
    return all.filter(({ Key }) => Key.startsWith(prefix)).slice(0, 2);
  };
  const client: FileCalls = {
    listObjectVersions: async ({ Prefix }) => {
      const found = page(objects, Prefix);
      return {
        Versions: found.filter(({ VersionId }) => VersionId === '1'),
        DeleteMarkers: found.filter(({ VersionId }) => VersionId !== '1'),
      };
    },
    deleteObjects: async ({ Delete: { Objects: some } }) => {
      const isRefused = ({ Key }: { Key: string }) => Key === refusing;
      objects = objects.filter(
        (each) =>
          isRefused(each) || !some.some(({ Key, VersionId }) => Key === each.Key && VersionId === each.VersionId),
      );
      return some.some(isRefused) ? { Errors: [{ Code: 'AccessDenied' }] } : {};
    },
    listMultipartUploads: async ({ Prefix }) => ({ Uploads: page(open, Prefix) }),
    abortMultipartUpload: async ({ Key }) => {
      open = open.filter((each) => each.Key !== Key);
      return {};
    },
    deleteBucket: async () => {
      if (objects.length + open.length > 0) {
        throw Object.assign(new Error('not empty'), { name: 'BucketNotEmpty' });
      }
      exists = false;
      return {};
    },
  };
  return { client, left: () => [...objects, ...open].map(({ Key }) => Key), exists: () => exists };
}

/** A directory with the people of each group. */
function directory(groups: Record<string, readonly string[]>) {
  const deleted: string[] = [];
  const named = (error: string) => Object.assign(new Error(error), { name: error });
  const leave = (user: string, group: string) => {
    groups[group] = (groups[group] ?? []).filter((each) => each !== user);
  };
  const client: TenantErasure['accounts']['client'] = {
    listUsersInGroup: async ({ GroupName: group }) => {
      const users = groups[group];
      if (!users) {
        throw named('ResourceNotFoundException');
      }
      return { Users: users.slice(0, 2).map((Username) => ({ Username })) };
    },
    adminListGroupsForUser: async ({ Username: user }) => {
      if (user === 'gone') {
        leave(user, digits);
        throw named('UserNotFoundException');
      }
      return {
        Groups: Object.keys(groups).flatMap((GroupName) => (groups[GroupName]?.includes(user) ? [{ GroupName }] : [])),
      };
    },
    adminRemoveUserFromGroup: async ({ Username: user, GroupName: group }) => leave(user, group),
    adminDeleteUser: async ({ Username: user }) => {
      if (user === 'refused') {
        throw named('NotAuthorizedException');
      }
      deleted.push(user);
      for (const group of Object.keys(groups)) {
        leave(user, group);
      }
    },
  };
  return { client, deleted, groups };
}

const digits = tenant.replaceAll('-', '');
const otherDigits = otherTenant.replaceAll('-', '');

function erasure(over: Partial<TenantErasure> = {}, runs = Number.POSITIVE_INFINITY): TenantErasure {
  let left = runs;
  const hasTime = () => left-- > 0;
  return {
    record: async () => undefined,
    accounts: { client: directory({ [digits]: [] }).client, userPool: 'pool', hasTime },
    place: (of) => ({ bucket: 'files', prefix: `${of}/` }),
    files: async () => ({ client: bucketOf([]).client, account: '111122223333', hasTime }),
    rows: { connect: (database) => server.signIn('tenant_eraser', database), batch: 7, hasTime },
    ...over,
  };
}

const ask = (action: ErasureRequest['action'], given = erasure(), of = tenant) =>
  eraseTenant({ action, tenant: of }, given);

test('a tenant is written down by its id alone; where that cannot be, the step has failed', async () => {
  const recorded: unknown[] = [];
  await ask('record', erasure({ record: async (erased) => void recorded.push(erased) }));
  expect(recorded).toEqual([{ tenant }]);
  await expect(ask('record', erasure({ record: () => Promise.reject(new Error('denied')) }))).rejects.toThrow('denied');
});

describe('rows of a tenant', () => {
  test('go in all tables and partitions, whatever refers to what, and no row of another', async () => {
    await fill(tenant);
    await fill(otherTenant);
    expect(await ask('rows')).toEqual({ count: 53 });
    expect(await countsOf(tenant)).toBe('0 chats, 0 lines, 0 events, 1 keys');
    expect(await countsOf(otherTenant)).toBe(full);
    expect((await root.query('SELECT code FROM app.country')).rows).toEqual([{ code: 'DE' }]);
    // Asked again, there is nothing left to do
    expect(await ask('rows')).toEqual({ count: 0 });
  });

  test('that were not reached in time are left for the next run, and it finishes', async () => {
    await fill(tenant);
    await expect(ask('rows', erasure({}, 3))).rejects.toMatchObject({ name: 'Unfinished' });
    expect(await ask('verify')).toMatchObject({ erased: false });
    await ask('rows');
    await ask('keys');
    expect(await ask('verify')).toEqual({ remains: [], erased: true });
  });

  test('that a constraint of others holds back are reported by its name, without a value', async () => {
    await fill(tenant);
    await owner.query(`
      CREATE TABLE app.held (tenant_id uuid NOT NULL, chat int,
        CONSTRAINT held_chat FOREIGN KEY (tenant_id, chat) REFERENCES app.chat (tenant_id, id));
      SELECT tenancy.protect('app.held');
      CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'held' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'legal_hold'; END $$;
      CREATE TRIGGER refuse BEFORE DELETE ON app.held FOR EACH ROW EXECUTE FUNCTION app.refuse();`);
    await act(application, ['INSERT INTO app.held (chat) VALUES (0)']);
    await expect(ask('rows')).rejects.toThrow(
      'constraints hold back what is to be erased: rows of app.chat by held_chat, rows of app.held by legal_hold',
    );
    expect(await ask('verify')).toMatchObject({
      erased: false,
      remains: expect.arrayContaining(['1 rows of app.held', '1 rows of secure.subject_key']),
    });
  });

  test('what the eraser may not', async () => {
    const eraser = await server.signIn('tenant_eraser', 'house');
    for (const statement of [
      'SELECT * FROM app.chat',
      'DELETE FROM app.chat',
      'SELECT erasure.keys_of_entered(true, NULL)',
      'SELECT * FROM secure.key_to_destroy',
      'SET ROLE schema_owner',
      'UPDATE secure.subject_key SET wrapped = NULL',
    ]) {
      await expect(eraser.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(eraser.query("SELECT erasure.erase_rows('pg_class'::regclass, $1)", [tenant])).rejects.toThrow(
      'holds no rows of tenants',
    );
    await eraser.end();
    for (const statement of ['SELECT * FROM erasure.places()', `SELECT erasure.destroy_keys('${tenant}')`]) {
      await expect(act(application, [statement])).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('where a tenant has a database of its own, the eraser destroys keys in it and deletes no rows', async () => {
    await server.tenantDatabase('tenant_a', tenant);
    const eraser = await server.signIn('tenant_eraser', 'tenant_a');
    expect((await eraser.query('SELECT * FROM erasure.places()')).rows).toEqual([]);
    expect((await eraser.query('SELECT erasure.destroy_keys($1) AS left_over', [tenant])).rows).toEqual([
      { left_over: '0' },
    ]);
    await expect(eraser.query('SELECT erasure.destroy_keys($1)', [otherTenant])).rejects.toThrow('another tenant');
    await eraser.end();
    await root.query('DROP DATABASE tenant_a');
  });
});

test('keys of all people of a tenant are destroyed, and those of another open on', async () => {
  await fill(tenant);
  await fill(otherTenant);
  expect(await ask('keys')).toEqual({ count: 0 });
  expect(await countsOf(tenant)).toBe('21 chats, 30 lines, 2 events, 0 keys');
  expect(await countsOf(otherTenant)).toBe(full);
});

describe('files of a tenant', () => {
  const names = [`${digits}/a`, `${digits}/b`, `${digits}/c`, `${otherDigits}/a`, 'a'];
  const inBucket = ({ client }: ReturnType<typeof bucketOf>, place: TenantErasure['place'], hasTime = () => true) =>
    erasure({ place, files: async () => ({ client, account: '111122223333', hasTime }), rows: undefined });
  const ownFolder = (of: string) => ({ bucket: 'files', prefix: `${of}/` });
  const ownBucket = (of: string) => ({ bucket: `own-${of}` });

  test('trap 32: go in every version, with delete markers and unfinished uploads, and no file of another', async () => {
    const shared = bucketOf(names, [`${digits}/d`, `${otherDigits}/d`]);
    const given = inBucket(shared, ownFolder);
    expect(await ask('verify', given)).toEqual({ erased: false, remains: ['3 files or more in files'] });
    expect(await ask('files', given)).toEqual({ count: 7 });
    expect([new Set(shared.left()), shared.exists()]).toEqual([
      new Set([`${otherDigits}/a`, 'a', `${otherDigits}/d`]),
      true,
    ]);
    expect(await ask('verify', given)).toEqual({ remains: [], erased: true });
    expect(await ask('files', given)).toEqual({ count: 0 });
  });

  test('go with the bucket where the tenant has one of its own, and a bucket that is gone is erased', async () => {
    const own = bucketOf(['a', 'b'], ['c']);
    const given = inBucket(own, ownBucket);
    expect(await ask('verify', given)).toEqual({ erased: false, remains: [`3 files or more in own-${digits}`] });
    expect(await ask('files', given)).toEqual({ count: 5 });
    expect([own.left(), own.exists()]).toEqual([[], false]);
    expect(await ask('verify', given)).toEqual({ remains: [], erased: true });
    expect(await ask('files', given)).toEqual({ count: 0 });
  });

  test('are reached in a session of that tenant, and of no other', async () => {
    const asked: unknown[] = [];
    const credentials = { AccessKeyId: 'a', SecretAccessKey: 'b', SessionToken: 'c' };
    const sts = (Credentials: object | undefined) => ({
      assumeRole: async (input: unknown) => {
        asked.push(input);
        return { Credentials };
      },
    });
    await filesOf(sts(credentials) as never, 'role', digits);
    expect(asked).toEqual([expect.objectContaining({ RoleArn: 'role', Tags: [{ Key: 'tenant', Value: digits }] })]);
    await expect(filesOf(sts({ AccessKeyId: 'a' }) as never, 'role', digits)).rejects.toThrow('without credentials');
  });

  test('that S3 refuses to delete are no erased files', async () => {
    const given = inBucket(bucketOf(names, [], `${digits}/b`), ownFolder);
    await expect(ask('files', given)).rejects.toThrow(/^\d files in files could not be erased: AccessDenied$/);
  });

  test('that were not reached in time are left for the next run', async () => {
    const given = inBucket(bucketOf(names), ownFolder, () => false);
    await expect(ask('files', given)).rejects.toMatchObject({ name: 'Unfinished' });
  });
});

describe('accounts of a tenant', () => {
  const inDirectory = (people: ReturnType<typeof directory>, hasTime = () => true) =>
    erasure({ accounts: { client: people.client, userPool: 'pool', hasTime }, rows: undefined });

  test('are deleted, but for those of people who belong to another tenant too', async () => {
    const people = directory({ [digits]: ['anna', 'ben', 'gone', 'carla'], [otherDigits]: ['ben', 'dora'] });
    const given = inDirectory(people);
    expect(await ask('verify', given)).toEqual({ erased: false, remains: ['2 accounts or more'] });
    expect(await ask('accounts', given)).toEqual({ count: 4 });
    expect(people.deleted).toEqual(['anna', 'carla']);
    expect(people.groups).toEqual({ [digits]: [], [otherDigits]: ['ben', 'dora'] });
    expect(await ask('verify', given)).toEqual({ erased: true, remains: [] });
  });

  test('without a group of the tenant nobody knows whose they are', async () => {
    const given = inDirectory(directory({ [otherDigits]: ['dora'] }));
    await expect(ask('accounts', given)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(ask('verify', given)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('that Cognito refuses to delete are no erased accounts, and what was not reached in time is left', async () => {
    const refused = inDirectory(directory({ [digits]: ['refused'] }));
    await expect(ask('accounts', refused)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    const late = inDirectory(directory({ [digits]: ['anna'] }), () => false);
    await expect(ask('accounts', late)).rejects.toMatchObject({ name: 'Unfinished' });
  });
});

describe('what is asked for', () => {
  test('a plan says when the tenant is erased: thirty days after it was asked for, to the second', async () => {
    const plan = { action: 'plan', tenant, requestedAt: '2026-01-31T09:00:00Z', graceDays: 30 } as const;
    expect(await eraseTenant(plan, erasure())).toEqual({ erasedAt: '2026-03-02T09:00:00.000Z' });
    await expect(eraseTenant({ ...plan, requestedAt: 'today' }, erasure())).rejects.toThrow("requestedAt is 'today'");
    await expect(eraseTenant({ ...plan, graceDays: 0 }, erasure())).rejects.toThrow('graceDays 0');
  });

  test('a tenant that is none, an action that is none, and rows where nobody shares a database', async () => {
    await expect(ask('files', erasure(), '')).rejects.toThrow("tenant is ''");
    await expect(ask('everything' as never)).rejects.toThrow(
      "action is 'everything', expected plan, record, accounts, files",
    );
    await expect(ask('rows', erasure({ rows: undefined }))).rejects.toThrow(
      'the provisioner drops the one of the tenant',
    );
  });

  test('a cluster without any database that tenants share is a fault, not an erased tenant', async () => {
    const connect = async () => ({ query: async () => ({ rows: [] }), end: async () => undefined });
    await expect(ask('verify', erasure({ rows: { connect, hasTime: () => true } }))).rejects.toThrow('no database');
  });
});
