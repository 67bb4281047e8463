import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { isRange, parseRange } from '../../../lib/template/cidr';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { hostOf, isForStrangers, isRegistered, registeredHosts } from './egress-hosts';

/** Defaults of a strict order that stop what no rule lets pass. */
const dropping = ['aws:drop_strict', 'aws:drop_established', 'aws:drop_established_app_layer'];
const refusing = ['aws:forward_to_sfe', 'aws:drop'];

/** What a firewall does with what no rule speaks of, and which rules it has. */
export function judgePolicy(policy: Subject, context: JudgementContext): readonly Outcome[] {
  const place = policy.at('FirewallPolicy');
  return [
    ...['StatelessDefaultActions', 'StatelessFragmentDefaultActions'].flatMap((name) => judgeStateless(place.at(name))),
    ...decide(place.at('StatefulEngineOptions.RuleOrder').text(), {
      known: (order) => (order === 'STRICT_ORDER' ? judgeDefault(place) : finding('defaultPass')),
      // DEFAULT_ACTION_ORDER, which lets pass what no rule drops:
      // https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
      absent: () => finding('defaultPass'),
    }),
    ...judgeGroups(policy, context),
  ];
}

function judgeStateless(actions: Node): readonly Outcome[] {
  return decide(actions.items(), {
    known: (list) => [
      ...(list.length === 0 ? [notAssessed('it says nothing of packets that no rule speaks of')] : []),
      ...list.flatMap((action) =>
        decide(action.text(), {
          known: (word) =>
            refusing.includes(word)
              ? satisfied
              : word.startsWith('aws:')
                ? finding('statelessPass')
                : // An action of one's own only measures; what happens says another
                  satisfied,
          absent: () => notAssessed('an action is missing'),
        }),
      ),
    ],
    absent: () => notAssessed('it says nothing of packets that no rule speaks of'),
  });
}

function judgeDefault(place: Node): readonly Outcome[] {
  const actions = place.at('StatefulDefaultActions');
  return decide(actions.items(), {
    known: (list) => {
      let hidden: string | undefined;
      for (const action of list) {
        const word = action.text();
        if (word.kind === 'known' && dropping.includes(word.value)) {
          return satisfied;
        }
        hidden ??= word.kind === 'unresolved' ? word.reason : undefined;
      }
      return hidden === undefined ? finding('defaultPass') : notAssessed(hidden, actions.path);
    },
    // Only with default order there is no need for it; a strict order without any passes everything
    absent: () => finding('defaultPass'),
  });
}

/** Every host that the register lists has to be found in the rules, where all of them can be read. */
export function judgeGroups(policy: Subject, context: JudgementContext): readonly Outcome[] {
  const groups: Subject[] = [];
  const outcomes: Outcome[] = [];
  const list = policy.at('FirewallPolicy.StatefulRuleGroupReferences').items();
  if (list.kind === 'unresolved') {
    return [notAssessed(list.reason, list.property)];
  }
  for (const item of list.kind === 'known' ? list.value : []) {
    const target = item.at('ResourceArn');
    if (target.resolved.kind === 'reference') {
      const reference = target.reference();
      groups.push(...(reference.kind === 'known' ? [reference.value.subject] : []));
    } else {
      const arn = target.pattern();
      const isManaged = arn.kind === 'known' && /:aws-managed:stateful-rulegroup\//.test(arn.value);
      outcomes.push(isManaged ? satisfied : notAssessed('the rules of a group are not in the templates', target.path));
    }
  }
  const missing = context.presentOnly || outcomes.length > 0 ? [] : uncalled(policy, groups, context);
  return [...outcomes, ...missing.map((host) => finding('uncalled', undefined, { host }))];
}

function uncalled(policy: Subject, groups: readonly Subject[], { figures }: JudgementContext): readonly string[] {
  const named = new Set<string>();
  for (const group of groups) {
    const targets = group.at('RuleGroup.RulesSource.RulesSourceList.Targets').resolved;
    if (targets.kind !== 'list' || group.at('RuleGroup.RulesSource.RulesString').resolved.kind !== 'absent') {
      if (group.at('RuleGroup.RulesSource.StatefulRules').resolved.kind === 'list') {
        continue;
      }
      return [];
    }
    const items = group.items('RuleGroup.RulesSource.RulesSourceList.Targets');
    for (const item of items.kind === 'known' ? items.value : []) {
      const text = item.text();
      if (text.kind !== 'known') {
        return [];
      }
      named.add(hostOf(text.value));
    }
  }
  return registeredHosts(figures.set('egress.domains'), policy).filter(
    (host) => !named.has(host) && !host.includes('*'),
  );
}

/** What the rules of a group let pass. */
export function judgeRuleGroup(group: Subject, context: JudgementContext): readonly Outcome[] {
  const source = group.at('RuleGroup.RulesSource');
  const found = [
    ...judgeList(source.at('RulesSourceList'), group, context),
    ...decide(source.at('StatefulRules').items(), {
      known: (rules) => [satisfied, ...rules.flatMap(judgeRule)],
      absent: () => [],
    }),
    ...decide(source.at('StatelessRulesAndCustomActions.StatelessRules').items(), {
      known: (rules) => [satisfied, ...rules.flatMap(judgeStatelessRule)],
      absent: () => [],
    }),
    ...decide(source.at('RulesString').pattern(), {
      known: (text) =>
        /^\s*pass\b/im.test(text) ? notAssessed('what its rules in text let pass is not read') : satisfied,
      absent: () => [],
    }),
  ];
  return found.length > 0 ? found : [notAssessed('what its rules are is not in the templates')];
}

function judgeList(list: Node, group: Subject, context: JudgementContext): readonly Outcome[] {
  if (list.state() === 'absent') {
    return [];
  }
  return decide(list.at('GeneratedRulesType').text(), {
    known: (type) => (type === 'ALLOWLIST' ? judgeHosts(list.at('Targets'), group, context) : satisfied),
    absent: () => notAssessed('whether it allows or denies is not said'),
  });
}

/** Hosts that a list lets out: each must stand in the register. */
export function judgeHosts(
  list: Node,
  subject: Subject,
  { figures }: JudgementContext,
  also: (host: string) => boolean = () => false,
): readonly Outcome[] {
  const registered = registeredHosts(figures.set('egress.domains'), subject);
  return decide(list.items(), {
    known: (items) => [
      satisfied,
      ...items.flatMap((item) =>
        decide(item.text(), {
          known: (written) => {
            const host = hostOf(written);
            if (also(host)) {
              return satisfied;
            }
            return isForStrangers(host)
              ? finding('wildcard', undefined, { host: written })
              : isRegistered(host, registered)
                ? satisfied
                : finding('unlisted', undefined, { host: written });
          },
          absent: () => [],
        }),
      ),
    ],
    absent: () => notAssessed('its hosts are not in the templates'),
  });
}

function judgeRule(rule: Node): readonly Outcome[] {
  return decide(rule.at('Action').text(), {
    known: (action) => (action === 'PASS' ? judgeDestination(rule.at('Header.Destination')) : satisfied),
    absent: () => notAssessed('a rule says not what it does'),
  });
}

function judgeDestination(destination: Node): readonly Outcome[] {
  return decide(destination.text(), {
    known: (address) => (isPrivate(address) ? satisfied : finding('passRule', undefined, { destination: address })),
    absent: () => notAssessed('a rule that lets pass names no destination'),
  });
}

function judgeStatelessRule(rule: Node): readonly Outcome[] {
  const actions = rule.at('RuleDefinition.Actions');
  return decide(actions.items(), {
    known: (list) => [
      ...(list.length === 0 ? [notAssessed('a rule says not what it does')] : []),
      ...list.flatMap((action) =>
        decide(action.text(), {
          known: (word) =>
            word === 'aws:pass'
              ? judgeStatelessTarget(rule.at('RuleDefinition.MatchAttributes.Destinations'))
              : satisfied,
          absent: () => [],
        }),
      ),
    ],
    absent: () => notAssessed('a rule says not what it does'),
  });
}

function judgeStatelessTarget(destinations: Node): readonly Outcome[] {
  return decide(destinations.items(), {
    known: (list) => list.flatMap((each) => judgeDestination(each.at('AddressDefinition'))),
    // Any: https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_MatchAttributes.html
    absent: () => finding('passRule', undefined, { destination: 'every address' }),
  });
}

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parseRange).filter(isRange);

function isPrivate(address: string): boolean {
  const range = parseRange(address.includes('/') ? address : `${address}/32`);
  return isRange(range) && privateRanges.some(({ first, last }) => range.first >= first && range.last <= last);
}
