import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { coversAction, statementsOf } from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';
import { matcherOf } from './sample-request';
import { acts, type FirewallRule } from './web-acl';

/** Routes of software that scanners look for, of which a decoy uses any. */
const decoys = ['/.env', '/wp-login.php', '/wp-admin', '/phpmyadmin', '/.git/config', '/xmlrpc.php', '/admin.php'];
const honest = ['/', '/login', '/api/orders', '/an-ordinary-page'];

/** Judges that decoys block, are written down, and keep whoever called them out of everything. */
export function judgeHoneypots(acl: Subject, rules: readonly FirewallRule[]): readonly Outcome[] {
  const traps = rules.filter(isTrap);
  const [trap] = traps;
  if (!trap) {
    return [finding('noDecoy', 'Rules')];
  }
  const blocking = traps.filter((rule) => acts(rule, 'Block') === 'known');
  if (blocking.length === 0) {
    return [finding('harmlessDecoy', trap.node.at('Action').path, { rule: trap.name })];
  }
  return [satisfied, ...judgeSets(rules), ...judgeReader(acl, blocking)];
}

function isTrap(rule: FirewallRule): boolean {
  const { resolved } = rule.node.at('Action');
  if (resolved.kind === 'absent' || rule.statement.at('RateBasedStatement').resolved.kind !== 'absent') {
    return false;
  }
  const matches = matcherOf(rule.statement);
  const caught = decoys.some((path) => matches({ method: 'GET', path }) === true);
  return caught && honest.every((path) => matches({ method: 'GET', path }) === false);
}

/** Addresses enter a set that somebody may write, and the set is refused. */
function judgeSets(rules: readonly FirewallRule[]): readonly Outcome[] {
  const sets = rules
    .filter((rule) => setsIn(rule.statement).length > 0 && acts(rule, 'Block') === 'known')
    .flatMap((rule) => setsIn(rule.statement))
    .flatMap((place) => {
      const set = place.reference();
      return set.kind === 'known' ? [set.value.subject] : [];
    });
  if (sets.length === 0) {
    return [finding('forgiven', 'Rules')];
  }
  return [sets.some(isFed) ? satisfied : finding('unfed', 'Rules', { set: sets[0]?.logicalId })];
}

/** References to IP sets that let a statement match by themselves: not those that it excepts. */
function setsIn(statement: Node): readonly Node[] {
  const own = statement.at('IPSetReferenceStatement');
  const any = statement.at('OrStatement.Statements');
  const parts = any.resolved.kind === 'list' ? any.items() : undefined;
  return [
    ...(own.resolved.kind === 'absent' ? [] : [own.at('Arn')]),
    ...(parts?.kind === 'known' ? parts.value.flatMap(setsIn) : []),
  ];
}

const writers = [
  ['AWS::IAM::ManagedPolicy', 'PolicyDocument'],
  ['AWS::IAM::Policy', 'PolicyDocument'],
] as const;

/** Whether a policy of an identity lets somebody write the set. */
function isFed(set: Subject): boolean {
  return writers.some(([type, document]) =>
    set.scope.referring(set, type, `${document}.Statement.*.Resource.*`).some((policy) => {
      const read = statementsOf(policy.at(document));
      const statements = read.kind === 'known' ? read.value.statements : [];
      const name = `\${${set.logicalId}.Arn}`;
      return statements.some((statement) => {
        const covers = coversAction(statement, 'wafv2:UpdateIPSet');
        const reaches = statement.effect === 'Allow' && statement.resources.values.includes(name);
        return reaches && covers.kind === 'known' && covers.value;
      });
    }),
  );
}

/** The log of the firewall has a reader that is told of the decoys. Logs elsewhere than in CloudWatch are read by other means. */
function judgeReader(acl: Subject, traps: readonly FirewallRule[]): readonly Outcome[] {
  const [log] = acl.scope.referring(acl, 'AWS::WAFv2::LoggingConfiguration', 'ResourceArn');
  if (!log) {
    return [finding('unread')];
  }
  const destination = log.at('LogDestinationConfigs.0').pattern();
  if (destination.kind !== 'known') {
    return [notAssessed('where decisions are written down is not known', destination.property)];
  }
  if (!/:log-group:|\.Arn\}/.test(destination.value)) {
    return [notAssessed('who reads a log that is not in CloudWatch is not known', destination.property)];
  }
  const filters = acl.scope.resources('AWS::Logs::SubscriptionFilter').filter((filter) => {
    const group = filter.at('LogGroupName').resolved;
    return group.kind === 'reference' && destination.value.includes(`\${${group.resource.logicalId}`);
  });
  const told = filters.some((filter) => {
    const pattern = filter.text('FilterPattern');
    return (
      pattern.kind === 'known' && (pattern.value.trim() === '' || traps.some((rule) => speaksOf(pattern.value, rule)))
    );
  });
  return [told ? satisfied : finding('unread')];
}

function speaksOf(pattern: string, rule: FirewallRule): boolean {
  const label = rule.node.at('RuleLabels.0.Name').resolved;
  return pattern.includes(rule.name) || (label.kind === 'scalar' && pattern.includes(String(label.value)));
}
