import type { Node } from '../../../lib/template/node';

/** A rule of a web ACL that lets only addresses of a list through, and what else it asks. */
export interface AddressList {
  readonly rule: Node;
  /** References to IP sets. */
  readonly sets: readonly Node[];
  /** Matches of a part of the request that stand beside the list. */
  readonly matches: readonly Node[];
}

const matchers = ['ByteMatchStatement', 'RegexMatchStatement', 'RegexPatternSetReferenceStatement'];

/**
 * The rule as a list of addresses that are let through: it speaks of everybody who is not in an IP set, or it allows those who are in
 * one. A rule that blocks who is in an IP set keeps a list of strangers, and is none of these.
 */
export function addressListOf(rule: Node): AddressList | undefined {
  const found = { inside: [] as Node[], outside: [] as Node[], matches: [] as Node[] };
  walk(rule.at('Statement'), false, found);
  const allows = rule.at('Action.Allow').resolved.kind !== 'absent';
  const sets = allows ? found.inside : found.outside;
  return sets.length > 0 ? { rule, sets, matches: found.matches } : undefined;
}

function walk(
  statement: Node,
  isNegated: boolean,
  found: { readonly inside: Node[]; readonly outside: Node[]; readonly matches: Node[] },
): void {
  const set = statement.at('IPSetReferenceStatement');
  if (set.resolved.kind === 'map') {
    (isNegated ? found.outside : found.inside).push(set);
  }
  for (const name of matchers) {
    const match = statement.at(name);
    if (match.resolved.kind === 'map') {
      found.matches.push(match);
    }
  }
  const below = statement.at('NotStatement.Statement');
  if (below.resolved.kind === 'map') {
    walk(below, !isNegated, found);
  }
  for (const name of ['AndStatement', 'OrStatement']) {
    const { resolved } = statement.at(`${name}.Statements`);
    const count = resolved.kind === 'list' ? resolved.items.length : 0;
    for (let index = 0; index < count; index++) {
      walk(statement.at(`${name}.Statements.${index}`), isNegated, found);
    }
  }
}
