/** Names that AWS Backup gives to what it restores for a test, and deletes again. Its plans leave them out as well. */
const RESTORED = /[:/]awsbackup-restore-test/;

/** The calls that list stores; tests hand over their own. */
export interface Listing {
  describeDBClusters(input: {
    Marker?: string;
  }): Promise<{ DBClusters?: { DBClusterArn?: string }[]; Marker?: string }>;
  listTables(input: {
    ExclusiveStartTableName?: string;
  }): Promise<{ TableNames?: string[]; LastEvaluatedTableName?: string }>;
}

/**
 * Everything of the deployment that must have a backup: the stores that it names, whether they are still there or not, and every database
 * cluster and table that the account holds now, whoever made it. Buckets of tenants come beside it.
 *
 * @param named ARNs of the deployment
 * @param tableArn start of the ARN of a table, up to and with `table/`
 */
export async function storesOf(listing: Listing, named: readonly string[], tableArn: string): Promise<string[]> {
  const found = [...named, ...(await clusters(listing)), ...(await tables(listing, tableArn))];
  return [...new Set(found)].filter((arn) => !RESTORED.test(arn));
}

async function clusters(listing: Listing): Promise<string[]> {
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await listing.describeDBClusters(Marker === undefined ? {} : { Marker });
    found.push(...(page.DBClusters ?? []).map(({ DBClusterArn: arn }) => arn ?? ''));
    Marker = page.Marker;
  } while (Marker !== undefined);
  return found.filter((arn) => arn !== '');
}

async function tables(listing: Listing, tableArn: string): Promise<string[]> {
  const found: string[] = [];
  let ExclusiveStartTableName: string | undefined;
  do {
    const page = await listing.listTables(ExclusiveStartTableName === undefined ? {} : { ExclusiveStartTableName });
    found.push(...(page.TableNames ?? []).map((name) => `${tableArn}${name}`));
    ExclusiveStartTableName = page.LastEvaluatedTableName;
  } while (ExclusiveStartTableName !== undefined);
  return found;
}
