import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import { hoursBetweenRuns, retentionBounds, vaultAt } from './plan-rules';

/** Most days for which a backup may be kept, where something is promised. */
export interface Ceilings {
  readonly daily?: number;
  readonly weekly?: number;
}

/** Most days of a continuous backup, and fewest in cold storage: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
const longestContinuous = 35;
const shortestCold = 90;

/** Judges how long one rule of a plan keeps its backups and their copies, and whether the vaults take them. */
export function judgeRule(rule: Node, ceilings: Ceilings, scope: Scope): readonly Outcome[] {
  const name = wordsOf(rule.at('RuleName'));
  const hours = hoursBetweenRuns(rule);
  const ceiling = hours !== undefined && hours <= 24 ? ceilings.daily : ceilings.weekly;
  const copies = rule.at('CopyActions').items();
  const lifetimes = [
    { place: rule.at('Lifecycle'), vault: rule.at('TargetBackupVault') },
    ...(copies.kind === 'known'
      ? copies.value.map((copy) => ({ place: copy.at('Lifecycle'), vault: copy.at('DestinationBackupVaultArn') }))
      : []),
  ];
  return [
    ...(hours === undefined
      ? [notAssessed('how often the rule runs is not understood', rule.at('ScheduleExpression').path)]
      : []),
    ...(copies.kind === 'unresolved' ? [notAssessed(copies.reason, copies.property)] : []),
    ...lifetimes.flatMap(({ place, vault }) => [
      ...judgeLifetime(place, { rule: name, ceiling }),
      ...judgeCold(place, name),
      ...judgeBounds(place, vault, { scope, rule: name }),
    ]),
    ...judgeContinuous(rule, name),
  ];
}

function judgeLifetime(lifecycle: Node, { rule, ceiling }: { readonly rule: string; readonly ceiling?: number }) {
  const beyond = (days: number | string) =>
    finding('tooLong', lifecycle.at('DeleteAfterDays').path, { rule, days, ceiling });
  return decide(lifecycle.at('DeleteAfterDays').number(), {
    known: (days) => (ceiling !== undefined && days > ceiling ? beyond(days) : satisfied),
    // Kept until somebody deletes it
    absent: () => (ceiling === undefined ? satisfied : beyond('all')),
  });
}

function judgeCold(lifecycle: Node, rule: string): readonly Outcome[] {
  return decide(lifecycle.at('MoveToColdStorageAfterDays').number(), {
    known: (after) =>
      decide(lifecycle.at('DeleteAfterDays').number(), {
        known: (end) =>
          end - after >= shortestCold
            ? satisfied
            : finding('coldTooShort', lifecycle.at('MoveToColdStorageAfterDays').path, { rule, days: end - after }),
        absent: () => satisfied,
      }),
    absent: () => satisfied,
  });
}

function judgeBounds(
  lifecycle: Node,
  place: Node,
  { scope, rule }: { readonly scope: Scope; readonly rule: string },
): readonly Outcome[] {
  const vault = vaultAt(place, scope);
  if (!vault) {
    // The bounds of a vault elsewhere are not here; whether it may be such a vault is the matter of bck-03
    const name = place.pattern();
    return name.kind === 'known' ? [] : [notAssessed('which vault it is cannot be read', place.path)];
  }
  const { min, max } = retentionBounds(vault);
  const isRequired = vault.type === 'AWS::Backup::LogicallyAirGappedBackupVault';
  const hidden = [min, max].find((bound) => bound.kind === 'unresolved' || (isRequired && bound.kind === 'absent'));
  if (hidden) {
    const reason = hidden.kind === 'unresolved' ? hidden.reason : 'CloudFormation requires it';
    return [notAssessed(`${vault.logicalId}: ${hidden.property}: ${reason}`)];
  }
  const least = min.kind === 'known' ? min.value : 0;
  const most = max.kind === 'known' ? max.value : Number.POSITIVE_INFINITY;
  const bounds = `${least} days to ${most === Number.POSITIVE_INFINITY ? 'any number' : most}`;
  const refused = (days: number | string) =>
    finding('refusedByVault', lifecycle.at('DeleteAfterDays').path, { rule, days, vault: vault.logicalId, bounds });
  return decide(lifecycle.at('DeleteAfterDays').number(), {
    known: (days) => (days < least || days > most ? refused(days) : satisfied),
    absent: () => (most === Number.POSITIVE_INFINITY ? satisfied : refused('all')),
  });
}

function judgeContinuous(rule: Node, name: string): readonly Outcome[] {
  return decide(rule.at('EnableContinuousBackup').bool(), {
    known: (isContinuous) =>
      isContinuous
        ? decide(rule.at('Lifecycle.DeleteAfterDays').number(), {
            known: (days) =>
              days > longestContinuous ? finding('continuousTooLong', undefined, { rule: name, days }) : satisfied,
            absent: () => finding('continuousTooLong', undefined, { rule: name, days: 'all' }),
          })
        : satisfied,
    absent: () => satisfied,
  });
}

function wordsOf(place: Node): string {
  const { resolved } = place;
  return resolved.kind === 'scalar' ? String(resolved.value) : place.path;
}
