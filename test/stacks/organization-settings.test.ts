import { checkOrganization } from '../../lib/settings/check-organization';
import { ENVIRONMENTS } from '../../lib/settings/environments';
import type { OrganizationSettings } from '../../lib/settings/organization';
import { ORGANIZATION } from '../../lib/settings/our-organization';

/** Settings as JavaScript or a parsed file would hand them over: with anything in them, at a dotted path. */
function settings(path: string, value: unknown): OrganizationSettings {
  const copy = structuredClone(ORGANIZATION);
  if (!copy) {
    throw new Error('the example settings have no organization');
  }
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let place: object = copy;
  for (const key of keys) {
    place = Reflect.get(place, key);
  }
  Reflect.set(place, last, value);
  return copy;
}

test('the example organization is complete', () => {
  expect(checkOrganization(settings('id', 'o-exampleorgid')).id).toBe('o-exampleorgid');
});

describe.each([
  ['id', ['', 'exampleorgid', 'o-', 'O-EXAMPLEORGID', 42]],
  ['rootId', ['', 'abcd', 'ou-abcd-11111111']],
  ['workloadsUnitId', ['', 'r-abcd', 'ou-abcd']],
  ['managementAccount', ['', '12345678901', 444444444444]],
  ['securityAccount', ['', 'abcdefghijkl']],
  ['region', ['', 'eu-west-2', 'eu-central-2', 'us-east-1']],
  ['securityContact', ['', 'security', 'a@b']],
  ['identityCenter.instanceId', ['', 'arn:aws:sso:::instance/ssoins-1', 'ssoins-1']],
  ['identityCenter.groups.deployers', ['', 'deployers']],
  ['identityCenter.groups.operators', ['', 'operators']],
  ['identityCenter.groups.auditors', ['', 'auditors']],
  ['identityCenter.groups.breakGlass', ['', 'BreakGlass']],
  ['budget.monthlyUsd', [0, -1, '500', Number.NaN, Number.POSITIVE_INFINITY]],
  ['budget.contact', ['', 'operations', 'a@b']],
  ['securityContact', ['', 'security', 'a@b']],
])('%s', (name, values) => {
  test('fails by its name where it is missing', () => {
    expect(() => checkOrganization(settings(name, undefined))).toThrow(`organization: ${name} is missing, expected `);
  });

  test.each(values)('fails by its name on %p', (value) => {
    expect(() => checkOrganization(settings(name, value))).toThrow(`organization: ${name} is`);
  });
});

test('several mistakes are told in one go', () => {
  const empty = Object.assign({}, settings('id', ''), { rootId: '', identityCenter: undefined });
  expect(() => checkOrganization(empty)).toThrow(
    /id is missing[\s\S]*rootId is missing[\s\S]*groups\.breakGlass is missing/,
  );
});

test.each([
  ['managementAccount', ENVIRONMENTS.production.account, "the environment 'production'"],
  ['securityAccount', ENVIRONMENTS.development.account, "the environment 'development'"],
  ['securityAccount', ORGANIZATION?.managementAccount, 'managementAccount'],
])('fails where %s is %s, which belongs to another', (name, account, owner) => {
  expect(() => checkOrganization(settings(name, account))).toThrow(
    `${name} is '${account}', which is also the account of ${owner}`,
  );
});
