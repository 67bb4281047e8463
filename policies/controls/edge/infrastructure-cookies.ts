import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';

export interface CookieDemand {
  /** Whether all cookies, those of infrastructure too, must be HttpOnly and SameSite as well as Secure. */
  readonly strict: boolean;
  readonly sameSite: string;
}

const nothing = (): readonly Outcome[] => [];

/** Cookies of stickiness lack HttpOnly; the one by source address sets none. Left out, a target group is not sticky. */
export function judgeTargetGroup(group: Subject): readonly Outcome[] {
  return decide(group.items('TargetGroupAttributes'), {
    absent: nothing,
    known: (attributes) => {
      const read = attributes.map((attribute) => ({ attribute, key: attribute.at('Key').text() }));
      const type = read.find(({ key }) => key.kind === 'known' && key.value === 'stickiness.type');
      const kind = type?.attribute.at('Value').text();
      return read.flatMap(({ attribute, key }) => {
        if (key.kind !== 'known') {
          return [notAssessed('which attribute it sets is not known', key.property)];
        }
        return key.value === 'stickiness.enabled' && !(kind?.kind === 'known' && kind.value.startsWith('source_ip'))
          ? decide(attribute.at('Value').bool(), {
              known: (on) => (on ? finding('sticky') : []),
              absent: () => notAssessed('CloudFormation requires a value'),
            })
          : [];
      });
    },
  });
}

const signIns = ['authenticate-cognito', 'authenticate-oidc'];

/** What a listener or a rule does with requests. */
export function judgeActions(subject: Subject, path: string, { strict }: CookieDemand): readonly Outcome[] {
  return decide(subject.items(path), {
    absent: () => notAssessed('CloudFormation requires an action'),
    known: (actions) =>
      actions.flatMap((action) => [
        ...decide(action.at('Type').text(), {
          known: (type) => (strict && signIns.includes(type) ? finding('signInAction') : []),
          absent: () => notAssessed('CloudFormation requires the type of an action'),
        }),
        ...decide(action.at('ForwardConfig.TargetGroupStickinessConfig.Enabled').bool(), {
          known: (on) => (on ? finding('sticky') : []),
          absent: nothing,
        }),
      ]),
  });
}

/** Groups of AWS of which some rule answers with a challenge unless the whole group only counts. */
const challengingGroups = ['AWSManagedRulesACFPRuleSet', 'AWSManagedRulesAntiDDoSRuleSet'];

/**
 * Rules that answer with a CAPTCHA or a silent challenge: both keep their result in a cookie of the firewall's.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-tokens-details.html
 */
export function judgeFirewall(firewall: Subject): readonly Outcome[] {
  return decide(firewall.items('Rules'), { absent: nothing, known: (rules) => rules.flatMap(judgeRule) });
}

function judgeRule(rule: Node): readonly Outcome[] {
  const called = textOf(rule.at('Name').resolved).text;
  return [...judgeAction(rule.at('Action'), `rule ${called}`), ...judgeManagedGroup(rule, called)];
}

function judgeAction(action: Node, place: string): readonly Outcome[] {
  return decide(action.entries(), {
    absent: nothing,
    known: (kinds) =>
      kinds
        .filter(([kind]) => kind === 'Captcha' || kind === 'Challenge')
        .map(([kind, node]) => finding('firewallToken', node.path, { cause: `${place} answers with ${kind}` })),
  });
}

function judgeManagedGroup(rule: Node, name: string): readonly Outcome[] {
  const group = rule.at('Statement.ManagedRuleGroupStatement');
  if (group.resolved.kind === 'absent') {
    return [];
  }
  const overrides = decide(group.at('RuleActionOverrides').items(), {
    absent: nothing,
    known: (each) => each.flatMap((override) => judgeAction(override.at('ActionToUse'), `an override in rule ${name}`)),
  });
  const counts = rule.at('OverrideAction.Count').resolved.kind !== 'absent';
  return counts ? overrides : [...overrides, ...challenges(group, name)];
}

function challenges(group: Node, name: string): readonly Outcome[] {
  return decide(group.at('Name').text(), {
    absent: () => notAssessed('CloudFormation requires the name of a rule group'),
    known: (managed) => {
      const targeted = managed === 'AWSManagedRulesBotControlRuleSet' && isTargeted(group);
      return targeted || challengingGroups.includes(managed)
        ? finding('firewallToken', group.path, { cause: `rule ${name} runs ${managed}, which sets challenges` })
        : [];
    },
  });
}

/** The level COMMON only looks; TARGETED sets challenges. */
function isTargeted(group: Node): boolean {
  const configurations = group.at('ManagedRuleGroupConfigs').items();
  return (
    configurations.kind !== 'known' ||
    configurations.value.some((configuration) => {
      const level = configuration.at('AWSManagedRulesBotControlRuleSet.InspectionLevel').text();
      return level.kind === 'known' && level.value !== 'COMMON';
    })
  );
}
