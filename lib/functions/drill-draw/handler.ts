import { randomInt } from 'node:crypto';
import { Backup } from '@aws-sdk/client-backup';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';
import { drawBucket } from './draw';

const backup = new Backup();
const dynamoDb = new DynamoDB();

/** Entry point of the function: one draw, with the SDK of the runtime. */
export async function handler(): Promise<string | undefined> {
  return drawBucket({
    backup,
    catalogue: new TenantCatalogue(dynamoDb, setting('CATALOGUE')),
    bucketArn: setting('BUCKET_ARN'),
    plan: setting('DRILL_PLAN'),
    selection: setting('DRILL_SELECTION'),
    now: () => new Date(),
    below: (limit) => randomInt(limit),
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
