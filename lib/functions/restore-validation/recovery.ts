import { type Examination, examine } from './examine';
import type { CheckResult } from './integrity';

/** What a person asks for who restored a cluster in earnest. */
export interface RecoveryRequest {
  /** Identifier of the restored cluster. */
  readonly cluster: string;
  /** The moment that it was restored to, ISO 8601. */
  readonly restoredTo: string;
}

/** Whether the cluster may go live, and why. */
export interface RecoveryAnswer {
  readonly status: 'SUCCESSFUL' | 'FAILED';
  readonly results: readonly CheckResult[];
}

/** Start of the names of clusters that people restore: the function may change no others. */
const RECOVERED = 'restored-';

/**
 * Looks into a cluster that somebody restored, as a drill would, and erases again in it what the ledger says was erased. Asked again it goes on where
 * it broke off.
 *
 * @throws Error on another name, or a time that is none, and where AWS refuses anything
 */
export async function recoverCluster(
  around: Examination & { readonly write: (line: string) => void },
  { cluster, restoredTo }: RecoveryRequest,
): Promise<RecoveryAnswer> {
  if (!cluster?.startsWith(RECOVERED)) {
    throw new Error(
      `cluster is '${cluster}', expected one whose name begins with ${RECOVERED}: restore it under such a name`,
    );
  }
  const made = new Date(restoredTo);
  if (Number.isNaN(made.getTime())) {
    throw new Error(`restoredTo is '${restoredTo}', expected the moment that the cluster was restored to, ISO 8601`);
  }
  const results = await examine(around, cluster, { RecoveryPointCreationDate: made, RestoreJobId: cluster });
  const status = results.some(({ outcome }) => outcome === 'failed') ? 'FAILED' : 'SUCCESSFUL';
  around.write(
    JSON.stringify({ evidence: 'recovery', at: around.now(), restored: cluster, restoredTo, status, results }),
  );
  return { status, results };
}
