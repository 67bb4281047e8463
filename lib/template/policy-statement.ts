import type { Node } from './node';
import { conditionsOf, type PolicyConditions, textsOf } from './policy-condition';
import type { Reading, UnresolvedReading } from './reading';

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

/** Reads its parts when they are asked for: what nobody looked at is no evidence. */
export class Statement implements PolicyStatement {
  private readonly clauses: { principals?: PolicyClause<PolicyPrincipal>; conditions?: PolicyConditions } = {};
  private readonly texts = new Map<string, PolicyClause<string>>();

  constructor(
    private readonly node: Node,
    readonly effect: 'Allow' | 'Deny',
  ) {}

  get sid(): string | undefined {
    const { resolved } = this.node.at('Sid');
    return resolved.kind === 'scalar' ? String(resolved.value) : undefined;
  }

  get principals(): PolicyClause<PolicyPrincipal> {
    this.clauses.principals ??= clauseOf(this.node, 'Principal', principalsOf);
    return this.clauses.principals;
  }

  get actions(): PolicyClause<string> {
    return this.textsNamed('Action');
  }

  get resources(): PolicyClause<string> {
    return this.textsNamed('Resource');
  }

  get conditions(): PolicyConditions {
    this.clauses.conditions ??= conditionsOf(this.node.at('Condition'));
    return this.clauses.conditions;
  }

  get property(): string {
    return this.node.path;
  }

  get principalPath(): string {
    return pathOf(this.node, 'Principal');
  }

  get actionPath(): string {
    return pathOf(this.node, 'Action');
  }

  get conditionPath(): string {
    return `${this.node.path}.Condition`;
  }

  private textsNamed(name: 'Action' | 'Resource'): PolicyClause<string> {
    const known = this.texts.get(name) ?? clauseOf(this.node, name, textsOf);
    this.texts.set(name, known);
    return known;
  }
}

function pathOf(node: Node, name: string): string {
  const negated = node.at(`Not${name}`);
  return negated.resolved.kind === 'absent' ? node.at(name).path : negated.path;
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
