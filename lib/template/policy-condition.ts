import type { Node } from './node';
import type { PolicyStatement } from './policy-statement';
import type { Known, UnresolvedReading } from './reading';

/** An answer that may not be had: whatever it hangs on cannot be read. Fits `decide`, like every reading. */
export type Answer = Known<boolean> | UnresolvedReading;

/** One key of one operator in a statement's `Condition`; several are all asked for, several values are alternatives. */
export interface PolicyCondition {
  /** Without its quantifier and its `IfExists`: `StringLike`, `Bool`, `ArnNotEquals`. */
  readonly operator: string;
  /** For keys with several values; with `ForAllValues` a request that lacks the key matches. */
  readonly quantifier?: 'ForAnyValue' | 'ForAllValues';
  /** A request that lacks the key matches. */
  readonly ifExists: boolean;
  /** As written; IAM tells keys apart without regard to case. */
  readonly key: string;
  /** Values as patterns; holes stand as `${Bucket.Arn}`. */
  readonly values: readonly string[];
  /** Values that cannot be read. */
  readonly unresolved: readonly UnresolvedReading[];
  /** Where it stands, from the resource's properties. */
  readonly property: string;
}

export interface PolicyConditions {
  readonly list: readonly PolicyCondition[];
  /** Conditions of which not even operator and key can be read. */
  readonly unresolved: readonly UnresolvedReading[];
}

/** Reads a `Condition` block; none at all is an empty one. */
export function conditionsOf(node: Node): PolicyConditions {
  const list: PolicyCondition[] = [];
  const unresolved: UnresolvedReading[] = [];
  const operators = node.entries();
  if (operators.kind === 'unresolved') {
    return { list, unresolved: [operators] };
  }
  for (const [written, block] of operators.kind === 'known' ? operators.value : []) {
    const keys = block.entries();
    if (keys.kind === 'unresolved') {
      unresolved.push(keys);
    }
    for (const [key, place] of keys.kind === 'known' ? keys.value : []) {
      list.push({ ...operatorOf(written), key, ...textsOf(place), property: place.path });
    }
  }
  return { list, unresolved };
}

function operatorOf(written: string): Pick<PolicyCondition, 'operator' | 'quantifier' | 'ifExists'> {
  const [, prefix, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/i.exec(written) ?? [];
  const quantifier = prefix && (/any/i.test(prefix) ? 'ForAnyValue' : 'ForAllValues');
  return { operator: name, quantifier: quantifier || undefined, ifExists: ifExists !== undefined };
}

/** A list of texts, or a lone one: patterns where they can be read, and the rest. */
export function textsOf(node: Node): { readonly values: readonly string[]; readonly unresolved: UnresolvedReading[] } {
  const items = node.items();
  const readings = items.kind === 'known' ? items.value.map((item) => item.pattern()) : [];
  const unresolved = readings.filter((reading) => reading.kind === 'unresolved');
  return {
    values: readings.flatMap((reading) => (reading.kind === 'known' ? [reading.value] : [])),
    unresolved: items.kind === 'unresolved' ? [items] : unresolved,
  };
}

/** Conditions on a key, whatever its case: `aws:SecureTransport`. */
export function conditionsOn(statement: PolicyStatement, key: string): readonly PolicyCondition[] {
  return statement.conditions.list.filter((condition) => condition.key.toLowerCase() === key.toLowerCase());
}

/** Keys that say who calls, or from where: a request cannot make them up. `kms:ViaService` does not: everybody's S3 is one. */
const narrowingKeys = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:userid',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  'elasticfilesystem:accesspointarn',
]);

/**
 * Whether a statement's conditions leave only callers of a named account, organization, resource or network. Conditions that are
 * negated, that a request without the key passes, or whose values reach across accounts do not count.
 */
export function narrows(statement: PolicyStatement): Answer {
  const { list, unresolved } = statement.conditions;
  const property = statement.conditionPath;
  if (list.some((condition) => condition.unresolved.length === 0 && isNarrow(condition))) {
    return { kind: 'known', value: true, property };
  }
  const hidden = list.filter((condition) => canNarrow(condition) && condition.values.every(narrowsTo(condition)));
  return hidden.flatMap((each) => each.unresolved)[0] ?? unresolved[0] ?? { kind: 'known', value: false, property };
}

function isNarrow(condition: PolicyCondition): boolean {
  return canNarrow(condition) && condition.values.length > 0 && condition.values.every(narrowsTo(condition));
}

function canNarrow({ operator, quantifier, ifExists, key }: PolicyCondition): boolean {
  const name = key.toLowerCase();
  const asks = /^(String(Equals(IgnoreCase)?|Like)|Arn(Equals|Like)|IpAddress)$/i.test(operator);
  // CDK guards file systems so; a request over a mount target comes from inside the VPC.
  const viaMountTarget = /^Bool$/i.test(operator) && name === 'elasticfilesystem:accessedviamounttarget';
  return (viaMountTarget || (asks && narrowingKeys.has(name))) && !ifExists && quantifier !== 'ForAllValues';
}

function narrowsTo({ key, operator }: PolicyCondition): (value: string) => boolean {
  if (/^Bool$/i.test(operator)) {
    return (value) => value.toLowerCase() === 'true';
  }
  return /sourceip$/i.test(key) ? isSmallNetwork : isNarrowName;
}

/** Blocks wider than an IPv4 /8 or an IPv6 /32 add up to the world too easily. */
function isSmallNetwork(value: string): boolean {
  const [address = '', length] = value.split('/');
  const bits = length === undefined ? 128 : Number(length);
  return address !== '' && !/[*?]/.test(value) && bits >= (address.includes(':') ? 32 : 8);
}

/** A policy variable such as `${aws:PrincipalArn}`, which the request itself fills in; a pseudo parameter has two colons. */
const policyVariable = /\$\{[a-z0-9-]+:[^:}]/i;

function isNarrowName(value: string): boolean {
  if (policyVariable.test(value)) {
    return false;
  }
  if (!value.startsWith('arn:')) {
    // A wildcard counts only below a name that is whole: `o-abc/r-1/*`, `AROAEXAMPLE:*`.
    const [fixed = ''] = value.split(/[*?]/, 1);
    return fixed === value ? value !== '' : fixed.length > 1 && /[:/]$/.test(fixed);
  }
  const [, , , , account = '', ...resource] = splitArn(value);
  const owner = account === '' ? (resource.join(':').split('/')[0] ?? '') : account;
  return owner !== '' && !/[*?]/.test(owner);
}

/** Splits at colons that are not inside a hole: `${AWS::Partition}` holds two of its own. */
function splitArn(arn: string): readonly string[] {
  return arn.match(/(?:\$\{[^}]*\}|[^:])+|(?<=:)(?=:)/g) ?? [];
}
