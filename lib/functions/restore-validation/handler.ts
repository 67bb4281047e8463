import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Backup } from '@aws-sdk/client-backup';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { RDS } from '@aws-sdk/client-rds';
import { SNS } from '@aws-sdk/client-sns';
import { STS } from '@aws-sdk/client-sts';
import { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';
import { type DrillEvent, restoreDrill } from './drill';
import { filesAs } from './reading-session';
import { inDatabase } from './session';

/**
 * Certificates that Lambda's runtime brings, those of RDS among them.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const AUTHORITIES = '/var/runtime/ca-cert.pem';

const backup = new Backup();
const dynamoDb = new DynamoDB();
const rds = new RDS();
const sts = new STS();
const sns = new SNS();

/** Entry point of the function: one step of a drill, with the SDK of the runtime. */
export async function handler(event: DrillEvent): Promise<void> {
  await restoreDrill({
    backup,
    rds,
    filesAs: (session) => filesAs(sts, setting('READER_ROLE'), session),
    below: (limit) => randomInt(limit),
    bucketPrefix: process.env.BUCKET_PREFIX,
    dynamoDb,
    catalogueOf: (table) => new TenantCatalogue(dynamoDb, table),
    catalogue: setting('CATALOGUE'),
    tableKey: setting('TABLE_KEY'),
    filesKey: setting('FILES_KEY'),
    planArn: setting('PLAN_ARN'),
    instanceClass: setting('INSTANCE_CLASS'),
    ca: readFileSync(AUTHORITIES, 'utf8'),
    inDatabase,
    report: async (subject, message) => {
      await sns.publish({ TopicArn: setting('TOPIC'), Subject: subject, Message: message });
    },
    write: (line) => process.stdout.write(`${line}\n`),
    now: () => new Date(),
    pause,
  })(event);
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
