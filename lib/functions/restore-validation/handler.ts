import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Backup } from '@aws-sdk/client-backup';
import { RDS } from '@aws-sdk/client-rds';
import { SNS } from '@aws-sdk/client-sns';
import { type DrillEvent, restoreDrill } from './drill';
import { inDatabase } from './session';

/**
 * Certificates that Lambda's runtime brings, those of RDS among them.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const AUTHORITIES = '/var/runtime/ca-cert.pem';

const backup = new Backup();
const rds = new RDS();
const sns = new SNS();

/** Entry point of the function: one step of a drill, with the SDK of the runtime. */
export async function handler(event: DrillEvent): Promise<void> {
  await restoreDrill({
    backup,
    rds,
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
