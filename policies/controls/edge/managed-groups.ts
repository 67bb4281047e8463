import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { matcherOf, type SampleRequest } from './sample-request';
import { acts, type FirewallRule } from './web-acl';

/** Groups of AWS without which a firewall lets known attacks through. */
const forApplications = [
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
  'AWSManagedRulesAmazonIpReputationList',
];

/** A user pool shows the firewall no body, in which a statement of SQL could stand. */
const forPools = ['AWSManagedRulesKnownBadInputsRuleSet', 'AWSManagedRulesAmazonIpReputationList'];

/** Requests that no scope-down may leave out: pages, forms and APIs, in disguise as well. */
const anything: readonly SampleRequest[] = [
  '/',
  '/login',
  '/LOGIN',
  '//api/orders',
  '/%61pi/orders',
  '/static/a.js',
].flatMap((path) => ['GET', 'POST', 'PUT'].map((method) => ({ method, path })));

/** Judges that the groups which every firewall needs are there, each blocks, and nothing goes past them. */
export function judgeGroups(rules: readonly FirewallRule[], poolsOnly: boolean): readonly Outcome[] {
  const needed = poolsOnly ? forPools : forApplications;
  const named = rules.map((rule) => ({ rule, group: groupOf(rule) }));
  const names = new Set(named.map(({ group }) => (typeof group === 'string' ? group : '')));
  const unread = named.some(({ group }) => group === undefined);
  return [
    ...named.flatMap(({ rule, group }) => (group === null ? [] : judgeGroup(rule, needed.includes(group ?? '')))),
    ...needed
      .filter((group) => !names.has(group))
      .map((group) =>
        unread ? notAssessed('a rule cannot be read', 'Rules') : finding('noGroup', 'Rules', { group }),
      ),
    ...judgeAllowed(
      named.filter(({ rule, group }) => needed.includes(group ?? '') || isLimit(rule)).map(({ rule }) => rule),
      rules,
    ),
  ];
}

/** Name of the group that a rule refers to; null for a rule of one's own, undefined where it cannot be read. */
function groupOf({ statement }: FirewallRule): string | null | undefined {
  const { resolved } = statement;
  if (resolved.kind !== 'map') {
    return undefined;
  }
  if (Object.hasOwn(resolved.entries, 'RuleGroupReferenceStatement')) {
    return '';
  }
  if (!Object.hasOwn(resolved.entries, 'ManagedRuleGroupStatement')) {
    return null;
  }
  const name = statement.at('ManagedRuleGroupStatement.Name').text();
  return name.kind === 'known' ? name.value : undefined;
}

function judgeGroup(rule: FirewallRule, needed: boolean): readonly Outcome[] {
  const { node, statement, name } = rule;
  const group = statement.at(
    statement.at('RuleGroupReferenceStatement').resolved.kind === 'absent'
      ? 'ManagedRuleGroupStatement'
      : 'RuleGroupReferenceStatement',
  );
  const overridden = group.at('RuleActionOverrides').items();
  const overrides = overridden.kind === 'known' ? overridden.value : [];
  return [
    ...present(node.at('OverrideAction.None'), satisfied, judgeOverride(rule)),
    ...present(group.at('ExcludedRules.0'), finding('weakened', undefined, { rule: name }), satisfied),
    ...(overridden.kind === 'unresolved' ? [notAssessed(overridden.reason, overridden.property)] : []),
    ...overrides.flatMap((override) => judgeRuleOverride(override, name)),
    ...(needed ? judgeScopeDown(group.at('ScopeDownStatement'), name) : []),
  ];
}

function judgeOverride({ node, name }: FirewallRule): Outcome {
  return node.at('OverrideAction').resolved.kind === 'unresolved'
    ? notAssessed('whether the group only counts is not known', node.at('OverrideAction').path)
    : finding('counted', node.at('OverrideAction').path, { rule: name });
}

function present(node: Node, there: Outcome, gone: Outcome): readonly Outcome[] {
  switch (node.state()) {
    case 'known':
      return [withProperty(there, node.path)];
    case 'absent':
      return [gone];
    case 'unresolved':
      return [notAssessed('whether it is there is not known', node.path)];
  }
}

function withProperty(outcome: Outcome, property: string): Outcome {
  return outcome.verdict === 'not-satisfied' ? { ...outcome, property } : outcome;
}

function judgeRuleOverride(override: Node, rule: string): readonly Outcome[] {
  const { resolved } = override.at('ActionToUse');
  const [action] = resolved.kind === 'map' ? Object.keys(resolved.entries) : [];
  const weaker = action === 'Count' || action === 'Allow';
  if (action === undefined) {
    return [notAssessed('what the override does is not known', override.path)];
  }
  return override.at(`ActionToUse.${action}`).state() === 'known' && weaker
    ? [finding('weakened', override.path, { rule })]
    : [satisfied];
}

function judgeScopeDown(scopeDown: Node, rule: string): readonly Outcome[] {
  if (scopeDown.state() === 'absent') {
    return [];
  }
  const matcher = matcherOf(scopeDown);
  const answers = anything.map((request) => ({ request, match: matcher(request) }));
  const spared = answers.find(({ match }) => match === false);
  if (spared) {
    return [
      finding('scopedDown', scopeDown.path, { rule, example: `${spared.request.method} ${spared.request.path}` }),
    ];
  }
  return answers.some(({ match }) => match === undefined)
    ? [notAssessed('which requests the group leaves out is not known', scopeDown.path)]
    : [satisfied];
}

function isLimit({ statement }: FirewallRule): boolean {
  return statement.at('RateBasedStatement').resolved.kind !== 'absent';
}

/** A rule that allows ends the evaluation: only addresses in a list may be let through before the groups and limits were asked. */
function judgeAllowed(guards: readonly FirewallRule[], rules: readonly FirewallRule[]): readonly Outcome[] {
  const beforeAny = (rule: FirewallRule) =>
    guards.some(({ node }) => priorityOf(rule.node, -1) < priorityOf(node, Number.POSITIVE_INFINITY));
  return rules
    .filter((rule) => rule.node.at('Action').resolved.kind !== 'absent')
    .flatMap((rule) => {
      const allows = acts(rule, 'Allow');
      if (allows === 'unresolved') {
        return [notAssessed('what the rule does is not known', rule.node.path)];
      }
      const byAddress = rule.statement.at('IPSetReferenceStatement').resolved.kind !== 'absent';
      const early = allows === 'known' && !byAddress && beforeAny(rule);
      return early ? [finding('allowedPast', rule.node.path, { rule: rule.name })] : [];
    });
}

/** @param unread what stands for a priority that cannot be read: whatever is worse */
function priorityOf(rule: Node, unread: number): number {
  const priority = rule.at('Priority').number();
  return priority.kind === 'known' ? priority.value : unread;
}
