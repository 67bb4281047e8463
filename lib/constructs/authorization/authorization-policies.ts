import { AREAS, areas, groupName, LEVELS, permissionName, VERBS } from '../../settings/permission-catalogue';
import type { RoleModel } from '../../settings/role-models';
import { ADDRESS_RANGES, addressRange, NAMESPACE } from './authorization-schema';

/** A policy in Cedar, and what it is for. */
export interface CedarPolicy {
  /** As a construct id. */
  readonly name: string;
  readonly description: string;
  readonly statement: string;
}

/** The same organisation on both sides. */
const SAME = 'principal.organisation == resource.organisation';

/**
 * What nobody is permitted, whatever his role. A policy that meets a missing attribute is left out of the decision, which for one
 * that forbids would mean to permit: each therefore asks first whether the attribute is there.
 *
 * Source: https://docs.cedarpolicy.com/auth/authorization.html
 */
export function prohibitions(roles: readonly RoleModel[]): readonly CedarPolicy[] {
  const [owner] = roles;
  const administrators = roles.filter(({ grants }) => grants.administration === 'manage');
  const administration = [groupName('administration', 'work'), groupName('administration', 'manage')];
  return [
    {
      name: 'OtherOrganisations',
      description: 'Nobody reaches a record of another organisation',
      statement: `forbid (principal, action, resource)\nunless { principal has organisation && resource has organisation && ${SAME} };`,
    },
    {
      name: 'WithoutSecondFactor',
      description: 'Nobody administers without a second factor',
      statement: `forbid (principal, ${actionIn(administration)}, resource)\nunless { context has mfa && context.mfa };`,
    },
    {
      name: 'OtherAddresses',
      description: 'An organisation that limits its addresses is reached from them alone',
      statement: `forbid (principal, action, resource)\nunless { ${addressAllowed()} };`,
    },
    {
      name: 'AboveOneself',
      description: 'Roles of an organisation’s own cannot hand out roles or manage what administrators do',
      statement: `forbid (principal, ${actionIn(administration)}, resource)\nunless { ${isOneOf(administrators)} };`,
    },
    {
      name: 'AddressesOfOthers',
      description: 'The owner alone decides from which addresses the organisation is reached',
      statement: `forbid (principal, ${actionIn(changesOfAddresses())}, resource)\nunless { ${isOneOf(owner ? [owner] : [])} };`,
    },
  ];
}

/** What each role is permitted: one policy per role, by whole groups of permissions. */
export function grants(roles: readonly RoleModel[]): readonly CedarPolicy[] {
  return roles.map(({ name, grants: reach }) => {
    const groups = areas().flatMap((area) => {
      const level = reach[area];
      return level === undefined ? [] : LEVELS.slice(0, LEVELS.indexOf(level) + 1).map((each) => groupName(area, each));
    });
    return {
      name: `Role${name}`,
      description: `What the role ${name} is permitted`,
      statement: `permit (principal in ${role(name)}, ${actionIn(groups)}, resource)\nwhen { ${SAME} };`,
    };
  });
}

/**
 * What an organisation may put together a role of its own from: one template per group of permissions, linked to the role. None is about
 * administration beyond looking.
 */
export function customRoleTemplates(): readonly CedarPolicy[] {
  return areas().flatMap((area) =>
    LEVELS.filter((level) => area !== 'administration' || level === 'read').map((level) => ({
      name: `Custom${capital(area)}${capital(level)}`,
      description: `Part of an own role: ${groupName(area, level)}`,
      statement: `permit (principal in ?principal, ${actionIn([groupName(area, level)])}, resource)\nwhen { ${SAME} };`,
    })),
  );
}

function actionIn(names: readonly string[]): string {
  return `action in [${names.map((name) => `${NAMESPACE}::Action::"${name}"`).join(', ')}]`;
}

function isOneOf(roles: readonly RoleModel[]): string {
  return `principal in [${roles.map(({ name }) => role(name)).join(', ')}]`;
}

function role(name: string): string {
  return `${NAMESPACE}::Role::"${name}"`;
}

function changesOfAddresses(): readonly string[] {
  const [, , kind] = AREAS.administration;
  return [...VERBS.work, ...VERBS.manage].map((verb) => permissionName(kind, verb));
}

/** Spelt out range by range: a policy cannot walk through a set. */
function addressAllowed(): string {
  const place = 'principal.organisation';
  const ranges = Array.from({ length: ADDRESS_RANGES }, (_, index) => {
    const range = addressRange(index);
    return `(${place} has ${range} && context.address.isInRange(${place}.${range}))`;
  });
  return `principal has organisation && ${place} has limitsAddresses && (!${place}.limitsAddresses || (context has address && (${ranges.join(' || ')})))`;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
