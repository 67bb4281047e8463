import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { vaultAt } from './plan-rules';

/**
 * Judges where one rule of a plan keeps its backups and copies them to. One copy away from here is enough; none may leave the promised
 * Regions.
 */
export function judgeCopies(rule: Node, scope: Scope, promised: readonly string[]): readonly Outcome[] {
  const { resolved } = rule.at('RuleName');
  const name = resolved.kind === 'scalar' ? String(resolved.value) : rule.path;
  const home = rule.at('TargetBackupVault');
  const target = vaultAt(home, scope);
  const copies = decide(rule.at('CopyActions').items(), {
    known: (list) => (list.length === 0 ? finding('noCopy', undefined, { rule: name }) : away(list)),
    absent: () => finding('noCopy', undefined, { rule: name }),
  });
  function away(list: readonly Node[]): readonly Outcome[] {
    const outcomes = list.map((copy) =>
      judgeCopy(copy.at('DestinationBackupVaultArn'), { name, target, scope, promised }),
    );
    const leaving = outcomes.filter(
      (outcome) => outcome.verdict === 'not-satisfied' && outcome.message === 'copyLeaves',
    );
    const isAway = outcomes.some(({ verdict }) => verdict === 'satisfied');
    return isAway ? [satisfied, ...leaving] : outcomes;
  }
  return [...judgeHome(home, target, name), ...copies];
}

/** A vault of the templates is judged by itself. */
function judgeHome(place: Node, vault: Subject | undefined, rule: string): readonly Outcome[] {
  if (vault) {
    return [satisfied];
  }
  return decide(place.pattern(), {
    known: (name) =>
      name === 'Default'
        ? finding('defaultVault', place.path, { rule })
        : notAssessed(`vault ${name} is not in the templates, nor its key and lock`),
    absent: () => notAssessed('CloudFormation requires a vault'),
  });
}

interface Copying {
  readonly name: string;
  readonly target?: Subject;
  readonly scope: Scope;
  readonly promised: readonly string[];
}

function judgeCopy(place: Node, { name: rule, target, scope, promised }: Copying): Outcome {
  const vault = vaultAt(place, scope);
  if (vault) {
    return vault === target
      ? finding('sameVault', place.path, { rule })
      : judgeOwnVault(vault, place, { rule, promised });
  }
  const text = place.pattern();
  if (text.kind !== 'known') {
    return notAssessed(text.kind === 'absent' ? 'CloudFormation requires a vault' : text.reason, place.path);
  }
  const [, region = '', account = '', named = ''] =
    /^arn:[^:]*:backup:([^:]*):([^:]*):backup-vault:(.*)$/.exec(text.value) ?? [];
  const { origin } = place.subject.template;
  const isOwnRegion = region === '${AWS::Region}' || region === origin.region;
  const isOwnAccount = account === '${AWS::AccountId}' || account === origin.account;
  if (named !== '' && !isOwnRegion && !promised.includes(region)) {
    return finding('copyLeaves', place.path, { rule, region, promised: promised.join(', ') });
  }
  if (named === '' || !(isOwnRegion && isOwnAccount)) {
    return notAssessed(`the vault ${text.value} is not in the templates, nor its key and lock`, place.path);
  }
  return notAssessed(`whether vault ${named} is air-gapped is not in the templates`, place.path);
}

function judgeOwnVault(
  vault: Subject,
  place: Node,
  { rule, promised }: { readonly rule: string; readonly promised: readonly string[] },
): Outcome {
  const { region, account } = vault.template.origin;
  const home = place.subject.template.origin;
  if (region !== home.region && !promised.includes(region ?? '')) {
    return finding('copyLeaves', place.path, { rule, region, promised: promised.join(', ') });
  }
  const isAway =
    vault.type === 'AWS::Backup::LogicallyAirGappedBackupVault' || region !== home.region || account !== home.account;
  return isAway ? satisfied : finding('notAway', place.path, { rule, vault: vault.logicalId });
}
