import { Node } from './node';
import { isObject } from './parse';
import type { Answer } from './policy-condition';
import { type PolicyPrincipal, type PolicyStatement, Statement } from './policy-statement';
import type { Reading, UnresolvedReading } from './reading';
import { textOf } from './resolved';
import { matchesWildcard } from './wildcard';

export type { PolicyClause, PolicyPrincipal, PolicyStatement } from './policy-statement';

/** An IAM, KMS or resource policy as it stands in one world. */
export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[];
  /** Statements that cannot be read at all: what they allow is not known. */
  readonly unresolved: readonly UnresolvedReading[];
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
  return new Statement(node, effect);
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
