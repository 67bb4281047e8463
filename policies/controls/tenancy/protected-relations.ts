import { type Fact, flagIn, optionalTextIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import { type Grant, grantsOf } from './granted-rights';
import { nameOf, type Tenancy } from './tenancy-facts';
import { narrowsToTenant } from './tenant-condition';

export interface Relations {
  readonly tenancy: Tenancy;
  /** Roles whose rights the application has. */
  readonly hands: ReadonlySet<string>;
  /** Owners whose rights it borrows, and through what. */
  readonly lent: ReadonlyMap<string, string>;
  readonly relations: readonly Fact[];
  readonly policies: readonly Fact[];
  readonly foreignKeys: readonly Fact[];
}

/** Judges every table, view and copy that the application can reach. */
export function judgeRelations(all: Relations): readonly LiveOutcome[] {
  return all.relations.map((relation): LiveOutcome => {
    const mine = grantsOf(relation).filter(({ role }) => all.hands.has(role) || role === 'PUBLIC');
    return {
      subject: nameOf(relation),
      type: typeOf(relation),
      outcome: judgeRelation(relation, mine, all),
      observations: ['enabled', 'forced', 'grants'].map((property) => ({ property, value: relation[property] })),
    };
  });
}

function typeOf(relation: Fact): string {
  const kinds: Readonly<Record<string, string>> = { v: 'View', m: 'MaterializedView', f: 'ForeignTable' };
  return `PostgreSQL::${kinds[textIn(relation, 'kind')] ?? 'Table'}`;
}

function judgeRelation(relation: Fact, grants: readonly Grant[], all: Relations): Outcome {
  if (grants.length === 0) {
    return judgeBehind(relation, all);
  }
  const roles = rolesOf(grants);
  const owner = textIn(relation, 'owner');
  switch (textIn(relation, 'kind')) {
    case 'v':
      return flagIn(relation, 'invoker') ? satisfied : finding('ownersView', undefined, { owner });
    case 'm':
      return finding('copy', undefined, { kind: 'materialized view', roles });
    case 'f':
      return finding('copy', undefined, { kind: 'foreign table', roles });
    default:
      return judgeTable(relation, grants, all);
  }
}

function rolesOf(grants: readonly Grant[]): string {
  return [...new Set(grants.map(({ role }) => role))].join(', ');
}

/** What no role of the application may use is out of its reach, unless it borrows the rights of the owner. */
function judgeBehind(relation: Fact, { tenancy, lent }: Relations): Outcome {
  const way = lent.get(textIn(relation, 'owner'));
  const isOpen =
    tenancy.mode === 'rls' &&
    /^[rpf]$/.test(textIn(relation, 'kind')) &&
    optionalTextIn(relation, 'key_type') !== undefined &&
    !(flagIn(relation, 'enabled') && flagIn(relation, 'forced'));
  return isOpen && way !== undefined
    ? finding('notEnabled', undefined, { roles: `through ${way} the application` })
    : notApplicable('no role of the application may use it');
}

function judgeTable(table: Fact, grants: readonly Grant[], all: Relations): Outcome {
  const { tenancy } = all;
  const isWritten = grants.some(({ privilege }) => privilege !== 'SELECT');
  const keyType = optionalTextIn(table, 'key_type');
  if (!isWritten && nameOf(table) === 'tenancy.settings') {
    return notApplicable('it says how tenants are kept apart');
  }
  if (!isWritten && keyType === undefined && !(tenancy.mode === 'rls' && refersToTenant(table, all))) {
    return notApplicable('the application can only read it, and its rows belong to no tenant');
  }
  if (!flagIn(table, 'enabled')) {
    return finding('notEnabled', undefined, { roles: rolesOf(grants) });
  }
  if (!flagIn(table, 'forced')) {
    return finding('notForced', undefined, { owner: textIn(table, 'owner') });
  }
  return (
    judgePast(grants, tenancy) ??
    judgeKey(table, keyType, isWritten, tenancy) ??
    judgePolicies(table, grants, all) ??
    judgeForeignKeys(table, all) ??
    satisfied
  );
}

/** Policies are asked about rows: neither emptying a table is held by them, nor a trigger, which runs as whoever changes it next. */
function judgePast(grants: readonly Grant[], { mode }: Tenancy): Outcome | undefined {
  const past = grants.find(({ privilege }) => /^(TRUNCATE|TRIGGER)$/.test(privilege));
  return past && mode === 'rls'
    ? finding('pastPolicies', undefined, { role: past.role, privilege: past.privilege })
    : undefined;
}

function judgeKey(table: Fact, keyType: string | undefined, isWritten: boolean, tenancy: Tenancy): Outcome | undefined {
  const { key, mode } = tenancy;
  if (keyType === undefined) {
    return mode === 'rls' ? finding('wrongKey', undefined, { key, value: 'missing' }) : undefined;
  }
  if (keyType !== 'uuid' || (isWritten && !flagIn(table, 'key_not_null'))) {
    return finding('wrongKey', undefined, { key, value: keyType === 'uuid' ? 'nullable' : keyType });
  }
  return mode === 'rls' && !flagIn(table, 'key_indexed') ? finding('noIndex', undefined, { key }) : undefined;
}

/**
 * A restrictive policy for everybody and every command holds whatever else is allowed. Without one, each of the permissive policies
 * that let a role in must tie it: they are joined by OR.
 */
function judgePolicies(table: Fact, grants: readonly Grant[], all: Relations): Outcome | undefined {
  const { policies, tenancy, hands } = all;
  const own = policies.filter((policy) => textIn(policy, 'id') === textIn(table, 'id'));
  const isTied = (policy: Fact) =>
    ['visible', 'written'].every((part) => {
      const condition = optionalTextIn(policy, part);
      return condition === undefined || narrowsToTenant(condition, tenancy);
    });
  const holdsAlways = (policy: Fact) =>
    !flagIn(policy, 'permissive') &&
    textIn(policy, 'command') === '*' &&
    wordsIn(policy, 'roles').includes('PUBLIC') &&
    optionalTextIn(policy, 'visible') !== undefined &&
    isTied(policy);
  if (own.some(holdsAlways)) {
    return undefined;
  }
  // A policy for a role holds for its members too
  const isMine = (role: string) => role === 'PUBLIC' || hands.has(role);
  const open = own
    .filter((policy) => flagIn(policy, 'permissive') && wordsIn(policy, 'roles').some(isMine) && !isTied(policy))
    .map((policy) => textIn(policy, 'name'));
  return open.length > 0
    ? finding('notTied', undefined, { role: rolesOf(grants), policies: open.join(', ') })
    : undefined;
}

/** Tables whose rows name their tenant, by the id of each. */
function keyedIn(relations: readonly Fact[]): ReadonlyMap<string, string> {
  return new Map(
    relations
      .filter((relation) => optionalTextIn(relation, 'key_type') !== undefined)
      .map((relation) => [textIn(relation, 'id'), nameOf(relation)]),
  );
}

/** Whether rows belong to those of a tenant, though they do not say to which: what they refer to says it. */
function refersToTenant(table: Fact, { foreignKeys, relations }: Relations): boolean {
  const keyed = keyedIn(relations);
  return foreignKeys.some((each) => textIn(each, 'id') === textIn(table, 'id') && keyed.has(textIn(each, 'to_id')));
}

/** PostgreSQL checks a foreign key with the rights of the table's owner, past every policy. */
function judgeForeignKeys(table: Fact, { foreignKeys, relations, tenancy }: Relations): Outcome | undefined {
  if (tenancy.mode !== 'rls') {
    return undefined;
  }
  const keyed = keyedIn(relations);
  const crossing = foreignKeys.find(
    (each) =>
      textIn(each, 'id') === textIn(table, 'id') && keyed.has(textIn(each, 'to_id')) && !flagIn(each, 'with_tenant'),
  );
  return (
    crossing &&
    finding('crossing', undefined, {
      constraint: textIn(crossing, 'name'),
      to: keyed.get(textIn(crossing, 'to_id')),
      key: tenancy.key,
    })
  );
}
