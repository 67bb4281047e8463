import type { Node } from '../../../lib/template/node';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Whether somebody may call an action, and if not, or if that cannot be seen, why. */
export type Permission = { readonly kind: 'yes' } | { readonly kind: 'no' | 'unknown'; readonly reason: string };

/**
 * Whether a function or state machine may call an action, by the policies of its role.
 *
 * @param property where it names its role
 */
export function mayCall(caller: Subject, property: string, action: string, scope: Scope): Permission {
  const role = caller.reference(property);
  if (role.kind !== 'known' || role.value.subject.type !== 'AWS::IAM::Role') {
    return { kind: 'unknown', reason: `the role of ${caller.logicalId} is not in the templates` };
  }
  const documents = documentsOf(role.value.subject, scope);
  return documents.some((document) => says(document, 'Allow', action)) &&
    !documents.some((document) => says(document, 'Deny', action))
    ? { kind: 'yes' }
    : { kind: 'no', reason: `${caller.logicalId} may not call ${action}` };
}

/** Policies of a role: its own, and those that are attached from either side. */
export function documentsOf(role: Subject, scope: Scope): readonly Node[] {
  const own = role.items('Policies');
  const attached = role.items('ManagedPolicyArns');
  const managed = attached.kind === 'known' ? attached.value : [];
  return [
    ...(own.kind === 'known' ? own.value.map((policy) => policy.at('PolicyDocument')) : []),
    ...managed.flatMap(({ resolved }) =>
      resolved.kind === 'reference' ? [scope.subject(resolved.resource).at('PolicyDocument')] : [],
    ),
    ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      scope.referring(role, type, 'Roles.*').map((policy) => policy.at('PolicyDocument')),
    ),
  ];
}

/** A statement that denies everywhere and always takes away what others allow. */
function says(document: Node, effect: 'Allow' | 'Deny', action: string): boolean {
  const read = statementsOf(document);
  const statements = read.kind === 'known' ? read.value.statements : [];
  return statements.some((statement) => {
    const covers = coversAction(statement, action);
    const isSaid = statement.effect === effect && covers.kind === 'known' && covers.value;
    return isSaid && (effect === 'Allow' || isAlways(statement));
  });
}

/** Read where it decides, of what denies: where an allowance reaches is judged elsewhere. */
function isAlways({ conditions, resources }: PolicyStatement): boolean {
  return (
    conditions.list.length + conditions.unresolved.length === 0 &&
    resources.form === 'only' &&
    resources.values.includes('*')
  );
}
