import type { Backup } from '@aws-sdk/client-backup';
import type { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';

/** What the draw knows of its deployment, and whom it asks. Tests hand over their own. */
export interface Surroundings {
  readonly catalogue: Pick<TenantCatalogue, 'every'>;
  readonly backup: Pick<Backup, 'updateRestoreTestingSelection'>;
  /** Start of the ARN of a bucket, up to and with `:::`. */
  readonly bucketArn: string;
  /** Name of the restore testing plan, and of the selection in it. */
  readonly plan: string;
  readonly selection: string;
  readonly now: () => Date;
  /** A whole number from 0 on, below the limit. */
  readonly below: (limit: number) => number;
  /** Writes one line of evidence. */
  readonly write: (line: string) => void;
}

/** Time in use after which a tenant surely has a copy that can be restored: three days. */
const COPIED_AFTER = 3 * 86_400_000;

/**
 * Draws the tenant whose bucket the next drill restores. Without a tenant the selection stays as it is.
 *
 * @returns ARN of the bucket
 * @throws if AWS refuses anything, so that the event comes again and, in the end, somebody is told
 */
export async function drawBucket(around: Surroundings): Promise<string | undefined> {
  const now = around.now();
  const records = await around.catalogue.every();
  const drawn = records.flatMap(({ bucket, status, since, readySince = since }) =>
    bucket !== undefined && status === 'ready' && now.getTime() - Date.parse(readySince) >= COPIED_AFTER
      ? [`${around.bucketArn}${bucket}`]
      : [],
  );
  const bucket = drawn[around.below(Math.max(drawn.length, 1))];
  around.write(
    JSON.stringify({ evidence: 'drill-draw', at: now.toISOString(), of: drawn.length, bucket: bucket ?? null }),
  );
  if (bucket !== undefined) {
    await around.backup.updateRestoreTestingSelection({
      RestoreTestingPlanName: around.plan,
      RestoreTestingSelectionName: around.selection,
      RestoreTestingSelection: { ProtectedResourceArns: [bucket] },
    });
  }
  return bucket;
}
