import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { signInLockout } from './lockout';

/** Entry point of the function: the lockout with the SDK of the runtime. */
export const handler = signInLockout({
  // Cognito waits for five seconds: one slow answer must not use them up
  counts: new DynamoDB({ requestHandler: { requestTimeout: 1000, connectionTimeout: 1000 } }),
  tableName: setting('LOCKOUT_TABLE'),
  failures: positive('LOCKOUT_FAILURES'),
  minutes: positive('LOCKOUT_MINUTES'),
  now: () => new Date(),
  log: (line) => console.log(line),
});

function positive(name: string): number {
  const value = Number(setting(name));
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${name} is '${process.env[name]}', expected a whole number of at least 1`);
  }
  return value;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
