import { Backup } from '@aws-sdk/client-backup';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { RDS } from '@aws-sdk/client-rds';
import { checkBackups } from './check';

const backup = new Backup();
const cloudWatch = new CloudWatch();
const dynamoDb = new DynamoDB();
const rds = new RDS();

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
    vault: { name: setting('VAULT'), hours: Number(setting('VAULT_HOURS')) },
    copies: { name: setting('COPIES'), hours: Number(setting('COPIES_HOURS')), keyArn: setting('KEY_ARN') },
    drillPlan: setting('DRILL_PLAN'),
    namespace: setting('NAMESPACE'),
    now: () => new Date(),
    write: (line) => process.stdout.write(`${line}\n`),
  });
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
