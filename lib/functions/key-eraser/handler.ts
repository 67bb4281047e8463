import { S3 } from '@aws-sdk/client-s3';
import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress, setting } from '../database-access/sign-in';
import { recordErasure } from '../erasure-ledger/erasure-ledger';
import { eraseKeys } from './erase-keys';

/** Milliseconds for what comes after the last key. */
const RESERVE = 30_000;

/** Entry point of the function: one run over all databases. What it could not finish, the next run does. */
export async function handler(_event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<number> {
  const { env } = process;
  const signIn = iamSignIn(databaseAddress(env));
  const ledger = { client: new S3(), bucket: setting(env, 'LEDGER'), account: setting(env, 'BUCKET_ACCOUNT') };
  return eraseKeys({
    connect: (database) => signIn('tenant_eraser', database),
    record: (erased) => recordErasure(ledger, erased, new Date()),
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE,
    log: (line) => console.log(line),
  });
}
