import { InputError, refuse } from '../control/input-error';
import { EMAIL, shown } from './check-settings';
import { ENVIRONMENT_NAMES, type EnvironmentName, type EnvironmentSettings } from './environment';
import { ENVIRONMENTS } from './environments';
import type { AccessGroups, OrganizationSettings } from './organization';
import { allowedRegions, isRegion } from './regions';
import { matches } from './setting-rule';

const FILE = 'lib/settings/our-organization.ts';

interface Rule {
  readonly name: string;
  readonly read: (settings: OrganizationSettings) => unknown;
  readonly accepts: (value: unknown) => boolean;
  readonly expected: () => string;
}

const account = (name: 'managementAccount' | 'securityAccount'): Rule => ({
  name,
  read: (settings) => settings[name],
  accepts: matches(/^\d{12}$/),
  expected: () => 'the twelve digits of an AWS account id, as a string',
});

const group = (name: keyof AccessGroups): Rule => ({
  name: `identityCenter.groups.${name}`,
  read: ({ identityCenter }) => identityCenter?.groups?.[name],
  accepts: matches(/^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  expected: () => 'the id of a group in the identity store, such as 11111111-1111-1111-1111-111111111111',
});

const RULES: readonly Rule[] = [
  {
    name: 'id',
    read: ({ id }) => id,
    accepts: matches(/^o-[a-z0-9]{10,32}$/),
    expected: () => 'the id of an organization such as o-exampleorgid',
  },
  {
    name: 'rootId',
    read: ({ rootId }) => rootId,
    accepts: matches(/^r-[a-z0-9]{4,32}$/),
    expected: () => 'the id of the root such as r-abcd',
  },
  {
    name: 'workloadsUnitId',
    read: ({ workloadsUnitId }) => workloadsUnitId,
    accepts: matches(/^ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/),
    expected: () => 'the id of an organizational unit such as ou-abcd-11111111',
  },
  account('managementAccount'),
  account('securityAccount'),
  {
    name: 'region',
    read: ({ region }) => region,
    accepts: isRegion,
    expected: () => `a Region inside the European Union: ${allowedRegions()}`,
  },
  {
    name: 'securityContact',
    read: ({ securityContact }) => securityContact,
    accepts: matches(EMAIL),
    expected: () => 'an e-mail address such as security@example.com',
  },
  {
    name: 'identityCenter.instanceId',
    read: ({ identityCenter }) => identityCenter?.instanceId,
    accepts: matches(/^(sso)?ins-[a-zA-Z0-9.-]{16}$/),
    expected: () => 'the id of an instance of IAM Identity Center such as ssoins-1111111111111111',
  },
  group('deployers'),
  group('operators'),
  group('auditors'),
  group('breakGlass'),
  {
    name: 'budget.monthlyUsd',
    read: ({ budget }) => budget?.monthlyUsd,
    accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
    expected: () => 'US dollars, more than 0',
  },
  {
    name: 'budget.contact',
    read: ({ budget }) => budget?.contact,
    accepts: matches(EMAIL),
    expected: () => 'an e-mail address such as operations@example.com',
  },
];

/**
 * Returns the settings of the organization if every one of them is there and right.
 *
 * @param environments whose accounts must be others. @default - the environments of `lib/settings/environments.ts`
 * @throws InputError naming each setting that is missing or wrong, the value it has and the values it may have
 */
export function checkOrganization(
  settings: OrganizationSettings,
  environments: Readonly<Partial<Record<EnvironmentName, Pick<EnvironmentSettings, 'account'>>>> = ENVIRONMENTS,
): OrganizationSettings {
  refuse(
    RULES.filter(({ read, accepts }) => !accepts(read(settings))).map(({ name, read, expected }) => {
      const value = read(settings);
      const state = value === undefined || value === '' ? 'is missing' : `is ${shown(value)}`;
      return `organization: ${name} ${state}, expected ${expected()}: change ${name} in ${FILE}`;
    }),
  );
  const owners = new Map<string, string>(
    ENVIRONMENT_NAMES.map((name) => [environments[name]?.account ?? '', `the environment '${name}'`]),
  );
  for (const name of ['managementAccount', 'securityAccount'] as const) {
    const owner = owners.get(settings[name]);
    if (owner !== undefined) {
      throw new InputError(
        `organization: ${name} is ${shown(settings[name])}, which is also the account of ${owner}, expected an account of its own: change ${name} in ${FILE}`,
      );
    }
    owners.set(settings[name], name);
  }
  return settings;
}
