import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Backup } from '@aws-sdk/client-backup';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { RDS } from '@aws-sdk/client-rds';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { STS } from '@aws-sdk/client-sts';
import { everyErasure } from '../erasure-ledger/erasure-ledger';
import { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';
import { type DrillEvent, restoreDrill, type Surroundings } from './drill';
import { filesAs } from './reading-session';
import { type RecoveryAnswer, type RecoveryRequest, recoverCluster } from './recovery';
import { inDatabase, openAs } from './session';

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

/** Milliseconds for what comes after the last batch of rows that is erased again. */
const RESERVE = 60_000;

/** Entry point of the function: one step of a drill, or a look into what somebody restored in earnest, with the SDK of the runtime. */
export async function handler(
  event: DrillEvent | { readonly recover: RecoveryRequest },
  context: { getRemainingTimeInMillis(): number },
): Promise<RecoveryAnswer | undefined> {
  const around = surroundings(() => context.getRemainingTimeInMillis() > RESERVE);
  if ('recover' in event) {
    return recoverCluster(around, event.recover);
  }
  await restoreDrill(around)(event);
  return undefined;
}

function surroundings(hasTime: () => boolean): Surroundings {
  const ledger = { client: new S3(), bucket: setting('LEDGER'), account: setting('BUCKET_ACCOUNT') };
  return {
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
    openAs,
    erased: () => everyErasure(ledger),
    hasTime,
    report: async (subject, message) => {
      await sns.publish({ TopicArn: setting('TOPIC'), Subject: subject, Message: message });
    },
    write: (line) => process.stdout.write(`${line}\n`),
    now: () => new Date(),
    pause,
  };
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
