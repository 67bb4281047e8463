import { type Fact, flagIn, optionalTextIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import { nameOf, type Tenancy } from './tenancy-facts';
import { tiesToTenant } from './tenant-condition';

interface Grant {
  readonly role: string;
  readonly privilege: string;
}

export interface Relations {
  readonly tenancy: Tenancy;
  readonly relations: readonly Fact[];
  readonly policies: readonly Fact[];
  readonly foreignKeys: readonly Fact[];
}

/** Roles that change rows and own nothing: what the application runs as. Owners are not among them, nor whoever only reads. */
export function writersOf(relations: readonly Fact[]): ReadonlySet<string> {
  const grants = relations.flatMap(grantsOf).filter(({ privilege }) => privilege !== 'SELECT');
  return new Set(grants.map(({ role }) => role));
}

/** Judges every table, view and copy that the application can reach. */
export function judgeRelations(all: Relations): readonly LiveOutcome[] {
  const writers = writersOf(all.relations);
  return all.relations.map((relation): LiveOutcome => {
    const mine = grantsOf(relation).filter(({ role }) => writers.has(role) || role === 'PUBLIC');
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

/** Each grant as `role PRIVILEGE`. */
function grantsOf(relation: Fact): readonly Grant[] {
  return wordsIn(relation, 'grants').map((grant) => {
    const at = grant.lastIndexOf(' ');
    return { role: grant.slice(0, at), privilege: grant.slice(at + 1) };
  });
}

function judgeRelation(relation: Fact, grants: readonly Grant[], all: Relations): Outcome {
  if (grants.length === 0) {
    return notApplicable('no role of the application may use it');
  }
  const roles = [...new Set(grants.map(({ role }) => role))].join(', ');
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

function judgeTable(table: Fact, grants: readonly Grant[], all: Relations): Outcome {
  const { tenancy } = all;
  const isWritten = grants.some(({ privilege }) => privilege !== 'SELECT');
  const keyType = optionalTextIn(table, 'key_type');
  if (!isWritten && nameOf(table) === 'tenancy.settings') {
    return notApplicable('it says how tenants are kept apart');
  }
  if (!isWritten && keyType === undefined) {
    return notApplicable('the application can only read it, and its rows belong to no tenant');
  }
  if (!flagIn(table, 'enabled')) {
    return finding('notEnabled', undefined, { roles: [...new Set(grants.map(({ role }) => role))].join(', ') });
  }
  if (!flagIn(table, 'forced')) {
    return finding('notForced', undefined, { owner: textIn(table, 'owner') });
  }
  return (
    judgeKey(table, keyType, isWritten, tenancy) ??
    judgePolicies(table, grants, all) ??
    judgeForeignKeys(table, all) ??
    satisfied
  );
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
function judgePolicies(table: Fact, grants: readonly Grant[], { policies, tenancy }: Relations): Outcome | undefined {
  const own = policies.filter((policy) => textIn(policy, 'id') === textIn(table, 'id'));
  const isTied = (policy: Fact) =>
    ['visible', 'written'].every((part) => {
      const condition = optionalTextIn(policy, part);
      return condition === undefined || tiesToTenant(condition, tenancy);
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
  for (const { role } of grants) {
    const letIn = own.filter((policy) => {
      const roles = wordsIn(policy, 'roles');
      return flagIn(policy, 'permissive') && (role === 'PUBLIC' || roles.includes(role) || roles.includes('PUBLIC'));
    });
    const open = letIn.filter((policy) => !isTied(policy)).map((policy) => textIn(policy, 'name'));
    if (open.length > 0) {
      return finding('notTied', undefined, { role, policies: open.join(', ') });
    }
  }
  return undefined;
}

/** PostgreSQL checks a foreign key with the rights of the table's owner, past every policy. */
function judgeForeignKeys(table: Fact, { foreignKeys, relations, tenancy }: Relations): Outcome | undefined {
  if (tenancy.mode !== 'rls') {
    return undefined;
  }
  const keyed = new Map(
    relations
      .filter((relation) => optionalTextIn(relation, 'key_type') !== undefined)
      .map((relation) => [textIn(relation, 'id'), nameOf(relation)]),
  );
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
