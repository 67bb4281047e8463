import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { hostOf } from './egress-hosts';
import { judgeHosts } from './egress-rules';

/**
 * Which names are resolved: those of the register and of AWS in one Region, whose addresses the firewall still has to let pass, and
 * after them nothing. A name that is only watched (ALERT) is resolved.
 */
export function judgeNames(group: Subject, context: JudgementContext): readonly Outcome[] {
  const rules = group.items('FirewallRules');
  if (rules.kind !== 'known') {
    return [rules.kind === 'absent' ? finding('namesOpen') : notAssessed(rules.reason, rules.property)];
  }
  const outcomes: Outcome[] = [];
  let isClosed = false;
  for (const rule of rules.value) {
    const action = rule.at('Action').text();
    if (action.kind !== 'known') {
      outcomes.push(notAssessed('a rule says not what it does', rule.path));
    } else if (action.value === 'BLOCK') {
      isClosed ||= blocksEverything(rule);
    } else {
      outcomes.push(...judgeAllowed(rule, context));
    }
  }
  return [
    ...outcomes,
    isClosed || outcomes.some(({ verdict }) => verdict === 'not-assessed') ? satisfied : finding('namesOpen'),
  ];
}

function listOf(rule: Node): Subject | undefined {
  const list = rule.at('FirewallDomainListId');
  const reference = list.resolved.kind === 'reference' ? list.reference() : undefined;
  return reference?.kind === 'known' ? reference.value.subject : undefined;
}

function blocksEverything(rule: Node): boolean {
  const items = listOf(rule)?.items('Domains');
  const isLimited = ['Qtype', 'ConfidenceThreshold'].some((property) => rule.at(property).state() !== 'absent');
  return (
    !isLimited &&
    items?.kind === 'known' &&
    items.value.some((item) => {
      const name = item.text();
      return name.kind === 'known' && /^\*\.?$/.test(name.value);
    })
  );
}

function judgeAllowed(rule: Node, context: JudgementContext): readonly Outcome[] {
  const list = listOf(rule);
  return list
    ? judgeHosts(list.at('Domains'), list, context, isAwsInOneRegion).map((outcome) =>
        'property' in outcome ? { ...outcome, property: rule.path } : outcome,
      )
    : [notAssessed('which names it allows is not in the templates', rule.path)];
}

function isAwsInOneRegion(host: string): boolean {
  return /^\.[a-z]{2,4}(-[a-z]+)+-\d+(\.[a-z0-9-]+)?\.amazonaws\.(com|eu)$/.test(hostOf(host));
}

/** Where the DNS firewall itself fails, it resolves nothing unless asked to: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-vpc-configuration.html */
export function judgeFailure(config: Subject): readonly Outcome[] {
  return decide(config.text('FirewallFailOpen'), {
    known: (word) => (word === 'DISABLED' ? satisfied : finding('failOpen')),
    absent: () => satisfied,
  });
}
