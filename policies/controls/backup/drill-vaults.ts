import { notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { rulesOf, vaultAt } from './plan-rules';

/**
 * Whether a drill may restore from a vault: one that is locked for good, and that backups are copied to. A wildcard takes whatever is
 * newest, which is the backup beside the database.
 *
 * @param wrong makes the outcome for a vault that is none
 */
export function isSafeSource(
  place: Node,
  scope: Scope,
  wrong: (place: Node, vault: string) => Outcome,
): readonly Outcome[] {
  const vault = vaultAt(place, scope);
  if (!vault) {
    const text = place.pattern();
    if (text.kind !== 'known') {
      return [notAssessed(text.kind === 'absent' ? 'it names no vault' : text.reason, place.path)];
    }
    return [
      text.value.includes('*')
        ? wrong(place, 'any vault')
        : notAssessed(`whether vault ${text.value} holds locked copies is not in the templates`, place.path),
    ];
  }
  return [isLocked(vault) && isCopiedTo(vault, scope) ? satisfied : wrong(place, `vault ${vault.logicalId}`)];
}

function isLocked(vault: Subject): boolean {
  return (
    vault.type === 'AWS::Backup::LogicallyAirGappedBackupVault' ||
    vault.at('LockConfiguration.ChangeableForDays').number().kind === 'known'
  );
}

function isCopiedTo(vault: Subject, scope: Scope): boolean {
  return scope.resources('AWS::Backup::BackupPlan').some((plan) => {
    const rules = rulesOf(plan);
    const copies = rules.kind === 'known' ? rules.value.map((rule) => rule.at('CopyActions').items()) : [];
    return copies.some(
      (list) =>
        list.kind === 'known' &&
        list.value.some((copy) => vaultAt(copy.at('DestinationBackupVaultArn'), scope) === vault),
    );
  });
}
