import type { Parameter } from '../../../lib/control/parameter';
import type { PolicyCondition } from '../../../lib/template/policy-condition';
import { type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

export const policyType = 'AWS::Organizations::Policy';

/** How many environments are kept apart from each other. */
export const deliveryEnvironments: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 3,
  unit: 'environments',
  description: 'environments that are kept apart from each other',
};

/** An account that a guard-rail keeps apart from others, which makes it an environment of its own. */
export interface Environment {
  readonly account: string;
  /** Accounts whose resources nobody in it reaches. */
  readonly apartFrom: ReadonlySet<string>;
  readonly policy: Subject;
}

/** What a policy says of environments. */
export interface Separation {
  readonly environments: readonly Environment[];
  /** Why it cannot be read. */
  readonly hidden?: { readonly reason: string; readonly property: string };
}

/**
 * The environments of an organization, as far as its guard-rails say: accounts that a service control policy of their own denies everything in other accounts.
 * Two policies on one account add up.
 */
export function environmentsIn(scope: Scope): readonly Environment[] {
  const found = new Map<string, Environment>();
  for (const each of scope.resources(policyType).flatMap((policy) => separationOf(policy).environments)) {
    const known = found.get(each.account);
    found.set(each.account, { ...each, apartFrom: new Set([...(known?.apartFrom ?? []), ...each.apartFrom]) });
  }
  return [...found.values()];
}

export function separationOf(policy: Subject): Separation {
  const type = policy.text('Type');
  if (type.kind !== 'known' || type.value !== 'SERVICE_CONTROL_POLICY') {
    return { environments: [], hidden: type.kind === 'known' ? undefined : unread(type) };
  }
  const content = statementsOf(policy.at('Content'));
  if (content.kind !== 'known') {
    return { environments: [], hidden: unread(content) };
  }
  const conditions = content.value.statements.flatMap(separatingCondition);
  const hidden = content.value.unresolved[0] ?? conditions.flatMap(({ unresolved }) => unresolved)[0];
  if (conditions.length === 0 || hidden) {
    return { environments: [], hidden };
  }
  const apartFrom = new Set(conditions.flatMap(({ values }) => values));
  const targets = policy.items('TargetIds');
  if (targets.kind === 'unresolved') {
    return { environments: [], hidden: targets };
  }
  const accounts = (targets.kind === 'known' ? targets.value : []).map((target) => target.text());
  const unseen = accounts.find((account) => account.kind === 'unresolved');
  return {
    environments: accounts.flatMap((account) =>
      account.kind === 'known' && /^\d{12}$/.test(account.value) ? [{ account: account.value, apartFrom, policy }] : [],
    ),
    hidden: unseen?.kind === 'unresolved' ? unseen : undefined,
  };
}

function unread(reading: { readonly property: string; readonly reason?: string }): Separation['hidden'] {
  return { reason: reading.reason ?? 'it is not there', property: reading.property };
}

/** The condition of a statement that denies everything in certain accounts, and nothing else narrows. */
function separatingCondition(statement: PolicyStatement): readonly PolicyCondition[] {
  const { list } = statement.conditions;
  const [only, ...others] = list;
  const isSeparating =
    statement.effect === 'Deny' &&
    statement.actions.form === 'only' &&
    statement.actions.values.includes('*') &&
    statement.resources.form === 'only' &&
    statement.resources.values.includes('*') &&
    others.length === 0 &&
    only !== undefined &&
    only.key.toLowerCase() === 'aws:resourceaccount' &&
    /^StringEquals$/i.test(only.operator) &&
    only.quantifier === undefined;
  return isSeparating && only ? [only] : [];
}
