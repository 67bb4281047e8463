import type { DynamoDB, Item } from '@aws-sdk/client-dynamodb';
import { tenantNames } from '../../database/tenant-names';

/** Where a tenant stands. From `removed` nothing leads back: its id is not used again. */
export type TenantStatus = 'provisioning' | 'ready' | 'removing' | 'removed';

/** A tenant, as the catalogue knows it. Times are ISO 8601. */
export interface TenantRecord {
  readonly tenant: string;
  readonly status: TenantStatus;
  readonly database: string;
  readonly role: string;
  readonly prefix: string;
  readonly since: string;
}

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

  constructor(client: Pick<DynamoDB, 'getItem' | 'updateItem' | 'scan'>, table: string) {
    this.client = client;
    this.table = table;
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
    const { database, role, prefix } = tenantNames(tenant);
    const from = REACHED_FROM[to];
    const places = from.map((_, index) => `:from${index}`);
    const isBeginning = to === 'provisioning';
    try {
      const { Attributes: item } = await this.client.updateItem({
        TableName: this.table,
        Key: { tenant: { S: tenant } },
        UpdateExpression: 'SET #status = :to, #database = :database, #role = :role, #prefix = :prefix, #since = :since',
        ConditionExpression: `${isBeginning ? 'attribute_not_exists(#status) OR ' : ''}#status IN (${places.join(', ')})`,
        ExpressionAttributeNames: {
          '#status': 'status',
          '#database': 'database',
          '#role': 'role',
          '#prefix': 'prefix',
          '#since': 'since',
        },
        ExpressionAttributeValues: {
          ...Object.fromEntries(from.map((status, index) => [`:from${index}`, { S: status }])),
          ':to': { S: to },
          ':database': { S: database },
          ':role': { S: role },
          ':prefix': { S: prefix },
          ':since': { S: now.toISOString() },
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
    const ready: string[] = [];
    let from: Item | undefined;
    do {
      const page = await this.client.scan({
        TableName: this.table,
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      });
      const records = (page.Items ?? []).map(recordOf);
      ready.push(...records.filter(({ status }) => status === 'ready').map(({ tenant }) => tenant));
      from = page.LastEvaluatedKey;
    } while (from);
    return ready.sort();
  }
}

function recordOf(item: Item): TenantRecord {
  const text = (name: string) => item[name]?.S ?? '';
  return {
    tenant: text('tenant'),
    status: text('status') as TenantStatus,
    database: text('database'),
    role: text('role'),
    prefix: text('prefix'),
    since: text('since'),
  };
}
