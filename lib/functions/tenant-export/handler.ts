import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider';
import { SFN } from '@aws-sdk/client-sfn';
import { STS } from '@aws-sdk/client-sts';
import { tenantNames } from '../../database/tenant-names';
import { iamSignIn } from '../database-access/iam-sign-in';
import { databaseAddress, setting } from '../database-access/sign-in';
import { type Exporting, type ExportStep, exportStep } from './export';
import { tenantOf } from './request';
import type { RowFormat } from './row-parts';
import { sessionOf } from './tenant-session';

/** Milliseconds in which what was gathered is written, and in which whoever goes on starts. */
const RESERVE = 180_000;
/** Milliseconds in which a transaction ends. */
const END = 5_000;

/** What depends on the run, and on nothing that is deployed. */
type Clock = Pick<Exporting, 'hasTime' | 'patience' | 'handOver' | 'now'>;

type Request = ExportStep & { readonly token?: string };

/**
 * Entry point of the function: one step of an export. Where the process waits for a token, the answer goes by that: whoever has no time left must
 * answer before it ends, so that another is there while its transaction is open.
 */
export async function handler(
  { token, ...step }: Request,
  context: { getRemainingTimeInMillis(): number },
): Promise<unknown> {
  const answer = (output: unknown) =>
    new SFN().sendTaskSuccess({ taskToken: token ?? '', output: JSON.stringify(output) });
  const work: Clock = {
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE,
    patience: () => context.getRemainingTimeInMillis() > END,
    handOver: async (progress) => {
      await answer({ isDone: false, progress });
    },
    now: () => new Date(),
  };
  const run = () => exportStep(step, { ...work, ...surroundings(process.env) });
  if (token === undefined) {
    return run();
  }
  await tellOf(run, answer, token);
  return undefined;
}

async function tellOf(
  run: () => ReturnType<typeof exportStep>,
  answer: (output: unknown) => Promise<unknown>,
  taskToken: string,
): Promise<void> {
  try {
    const turn = await run();
    if (turn && 'isDone' in turn && turn.isDone) {
      await answer(turn);
    }
  } catch (error) {
    // PostgreSQL's own words, without its DETAIL: that prints the values of a row
    const [name, cause] = error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
    await new SFN().sendTaskFailure({ taskToken, error: name, cause: cause.slice(0, 2000) });
  }
}

function surroundings(env: NodeJS.ProcessEnv): Omit<Exporting, keyof Clock> {
  return {
    directory: { client: new CognitoIdentityProvider(), userPool: setting(env, 'USER_POOL') },
    target: { bucket: setting(env, 'EXPORTS_BUCKET'), account: setting(env, 'BUCKET_ACCOUNT') },
    formats: setting(env, 'FORMATS').split(' ') as RowFormat[],
    runHours: Number(setting(env, 'RUN_HOURS')),
    source: (digits) =>
      env.BUCKET_PREFIX
        ? { bucket: `${env.BUCKET_PREFIX}${digits}`, prefix: '' }
        : { bucket: setting(env, 'FILES_BUCKET'), prefix: `${digits}/` },
    as: async (digits) => {
      const { credentials, s3 } = await sessionOf(new STS(), setting(env, 'EXPORT_ROLE'), digits);
      const { database, role } = tenantNames(tenantOf(digits));
      const signIn = iamSignIn(databaseAddress(env), credentials);
      return { s3, database: () => signIn(env.PGUSER ?? role, env.PGDATABASE ?? database) };
    },
  };
}
