import type { DynamoDB, Item } from '@aws-sdk/client-dynamodb';
import { TenantCatalogue } from '../../lib/functions/tenant-provisioner/tenant-catalogue';

const since = { S: '2026-03-02T12:00:00.000Z' };

/** A catalogue of these entries, one on a page. */
function of(...items: readonly Item[]): TenantCatalogue {
  const client = {
    scan: async ({ ExclusiveStartKey: from }: { ExclusiveStartKey?: Item }) => {
      const at = Number(from?.page?.N ?? 0);
      const next = at + 1 < items.length ? { page: { N: String(at + 1) } } : undefined;
      return { Items: items.slice(at, at + 1), ...(next ? { LastEvaluatedKey: next } : {}) };
    },
  } as unknown as DynamoDB;
  return new TenantCatalogue(client, 'catalogue');
}

test('every tenant is read, wherever in the list it stands, also those that are gone', async () => {
  const catalogue = of(
    { tenant: { S: 'b' }, status: { S: 'removed' }, since },
    { tenant: { S: 'a' }, status: { S: 'ready' }, since, readySince: since, bucket: { S: 'bucket-of-a' } },
    { tenant: { S: 'c' }, status: { S: 'ready' }, since },
  );
  expect(await catalogue.every()).toEqual([
    { tenant: 'b', status: 'removed', since: since.S },
    { tenant: 'a', status: 'ready', since: since.S, readySince: since.S, bucket: 'bucket-of-a' },
    { tenant: 'c', status: 'ready', since: since.S },
  ]);
  expect(await catalogue.ready()).toEqual(['a', 'c']);
});

test.each<[string, Item]>([
  ['no status', { tenant: { S: 'a' }, since }],
  ['a status that nobody knows', { tenant: { S: 'a' }, status: { S: 'paused' }, since }],
  ['no time', { tenant: { S: 'a' }, status: { S: 'ready' } }],
])('fails for an entry with %s: whether its tenant must be looked after is not known', async (_, item) => {
  await expect(of(item).every()).rejects.toThrow("tenant 'a' is '");
});

test('a tenant that is asked for again stays as old as it is', async () => {
  const expressions: string[] = [];
  const client = {
    updateItem: async ({ UpdateExpression }: { UpdateExpression: string }) => {
      expressions.push(UpdateExpression);
      return { Attributes: {} };
    },
  } as unknown as DynamoDB;
  const catalogue = new TenantCatalogue(client, 'catalogue');
  const tenant = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  await catalogue.move(tenant, 'provisioning', new Date());
  await catalogue.move(tenant, 'ready', new Date());
  expect(expressions[0]).not.toContain('readySince');
  expect(expressions[1]).toContain('#readySince = if_not_exists(#readySince, :since)');
});
