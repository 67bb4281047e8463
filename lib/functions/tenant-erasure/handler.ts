import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { S3 } from '@aws-sdk/client-s3';
import { STS } from '@aws-sdk/client-sts';
import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress, setting } from '../database-access/sign-in';
import { recordErasure } from '../erasure-ledger/erasure-ledger';
import { type ErasureAnswer, type ErasureRequest, eraseTenant } from './erasure';
import { filesOf } from './file-session';
import type { SharedRows } from './rows';

/** Milliseconds for what a batch takes at most. */
const RESERVE = 60_000;

/** Entry point of the function: one step of an erasure. What it had no time for, the process asks for again. */
export async function handler(
  request: ErasureRequest,
  context: { getRemainingTimeInMillis(): number },
): Promise<ErasureAnswer> {
  const { env } = process;
  const hasTime = () => context.getRemainingTimeInMillis() > RESERVE;
  const ledger = { client: new S3(), bucket: setting(env, 'LEDGER'), account: setting(env, 'BUCKET_ACCOUNT') };
  return eraseTenant(request, {
    record: (erased) => recordErasure(ledger, erased, new Date()),
    accounts: { client: new CognitoIdentityProvider(), userPool: setting(env, 'USER_POOL'), hasTime },
    place: (digits) =>
      env.BUCKET_PREFIX
        ? { bucket: `${env.BUCKET_PREFIX}${digits}` }
        : { bucket: setting(env, 'FILES_BUCKET'), prefix: `${digits}/` },
    files: async (digits) => ({
      client: await filesOf(new STS(), setting(env, 'FILES_ROLE'), digits),
      account: setting(env, 'BUCKET_ACCOUNT'),
      hasTime,
    }),
    rows: env.PGHOST ? sharedRows(env, hasTime) : undefined,
  });
}

function sharedRows(env: NodeJS.ProcessEnv, hasTime: () => boolean): SharedRows {
  const signIn = iamSignIn(databaseAddress(env));
  return { connect: (database) => signIn('tenant_eraser', database), hasTime };
}
