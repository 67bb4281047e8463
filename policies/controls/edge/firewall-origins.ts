import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import {
  changingMethods,
  described,
  type Fate,
  type ForgedRequest,
  holesOf,
  lookalikes,
  silentMarks,
} from './forged-requests';
import { type Matcher, matcherOf } from './sample-request';
import { acts, type FirewallRule, rulesOf } from './web-acl';

const guard = 'the web ACL';
const paths = ['/', '/login', '/api/orders'];

/** A rule that looks at where requests come from must block them, all of them, before any rule lets them in. */
export function judgeFirewallOrigins(acl: Subject): readonly Outcome[] {
  const rules = rulesOf(acl);
  if (rules.kind !== 'known') {
    return rules.kind === 'absent' ? [notApplicable('it has no rules')] : [notAssessed(rules.reason, rules.property)];
  }
  const checks = rules.value.filter((rule) => checksOrigins(rule.statement));
  if (checks.length === 0) {
    return [notApplicable('no rule of it looks at where requests come from')];
  }
  const counted = checks.filter((rule) => acts(rule, 'Block') !== 'known');
  if (counted.length > 0) {
    return counted.map((rule) =>
      rule.node.at('Action').resolved.kind === 'unresolved'
        ? notAssessed('what the rule does is not known', rule.node.at('Action').path)
        : finding('countedOnly', rule.node.at('Action').path, { rule: rule.name }),
    );
  }
  const ordered = inOrder(rules.value);
  if (!ordered) {
    return [notAssessed('the order of its rules is not known')];
  }
  const similar = lookalikes(checks.flatMap(({ statement }) => leavesOf(statement).map(({ text }) => text)));
  const { methods, example, unknown } = holesOf((request) => fateAt(ordered, request), similar);
  const place = 'every path';
  const found = [
    ...(methods.length === 0
      ? []
      : [finding('methodUnchecked', undefined, { guard, methods: methods.join(', '), place })]),
    ...(example ? [finding('foreignAdmitted', undefined, { guard, example: described(example), place })] : []),
    ...(unknown ? [notAssessed('whether forged requests pass its rules is not known')] : []),
  ];
  return found.length === 0 ? [satisfied] : found;
}

/** Whether some rule of it looks at where requests come from. */
export function guardsOrigins(acl: Subject): boolean {
  const rules = rulesOf(acl);
  return rules.kind === 'known' && rules.value.some((rule) => checksOrigins(rule.statement));
}

/** Whether it also refuses writes that name no origin. */
export function refusesSilence(acl: Subject): boolean {
  const rules = rulesOf(acl);
  const ordered = rules.kind === 'known' ? inOrder(rules.value) : undefined;
  return (
    ordered !== undefined &&
    changingMethods.every((method) => silentMarks.every((mark) => fateAt(ordered, { method, ...mark }) === 'refused'))
  );
}

/** A rule that decides about forged requests: one that looks at origins and blocks, or one that allows. */
interface Deciding {
  readonly priority: number;
  readonly allows: boolean;
  readonly matches: Matcher;
}

/** Undefined where the order of the rules cannot be read. */
function inOrder(rules: readonly FirewallRule[]): readonly Deciding[] | undefined {
  const deciding: Deciding[] = [];
  for (const { node, statement } of rules) {
    const priority = node.at('Priority').number();
    if (priority.kind !== 'known') {
      return undefined;
    }
    const allows = node.at('Action.Allow').resolved.kind !== 'absent';
    const blocks = node.at('Action.Block').resolved.kind !== 'absent' && checksOrigins(statement);
    if (allows || blocks) {
      deciding.push({ priority: priority.value, allows, matches: matcherOf(statement) });
    }
  }
  return deciding.sort((a, b) => a.priority - b.priority);
}

/** The worst that happens on any path. */
function fateAt(rules: readonly Deciding[], request: ForgedRequest): Fate {
  const all = paths.map((path) => fateOn(rules, path, request));
  return all.find((fate) => fate === 'admitted') ?? all.find((fate) => fate === 'unknown') ?? 'refused';
}

function fateOn(rules: readonly Deciding[], path: string, { method, origin, site }: ForgedRequest): Fate {
  const headers = {
    ...(origin === undefined ? {} : { origin }),
    ...(site === undefined ? {} : { 'sec-fetch-site': site }),
  };
  let unknown = false;
  for (const { allows, matches } of rules) {
    const match = matches({ method, path, headers });
    if (match === true) {
      return allows ? 'admitted' : 'refused';
    }
    unknown ||= match === undefined;
  }
  return unknown ? 'unknown' : 'admitted';
}

function checksOrigins(statement: Node): boolean {
  return leavesOf(statement).some(
    ({ path, text }) => path.endsWith('SingleHeader.Name') && /^(origin|sec-fetch-site)$/i.test(text),
  );
}

interface Leaf {
  readonly path: string;
  readonly text: string;
}

/** Every text below a place. Many rules are long: they are gathered in one list. */
function leavesOf(node: Node, leaves: Leaf[] = []): readonly Leaf[] {
  const { resolved } = node;
  if (resolved.kind === 'map') {
    for (const key of Object.keys(resolved.entries)) {
      leavesOf(node.at(key), leaves);
    }
  } else if (resolved.kind === 'list') {
    for (const index of resolved.items.keys()) {
      leavesOf(node.at(String(index)), leaves);
    }
  } else if (resolved.kind === 'scalar') {
    leaves.push({ path: node.path, text: String(resolved.value) });
  }
  return leaves;
}
