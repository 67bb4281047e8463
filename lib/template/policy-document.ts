import { Node } from './node';
import { isObject } from './parse';
import { type Answer, conditionsOf, type PolicyConditions, textsOf } from './policy-condition';
import type { Reading, UnresolvedReading } from './reading';
import { textOf } from './resolved';
import { matchesWildcard } from './wildcard';

/** An IAM, KMS or resource policy as it stands in one world. */
export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[];
  /** Statements that cannot be read at all: what they allow is not known. */
  readonly unresolved: readonly UnresolvedReading[];
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly sid?: string;
  /** Absent in a policy of an identity. */
  readonly principals: PolicyClause<PolicyPrincipal>;
  readonly actions: PolicyClause<string>;
  readonly resources: PolicyClause<string>;
  readonly conditions: PolicyConditions;
  /** Where the statement stands, from the resource's properties. */
  readonly property: string;
  /** Where its principals, actions and conditions stand. */
  readonly principalPath: string;
  readonly actionPath: string;
  readonly conditionPath: string;
}

/** What `Action` or `NotAction` and their like name. A lone text counts as a list of one. */
export interface PolicyClause<T> {
  /** `only` these, everything `except` these (`NotAction`), or not written. */
  readonly form: 'only' | 'except' | 'absent';
  /** Texts as patterns; holes stand as `${Role.Arn}`. */
  readonly values: readonly T[];
  /** Members that cannot be read. */
  readonly unresolved: readonly UnresolvedReading[];
}

export interface PolicyPrincipal {
  /** `*` for the lone asterisk. */
  readonly kind: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser' | '*';
  readonly id: string;
}

/** Reads the policy at a place, as an object or as JSON text; its reads are recorded. */
export function statementsOf(node: Node): Reading<PolicyDocument> {
  const document = isText(node) ? parsed(node) : node;
  if ('kind' in document) {
    return document;
  }
  const reading = document.at('Statement').items();
  if (reading.kind !== 'known') {
    return reading.kind === 'absent' && document.resolved.kind !== 'absent' ? noStatements(document) : reading;
  }
  const read = reading.value.map(statementOf);
  const value = {
    statements: read.filter((statement): statement is PolicyStatement => 'effect' in statement),
    unresolved: read.filter((statement): statement is UnresolvedReading => !('effect' in statement)),
  };
  return { kind: 'known', value, property: node.path };
}

function isText(node: Node): boolean {
  return node.resolved.kind === 'scalar' || node.resolved.kind === 'pattern';
}

/** Policy text, as `AWS::Logs::ResourcePolicy` takes it: its holes stand inside JSON strings and stay there. */
function parsed(node: Node): Node | UnresolvedReading {
  const text = textOf(node.resolved).text;
  try {
    const raw: unknown = JSON.parse(text);
    if (isObject(raw)) {
      node.pattern();
      return new Node(node.subject, node.path, { raw, template: node.subject.template });
    }
  } catch {
    // Told below like every other text that is no policy.
  }
  return { kind: 'unresolved', property: node.path, reason: 'expected a policy document, got other text', text };
}

function noStatements(node: Node): UnresolvedReading {
  return { kind: 'unresolved', property: node.path, reason: 'the policy document has no Statement', text: '' };
}

function statementOf(node: Node): PolicyStatement | UnresolvedReading {
  const written = node.at('Effect').pattern();
  const effect = written.kind === 'known' ? written.value : undefined;
  if (effect !== 'Allow' && effect !== 'Deny') {
    return written.kind === 'unresolved'
      ? written
      : { kind: 'unresolved', property: written.property, reason: 'expected Allow or Deny', text: effect ?? '' };
  }
  const sid = node.at('Sid').resolved;
  const principals = clauseOf(node, 'Principal', principalsOf);
  const actions = clauseOf(node, 'Action', textsOf);
  return {
    effect,
    sid: sid.kind === 'scalar' ? String(sid.value) : undefined,
    principals,
    actions,
    resources: clauseOf(node, 'Resource', textsOf),
    conditions: conditionsOf(node.at('Condition')),
    property: node.path,
    principalPath: pathOf(node, 'Principal', principals),
    actionPath: pathOf(node, 'Action', actions),
    conditionPath: `${node.path}.Condition`,
  };
}

function pathOf(node: Node, name: string, { form }: PolicyClause<unknown>): string {
  return `${node.path}.${form === 'except' ? `Not${name}` : name}`;
}

function clauseOf<T>(
  statement: Node,
  name: 'Principal' | 'Action' | 'Resource',
  read: (node: Node) => Pick<PolicyClause<T>, 'values' | 'unresolved'>,
): PolicyClause<T> {
  const only = statement.at(name);
  const except = statement.at(`Not${name}`);
  if (except.resolved.kind === 'absent') {
    return only.resolved.kind === 'absent'
      ? { form: 'absent', values: [], unresolved: [] }
      : { form: 'only', ...read(only) };
  }
  if (only.resolved.kind === 'absent') {
    return { form: 'except', ...read(except) };
  }
  const reason = `${name} and Not${name} cannot stand together`;
  return { form: 'only', values: [], unresolved: [{ kind: 'unresolved', property: except.path, reason, text: '' }] };
}

const principalKinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;

function principalsOf(node: Node): Pick<PolicyClause<PolicyPrincipal>, 'values' | 'unresolved'> {
  if (node.resolved.kind !== 'map') {
    const lone = node.pattern();
    return lone.kind === 'known' && lone.value === '*'
      ? { values: [{ kind: '*', id: '*' }], unresolved: [] }
      : { values: [], unresolved: [unreadable(node, lone)] };
  }
  const values: PolicyPrincipal[] = [];
  const unresolved: UnresolvedReading[] = [];
  const entries = node.entries();
  for (const [written, place] of entries.kind === 'known' ? entries.value : []) {
    const kind = principalKinds.find((each) => each === written);
    const texts = textsOf(place);
    values.push(...(kind ? texts.values.map((id) => ({ kind, id })) : []));
    unresolved.push(...(kind ? texts.unresolved : [unreadable(place)]));
  }
  return { values, unresolved };
}

function unreadable(node: Node, reading?: Reading<string>): UnresolvedReading {
  return reading?.kind === 'unresolved'
    ? reading
    : { kind: 'unresolved', property: node.path, reason: "expected '*' or kinds of principals", text: '' };
}

/** Whether an action as a policy writes it (`s3:Get*`, `*`) covers an action; case does not matter. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), action.toLowerCase());
}

/** Whether a statement speaks of an action, by `Action` or past its `NotAction`. */
export function coversAction(statement: PolicyStatement, action: string): Answer {
  const { form, values, unresolved } = statement.actions;
  const property = statement.actionPath;
  if (values.some((pattern) => matchesAction(pattern, action))) {
    return { kind: 'known', value: form === 'only', property };
  }
  return unresolved[0] ?? { kind: 'known', value: form === 'except', property };
}

/**
 * Whether a statement speaks of everybody, whatever its effect: `*`, every account (`arn:aws:iam::*:root`), or all but the ones in
 * its `NotPrincipal`.
 */
export function reachesAnyone(statement: PolicyStatement): Answer {
  const { form, values, unresolved } = statement.principals;
  const known = (value: boolean): Answer => ({ kind: 'known', value, property: statement.principalPath });
  if (form === 'except' || values.some(isAnyone)) {
    return known(true);
  }
  return unresolved[0] ?? known(false);
}

function isAnyone({ id }: PolicyPrincipal): boolean {
  const account = /^arn:(?:[^:$]|\$\{[^}]*\})*:(?:iam|sts)::([^:]*):/.exec(id)?.[1];
  return /^\*+$/.test(id) || (account !== undefined && /[*?]/.test(account));
}

/** Whether a statement allows everybody what it allows, before its conditions: see `narrows`. */
export function allowsAnyone(statement: PolicyStatement): Answer {
  return statement.effect === 'Deny'
    ? { kind: 'known', value: false, property: statement.principalPath }
    : reachesAnyone(statement);
}

/** Whether a statement denies everybody without exception what it denies, before its conditions: `NotPrincipal` spares some. */
export function deniesEveryone(statement: PolicyStatement): Answer {
  const { effect, principals } = statement;
  return effect === 'Deny' && principals.form === 'only'
    ? reachesAnyone(statement)
    : { kind: 'known', value: false, property: statement.principalPath };
}
