import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures, Parameter } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { readCedarPolicy } from './cedar-policy';
import type { CedarSchema } from './cedar-schema';
import {
  policiesOf,
  policyType,
  type StoredPolicy,
  schemaOf,
  staysInTenant,
  storeType,
  templatesOf,
  templateType,
  tenantForbid,
} from './policy-store';

const counted = (unit: string, least: number, description: string): Parameter => ({
  kind: 'number',
  stricter: 'higher',
  default: least,
  unit,
  description,
});

const authzCustomRoles: Parameter = {
  kind: 'flag',
  stricter: true,
  default: false,
  description: 'whether an organisation may put together roles of its own',
};

/** Source: https://docs.aws.amazon.com/verifiedpermissions/latest/userguide/quotas.html */
const mostSchemaBytes = 100_000;
const mostPolicyBytes = 10_000;

/** AUZ-01: the model of roles and permissions as it is deployed, counted. */
export const control = defineControl({
  id: 'auz-01',
  title: 'Roles and permissions are a checked model of exactly the size that is promised, and none crosses a tenant',
  family: 'authorisation',
  claims: [
    'tdb-permissions-528',
    'tdb-roles-18',
    'cfus-rbac-five-roles',
    'cfus-ip-allowlist-self-service',
    'cly-roles',
    'cly-custom-roles',
    'cly-fine-grained',
  ],
  doesNotProve:
    'That the application asks the model and obeys (auz-02), that it hands over the true roles and organisation of who asks and what is asked about, what the roles are called, that a role’s permissions fit those who hold it, and that pages offer what a role permits, such as the owner’s list of addresses.',
  parameters: {
    'authz.permissions': counted('permissions', 1, 'permissions that the model knows'),
    'authz.roles': counted('roles', 3, 'roles that come with the product'),
    'authz.customRoles': authzCustomRoles,
  },
  messages: {
    missing: {
      violation: 'no policy store is deployed, so roles and permissions are counted nowhere',
      fix: 'deploy the model as AWS::VerifiedPermissions::PolicyStore with its policies',
    },
    lenient: {
      violation:
        'store {name} takes policies unchecked, and one that is mistyped matches nothing: {property} is {value}',
      fix: 'set validationSettings.mode to STRICT',
    },
    noSchema: {
      violation: 'store {name} has no schema, so it knows no permission by name',
      fix: 'set schema.cedarJson',
    },
    schemaTooLarge: {
      violation: 'the schema of store {name} takes {bytes} bytes, more than the {most} that can be deployed',
      fix: 'use common types and groups of actions',
    },
    permissionCount: {
      violation: 'store {name} knows {count} permissions, promised are {promised}',
      fix: 'correct the catalogue of permissions, or publish the number anew',
    },
    roleCount: {
      violation: 'store {name} knows {count} roles, promised are {promised}: {roles}',
      fix: 'correct the model of roles, or publish the number anew',
    },
    ungranted: {
      violation: 'store {name} has {count} permissions that no role holds, for example {example}',
      fix: 'grant it to a role, or take it out of the catalogue',
    },
    unknownAction: {
      violation: 'a policy of store {name} names the action {action}, which its schema does not know',
      fix: 'correct the name: it matches nothing, silently',
    },
    noTenantForbid: {
      violation: 'no policy of store {name} forbids everybody what belongs to another tenant',
      fix: 'add forbid (principal, action, resource) unless both have the same organisation, without any other condition',
    },
    tenantForbidSkipped: {
      violation: 'store {name} forgets to forbid other tenants where an attribute is missing',
      fix: 'ask "principal has organisation && resource has organisation" before comparing: Cedar leaves out a policy that fails',
    },
    noTemplate: {
      violation: 'store {name} offers nothing to put an own role together from, which is promised',
      fix: 'add policy templates with ?principal',
    },
    policyTooLarge: {
      violation: '{name} takes {bytes} bytes, more than the {most} that can be deployed',
      fix: 'name groups of actions instead of actions, or split it',
    },
    permitsEverything: {
      violation: '{name} permits every action on everything, without a condition',
      fix: 'name the actions, and a condition on what they may be done to',
    },
    templateOpen: {
      violation: 'template {name} permits whoever it is linked to what belongs to other tenants',
      fix: 'add when { principal.organisation == resource.organisation }',
    },
  },
  template: {
    judges: [storeType, policyType, templateType],
    expects: 'at-least-one',
    expected: [storeType],
    judge: (subject, context) => {
      switch (subject.type) {
        case storeType:
          return judgeStore(subject, context);
        case policyType:
          return judgePolicy(subject);
        default:
          return judgeStatement(subject, 'Statement', true);
      }
    },
  },
});

function judgeStore(store: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const mode = decide(store.text('ValidationSettings.Mode'), {
    known: (word) => (word === 'STRICT' ? satisfied : finding('lenient')),
    absent: () => notAssessed('how it checks policies is not said'),
  });
  const reading = schemaOf(store);
  if (reading.kind !== 'known') {
    const { kind, property, reason } = reading;
    return [...mode, kind === 'absent' ? finding('noSchema', property) : notAssessed(reason, property)];
  }
  const { bytes, property, schema } = reading;
  const policies = policiesOf(store, scope);
  const unread = policies.find(({ policy, isLinked }) => !policy && !isLinked);
  return [
    ...mode,
    ...(bytes > mostSchemaBytes ? [finding('schemaTooLarge', property, { bytes, most: mostSchemaBytes })] : []),
    ...countOf('permissionCount', schema.permissions, 'authz.permissions', figures),
    // What a policy says that cannot be read is not known: neither that it grants nor that it forbids
    ...(unread
      ? [notAssessed(`what ${unread.subject.logicalId} says cannot be read`)]
      : judgePolicies(policies, schema, figures)),
    ...judgeTemplates(templatesOf(store, scope), figures),
  ];
}

function countOf(
  message: string,
  found: readonly string[],
  parameter: string,
  figures: Figures,
  values: Readonly<Record<string, unknown>> = {},
): readonly Outcome[] {
  const least = Math.max(1, figures.floor(parameter) ?? 1);
  const most = figures.ceiling(parameter) ?? Number.POSITIVE_INFINITY;
  const promised = found.length < least ? least : most;
  return found.length >= least && found.length <= most
    ? [satisfied]
    : [finding(message, undefined, { count: found.length, promised, ...values })];
}

function judgePolicies(stored: readonly StoredPolicy[], schema: CedarSchema, figures: Figures): readonly Outcome[] {
  const policies = stored.flatMap(({ policy }) => policy ?? []);
  const permits = policies.filter(({ effect }) => effect === 'permit');
  const roles = permits.flatMap(({ principal }) =>
    principal.entities.filter(({ type }) => schema.roleTypes.has(type)).map(({ id }) => id),
  );
  const names = [...new Set(roles)].sort();
  const granted = new Set(permits.flatMap(({ action }) => action.entities.map(({ id }) => id)));
  const isGranted = (name: string) => (schema.groupsOf.get(name) ?? []).some((each) => granted.has(each));
  const ungranted = permits.some(({ action }) => action.isOpen)
    ? []
    : schema.permissions.filter((name) => !isGranted(name));
  const unknown = policies.flatMap(({ action }) => action.entities).find(({ id }) => !schema.groupsOf.has(id));
  const forbids = policies.map(tenantForbid);
  return [
    ...countOf('roleCount', names, 'authz.roles', figures, { roles: names.join(', ') || 'none' }),
    ...(unknown ? [finding('unknownAction', undefined, { action: unknown.id })] : []),
    ...(ungranted.length > 0 && !unknown
      ? [finding('ungranted', undefined, { count: ungranted.length, example: ungranted[0] })]
      : []),
    ...(forbids.includes('closed')
      ? [satisfied]
      : [finding(forbids.includes('open') ? 'tenantForbidSkipped' : 'noTenantForbid')]),
  ];
}

function judgeTemplates(templates: readonly StoredPolicy[], figures: Figures): readonly Outcome[] {
  const offers = templates.some(({ policy }) => policy?.effect === 'permit' && policy.principal.isSlot);
  return figures.flag('authz.customRoles') && !offers ? [finding('noTemplate')] : [];
}

function judgePolicy(policy: Subject): readonly Outcome[] {
  const linked = policy.at('Definition.TemplateLinked');
  // What is linked says nothing of its own: its template is judged
  return linked.resolved.kind !== 'absent'
    ? decide(linked.at('PolicyTemplateId').pattern(), {
        known: () => satisfied,
        absent: () => notAssessed('CloudFormation requires the template'),
      })
    : judgeStatement(policy, 'Definition.Static.Statement', false);
}

function judgeStatement(subject: Subject, path: string, isTemplate: boolean): readonly Outcome[] {
  return decide(subject.text(path), {
    known: (text) => {
      const bytes = new TextEncoder().encode(text).length;
      const policy = readCedarPolicy(text);
      if (!policy) {
        return notAssessed('it is not one policy of Cedar');
      }
      const { action, conditions, effect } = policy;
      const isPermit = effect === 'permit';
      return [
        bytes > mostPolicyBytes ? finding('policyTooLarge', undefined, { bytes, most: mostPolicyBytes }) : satisfied,
        isPermit && action.isOpen && conditions.length === 0 ? finding('permitsEverything') : satisfied,
        isPermit && isTemplate && !staysInTenant(policy) ? finding('templateOpen') : satisfied,
      ];
    },
    absent: () => notAssessed('its text is not in the templates'),
  });
}
