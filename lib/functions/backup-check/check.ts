import type { Backup } from '@aws-sdk/client-backup';
import type { CloudWatch, MetricDatum } from '@aws-sdk/client-cloudwatch';
import { type Drills, daysSinceDrills } from './drills';
import { missingIn, recentPoints, type VaultExpectation } from './recovery-points';
import { type Listing, storesOf } from './stores';
import { type Tenants, tenantStores } from './tenant-stores';

/** What the check knows of its deployment, and whom it asks. Tests hand over their own. */
export interface Surroundings {
  readonly backup: Pick<Backup, 'getRestoreTestingPlan' | 'listRecoveryPointsByBackupVault' | 'listRestoreJobs'>;
  readonly cloudWatch: Pick<CloudWatch, 'putMetricData'>;
  readonly listing: Listing;
  /** ARNs of the stores that the deployment backs up. */
  readonly named: readonly string[];
  /** Start of a table's ARN. */
  readonly tableArn: string;
  /** Where each tenant has a bucket of its own: who they are. */
  readonly tenants?: Tenants;
  readonly vault: VaultExpectation;
  readonly copies: VaultExpectation;
  readonly drills: Drills;
  /** Namespace of the metrics. */
  readonly namespace: string;
  readonly now: () => Date;
  /** Writes one line of evidence. */
  readonly write: (line: string) => void;
}

const HOUR = 3_600_000;

/**
 * Looks once: whether each store has a recent backup in both vaults, the copy under the key of backups, and when a drill of each kind last
 * brought data back that stood the test. What it finds goes to the log as evidence and to metrics, whose alarms also miss a check that
 * never ran. How many stores were expected is one of them: no problem of no store would be no good news.
 *
 * @returns what is wrong, in words
 * @throws if anything could not be read or published, or there is no store to look for: not having looked is not having found nothing
 */
export async function checkBackups(around: Surroundings): Promise<readonly string[]> {
  const { backup, copies, now, vault } = around;
  const at = now();
  const deployed = await storesOf(around.listing, around.named, around.tableArn);
  const tenants = around.tenants ? await tenantStores(around.tenants) : { ready: [], unknown: [] };
  if (deployed.length + tenants.ready.length === 0) {
    throw new Error('the check was told of no store and found none, expected one or more to look for');
  }
  const made = await recentPoints(backup, vault, at);
  const copied = await recentPoints(backup, copies, at);
  // The first backup of a tenant may be as far off as any next one, and its copy too
  const isDue = (since: Date, { hours }: VaultExpectation) => at.getTime() - since.getTime() >= hours * HOUR;
  const missing = [
    ...deployed.map((store) => [...missingIn(vault, made, store), ...missingIn(copies, copied, store)]),
    ...tenants.ready.map(({ store, since }) => [
      ...(isDue(since, vault) ? missingIn(vault, made, store) : []),
      ...(isDue(since, copies) ? missingIn(copies, copied, store) : []),
    ]),
    ...tenants.unknown.map((store) => [`${store} is in no entry of the catalogue`]),
  ].filter((found) => found.length > 0);
  const counts = {
    StoresExpected: deployed.length + tenants.ready.length + tenants.unknown.length,
    StoresWithoutRecentBackup: missing.length,
    ...(around.tenants ? { TenantsInUse: tenants.ready.length } : {}),
  };
  const problems = missing.flat();
  const daysSinceDrill = await daysSinceDrills(backup, around.drills, at);
  around.write(
    JSON.stringify({ evidence: 'backup-check', at: at.toISOString(), deployed, ...counts, problems, daysSinceDrill }),
  );
  await around.cloudWatch.putMetricData({
    Namespace: around.namespace,
    MetricData: [...Object.entries(counts).map(count), ...Object.entries(daysSinceDrill).map(days)],
  });
  return problems;
}

function count([MetricName, Value]: [string, number]): MetricDatum {
  return { MetricName, Value, Unit: 'Count' };
}

function days([kind, sinceDrill]: [string, number]): MetricDatum {
  return {
    MetricName: 'DaysSinceRestoreDrill',
    Dimensions: [{ Name: 'Kind', Value: kind }],
    Value: sinceDrill,
    Unit: 'None',
  };
}
