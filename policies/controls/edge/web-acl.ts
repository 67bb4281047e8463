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
