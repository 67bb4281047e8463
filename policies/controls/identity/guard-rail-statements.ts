import type { PolicyCondition } from '../../../lib/template/policy-condition';
import { type PolicyDocument, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Reading } from '../../../lib/template/reading';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

export const policyType = 'AWS::Organizations::Policy';

/** The service control policies that are deployed. */
export function serviceControlPolicies(scope: Scope): readonly Subject[] {
  return scope.resources(policyType).filter(isServiceControl);
}

export function isServiceControl(policy: Subject): boolean {
  const type = policy.text('Type');
  return type.kind === 'known' && type.value === 'SERVICE_CONTROL_POLICY';
}

export function contentOf(policy: Subject): Reading<PolicyDocument> {
  return statementsOf(policy.at('Content'));
}

/** Whether a statement denies everything to the root user of every account: nothing else may narrow it. */
export function deniesRoot(statement: PolicyStatement): boolean {
  const { list, unresolved } = statement.conditions;
  const [only, ...others] = list;
  return (
    unresolved.length === 0 &&
    others.length === 0 &&
    only !== undefined &&
    isAbout(only, /^arn:[^:]+:iam::\*:root$/) &&
    deniesEverything(statement)
  );
}

/** What a user must be able to do before there is a second factor. No more: who has a stolen key alone would make others, or take the factor off. */
const registering =
  /^(iam:((Get|List)\w*|(Create|Delete)VirtualMFADevice|(Enable|Resync)MFADevice|ChangePassword)|sts:GetSessionToken)$/;

/**
 * Whether a statement denies IAM users whatever does not set up a second factor, as long as they have given none. `BoolIfExists`: a request with an access
 * key lacks the key, and a plain `Bool` would never match it.
 */
export function asksSecondFactor(statement: PolicyStatement): boolean {
  const { list, unresolved } = statement.conditions;
  const factor = list.filter(isSecondFactor);
  const others = list.filter((each) => !isSecondFactor(each));
  const { form, values, unresolved: hidden } = statement.actions;
  const spares = form === 'except' ? values.every((action) => registering.test(action)) : isEverything(statement);
  return (
    statement.effect === 'Deny' &&
    unresolved.length === 0 &&
    hidden.length === 0 &&
    spares &&
    everyResource(statement) &&
    factor.length > 0 &&
    factor.every((each) => each.ifExists && says(each, 'false')) &&
    others.every((each) => isAbout(each, /^arn:[^:]+:iam::\*:user\/\*$/))
  );
}

/** A condition that a request with an access key slips past: it denies those without a second factor, but only where the request says so. */
export function slipsPast(statement: PolicyStatement): PolicyCondition | undefined {
  return statement.effect === 'Deny'
    ? statement.conditions.list.find((each) => isSecondFactor(each) && !each.ifExists && says(each, 'false'))
    : undefined;
}

function isSecondFactor({ key, operator }: PolicyCondition): boolean {
  return key.toLowerCase() === 'aws:multifactorauthpresent' && /^Bool$/i.test(operator);
}

function says({ values, unresolved }: PolicyCondition, word: string): boolean {
  return unresolved.length === 0 && values.length > 0 && values.every((value) => value.toLowerCase() === word);
}

/** Whether a condition asks for nothing but principals of one kind, in every account. */
function isAbout({ key, operator, quantifier, values, unresolved }: PolicyCondition, pattern: RegExp): boolean {
  return (
    key.toLowerCase() === 'aws:principalarn' &&
    /^(Arn|String)Like$/i.test(operator) &&
    quantifier === undefined &&
    unresolved.length === 0 &&
    values.some((value) => pattern.test(value))
  );
}

function deniesEverything(statement: PolicyStatement): boolean {
  return statement.effect === 'Deny' && isEverything(statement) && everyResource(statement);
}

function isEverything({ actions }: PolicyStatement): boolean {
  return actions.form === 'only' && actions.values.includes('*');
}

function everyResource({ resources }: PolicyStatement): boolean {
  return resources.form === 'only' && resources.values.includes('*');
}
