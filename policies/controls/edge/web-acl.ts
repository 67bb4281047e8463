import { notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Reading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';

export const webAcl = 'AWS::WAFv2::WebACL';
export const association = 'AWS::WAFv2::WebACLAssociation';

/** One rule of a web ACL; nothing of it is read before it is asked for. */
export interface FirewallRule {
  readonly node: Node;
  /** What it is called, for people. */
  readonly name: string;
  readonly statement: Node;
}

export function rulesOf(acl: Subject): Reading<readonly FirewallRule[]> {
  const list = acl.items('Rules');
  return list.kind === 'known'
    ? { ...list, value: list.value.map((node) => ({ node, name: nameOf(node), statement: node.at('Statement') })) }
    : list;
}

/** The rules that a request meets, those of one's own rule groups in their place; and whether a group is not in the template. */
export interface EffectiveRules {
  readonly rules: readonly FirewallRule[];
  readonly hidden: boolean;
}

export function effectiveRules(rules: readonly FirewallRule[]): EffectiveRules {
  const opened = rules.map(openedGroup);
  return { rules: opened.flatMap((each) => each ?? []), hidden: opened.includes(undefined) };
}

/** A group that its rule makes count answers nobody; undefined for one whose rules cannot be read. */
function openedGroup(rule: FirewallRule): readonly FirewallRule[] | undefined {
  const group = rule.statement.at('RuleGroupReferenceStatement');
  if (group.resolved.kind === 'absent') {
    return [rule];
  }
  const reference = group.at('Arn').reference();
  const inner = reference.kind === 'known' ? rulesOf(reference.value.subject) : undefined;
  const blocks = rule.node.at('OverrideAction.None').state() === 'known';
  return inner?.kind === 'known' ? (blocks ? inner.value : []) : undefined;
}

function nameOf(rule: Node): string {
  const { resolved } = rule.at('Name');
  return resolved.kind === 'scalar' ? String(resolved.value) : rule.path;
}

/** Types of what a web ACL stands in front of, as far as the deployment shows. */
export function protectedTypes(acl: Subject): readonly string[] {
  const associated = acl.scope.referring(acl, association, 'WebACLArn').map((each) => {
    const { resolved } = each.at('ResourceArn');
    const pool = /:userpool\//.test(
      resolved.kind === 'scalar' ? String(resolved.value) : resolved.kind === 'pattern' ? resolved.text : '',
    );
    return resolved.kind === 'reference' ? resolved.resource.type : pool ? 'AWS::Cognito::UserPool' : association;
  });
  const distributions = acl.scope.referring(acl, 'AWS::CloudFront::Distribution', 'DistributionConfig.WebACLId');
  return [...associated, ...distributions.map(({ type }) => type)];
}

/** Whether it stands in front of user pools alone: they show a firewall no body, and have no routes. */
export function guardsPoolsOnly(types: readonly string[]): boolean {
  return types.length > 0 && types.every((type) => type === 'AWS::Cognito::UserPool');
}

/** Whether a rule's own action is there: `Block`, `Count`, `Allow`, `Captcha`, `Challenge`. */
export function acts(rule: FirewallRule, action: string): 'known' | 'absent' | 'unresolved' {
  return rule.node.at(`Action.${action}`).state();
}

/** What is missing among the rules that can be read may stand in a group that cannot. */
export function unlessHidden(outcome: Outcome): Outcome {
  return outcome.verdict === 'not-satisfied' && outcome.property === 'Rules'
    ? notAssessed('a rule group that the web ACL refers to is not in the template', 'Rules')
    : outcome;
}
