import type { DynamoDB, TableDescription } from '@aws-sdk/client-dynamodb';
import type { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';
import type { CheckResult } from './integrity';

export interface TablesToCompare {
  readonly dynamoDb: Pick<DynamoDB, 'describeTable'>;
  /** Names of the tables. */
  readonly source: string;
  readonly restored: string;
  /** Reads a table by its name. */
  readonly catalogueOf: (table: string) => Pick<TenantCatalogue, 'every'>;
  /** Key that the table must lie under, by ARN. */
  readonly key: string;
  /** Entries that did not change since this time must be in the copy as they are. */
  readonly settled: Date;
}

/**
 * Compares a restored catalogue of tenants with the live one: its keys, its encryption, and every entry that did not change since the backup. No entry is
 * ever taken off the catalogue. An empty one, before the first tenant, is restored as an empty one; the evidence says how many were compared.
 */
export async function judgeTable(given: TablesToCompare): Promise<readonly CheckResult[]> {
  const source = await described(given, given.source);
  const restored = await described(given, given.restored);
  const live = await given.catalogueOf(given.source).every();
  const copied = new Map((await given.catalogueOf(given.restored).every()).map((record) => [record.tenant, record]));
  const settled = live.filter(({ since }) => Date.parse(since) < given.settled.getTime());
  const lost = settled.filter((record) => textOf(record) !== textOf(copied.get(record.tenant) ?? {}));
  const result = (check: string, isPassed: boolean, found: string): CheckResult => ({
    store: given.restored,
    check,
    outcome: isPassed ? 'passed' : 'failed',
    found,
  });
  const keys = JSON.stringify(restored.KeySchema);
  const key = restored.SSEDescription?.KMSMasterKeyArn ?? 'no key of ours';
  return [
    result('the table is in use', restored.TableStatus === 'ACTIVE', restored.TableStatus ?? 'unknown'),
    result('entries have their key', keys !== undefined && keys === JSON.stringify(source.KeySchema), keys ?? 'none'),
    result('the table lies under our key', key === given.key, key),
    result('every entry is there as it was', lost.length === 0, `${lost.length} of ${settled.length} differ`),
  ];
}

async function described({ dynamoDb }: TablesToCompare, TableName: string): Promise<TableDescription> {
  const { Table: table } = await dynamoDb.describeTable({ TableName });
  if (!table) {
    throw new Error(`table '${TableName}' was read without a description, expected one`);
  }
  return table;
}

function textOf(record: object): string {
  return JSON.stringify(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
