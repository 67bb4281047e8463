import { addBeside, type ControlCases, change, type Mutation, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const store = 'AWS::VerifiedPermissions::PolicyStore';
const policy = 'AWS::VerifiedPermissions::Policy';
const template = 'AWS::VerifiedPermissions::PolicyTemplate';

const owned = { shape: { type: 'Record', attributes: { organisation: { type: 'Entity', name: 'Organisation' } } } };
const about = (group: string) => ({
  memberOf: [{ id: group }],
  appliesTo: { principalTypes: ['User'], resourceTypes: ['Invoice'] },
});
const model = {
  App: {
    entityTypes: { Organisation: {}, Role: {}, User: { ...owned, memberOfTypes: ['Role'] }, Invoice: owned },
    actions: {
      read: {},
      write: { memberOf: [{ id: 'everything' }] },
      everything: {},
      'invoice.view': about('read'),
      'invoice.edit': about('write'),
      'invoice.delete': about('write'),
    },
  },
};
const same = 'principal.organisation == resource.organisation';
const tenant = `forbid (principal, action, resource)
// whoever asks
unless { principal has organisation && resource has organisation && ${same} };`;
const grant = (role: string, actions: string) =>
  `@id("${role}") permit (principal in App::Role::"${role}", action in [${actions}], resource) when { ${same} };`;
const read = 'App::Action::"read"';

const statement = (text: string) => ({
  Type: policy,
  Properties: {
    PolicyStoreId: { 'Fn::GetAtt': ['Store', 'PolicyStoreId'] },
    Definition: { Static: { Statement: text } },
  },
});
const small = {
  Resources: {
    Store: {
      Type: store,
      Properties: { ValidationSettings: { Mode: 'STRICT' }, Schema: { CedarJson: JSON.stringify(model) } },
    },
    Tenant: statement(tenant),
    Owner: statement(grant('Owner', `${read}, App::Action::"everything"`)),
    Member: statement(grant('Member', `${read}, App::Action::"invoice.edit"`)),
    Client: statement(grant('Client', read)),
    Part: {
      Type: template,
      Properties: {
        PolicyStoreId: { 'Fn::GetAtt': ['Store', 'PolicyStoreId'] },
        Statement: `permit (principal in ?principal, action in [${read}], resource) when { ${same} };`,
      },
    },
    Linked: {
      Type: policy,
      Properties: {
        PolicyStoreId: { 'Fn::GetAtt': ['Store', 'PolicyStoreId'] },
        Definition: { TemplateLinked: { PolicyTemplateId: { 'Fn::GetAtt': ['Part', 'PolicyTemplateId'] } } },
      },
    },
  },
};
const figures = { 'authz.permissions': 3, 'authz.roles': 3, 'authz.customRoles': true };
const exact = ['authz.permissions', 'authz.roles'];
const whole = 'three permissions, three roles and parts for own ones';

/** Edits the schema as an object. */
const schema = (edit: (namespace: Json) => void): Mutation['edit'] =>
  change(store, (properties) => {
    const written = isObject(properties.Schema) ? String(properties.Schema.CedarJson) : '{}';
    const content: Record<string, Json> = JSON.parse(written);
    for (const namespace of Object.values(content)) {
      edit(namespace);
    }
    properties.Schema = { CedarJson: JSON.stringify(content) };
  });
const actionsOf = (namespace: Json): Json => (isObject(namespace.actions) ? namespace.actions : {});
const statementOf = (resource: Json): string => JSON.stringify(resource);
const isTenant = (resource: Json) =>
  statementOf(resource).includes(
    'forbid (principal, action, resource)\\nunless { principal has organisation && resource',
  );
const isRole = (resource: Json) => statementOf(resource).includes('permit (principal in App::Role::');
const path = 'Definition.Static.Statement';

export const cases: ControlCases = {
  compliant: { [whole]: { template: small, figures, exact } },
  mutations: [
    {
      name: 'policies are taken unchecked (trap 20: a typo matches nothing)',
      of: whole,
      edit: set(store, 'ValidationSettings.Mode', 'OFF'),
      expect: { message: 'lenient' },
    },
    {
      name: 'there is no schema',
      of: whole,
      edit: change(store, (properties) => {
        delete properties.Schema;
      }),
      expect: { message: 'noSchema' },
    },
    {
      name: 'one permission is missing',
      of: whole,
      edit: schema((namespace) => {
        const [name = ''] = Object.keys(actionsOf(namespace)).filter((each) => each.endsWith('.delete'));
        delete actionsOf(namespace)[name];
      }),
      expect: { message: 'permissionCount' },
    },
    {
      name: 'one permission is too many, and nobody holds it',
      of: whole,
      edit: schema((namespace) => {
        actionsOf(namespace)['invoice.burn'] = about('everything');
      }),
      expect: { message: 'permissionCount' },
    },
    {
      name: 'a permission is in no group that a role holds',
      of: whole,
      edit: schema((namespace) => {
        const [name = ''] = Object.keys(actionsOf(namespace)).filter((each) => each.endsWith('.delete'));
        const action = actionsOf(namespace)[name];
        if (isObject(action)) {
          action.memberOf = [];
        }
      }),
      expect: { message: 'ungranted' },
    },
    {
      name: 'the schema is larger than can be deployed (trap 20)',
      of: whole,
      edit: schema((namespace) => {
        namespace.annotations = { doc: 'x'.repeat(100_000) };
      }),
      expect: { message: 'schemaTooLarge' },
    },
    {
      name: 'one role is missing',
      of: whole,
      target: 'Client',
      edit: removeResource(policy),
      expect: { message: 'roleCount', at: 'Store' },
      shippedWhere: isRole,
    },
    {
      name: 'one role is too many',
      of: whole,
      edit: addBeside(store, 'Another', (beside) => ({
        Type: policy,
        Properties: {
          PolicyStoreId: { 'Fn::GetAtt': [beside, 'PolicyStoreId'] },
          Definition: { Static: { Statement: grant('Another', read) } },
        },
      })),
      expect: { message: 'roleCount' },
      notShipped: 'the groups of the case are not those of the project',
    },
    {
      name: 'an action is mistyped',
      of: whole,
      target: 'Member',
      edit: set(policy, path, grant('Member', `${read}, App::Action::"invoice.edti"`)),
      expect: { message: 'unknownAction', at: 'Store' },
      notShipped: 'the roles of the case are not those of the project',
    },
    {
      name: 'nothing forbids other tenants (trap 21)',
      of: whole,
      target: 'Tenant',
      edit: removeResource(policy),
      expect: { message: 'noTenantForbid', at: 'Store' },
      shippedWhere: isTenant,
    },
    {
      name: 'other tenants are forbidden for some actions only (trap 21)',
      of: whole,
      target: 'Tenant',
      edit: set(policy, path, tenant.replace('action, resource', `action in [${read}], resource`)),
      expect: { message: 'noTenantForbid', at: 'Store' },
      notShipped: 'the actions of the case are not those of the project',
    },
    {
      name: 'support may cross tenants (trap 21)',
      of: whole,
      target: 'Tenant',
      edit: set(
        policy,
        path,
        `forbid (principal, action, resource) unless { ${same} || principal in App::Role::"Owner" };`,
      ),
      expect: { message: 'noTenantForbid', at: 'Store' },
      shippedWhere: isTenant,
    },
    {
      name: 'the policy that forbids other tenants is left out where an attribute is missing',
      of: whole,
      target: 'Tenant',
      edit: set(policy, path, `forbid (principal, action, resource) unless { ${same} };`),
      expect: { message: 'tenantForbidSkipped', at: 'Store' },
      shippedWhere: isTenant,
    },
    {
      name: 'an organisation can put nothing together',
      of: whole,
      edit: set(
        template,
        'Statement',
        `forbid (principal in ?principal, action in [${read}], resource) when { ${same} };`,
      ),
      expect: { message: 'noTemplate', at: 'Store' },
      notShipped: 'the project has a template for each group: one less leaves the others',
    },
    {
      name: 'a template reaches into other tenants',
      of: whole,
      edit: set(template, 'Statement', `permit (principal in ?principal, action in [${read}], resource);`),
      expect: { message: 'templateOpen' },
    },
    {
      name: 'a policy is larger than can be deployed (trap 20)',
      of: whole,
      target: 'Tenant',
      edit: set(policy, path, `${tenant}\n// ${'x'.repeat(10_000)}\n`),
      expect: { message: 'policyTooLarge' },
      shippedWhere: isTenant,
    },
    {
      name: 'a role is permitted everything',
      of: whole,
      target: 'Owner',
      edit: set(policy, path, 'permit (principal in App::Role::"Owner", action, resource);'),
      expect: { message: 'permitsEverything' },
      shippedWhere: (resource) => statementOf(resource).includes('permit (principal in App::Role::\\"Owner\\"'),
    },
  ],
  others: [
    { name: 'fails where no store is deployed', template: { Resources: {} }, expect: { '': { message: 'missing' } } },
    {
      name: 'a policy that cannot be read leaves store and policy unassessed',
      template: { Resources: { ...small.Resources, Tenant: statement('allow everybody;') } },
      figures,
      exact,
      expect: { Store: 'not-assessed', Tenant: 'not-assessed' },
    },
    {
      name: 'without a promised number any model will do that has a role',
      template: {
        Resources: {
          Store: small.Resources.Store,
          Tenant: small.Resources.Tenant,
          Owner: statement(grant('Owner', `${read}, App::Action::"everything"`)),
        },
      },
      figures: { 'authz.permissions': 1, 'authz.roles': 1 },
      expect: { Store: 'satisfied' },
    },
  ],
};
