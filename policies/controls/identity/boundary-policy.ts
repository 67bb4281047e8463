import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

const owners = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/**
 * Whether a managed policy does nothing but bound identities: a role, a user or a permission set names it as its boundary, and none is given it.
 * A boundary takes away, so that it allows everything gives nothing to anybody.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function isOnlyBoundary(policy: Subject, scope: Scope): boolean {
  const given =
    ['Roles', 'Users', 'Groups'].some((list) => policy.at(list).state() !== 'absent') ||
    owners.some((type) => scope.referring(policy, type, 'ManagedPolicyArns.*').length > 0);
  if (policy.type !== 'AWS::IAM::ManagedPolicy' || given) {
    return false;
  }
  const bounded = owners.some((type) => scope.referring(policy, type, 'PermissionsBoundary').length > 0);
  const sets = permissionSets(scope);
  const name = policy.text('ManagedPolicyName');
  if (name.kind !== 'known') {
    // Without a name of its own no permission set can mean it
    return name.kind === 'absent' && bounded;
  }
  return sets.every((set) => !gives(set, name.value)) && (bounded || sets.some((set) => bounds(set, name.value)));
}

/** Those of the deployment, and of the one whose stack set brings the policy into the accounts. */
function permissionSets(scope: Scope): readonly Subject[] {
  return [...scope.resources('AWS::SSO::PermissionSet'), ...(scope.carrier ? permissionSets(scope.carrier) : [])];
}

function bounds(set: Subject, policy: string): boolean {
  const name = set.text('PermissionsBoundary.CustomerManagedPolicyReference.Name');
  return name.kind === 'known' && name.value === policy;
}

/** A list that cannot be read may hold it. */
function gives(set: Subject, policy: string): boolean {
  const list = set.items('CustomerManagedPolicyReferences');
  return list.kind === 'known'
    ? list.value.some((item) => {
        const name = item.at('Name').text();
        return name.kind !== 'known' || name.value === policy;
      })
    : list.kind === 'unresolved';
}
