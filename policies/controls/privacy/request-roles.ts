import { finding, type Outcome } from '../../../lib/control/verdict';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { statementsOfRole } from './asked-functions';

/** Who stops a run ends it without an answer. Who may answer needs the token of the wait, which the process tells only its desk. */
const actions = ['states:StopExecution'];

/** Roles of services that may stop a request: no program decides that nobody need be answered. */
export function roleFaults(machine: Subject, scope: Scope): readonly Outcome[] {
  return scope
    .resources('AWS::IAM::Role')
    .filter(isOfService)
    .flatMap((role) => {
      const statements = statementsOfRole(role, scope);
      return actions
        .filter((action) => statements.some((statement) => allows(statement, action, machine)))
        .map((action) => finding('programEnds', undefined, { role: role.logicalId, action }));
    });
}

function isOfService(role: Subject): boolean {
  const trust = statementsOf(role.at('AssumeRolePolicyDocument'));
  return (
    trust.kind === 'known' &&
    trust.value.statements.some(
      ({ effect, principals }) => effect === 'Allow' && principals.values.some(({ kind }) => kind === 'Service'),
    )
  );
}

function allows(statement: PolicyStatement, action: string, machine: Subject): boolean {
  const { effect, resources } = statement;
  const covers = coversAction(statement, action);
  const isMeant =
    resources.form === 'except' ||
    resources.values.some((place) => /^\*$|:execution:\*/.test(place) || place.includes(machine.logicalId));
  return effect === 'Allow' && covers.kind === 'known' && covers.value && isMeant;
}
