import type { Node } from '../../../lib/template/node';
import { textOf } from '../../../lib/template/resolved';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { type CedarPolicy, readCedarPolicy } from './cedar-policy';
import { type CedarSchema, readCedarSchema } from './cedar-schema';

export const storeType = 'AWS::VerifiedPermissions::PolicyStore';
export const policyType = 'AWS::VerifiedPermissions::Policy';
export const templateType = 'AWS::VerifiedPermissions::PolicyTemplate';

/** The schema of a store, or why it cannot be read. */
export type SchemaReading =
  | { readonly kind: 'known'; readonly schema: CedarSchema; readonly bytes: number; readonly property: string }
  | { readonly kind: 'absent' | 'unresolved'; readonly reason: string; readonly property: string };

/** Tens of thousands of characters are no observation: its size and number of permissions stand in the record. */
export function schemaOf(store: Subject): SchemaReading {
  const node = store.at('Schema.CedarJson');
  const { path: property, resolved } = node;
  if (resolved.kind !== 'scalar') {
    const kind = node.state() === 'absent' ? 'absent' : 'unresolved';
    return { kind, reason: 'its schema is not in the templates', property };
  }
  const { text } = textOf(resolved);
  const bytes = new TextEncoder().encode(text).length;
  const schema = readCedarSchema(text);
  store.scope.record(store, property, `(${bytes} bytes with ${schema?.permissions.length ?? 'no'} permissions)`);
  return schema
    ? { kind: 'known', schema, bytes, property }
    : { kind: 'unresolved', reason: 'its schema is no JSON of one namespace', property };
}

/** A policy or template of a store, read; `policy` is undefined where its text is not there or is none. */
export interface StoredPolicy {
  readonly subject: Subject;
  readonly policy?: CedarPolicy;
  readonly isLinked: boolean;
}

export function policiesOf(store: Subject, scope: Scope): readonly StoredPolicy[] {
  return scope.referring(store, policyType, 'PolicyStoreId').map((subject) => ({
    subject,
    isLinked: subject.at('Definition.TemplateLinked').resolved.kind !== 'absent',
    policy: policyAt(subject.at('Definition.Static.Statement')),
  }));
}

export function templatesOf(store: Subject, scope: Scope): readonly StoredPolicy[] {
  return scope
    .referring(store, templateType, 'PolicyStoreId')
    .map((subject) => ({ subject, isLinked: false, policy: policyAt(subject.at('Statement')) }));
}

function policyAt(statement: Node): CedarPolicy | undefined {
  const text = statement.text();
  return text.kind === 'known' ? readCedarPolicy(text.value) : undefined;
}

/** Whether a condition holds only within one tenant: the same attribute of who asks and of what is asked about. */
export function staysInTenant({ conditions }: CedarPolicy): boolean {
  return conditions.some(({ text }) => sameTenant.test(text));
}

const sameTenant = /\bprincipal \. (\w+) == resource \. \1\b|\bresource \. (\w+) == principal \. \2\b/;

/**
 * Forbids, for everybody and everything, what crosses tenants: `unless` both are the same. Cedar leaves out a policy that meets a missing
 * attribute, so it must ask for the attributes first.
 */
export function tenantForbid({
  effect,
  principal,
  action,
  resource,
  conditions,
}: CedarPolicy): 'none' | 'open' | 'closed' {
  const [condition, ...more] = conditions;
  const isForAll = effect === 'forbid' && principal.isOpen && action.isOpen && resource.isOpen && more.length === 0;
  const match = condition?.kind === 'unless' ? sameTenant.exec(condition.text) : null;
  // An alternative would let something across
  if (!isForAll || !condition || !match || condition.text.includes('||')) {
    return 'none';
  }
  const attribute = match[1] ?? match[2] ?? '';
  const asksFirst = ['principal', 'resource'].every((each) => condition.text.includes(`${each} has ${attribute}`));
  return asksFirst ? 'closed' : 'open';
}
