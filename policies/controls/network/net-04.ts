import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { egressDomains } from '../parameters';
import { judgeFailure, judgeNames } from './egress-names';
import { judgeRoute } from './egress-routes';
import { judgePolicy, judgeRuleGroup } from './egress-rules';
import { judgeEndpointPolicy } from './endpoint-policy';

type Judge = (subject: Subject, context: JudgementContext) => Outcome | readonly Outcome[];

const judges: Readonly<Record<string, Judge>> = {
  'AWS::NetworkFirewall::Firewall': judgeFirewall,
  'AWS::NetworkFirewall::FirewallPolicy': judgePolicy,
  'AWS::NetworkFirewall::RuleGroup': judgeRuleGroup,
  'AWS::Route53Resolver::FirewallRuleGroup': judgeNames,
  'AWS::Route53Resolver::FirewallConfig': judgeFailure,
  'AWS::EC2::Route': (route, { scope }) => judgeRoute(route, scope),
  'AWS::EC2::VPCEndpoint': judgeEndpointPolicy,
};

/** NET-04: what leaves the network, where to, and that there is no way past the firewall. */
export const control = defineControl({
  id: 'net-04',
  title: 'Nothing leaves the network but to the hosts of the vendor register, through a firewall that drops the rest',
  family: 'network',
  claims: ['cfus-subprocessors-list'],
  doesNotProve:
    'That the server behind an allowed name is the vendor (the firewall believes the name that the client asks for), what is sent to an allowed host, that packets which open no connection are dropped, what leaves from public subnets, and that the register is complete (tpr-01).',
  parameters: { 'egress.domains': egressDomains },
  messages: {
    missing: {
      violation: 'no network firewall is deployed, so everything inside may call every host',
      fix: 'route the private subnets through an AWS Network Firewall that drops what no rule allows',
    },
    statelessPass: {
      violation: '{name} lets packets pass before any host is looked at: {property} is {value}',
      fix: 'set it to aws:forward_to_sfe, or to aws:drop',
    },
    defaultPass: {
      violation: '{name} lets pass what no rule speaks of',
      fix: 'set ruleOrder to STRICT_ORDER and statefulDefaultActions to aws:drop_established and aws:alert_established',
    },
    passRule: {
      violation: '{name} has a rule that lets everything pass to {destination}, whatever the host',
      fix: 'remove the rule, and allow the host by its name',
    },
    wildcard: {
      violation: '{name} allows {host}, below which strangers have hosts too',
      fix: 'name the host; reach AWS through an endpoint whose policy names the account',
    },
    unlisted: {
      violation: '{name} allows {host}, which no vendor of the register has',
      fix: 'remove it, or enter the vendor in policies/registers/vendors.yaml with its agreement',
    },
    uncalled: {
      violation: '{name} has no rule for {host}, which the vendor register lists',
      fix: 'generate the rules from the register, or remove the host there',
    },
    unlogged: {
      violation: '{name} writes no alerts, so nobody learns what it stopped',
      fix: 'add a logging configuration with the log type ALERT',
    },
    namesUnchecked: {
      violation: '{name} guards a VPC that resolves every name, which carries data out in questions',
      fix: 'associate a DNS firewall rule group with the VPC',
    },
    namesOpen: {
      violation: '{name} resolves every name that no rule speaks of',
      fix: 'end with a rule that blocks the domain list *',
    },
    failOpen: {
      violation: '{name} resolves every name where the DNS firewall fails: {property} is {value}',
      fix: 'set firewallFailOpen to DISABLED',
    },
    shortcut: {
      violation: '{name} leads {subnet} out past the firewall: {property} is {value}',
      fix: 'route the subnet to the firewall endpoint of its zone, and only the subnet of the firewall to the NAT gateway',
    },
    openEndpoint: {
      violation: '{name} lets data through to the accounts of strangers',
      fix: 'bind every statement of its policy to aws:ResourceAccount or aws:ResourceOrgID',
    },
  },
  template: {
    judges: Object.keys(judges),
    expects: 'at-least-one',
    expected: ['AWS::NetworkFirewall::Firewall'],
    judge: (subject, context) => judges[subject.type]?.(subject, context) ?? notAssessed('nothing judges this type'),
  },
});

function judgeFirewall(firewall: Subject, { presentOnly, scope }: JudgementContext): readonly Outcome[] {
  const policy = firewall.at('FirewallPolicyArn');
  const judgedPolicy =
    policy.resolved.kind === 'reference' && policy.reference().kind === 'known'
      ? satisfied
      : notAssessed('its policy is not in the templates', policy.path);
  const written = scope
    .referring(firewall, 'AWS::NetworkFirewall::LoggingConfiguration', 'FirewallArn')
    .map(writesAlerts);
  const isLogged = written.includes('yes');
  return [
    judgedPolicy,
    isLogged ? satisfied : written.includes('unknown') ? notAssessed('what it logs is not known') : finding('unlogged'),
    ...(presentOnly ? [] : judgeResolution(firewall)),
  ];
}

function writesAlerts(logging: Subject): 'yes' | 'no' | 'unknown' {
  const list = logging.items('LoggingConfiguration.LogDestinationConfigs');
  if (list.kind !== 'known') {
    return list.kind === 'absent' ? 'no' : 'unknown';
  }
  let isHidden = false;
  for (const destination of list.value) {
    const type = destination.at('LogType').text();
    if (type.kind === 'known' && type.value === 'ALERT') {
      return 'yes';
    }
    isHidden ||= type.kind === 'unresolved';
  }
  return isHidden ? 'unknown' : 'no';
}

function judgeResolution(firewall: Subject): readonly Outcome[] {
  return decide(firewall.reference('VpcId'), {
    known: ({ subject: vpc }) =>
      firewall.scope.referring(vpc, 'AWS::Route53Resolver::FirewallRuleGroupAssociation', 'VpcId').length > 0
        ? satisfied
        : finding('namesUnchecked'),
    absent: () => notAssessed('its VPC is not in the templates'),
  });
}
