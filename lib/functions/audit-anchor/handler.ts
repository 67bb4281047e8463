import { S3 } from '@aws-sdk/client-s3';
import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress, setting } from '../database-access/sign-in';
import { anchorChains } from './anchor';
import { AnchorArchive } from './anchor-archive';

/** Entry point of the function: one run over all databases, with the SDK of the runtime. `whole` recomputes every chain from its beginning. */
export async function handler(event: { readonly whole?: boolean }): Promise<readonly string[]> {
  const signIn = iamSignIn(databaseAddress(process.env));
  const of = (name: string) => setting(process.env, name);
  return anchorChains({
    connect: (database) => signIn('audit_keeper', database),
    archive: new AnchorArchive(new S3(), of('BUCKET'), Number(of('ANCHOR_MINUTES'))),
    retentionDays: Number(of('RETENTION_DAYS')),
    whole: event.whole === true,
    now: () => new Date(),
    log: (line) => console.log(line),
  });
}
