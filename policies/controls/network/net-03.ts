import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { edgePublicPorts } from '../parameters';
import { rulesAt, rulesOf } from './group-rules';
import { judgeEgress, judgeIngress } from './least-privilege';

/** NET-03: security groups, judged by what all of their rules admit together. */
export const control = defineControl({
  id: 'net-03',
  title: 'Security groups open single ports to known sources; the internet reaches only the load balancers at the edge',
  family: 'network',
  claims: ['tdb-host-firewall', 'cly-sg-least-privilege', 'clvr-5432-blocked'],
  doesNotProve:
    'Whether each opened port is really needed, what HTTPS may reach outside (net-04), rules that were added by hand, and the default security groups of VPCs, whose rules no template shows (the account settles that).',
  runbook: 'close-security-group',
  parameters: { 'edge.publicPorts': edgePublicPorts },
  messages: {
    openToInternet: {
      violation: '{name} opens {ports} to the internet',
      fix: 'name the security group of the caller as the source, and a single port',
    },
    openBehindEdge: {
      violation:
        '{name} opens {ports} to the internet and is attached to {attached}, not to internet-facing load balancers alone',
      fix: 'give the internet-facing load balancer a security group of its own, and let this one admit that group only',
    },
    everyPort: {
      violation: '{name} lets {source} reach every port',
      fix: 'open the one port that the caller needs',
    },
    portRange: {
      violation: '{name} opens {ports} to the addresses {source}, more than one port',
      fix: 'open one port per rule, or name the security group of the caller as the source',
    },
    defaultEgress: {
      violation: '{name} lists no egress rule, so EC2 lets everything out to everywhere',
      fix: 'set allowAllOutbound: false and list what may leave',
    },
    openEgress: {
      violation: '{name} lets {ports} out to the whole internet',
      fix: 'set allowAllOutbound: false and list the ports that may leave, such as 443',
    },
    defaultGroup: {
      violation:
        '{name} adds a rule to the default security group of a VPC, which whatever names no group of its own carries',
      fix: 'make a security group for the purpose and leave the default one without rules',
    },
  },
  template: {
    judges: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'],
    expects: 'any-number',
    judge: (subject, context) =>
      subject.type === 'AWS::EC2::SecurityGroup' ? judgeGroup(subject, context) : judgeLoneRule(subject, context),
  },
});

function judgeGroup(group: Subject, context: JudgementContext): readonly Outcome[] {
  const { scope } = context;
  return [
    ...judgeIngress(rulesOf(group, scope, 'Ingress'), group, context),
    ...judgeEgress(rulesOf(group, scope, 'Egress')),
  ];
}

/** A rule whose group the templates hold is judged with it; one for a group from elsewhere is judged alone. */
function judgeLoneRule(rule: Subject, context: JudgementContext): Outcome | readonly Outcome[] {
  const group = rule.at('GroupId');
  if (group.resolved.kind === 'reference') {
    const reference = group.reference();
    const { subject, attribute } = reference.kind === 'known' ? reference.value : { subject: rule, attribute: '' };
    return subject.type === 'AWS::EC2::SecurityGroup'
      ? notApplicable('judged together with the other rules of its group')
      : attribute === 'DefaultSecurityGroup'
        ? finding('defaultGroup', 'GroupId')
        : judgeAlone(rule, context);
  }
  // Rules of a default VPC may name their group by its name.
  const named = (group.resolved.kind === 'absent' ? rule.at('GroupName') : group).pattern();
  switch (named.kind) {
    case 'known':
      return judgeAlone(rule, context);
    case 'absent':
      return notAssessed('it names no group', 'GroupId');
    case 'unresolved':
      return notAssessed(named.reason, named.property);
  }
}

function judgeAlone(rule: Subject, context: JudgementContext): readonly Outcome[] {
  const rules = rulesAt([rule.root], rule);
  return rule.type === 'AWS::EC2::SecurityGroupIngress'
    ? [satisfied, ...judgeIngress(rules, rule, context)]
    : [satisfied, ...judgeEgress(rules)];
}
