import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';
import { matcherOf } from './sample-request';
import { type FirewallRule, guardsPoolsOnly, protectedTypes, rulesOf } from './web-acl';

/** A managed group that must look at every request, whole, and block; with the messages of the control that asks for it. */
export interface WholeGroup {
  readonly name: string;
  /** Statement with which a rule of one's own could look for the same. */
  readonly ownStatement: 'SqliMatchStatement' | 'XssMatchStatement';
  readonly messages: Readonly<Record<'gone' | 'counted' | 'weakened' | 'scoped', string>>;
}

const samples = ['/', '/login', '//API/orders', '/%61pi/orders'].flatMap((path) =>
  ['GET', 'POST', 'PUT'].map((method) => ({ method, path })),
);

/** Whether a group of AWS is in a firewall before an application, whole, on every request, and blocks. */
export function judgeWholeGroup(acl: Subject, group: WholeGroup): readonly Outcome[] {
  if (guardsPoolsOnly(protectedTypes(acl))) {
    return [notApplicable('it stands before user pools alone, which show it no body')];
  }
  const rules = rulesOf(acl);
  if (rules.kind !== 'known') {
    return rules.kind === 'absent'
      ? [finding(group.messages.gone, rules.property)]
      : [notAssessed(rules.reason, rules.property)];
  }
  const found = rules.value.filter((rule) => groupOf(rule) === group.name);
  if (found.length > 0) {
    const best = found.map((rule) => judgeRule(rule, group.messages));
    return best.find((each) => each.every(({ verdict }) => verdict === 'satisfied')) ?? best[0] ?? [];
  }
  const hidden = rules.value.find((rule) => groupOf(rule) === undefined || hasOwnRule(rule, group));
  return hidden
    ? [notAssessed(`what rule ${hidden.name} looks for is its own choice, or cannot be read`, hidden.statement.path)]
    : [finding(group.messages.gone, rules.property)];
}

/** Empty where the rule refers to no managed group; undefined where that cannot be read. */
function groupOf({ statement }: FirewallRule): string | undefined {
  const managed = statement.at('ManagedRuleGroupStatement');
  if (statement.resolved.kind !== 'map' || managed.resolved.kind === 'unresolved') {
    return undefined;
  }
  if (managed.resolved.kind === 'absent') {
    return '';
  }
  const name = managed.at('Name').resolved;
  return name.kind === 'scalar' ? textOf(name).text : undefined;
}

function hasOwnRule({ statement }: FirewallRule, { ownStatement }: WholeGroup): boolean {
  return [ownStatement, 'RuleGroupReferenceStatement'].some((kind) => statement.at(kind).resolved.kind !== 'absent');
}

type Messages = WholeGroup['messages'];

function judgeRule({ node, statement, name }: FirewallRule, messages: Messages): readonly Outcome[] {
  const managed = statement.at('ManagedRuleGroupStatement');
  managed.at('Name').text();
  const override = node.at('OverrideAction');
  const blocks = override.at('None').state();
  const action =
    blocks === 'known'
      ? []
      : override.resolved.kind === 'unresolved' || blocks === 'unresolved'
        ? [notAssessed('whether the group only counts is not known', override.path)]
        : [finding(messages.counted, override.path, { rule: name })];
  const found = [
    ...action,
    ...weakened(managed, name, messages),
    ...scopedDown(managed.at('ScopeDownStatement'), name, messages),
  ];
  return found.length === 0 ? [satisfied] : found;
}

function weakened(managed: FirewallRule['statement'], rule: string, messages: Messages): readonly Outcome[] {
  if (managed.at('ExcludedRules.0').resolved.kind !== 'absent') {
    return [finding(messages.weakened, managed.at('ExcludedRules').path, { rule })];
  }
  const overrides = managed.at('RuleActionOverrides').items();
  if (overrides.kind === 'unresolved') {
    return [notAssessed(overrides.reason, overrides.property)];
  }
  return (overrides.kind === 'known' ? overrides.value : []).flatMap((override) => {
    const { resolved } = override.at('ActionToUse');
    if (resolved.kind !== 'map') {
      return [notAssessed('what the override does is not known', override.path)];
    }
    return Object.hasOwn(resolved.entries, 'Block') ? [] : [finding(messages.weakened, override.path, { rule })];
  });
}

function scopedDown(scopeDown: FirewallRule['statement'], rule: string, messages: Messages): readonly Outcome[] {
  if (scopeDown.resolved.kind === 'absent') {
    return [];
  }
  const matches = matcherOf(scopeDown);
  const answers = samples.map((request) => ({ request, match: matches(request) }));
  const spared = answers.find(({ match }) => match === false)?.request;
  if (spared) {
    return [finding(messages.scoped, scopeDown.path, { rule, example: `${spared.method} ${spared.path}` })];
  }
  return answers.every(({ match }) => match)
    ? []
    : [notAssessed('which requests the group leaves out is not known', scopeDown.path)];
}
