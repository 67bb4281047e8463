import type { Backup } from '@aws-sdk/client-backup';

/** What a vault must hold of every store. */
export interface VaultExpectation {
  readonly name: string;
  /** Hours that its newest backup may be old. */
  readonly hours: number;
  /** Key that its backups must lie under, by ARN. */
  readonly keyArn?: string;
}

interface Point {
  readonly Status?: string;
  readonly EncryptionKeyArn?: string;
}

/** The recent backups of a vault, by the ARN of the store that they are of. */
export type RecentPoints = ReadonlyMap<string, readonly Point[]>;

const HOUR = 3_600_000;

/** Reads a vault once for all stores: one question for each would take hours where there are thousands of tenants. */
export async function recentPoints(
  backup: Pick<Backup, 'listRecoveryPointsByBackupVault'>,
  vault: VaultExpectation,
  now: Date,
): Promise<RecentPoints> {
  const found = new Map<string, Point[]>();
  const ByCreatedAfter = new Date(now.getTime() - vault.hours * HOUR);
  let NextToken: string | undefined;
  do {
    const page = await backup.listRecoveryPointsByBackupVault({
      BackupVaultName: vault.name,
      ByCreatedAfter,
      MaxResults: 1000,
      NextToken,
    });
    for (const point of page.RecoveryPoints ?? []) {
      const store = point.ResourceArn ?? '';
      found.set(store, [...(found.get(store) ?? []), point]);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** What a vault lacks of a store, in words; nothing where it has what it must. */
export function missingIn(vault: VaultExpectation, points: RecentPoints, store: string): readonly string[] {
  const complete = (points.get(store) ?? []).filter(
    ({ Status: status }) => status === 'COMPLETED' || status === 'AVAILABLE',
  );
  if (complete.length === 0) {
    return [`${store} has no backup in '${vault.name}' younger than ${vault.hours} hours`];
  }
  const foreign = complete.find(({ EncryptionKeyArn: key }) => vault.keyArn !== undefined && key !== vault.keyArn);
  return foreign
    ? [`${store} lies in '${vault.name}' under ${foreign.EncryptionKeyArn ?? 'no key'}, expected ${vault.keyArn}`]
    : [];
}
