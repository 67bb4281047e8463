import type { Node } from '../../../lib/template/node';
import type { Reading } from '../../../lib/template/reading';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { longestGapHours } from './schedule-hours';

export const vaultTypes = ['AWS::Backup::BackupVault', 'AWS::Backup::LogicallyAirGappedBackupVault'];

/** The rules of a backup plan. */
export function rulesOf(plan: Subject): Reading<readonly Node[]> {
  return plan.items('BackupPlan.BackupPlanRule');
}

/**
 * Hours between two runs of a rule at most; undefined where its schedule is not understood. Without a schedule AWS Backup runs a rule daily.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-backup-backupplan-backupruleresourcetype.html
 */
export function hoursBetweenRuns(rule: Node): number | undefined {
  const schedule = rule.at('ScheduleExpression').text();
  switch (schedule.kind) {
    case 'known':
      return longestGapHours(schedule.value);
    case 'absent':
      return 24;
    case 'unresolved':
      return undefined;
  }
}

/** The vault at a place, by reference, by name, or as a literal ARN that names it. */
export function vaultAt(place: Node, scope: Scope): Subject | undefined {
  const { resolved } = place;
  if (resolved.kind === 'reference') {
    place.reference();
    const found = scope.subject(resolved.resource);
    return vaultTypes.includes(found.type) ? found : undefined;
  }
  const text = place.pattern();
  if (text.kind !== 'known') {
    return undefined;
  }
  const [, arnRegion, arnAccount, arnName] =
    /^arn:[^:]*:backup:([^:]*):([^:]*):backup-vault:(.*)$/.exec(text.value) ?? [];
  const name = arnName ?? text.value;
  const isHome = (vault: Subject) => {
    const { region, account } = vault.template.origin;
    return (
      arnName === undefined ||
      ((arnRegion === '${AWS::Region}' || arnRegion === region) &&
        (arnAccount === '${AWS::AccountId}' || arnAccount === account))
    );
  };
  return vaultTypes
    .flatMap((type) => scope.resources(type))
    .find((vault) => isHome(vault) && (nameOf(vault) === name || `\${${vault.logicalId}}` === name));
}

function nameOf(vault: Subject): string | undefined {
  const { resolved } = vault.at('BackupVaultName');
  return resolved.kind === 'scalar' ? String(resolved.value) : undefined;
}

/** Fewest and most days for which a vault takes backups; undefined where its lock sets no such bound. */
export function retentionBounds(vault: Subject): { readonly min: Reading<number>; readonly max: Reading<number> } {
  const place = vault.type === 'AWS::Backup::BackupVault' ? vault.at('LockConfiguration') : vault.root;
  return { min: place.at('MinRetentionDays').number(), max: place.at('MaxRetentionDays').number() };
}
