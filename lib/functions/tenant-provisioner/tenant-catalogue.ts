import type { DynamoDB, Item } from '@aws-sdk/client-dynamodb';
import { tenantNames } from '../../database/tenant-names';

/** Where a tenant stands. From `removed` nothing leads back: its id is not used again. */
export type TenantStatus = 'provisioning' | 'ready' | 'removing' | 'removed';

/** A tenant, as the catalogue knows it. Times are ISO 8601. */
export interface TenantRecord {
  readonly tenant: string;
  readonly status: TenantStatus;
  readonly since: string;
  /** When it was first in use. */
  readonly readySince?: string;
  /** What it has for itself, by name: a database and the role that opens it, the prefix of its files, or a bucket. */
  readonly database?: string;
  readonly role?: string;
  readonly prefix?: string;
  readonly bucket?: string;
}

/** What a tenant has for itself where it is deployed, by the names that the catalogue notes. */
export type TenantBelongings = Pick<TenantRecord, 'database' | 'role' | 'prefix' | 'bucket'>;

/** From which status each may be reached; from itself, because what was interrupted is begun again. */
const REACHED_FROM: Readonly<Record<TenantStatus, readonly TenantStatus[]>> = {
  provisioning: ['provisioning'],
  ready: ['provisioning', 'ready'],
  removing: ['provisioning', 'ready', 'removing'],
  removed: ['removing', 'removed'],
};

/** The list of all tenants, those that are gone included: backups and the migrator go by it. */
export class TenantCatalogue {
  private readonly client: Pick<DynamoDB, 'getItem' | 'updateItem' | 'scan'>;
  private readonly table: string;
  private readonly belongings: (tenant: string) => TenantBelongings;

  /** @param belongings what a tenant has for itself; by default a database, its role and a prefix for files */
  constructor(
    client: Pick<DynamoDB, 'getItem' | 'updateItem' | 'scan'>,
    table: string,
    belongings: (tenant: string) => TenantBelongings = tenantNames,
  ) {
    this.client = client;
    this.table = table;
    this.belongings = belongings;
  }

  async find(tenant: string): Promise<TenantRecord | undefined> {
    const { Item: item } = await this.client.getItem({
      TableName: this.table,
      Key: { tenant: { S: tenant } },
      ConsistentRead: true,
    });
    return item ? recordOf(item) : undefined;
  }

  /**
   * Moves a tenant to a status.
   *
   * @throws Error if it is not in one that leads there, naming it
   */
  async move(tenant: string, to: TenantStatus, now: Date): Promise<TenantRecord> {
    const noted = Object.entries({ status: to, ...this.belongings(tenant), since: now.toISOString() });
    const from = REACHED_FROM[to];
    const places = from.map((_, index) => `:from${index}`);
    const isBeginning = to === 'provisioning';
    // Asked for again it stays as it was: whoever waits for the first backup must not begin to wait anew
    const first = to === 'ready' ? ['#readySince = if_not_exists(#readySince, :since)'] : [];
    try {
      const { Attributes: item } = await this.client.updateItem({
        TableName: this.table,
        Key: { tenant: { S: tenant } },
        UpdateExpression: `SET ${[...noted.map(([name]) => `#${name} = :${name}`), ...first].join(', ')}`,
        ConditionExpression: `${isBeginning ? 'attribute_not_exists(#status) OR ' : ''}#status IN (${places.join(', ')})`,
        ExpressionAttributeNames: {
          ...Object.fromEntries(noted.map(([name]) => [`#${name}`, name])),
          ...(to === 'ready' ? { '#readySince': 'readySince' } : {}),
        },
        ExpressionAttributeValues: {
          ...Object.fromEntries(from.map((status, index) => [`:from${index}`, { S: status }])),
          ...Object.fromEntries(noted.map(([name, value]) => [`:${name}`, { S: value }])),
        },
        ReturnValues: 'ALL_NEW',
      });
      return recordOf(item ?? {});
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') {
        const status = (await this.find(tenant))?.status ?? 'unknown';
        throw new Error(`tenant ${tenant} is ${status}, from which it cannot become ${to}: ${from.join(' or ')} can`);
      }
      throw error;
    }
  }

  /** Ids of the tenants whose database is there and in use. */
  async ready(): Promise<readonly string[]> {
    const records = await this.every();
    return records
      .filter(({ status }) => status === 'ready')
      .map(({ tenant }) => tenant)
      .sort();
  }

  /**
   * Every tenant, those that are gone included.
   *
   * @throws Error if an entry has no status or time: where its tenant stands cannot be known
   */
  async every(): Promise<readonly TenantRecord[]> {
    const found: TenantRecord[] = [];
    let from: Item | undefined;
    do {
      const page = await this.client.scan({
        TableName: this.table,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      });
      found.push(...(page.Items ?? []).map(recordOf));
      from = page.LastEvaluatedKey;
    } while (from);
    const spoiled = found.find(({ status, since }) => !(status in REACHED_FROM) || Number.isNaN(Date.parse(since)));
    if (spoiled) {
      throw new Error(
        `tenant '${spoiled.tenant}' is '${spoiled.status}' since '${spoiled.since}' in the catalogue, expected a status and a time: mend the entry`,
      );
    }
    return found;
  }
}

function recordOf(item: Item): TenantRecord {
  const text = (name: string) => item[name]?.S ?? '';
  const has = ['readySince', 'database', 'role', 'prefix', 'bucket'].filter((name) => text(name) !== '');
  return {
    tenant: text('tenant'),
    status: text('status') as TenantStatus,
    since: text('since'),
    ...Object.fromEntries(has.map((name) => [name, text(name)])),
  };
}
