import { randomBytes } from 'node:crypto';
import type { RDS } from '@aws-sdk/client-rds';
import type { Session } from '../../database/migrate-databases';
import type { Erased } from '../erasure-ledger/erasure-ledger';
import { eraseAgain, erasedThatLive, type RestoredCluster } from '../erasure-ledger/replay';
import { type CheckResult, judgeCluster, type Query } from './integrity';
import type { Access } from './session';
import { type BackupTime, databasesBefore, type Stores } from './stores';

/** Whom somebody asks who looks into a restored cluster. */
export interface Examination extends Stores {
  readonly rds: Pick<RDS, 'describeDBClusters' | 'modifyDBCluster'>;
  /** Certificates of the authorities of RDS, PEM. */
  readonly ca: string;
  /** Does some work in a database; `inDatabase` outside of tests. */
  readonly inDatabase: <T>(access: Access, database: string, work: (query: Query) => Promise<T>) => Promise<T>;
  /** Opens a session in a database as one of the roles of the cluster; `openAs` outside of tests. */
  readonly openAs: (access: Access, role: string, database: string) => Promise<Session>;
  /** What was ever erased: `everyErasure` of the ledger. */
  readonly erased: () => Promise<readonly Erased[]>;
  /** Whether there is time for another batch of rows. */
  readonly hasTime: () => boolean;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** A new password and the name of a new server take a while until they hold. */
const PATIENCE_MILLISECONDS = 480_000;
const ATTEMPT_MILLISECONDS = 15_000;

/** What the administrator puts on to erase. */
const ROLES = ['tenant_eraser', 'provisioner'];

/**
 * Looks into a restored cluster, erases again what the ledger says was erased, and looks whether it is gone. A cluster that cannot be asked has
 * failed: in an emergency nobody could ask it either.
 *
 * The copy brings the passwords of the day it was made, which nobody needs to know: the administrator of the restored cluster gets a new one, which
 * is forgotten with the function's memory.
 *
 * @throws if AWS refuses anything: without the ledger or the catalogue there is no verdict
 */
export async function examine(around: Examination, cluster: string, of: BackupTime): Promise<readonly CheckResult[]> {
  const expected = await databasesBefore(around, of);
  const erased = await around.erased();
  try {
    const access = await reachable(around, cluster);
    const isReady = await around.inDatabase(access, 'postgres', letIn);
    const results = await judgeCluster((database, work) => around.inDatabase(access, database, work), expected);
    const gone = await judgeErased(around, access, erased);
    if (isReady) {
      await around.inDatabase(access, 'postgres', (query) => query(`REVOKE ${ROLES.join(', ')} FROM CURRENT_USER`));
    }
    return [...results, gone];
  } catch (error) {
    return [{ store: '*', check: 'the cluster can be asked', outcome: 'failed', found: wordsOf(error) }];
  }
}

/** The administrator of RDS is no superuser: it comes into databases, and erases in them, as the roles that may. */
async function letIn(query: Query): Promise<boolean> {
  const found = await query(`SELECT rolname FROM pg_roles WHERE rolname IN ('${ROLES.join("', '")}')`);
  if (found.length !== ROLES.length) {
    return false;
  }
  await query('GRANT tenant_eraser TO CURRENT_USER WITH INHERIT TRUE, SET TRUE');
  await query('GRANT provisioner TO CURRENT_USER WITH INHERIT FALSE, SET TRUE');
  return true;
}

/** Whoever was erased before the backup is not in it, whoever was erased since is: both must be gone. */
async function judgeErased(
  { hasTime, openAs }: Examination,
  access: Access,
  erased: readonly Erased[],
): Promise<CheckResult> {
  const check = 'whoever was erased is erased again';
  const tenants = erased.filter(({ key }) => key === undefined).length;
  const found = `${tenants} tenants and ${erased.length - tenants} people`;
  if (erased.length === 0) {
    return { store: '*', check, outcome: 'absent', found };
  }
  const cluster: RestoredCluster = { connect: (role, database) => openAs(access, role, database), hasTime };
  try {
    await eraseAgain(erased, cluster);
    const living = await erasedThatLive(erased, cluster);
    return living.length === 0
      ? { store: '*', check, outcome: 'passed', found }
      : { store: '*', check, outcome: 'failed', found: living.join(', ') };
  } catch (error) {
    return { store: '*', check, outcome: 'failed', found: wordsOf(error) };
  }
}

async function reachable(around: Examination, cluster: string): Promise<Access> {
  const { rds, ca, now, pause } = around;
  const { DBClusters: found } = await rds.describeDBClusters({ DBClusterIdentifier: cluster });
  const { Endpoint: host, Port: port, MasterUsername: user } = found?.[0] ?? {};
  if (!host || !port || !user) {
    throw new Error(`cluster '${cluster}' has no endpoint, port or administrator, expected all three`);
  }
  const password = randomBytes(24).toString('base64url');
  await rds.modifyDBCluster({
    DBClusterIdentifier: cluster,
    ManageMasterUserPassword: false,
    MasterUserPassword: password,
    ApplyImmediately: true,
  });
  const access = { host, port, user, password, ca };
  for (const deadline = now().getTime() + PATIENCE_MILLISECONDS; ; ) {
    try {
      await around.inDatabase(access, 'postgres', (query) => query('SELECT 1'));
      return access;
    } catch (error) {
      if (now().getTime() >= deadline) {
        throw error;
      }
      await pause(ATTEMPT_MILLISECONDS);
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
