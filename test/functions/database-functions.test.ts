import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDB, Item } from '@aws-sdk/client-dynamodb';
import { readApplicationMigrations } from '../../lib/database/application-migrations';
import { tenantNames } from '../../lib/database/tenant-names';
import { customResource } from '../../lib/functions/custom-resource/custom-resource';
import { carriedMigrations } from '../../lib/functions/database-access/carried-migrations';
import { databaseAddress, signIn } from '../../lib/functions/database-access/sign-in';
import { deploySchema, type SchemaRequest } from '../../lib/functions/database-migrator/deploy-schema';
import { type ProvisionerRequest, provision } from '../../lib/functions/tenant-provisioner/provisioner';
import { TenantCatalogue } from '../../lib/functions/tenant-provisioner/tenant-catalogue';
import { certificateAuthority } from '../database/certificates';
import { clusterMigrations, databaseMigrations, startTenancy, type TenancyServer } from '../database/tenancy-server';

let server: TenancyServer;

beforeAll(async () => {
  server = await startTenancy();
}, 30_000);

afterAll(() => server.stop());

/** A table that does what DynamoDB does with the catalogue's calls, one item a page. */
class Table implements Pick<DynamoDB, 'getItem' | 'updateItem' | 'scan'> {
  readonly items = new Map<string, Item>();

  async getItem({ Key }: Parameters<DynamoDB['getItem']>[0]) {
    return { Item: this.items.get(Key.tenant?.S ?? '') };
  }

  async updateItem(input: Parameters<DynamoDB['updateItem']>[0]) {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
    const tenant = input.Key.tenant?.S ?? '';
    const item = this.items.get(tenant);
    const allowed = [...input.ConditionExpression.matchAll(/:from\d/g)].map(([name]) => values[name]?.S);
    const fits = item
      ? allowed.includes(item.status?.S)
      : /attribute_not_exists\(#status\)/.test(input.ConditionExpression);
    if (!fits) {
      throw Object.assign(new Error('The conditional request failed'), { name: 'ConditionalCheckFailedException' });
    }
    const changed: Item = { ...item, tenant: { S: tenant } };
    for (const [, name = '', value = ''] of input.UpdateExpression.matchAll(/(#\w+) = (:\w+)/g)) {
      changed[names[name] ?? ''] = values[value] ?? {};
    }
    for (const [, name = '', kept, value = ''] of input.UpdateExpression.matchAll(
      /(#\w+) = if_not_exists\((#\w+), (:\w+)\)/g,
    )) {
      changed[names[name] ?? ''] = item?.[names[kept ?? ''] ?? ''] ?? values[value] ?? {};
    }
    this.items.set(tenant, changed);
    return { Attributes: changed };
  }

  async scan({ ExclusiveStartKey: from }: Parameters<DynamoDB['scan']>[0]) {
    const all = [...this.items.values()];
    const index = from ? all.findIndex((item) => item.tenant?.S === from.tenant?.S) + 1 : 0;
    const next = index + 1 < all.length ? { tenant: all[index]?.tenant ?? {} } : undefined;
    return { Items: all.slice(index, index + 1), ...(next ? { LastEvaluatedKey: next } : {}) };
  }
}

const table = new Table();
const catalogue = new TenantCatalogue(table, 'catalogue');
const now = () => new Date('2026-03-02T12:00:00Z');
const provisioner = {
  catalogue,
  databases: {
    connect: (role: string, database: string) => server.signIn(role, database),
    migrations: databaseMigrations,
    tenantKey: 'tenant_id',
  },
  now,
};
const ask = (action: string, tenant: string) => provision({ action, tenant } as ProvisionerRequest, provisioner);

/** What CloudFormation hears, to the event that it sends. */
async function deploy(
  properties: Partial<SchemaRequest['ResourceProperties']> = {},
  over: Partial<Parameters<typeof deploySchema>[1]> = {},
  type: SchemaRequest['RequestType'] = 'Create',
): Promise<Record<string, unknown>> {
  const answers: string[] = [];
  const handler = customResource(
    (request: SchemaRequest) =>
      deploySchema(request, {
        administrator: () => server.signIn('platform_admin', 'postgres'),
        connect: (role, database) => server.signIn(role, database),
        tenants: () => catalogue.ready(),
        cluster: clusterMigrations,
        migrations: databaseMigrations,
        log: () => undefined,
        ...over,
      }),
    async (_, body) => {
      answers.push(body);
    },
  );
  await handler({
    RequestType: type,
    ResponseURL: 'https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/signed',
    StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Data/1',
    RequestId: randomUUID(),
    ResourceType: 'Custom::DatabaseSchema',
    LogicalResourceId: 'Schema',
    ResourceProperties: { Mode: 'database', TenantKey: 'tenant_id', Database: 'application', ...properties },
  });
  expect(answers).toHaveLength(1);
  expect(answers[0]?.length).toBeLessThan(4096);
  return JSON.parse(answers[0] ?? '{}');
}

const broken = [
  ...databaseMigrations,
  { number: 9000, name: '9000-broken', sql: 'SELECT no_such_column', sha256: '0'.repeat(64) },
];

test('a tenant is provisioned, migrated, removed and never comes back', async () => {
  const tenant = randomUUID();
  const { role } = tenantNames(tenant);
  const ready = {
    tenant,
    status: 'ready',
    database: role,
    role,
    prefix: `${tenant.replaceAll('-', '')}/`,
    since: now().toISOString(),
    readySince: now().toISOString(),
  };
  expect(await ask('provision', tenant)).toEqual(ready);
  expect(await ask('provision', tenant)).toEqual(ready);
  expect(await catalogue.ready()).toContain(tenant);
  expect(await deploy()).toMatchObject({ Status: 'SUCCESS' });

  expect(await ask('remove', tenant)).toMatchObject({ status: 'removed' });
  expect(await ask('remove', tenant)).toMatchObject({ status: 'removed' });
  expect(await catalogue.ready()).not.toContain(tenant);
  await expect(ask('provision', tenant)).rejects.toThrow(/is removed, from which it cannot become provisioning/);
}, 30_000);

test('fails for another action, and for a tenant that nobody knows', async () => {
  await expect(ask('rename', randomUUID())).rejects.toThrow("action is 'rename', expected provision or remove");
  await expect(ask('remove', randomUUID())).rejects.toThrow(/is unknown, from which it cannot become removing/);
});

test('a tenant whose removal is asked for while it is provisioned does not come back', async () => {
  const tenant = randomUUID();
  const { role } = tenantNames(tenant);
  const late = {
    ...provisioner,
    databases: {
      ...provisioner.databases,
      connect: async (as: string, database: string) => {
        if (as === 'provisioner' && table.items.get(tenant)?.status?.S === 'provisioning') {
          await ask('remove', tenant);
        }
        return server.signIn(as, database);
      },
    },
  };
  await expect(provision({ action: 'provision', tenant }, late)).rejects.toThrow(/became removed while/);
  await expect(server.signIn(role, role)).rejects.toThrow();
});

test('a migration that fails for one tenant fails the deployment, with the reason, and reaches the others', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await ask('provision', one);
  await ask('provision', other);
  const session = await server.signIn('migrator', tenantNames(one).database);
  await session.query('SET ROLE schema_owner');
  await session.query('CREATE TABLE app.invoice (id int)');
  await session.end();
  const more = [
    ...databaseMigrations,
    { number: 9000, name: '9000-invoices', sql: 'CREATE TABLE app.invoice (id int)', sha256: '1'.repeat(64) },
  ];
  const answer = await deploy({}, { migrations: more }, 'Update');
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('9000-invoices failed') });
  expect(answer.Reason).toContain(tenantNames(one).database);
  const migrated = await server.signIn('migrator', tenantNames(other).database);
  await migrated.query('SET ROLE schema_owner');
  expect((await migrated.query("SELECT to_regclass('app.invoice') AS there")).rows).toEqual([{ there: 'app.invoice' }]);
  await migrated.end();
}, 30_000);

test('deleting the stack leaves every database as it is', async () => {
  const neverAsked = () => Promise.reject(new Error('asked'));
  expect(await deploy({}, { administrator: neverAsked, connect: neverAsked }, 'Delete')).toMatchObject({
    Status: 'SUCCESS',
  });
});

test('one database for all is made and migrated, and is not told apart by another column later', async () => {
  const properties = { Mode: 'rls', Database: 'application', TenantKey: 'organization_id' } as const;
  expect(await deploy(properties)).toMatchObject({ Status: 'SUCCESS' });
  expect(await deploy(properties, {}, 'Update')).toMatchObject({ Status: 'SUCCESS' });
  expect(await deploy({ ...properties, TenantKey: 'user_id' }, {}, 'Update')).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/mode rls and key organization_id, asked for are rls and user_id/),
  });
  expect(await deploy(properties, { migrations: broken }, 'Update')).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(/application: migration 9000-broken failed and was undone/),
  });
}, 30_000);

describe('migrations of the application', () => {
  const application = readApplicationMigrations(join(__dirname, '..', 'database', 'example-migrations'));
  const has = async (database: string) => {
    const client = await server.connect(database);
    const { rows } = await client.query("SELECT to_regclass('app.note') IS NOT NULL AS there");
    await client.end();
    return rows[0].there;
  };

  test('reach the database that all tenants share, and are told apart from ours in the report', async () => {
    const lines: string[] = [];
    const properties = { Mode: 'rls', Database: 'with_tables' } as const;
    const log = (line: string) => lines.push(line);
    expect(await deploy(properties, { application, log })).toMatchObject({ Status: 'SUCCESS' });
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({
      database: 'with_tables',
      application: { applied: ['0001-clients', '0002-notes'], already: 0 },
    });
    expect(await deploy(properties, { application, log }, 'Update')).toMatchObject({ Status: 'SUCCESS' });
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({ applied: [], application: { applied: [], already: 2 } });
    expect(await has('with_tables')).toBe(true);
    const changed = application.map((each) => ({ ...each, sha256: '0'.repeat(64) }));
    expect(await deploy(properties, { application: changed }, 'Update')).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/with_tables: application migration 0001-clients was edited after it was applied/),
    });
    const client = await server.connect();
    await client.query('DROP DATABASE application');
    await client.query('DROP DATABASE with_tables');
    await client.end();
  }, 30_000);

  test('reach the databases of new tenants and of those that are there, and one that fails stops no other', async () => {
    // Other tests left tables without guards in theirs
    table.items.clear();
    const before = randomUUID();
    await ask('provision', before);
    const after = randomUUID();
    await provision(
      { action: 'provision', tenant: after },
      { ...provisioner, databases: { ...provisioner.databases, application } },
    );
    expect([await has(tenantNames(before).database), await has(tenantNames(after).database)]).toEqual([false, true]);
    expect(await deploy({}, { application }, 'Update')).toMatchObject({ Status: 'SUCCESS' });
    expect(await has(tenantNames(before).database)).toBe(true);

    const owner = await server.signIn('migrator', tenantNames(before).database);
    await owner.query("SET ROLE schema_owner; CREATE TABLE app.task (id int); SELECT tenancy.protect('app.task', '')");
    await owner.end();
    const sql = "CREATE TABLE app.task (id int PRIMARY KEY); SELECT tenancy.protect('app.task', '');";
    const more = [...application, { number: 3, name: '0003-tasks', sql, sha256: '3'.repeat(64) }];
    const answer = await deploy({}, { application: more }, 'Update');
    expect(answer).toMatchObject({ Status: 'FAILED' });
    expect(answer.Reason).toMatch(
      new RegExp(`${tenantNames(before).database}: application migration 0003-tasks failed and was undone`),
    );
    expect(answer.Reason).not.toContain(tenantNames(after).database);
  }, 30_000);

  test('come along where the function was told of them, or it fails', () => {
    const folder = join(__dirname, '..', 'database');
    expect(carriedMigrations({ APPLICATION_MIGRATIONS: 'example-migrations' }, folder)).toEqual(application);
    expect(carriedMigrations({}, folder)).toEqual([]);
    expect(() => carriedMigrations({ APPLICATION_MIGRATIONS: 'application' }, folder)).toThrow(/ENOENT/);
  });
});

describe('a function signs in', () => {
  const address = (over: Record<string, string> = {}) => {
    const file = join(mkdtempSync(join(tmpdir(), 'avouch-authorities-')), 'ca.pem');
    writeFileSync(file, over.ca ?? server.ca);
    return databaseAddress({ PGHOST: 'localhost', PGPORT: String(server.port), PGSSLROOTCERT: file, ...over });
  };
  const as = () => ({ user: server.superuser.user, password: server.superuser.password });

  test('to a server that it verifies', async () => {
    const session = await signIn(address(), 'postgres', as());
    expect((await session.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows).toEqual([
      { ssl: true },
    ]);
    await session.end();
  });

  test.each([
    ['an authority that is not named', () => address({ ca: certificateAuthority('somebody else').certificate })],
    ['a certificate for another host', () => address({ PGHOST: '127.0.0.1' })],
  ])('fails for %s, before a password is sent', async (_, where) => {
    await expect(signIn(where(), 'postgres', as())).rejects.toThrow(
      /self-signed|unable to|not in the cert's list|does not match/,
    );
  });

  test('fails where it is not told the authorities', () => {
    expect(() => databaseAddress({ PGHOST: 'localhost', PGPORT: '5432' })).toThrow(/no PGSSLROOTCERT/);
  });
});
