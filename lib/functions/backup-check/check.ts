import type { Backup } from '@aws-sdk/client-backup';
import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { type Listing, storesOf } from './stores';

/** What the check knows of its deployment, and whom it asks. Tests hand over their own. */
export interface Surroundings {
  readonly backup: Pick<Backup, 'getRestoreTestingPlan' | 'listRecoveryPointsByBackupVault' | 'listRestoreJobs'>;
  readonly cloudWatch: Pick<CloudWatch, 'putMetricData'>;
  readonly listing: Listing;
  /** ARNs of the stores that the deployment backs up. */
  readonly named: readonly string[];
  /** Start of a table's ARN. */
  readonly tableArn: string;
  readonly vault: VaultExpectation;
  readonly copies: VaultExpectation;
  readonly drillPlan: string;
  /** Namespace of the metrics. */
  readonly namespace: string;
  readonly now: () => Date;
  /** Writes one line of evidence. */
  readonly write: (line: string) => void;
}

/** What a vault must hold of every store. */
export interface VaultExpectation {
  readonly name: string;
  /** Hours that its newest backup may be old. */
  readonly hours: number;
  /** Key that its backups must lie under, by ARN. */
  readonly keyArn?: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Looks once: whether each store has a recent backup in both vaults, the copy under the key of backups, and when a drill last brought
 * data back that stood the test. What it finds goes to the log as evidence and to two metrics, whose alarms also miss a check that never ran.
 *
 * @returns what is wrong, in words
 * @throws if anything could not be read or published: not having looked is not having found nothing
 */
export async function checkBackups(around: Surroundings): Promise<readonly string[]> {
  const stores = await storesOf(around.listing, around.named, around.tableArn);
  const problems: string[] = [];
  let unprotected = 0;
  for (const store of stores) {
    const found = [
      ...(await missingIn(around, around.vault, store)),
      ...(await missingIn(around, around.copies, store)),
    ];
    unprotected += found.length > 0 ? 1 : 0;
    problems.push(...found);
  }
  const days = await daysSinceDrill(around);
  around.write(
    JSON.stringify({
      evidence: 'backup-check',
      at: around.now().toISOString(),
      stores,
      problems,
      daysSinceDrill: Math.round(days * 10) / 10,
    }),
  );
  await around.cloudWatch.putMetricData({
    Namespace: around.namespace,
    MetricData: [
      { MetricName: 'StoresWithoutRecentBackup', Value: unprotected, Unit: 'Count' },
      { MetricName: 'DaysSinceRestoreDrill', Value: days, Unit: 'None' },
    ],
  });
  return problems;
}

async function missingIn(around: Surroundings, vault: VaultExpectation, store: string): Promise<readonly string[]> {
  const since = new Date(around.now().getTime() - vault.hours * HOUR);
  const points = await pointsSince(around, vault.name, store, since);
  const complete = points.filter(({ Status: status }) => status === 'COMPLETED' || status === 'AVAILABLE');
  if (complete.length === 0) {
    return [`${store} has no backup in '${vault.name}' younger than ${vault.hours} hours`];
  }
  const foreign = complete.find(({ EncryptionKeyArn: key }) => vault.keyArn !== undefined && key !== vault.keyArn);
  return foreign
    ? [`${store} lies in '${vault.name}' under ${foreign.EncryptionKeyArn ?? 'no key'}, expected ${vault.keyArn}`]
    : [];
}

async function pointsSince(
  { backup }: Surroundings,
  BackupVaultName: string,
  ByResourceArn: string,
  ByCreatedAfter: Date,
): Promise<readonly { Status?: string; EncryptionKeyArn?: string }[]> {
  const found: { Status?: string; EncryptionKeyArn?: string }[] = [];
  let NextToken: string | undefined;
  do {
    const input = { BackupVaultName, ByResourceArn, ByCreatedAfter, NextToken };
    const page = await backup.listRecoveryPointsByBackupVault(input);
    found.push(...(page.RecoveryPoints ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** Counted from the plan's own beginning as long as there was no drill: a new environment is not overdue. */
async function daysSinceDrill({ backup, drillPlan, now }: Surroundings): Promise<number> {
  const { RestoreTestingPlan: plan } = await backup.getRestoreTestingPlan({ RestoreTestingPlanName: drillPlan });
  if (!plan?.RestoreTestingPlanArn || !plan.CreationTime) {
    throw new Error(`restore testing plan '${drillPlan}' was read without ARN or time of creation, expected both`);
  }
  const times = [plan.CreationTime.getTime()];
  let NextToken: string | undefined;
  do {
    const page = await backup.listRestoreJobs({
      ByRestoreTestingPlanArn: plan.RestoreTestingPlanArn,
      ByStatus: 'COMPLETED',
      NextToken,
    });
    for (const { ValidationStatus: validation, CompletionDate: completed } of page.RestoreJobs ?? []) {
      // That it came up proves nothing: only what was looked into counts
      times.push(...(validation === 'SUCCESSFUL' && completed ? [completed.getTime()] : []));
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return (now().getTime() - Math.max(...times)) / DAY;
}
