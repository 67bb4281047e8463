import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress } from '../database-access/sign-in';
import { sweepRows } from './sweep';

/** Milliseconds for what comes after the last batch: counting what is left, and telling of it. */
const RESERVE = 60_000;

/** Entry point of the function: one sweep over all databases. What it could not finish, Lambda tries again. */
export async function handler(
  _event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<Readonly<Record<string, number>>> {
  const signIn = iamSignIn(databaseAddress(process.env));
  return sweepRows({
    connect: (database) => signIn('row_keeper', database),
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE,
    log: (line) => console.log(line),
  });
}
