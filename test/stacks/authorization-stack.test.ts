import {
  type PolicySet,
  preparsePolicySet,
  preparseSchema,
  type Schema,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { Template } from 'aws-cdk-lib/assertions';
import { LEVELS, permissions } from '../../lib/settings/permission-catalogue';
import { ROLE_MODELS, type RoleCount } from '../../lib/settings/role-models';
import { environment } from './synthesize';

interface Model {
  readonly template: Template;
  readonly schemaText: string;
  readonly schema: Schema;
  readonly actions: Readonly<Record<string, { readonly appliesTo?: object; readonly memberOf?: { id: string }[] }>>;
  readonly policies: Record<string, string>;
  readonly templates: Record<string, string>;
}

/** The model as it stands in the template: what Verified Permissions would be given. */
function modelOf(roles: RoleCount, customRoles: boolean): Model {
  const template = Template.fromStack(environment({}, { roles, customRoles }).authorization);
  const [store] = Object.values(template.findResources('AWS::VerifiedPermissions::PolicyStore'));
  const schemaText: string = store?.Properties.Schema.CedarJson;
  const found = (type: string) => Object.entries(template.findResources(`AWS::VerifiedPermissions::${type}`));
  return {
    template,
    schemaText,
    schema: JSON.parse(schemaText),
    actions: Object.values<{ actions: Model['actions'] }>(JSON.parse(schemaText))[0]?.actions ?? {},
    policies: Object.fromEntries(
      found('Policy').map(([id, { Properties }]) => [id, Properties.Definition.Static.Statement]),
    ),
    templates: Object.fromEntries(found('PolicyTemplate').map(([id, { Properties }]) => [id, Properties.Statement])),
  };
}

const models = { 18: modelOf(18, true), 5: modelOf(5, false), 3: modelOf(3, true) } as const;
const counts: readonly RoleCount[] = [18, 5, 3];

const user = { type: 'App::User', id: 'ada' };
const record = (kind: string) => ({ type: `App::${kind}`, id: 'one' });
const organisation = (id: string) => ({ __entity: { type: 'App::Organisation', id } });
const address = (ip: string) => ({ __extn: { fn: 'ip', arg: ip } });

interface Question {
  readonly roles: readonly string[];
  readonly action: string;
  readonly kind: string;
  /** Organisation of the record; that of who asks is `a`. */
  readonly owner?: string;
  readonly mfa?: boolean;
  readonly from?: string;
  readonly limits?: Record<string, unknown>;
  /** Attributes of the record, where they are not whole. */
  readonly attributes?: Record<string, ReturnType<typeof organisation>>;
}

function asked({ roles, action, kind, owner = 'a', mfa = true, from = '192.0.2.1', ...more }: Question) {
  return {
    principal: user,
    action: { type: 'App::Action', id: action },
    resource: record(kind),
    context: { mfa, address: address(from) },
    entities: [
      {
        uid: user,
        attrs: { organisation: organisation('a') },
        parents: roles.map((id) => ({ type: 'App::Role', id })),
      },
      { uid: record(kind), attrs: more.attributes ?? { organisation: organisation(owner) }, parents: [] },
      { uid: { type: 'App::Organisation', id: 'a' }, attrs: { limitsAddresses: false, ...more.limits }, parents: [] },
    ],
  };
}

/** Parsed once: a decision then takes a fraction of a millisecond. */
function prepared({ schema, policies }: Pick<Model, 'schema' | 'policies'>): string {
  const name = `model-${prepared.count++}`;
  const policySet: PolicySet = { staticPolicies: policies };
  expect([preparseSchema(name, schema), preparsePolicySet(name, policySet)]).toEqual([
    { type: 'success' },
    { type: 'success' },
  ]);
  return name;
}
prepared.count = 0;

/** As Verified Permissions decides: the question must fit the schema, which also knows the groups of an action. */
function decide(name: string, question: Question): string {
  return answerTo({
    ...asked(question),
    preparsedPolicySetId: name,
    preparsedSchemaName: name,
    validateRequest: true,
  } as StatefulAuthorizationCall);
}

/** The same for thousands of questions: the groups of the action are handed over, and the schema, which takes most of the time, is not. */
function decideFast(name: string, question: Question, { actions }: Pick<Model, 'actions'>): string {
  const { entities, ...call } = asked(question);
  const parents = (actions[question.action]?.memberOf ?? []).map(({ id }) => ({ type: 'App::Action', id }));
  return answerTo({
    ...call,
    entities: [...entities, { uid: call.action, attrs: {}, parents }],
    preparsedPolicySetId: name,
  } as StatefulAuthorizationCall);
}

function answerTo(call: StatefulAuthorizationCall): string {
  const answer = statefulIsAuthorized(call);
  return answer.type === 'success' ? answer.response.decision : answer.errors.map(({ message }) => message).join();
}

function errorsIn({ schema, policies, templates }: Pick<Model, 'schema' | 'policies' | 'templates'>) {
  const answer = validate({
    schema,
    policies: { staticPolicies: policies, templates },
    validationSettings: { mode: 'strict' },
  });
  return answer.type === 'success' ? answer.validationErrors : answer.errors;
}

describe.each(counts)('the model of %p roles', (count) => {
  const model = models[count];
  const roles = ROLE_MODELS[count];
  let name: string;

  beforeAll(() => {
    name = prepared(model);
  });

  test('is taken by Cedar with strict validation, policies and templates', () => {
    expect(errorsIn(model)).toEqual([]);
  });

  test('knows 528 permissions and its roles, no more and no fewer', () => {
    const named = Object.values(model.actions).filter(({ appliesTo }) => appliesTo !== undefined);
    expect(named).toHaveLength(528);
    const inPolicies = Object.values(model.policies).flatMap(
      (text) => /^permit \(principal in App::Role::"(\w+)"/.exec(text)?.[1] ?? [],
    );
    expect(inPolicies.sort()).toEqual(roles.map(({ name }) => name).sort());
    expect(new Set(inPolicies).size).toBe(count);
  });

  test('decides each permission of each role as the matrix says', () => {
    const wrong: string[] = [];
    let decisions = 0;
    for (const { name: role, grants } of roles) {
      for (const { name: action, area, kind, level } of permissions()) {
        const reach = grants[area];
        const isReached = reach !== undefined && LEVELS.indexOf(level) <= LEVELS.indexOf(reach);
        // The owner, who comes first, alone changes the list of addresses
        const isOwners = kind === 'AddressList' && level !== 'read' && role !== roles[0]?.name;
        const decision = decideFast(name, { roles: [role], action, kind }, model);
        decisions += 1;
        if (decision !== (isReached && !isOwners ? 'allow' : 'deny')) {
          wrong.push(`${role} ${action}: ${decision}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(decisions).toBe(528 * count);
  });

  test('denies what belongs to another organisation, whoever asks for whatever', () => {
    const all = roles.map((role) => role.name);
    const crossed = permissions().filter(
      ({ name: action, kind }) => decideFast(name, { roles: all, action, kind, owner: 'b' }, model) !== 'deny',
    );
    expect(crossed).toEqual([]);
  });

  test('denies where the organisation of a record is not known, even against a policy that permits all', () => {
    const open = prepared({
      ...model,
      policies: { ...model.policies, open: 'permit (principal, action, resource);' },
    });
    const question = { roles: [], action: 'invoice.view', kind: 'Invoice' };
    expect(decide(open, question)).toBe('allow');
    expect(decide(open, { ...question, owner: 'b' })).toBe('deny');
    expect(decideFast(open, { ...question, attributes: {} }, model)).toBe('deny');
  });

  test('denies administration without a second factor, and nothing else for that', () => {
    const owner = [roles[0]?.name ?? ''];
    const assign = { roles: owner, action: 'roleAssignment.create', kind: 'RoleAssignment' };
    expect(decide(name, assign)).toBe('allow');
    expect(decide(name, { ...assign, mfa: false })).toBe('deny');
    expect(decide(name, { roles: owner, action: 'task.edit', kind: 'Task', mfa: false })).toBe('allow');
  });

  test('lets in the addresses of an organisation that limits them, IPv6 too, and nobody else', () => {
    const limits = { limitsAddresses: true, range1: address('203.0.113.0/24'), range8: address('2001:db8::/32') };
    const view = { roles: [roles[0]?.name ?? ''], action: 'invoice.view', kind: 'Invoice', limits };
    expect(decide(name, { ...view, from: '203.0.113.7' })).toBe('allow');
    expect(decide(name, { ...view, from: '2001:db8::1' })).toBe('allow');
    expect(decide(name, { ...view, from: '198.51.100.7' })).toBe('deny');
    expect(decide(name, { ...view, limits: { limitsAddresses: true }, from: '203.0.113.7' })).toBe('deny');
  });

  test('refuses an action that is mistyped', () => {
    expect(decide(name, { roles: [], action: 'invoice.veiw', kind: 'Invoice' })).toMatch(/invoice\.veiw/);
    const mistyped = { typo: 'permit (principal, action == App::Action::"invoice.veiw", resource);' };
    expect(errorsIn({ ...model, policies: mistyped, templates: {} })).not.toEqual([]);
  });

  test('fits into what Verified Permissions takes, with room for a tenth more', () => {
    const bytes = (text: string) => Buffer.byteLength(text);
    expect(bytes(model.schemaText)).toBeLessThan(90_000);
    for (const text of [...Object.values(model.policies), ...Object.values(model.templates)]) {
      expect(bytes(text)).toBeLessThan(8_000);
    }
    expect(Object.keys(model.templates).length).toBeLessThanOrEqual(40);
  });

  test('is checked strictly, protected from deletion and kept', () => {
    model.template.hasResource('AWS::VerifiedPermissions::PolicyStore', {
      Properties: { ValidationSettings: { Mode: 'STRICT' }, DeletionProtection: { Mode: 'ENABLED' } },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });
});

describe('roles of an organisation’s own', () => {
  const model = models[3];
  /** A template, linked to a role of an organisation as Verified Permissions does it. */
  const linked = (id: string, role: string) =>
    (model.templates[id] ?? '').replace('?principal', `App::Role::"${role}"`);
  const [billing = ''] = Object.keys(model.templates).filter((id) => id.includes('BillingWork'));
  const withOwn = (own: string) => prepared({ schema: model.schema, policies: { ...model.policies, own } });
  const edit = { roles: ['a/bookkeeper'], action: 'invoice.edit', kind: 'Invoice' };

  test('permit what their parts say, in their own organisation alone', () => {
    const bookkeeper = withOwn(linked(billing, 'a/bookkeeper'));
    expect(decide(bookkeeper, edit)).toBe('allow');
    expect(decide(bookkeeper, { ...edit, action: 'invoice.delete' })).toBe('deny');
    expect(decide(bookkeeper, { ...edit, owner: 'b' })).toBe('deny');
    expect(decide(bookkeeper, { ...edit, roles: ['b/other'] })).toBe('deny');
  });

  test('cannot rise above themselves: no part hands out roles, and a permit that does is overruled', () => {
    expect(Object.values(model.templates).join()).not.toMatch(/administration\.(work|manage)/);
    const risen = withOwn('permit (principal in App::Role::"a/bookkeeper", action, resource);');
    expect(decide(risen, edit)).toBe('allow');
    expect(decide(risen, { ...edit, action: 'roleAssignment.create', kind: 'RoleAssignment' })).toBe('deny');
    expect(decide(risen, { ...edit, action: 'addressList.edit', kind: 'AddressList' })).toBe('deny');
  });

  test('are not there where they are not promised', () => {
    expect(Object.keys(models[5].templates)).toEqual([]);
  });
});

test('the application knows the store, and may ask it and change nothing', () => {
  const application = Template.fromStack(environment().application);
  const [task] = Object.values(application.findResources('AWS::ECS::TaskDefinition'));
  expect(JSON.stringify(task)).toContain('"Name":"AUTHORIZATION_STORE"');
  const statements = Object.entries(application.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ([id, { Properties }]): Record<string, unknown>[] =>
      Properties.PolicyDocument.Statement.map((statement: object) => ({ ...statement, id })),
  );
  const asking = statements.filter((statement) => JSON.stringify(statement).includes('verifiedpermissions'));
  expect(asking).toEqual([
    expect.objectContaining({
      id: expect.stringMatching(/^ServiceRolesTaskPolicy/),
      Action: ['verifiedpermissions:BatchIsAuthorized', 'verifiedpermissions:IsAuthorized'],
      Resource: { 'Fn::ImportValue': expect.stringContaining('Store') },
    }),
  ]);
});
