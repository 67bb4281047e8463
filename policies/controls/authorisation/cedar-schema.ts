import { isObject, type Json } from '../../../lib/template/parse';

/** What a schema of Cedar in JSON says of permissions. */
export interface CedarSchema {
  /** Actions that can be asked about, by name. */
  readonly permissions: readonly string[];
  /** Groups that an action is in, itself first, by its name. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>;
  /** Types that somebody can be a member of: roles. */
  readonly roleTypes: ReadonlySet<string>;
}

/** @returns undefined for text that is no schema of one namespace */
export function readCedarSchema(text: string): CedarSchema | undefined {
  const namespaces = parse(text);
  const [entry, ...others] = namespaces ? Object.entries(namespaces) : [];
  if (!entry || others.length > 0 || !isObject(entry[1])) {
    return undefined;
  }
  const [namespace, content] = entry;
  const actions = isObject(content.actions) ? content.actions : {};
  const entityTypes = isObject(content.entityTypes) ? content.entityTypes : {};
  const names = Object.keys(actions);
  const permissions = names.filter((name) => isAskedAbout(actions[name]));
  const principals = new Set(permissions.flatMap((name) => principalsOf(actions[name])));
  const roles = [...principals].flatMap((type) => listIn(entityTypes[type], 'memberOfTypes'));
  return {
    permissions,
    groupsOf: new Map(names.map((name) => [name, groupsOf(name, actions, new Set())])),
    roleTypes: new Set(roles.map((type) => (type.includes('::') || namespace === '' ? type : `${namespace}::${type}`))),
  };
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Source: https://docs.cedarpolicy.com/schema/json-schema.html */
function isAskedAbout(action: unknown): boolean {
  const appliesTo = isObject(action) ? action.appliesTo : undefined;
  return listIn(appliesTo, 'principalTypes').length > 0 && listIn(appliesTo, 'resourceTypes').length > 0;
}

function principalsOf(action: unknown): readonly string[] {
  return listIn(isObject(action) ? action.appliesTo : undefined, 'principalTypes');
}

function groupsOf(name: string, actions: Json, seen: Set<string>): readonly string[] {
  if (seen.has(name)) {
    return [];
  }
  seen.add(name);
  const action = actions[name];
  const parents = isObject(action) && Array.isArray(action.memberOf) ? action.memberOf : [];
  return [
    name,
    ...parents.flatMap((parent) =>
      isObject(parent) && typeof parent.id === 'string' ? groupsOf(parent.id, actions, seen) : [],
    ),
  ];
}

function listIn(place: unknown, member: string): readonly string[] {
  const list = isObject(place) ? place[member] : undefined;
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];
}
