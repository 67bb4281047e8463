import { Backup } from '@aws-sdk/client-backup';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { RDS } from '@aws-sdk/client-rds';
import { S3 } from '@aws-sdk/client-s3';
import { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';
import { checkBackups, type Surroundings } from './check';

// A vault of many tenants is read page by page: one that is throttled is asked again, longer than by default
const backup = new Backup({ maxAttempts: 10 });
const cloudWatch = new CloudWatch();
const dynamoDb = new DynamoDB();
const rds = new RDS();
const s3 = new S3();

/** Entry point of the function: one look, with the SDK of the runtime. */
export async function handler(): Promise<readonly string[]> {
  return checkBackups({
    backup,
    cloudWatch,
    listing: {
      describeDBClusters: (input) => rds.describeDBClusters(input),
      listTables: (input) => dynamoDb.listTables(input),
    },
    named: setting('STORES').split(','),
    tableArn: setting('TABLE_ARN'),
    tenants: tenants(),
    vault: { name: setting('VAULT'), hours: Number(setting('VAULT_HOURS')) },
    copies: { name: setting('COPIES'), hours: Number(setting('COPIES_HOURS')), keyArn: setting('KEY_ARN') },
    drills: { plan: setting('DRILL_PLAN'), kinds: setting('DRILL_KINDS').split(',') },
    namespace: setting('NAMESPACE'),
    now: () => new Date(),
    write: (line) => process.stdout.write(`${line}\n`),
  });
}

/** Only where tenants have buckets of their own. */
function tenants(): Surroundings['tenants'] {
  return process.env.CATALOGUE
    ? {
        catalogue: new TenantCatalogue(dynamoDb, setting('CATALOGUE')),
        buckets: s3,
        bucketPrefix: setting('BUCKET_PREFIX'),
        bucketArn: setting('BUCKET_ARN'),
      }
    : undefined;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
