import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { documentsOf } from '../backup/function-permissions';

/** Calls that give whoever makes them every right, unless they are held to the one policy that takes rights away. */
const attaching = ['iam:AttachRolePolicy', 'iam:AttachUserPolicy'];
const writing = ['iam:PutRolePolicy', 'iam:PutUserPolicy', 'iam:CreatePolicyVersion', 'iam:UpdateAssumeRolePolicy'];

/** Judges what the role of a containment may do to identities: cut them off, and not raise them. */
export function judgeRole(machine: Subject, scope: Scope): readonly Outcome[] {
  const role = machine.reference('RoleArn');
  if (role.kind !== 'known' || role.value.subject.type !== 'AWS::IAM::Role') {
    return [notAssessed('the role of the machine is not in the templates', 'RoleArn')];
  }
  const documents = documentsOf(role.value.subject, scope).map(statementsOf);
  if (documents.length === 0) {
    return [notAssessed('the policies of its role are not in the templates', 'RoleArn')];
  }
  return documents.flatMap((document): readonly Outcome[] =>
    document.kind === 'known'
      ? [
          ...document.value.unresolved.map(({ reason, property }) => notAssessed(reason, property)),
          ...document.value.statements.flatMap(raises),
        ]
      : [notAssessed(document.kind === 'unresolved' ? document.reason : 'its role has an empty policy', 'RoleArn')],
  );
}

function raises(statement: PolicyStatement): readonly Outcome[] {
  if (statement.effect === 'Deny') {
    return [];
  }
  const { actions, actionPath } = statement;
  if (actions.unresolved.length > 0 || (actions.form !== 'except' && actions.values.length === 0)) {
    return [notAssessed('the actions of its role cannot be read', actionPath)];
  }
  const covers = (action: string) => {
    const answer = coversAction(statement, action);
    return answer.kind !== 'known' || answer.value;
  };
  const action =
    attaching.find((each) => covers(each) && !isHeld(statement)) ??
    writing.find((each) => covers(each) && isAnywhere(statement));
  return action === undefined ? [] : [finding('mightRaise', undefined, { action })];
}

/** Held to the policy that denies everything. */
function isHeld({ conditions }: PolicyStatement): boolean {
  return conditions.list.some(
    ({ operator, key, ifExists, values, unresolved }) =>
      /^(Arn|String)(Equals|Like)$/i.test(operator) &&
      /^iam:PolicyARN$/i.test(key) &&
      !ifExists &&
      unresolved.length === 0 &&
      values.length > 0 &&
      values.every((value) => /:iam::aws:policy\/AWSDenyAll$/.test(value)),
  );
}

/** What may be written is not limited by any condition: the identities it is written into must be named. */
function isAnywhere({ resources }: PolicyStatement): boolean {
  return resources.form !== 'only' || resources.values.some((value) => /[*]/.test(value));
}
