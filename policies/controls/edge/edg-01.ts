import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeLogging } from './firewall-log';
import { judgeGroups } from './managed-groups';
import { entries } from './public-entries';
import { guardsPoolsOnly, protectedTypes, rulesOf, webAcl } from './web-acl';

/** EDG-01: no way in that is not asked. */
export const control = defineControl({
  id: 'edg-01',
  title: 'Before every public entry stands a firewall that blocks, leaves no path out and writes down what it decides',
  family: 'edge',
  claims: ['cly-alb-tls-termination'],
  doesNotProve:
    'That the rules stop a given attack, that AWS keeps its groups current, that bodies above what the firewall inspects are harmless, and what stands before entries that are not in the templates.',
  parameters: {},
  messages: {
    missing: {
      violation: 'no public entry is deployed behind a web application firewall',
      fix: 'deploy the load balancer and associate a web ACL with it',
    },
    unprotected: {
      violation: 'no web ACL is associated with {name} ({type}), which takes requests from the internet',
      fix: 'associate a web ACL with it; for CloudFront set webAclId',
    },
    unfilterable: {
      violation: '{name} ({type}) takes requests from the internet, and no web ACL can stand before it',
      fix: 'serve it through the load balancer or a REST API that has a web ACL, and remove this way in',
    },
    failOpen: {
      violation:
        'load balancer {name} lets requests through where the firewall does not answer: {attribute} is {value}',
      fix: 'set wafFailOpen: false',
    },
    smuggled: {
      violation:
        'load balancer {name} passes on malformed requests that servers read in two ways: {attribute} is {value}',
      fix: 'set dropInvalidHeaderFields: true and desyncMitigationMode: DesyncMitigationMode.STRICTEST',
    },
    unassociated: {
      violation: 'web ACL {name} stands before nothing',
      fix: 'associate it with the load balancer, the stages of APIs and the user pools',
    },
    noGroup: {
      violation: 'web ACL {name} lacks the rule group {group}',
      fix: 'add the managed rule group with override action none',
    },
    counted: {
      violation: 'in web ACL {name} the group of rule {rule} only counts: {property} is {value}',
      fix: 'set the override action to none, so that the rules of the group block',
    },
    weakened: {
      violation: 'in web ACL {name} rule {rule} takes single rules out of its group: {property}',
      fix: 'remove the override or exclusion, and mend what the rule finds',
    },
    scopedDown: {
      violation: 'in web ACL {name} the group of rule {rule} is not asked about every request, for example {example}',
      fix: 'remove the scope-down statement',
    },
    allowedPast: {
      violation:
        'in web ACL {name} rule {rule} lets requests through before the managed groups and the limits are asked',
      fix: 'count or label instead of allowing, or put the rule behind the managed groups and the limits',
    },
    unlogged: {
      violation: 'web ACL {name} writes down nothing of what it decides',
      fix: 'add an AWS::WAFv2::LoggingConfiguration with a destination',
    },
    unredacted: {
      violation: 'the log of web ACL {name} holds the header {header} as it was sent',
      fix: 'redact the headers authorization and cookie in the logging configuration, or protect them in dataProtectionConfig',
    },
    droppedLog: {
      violation: 'the log of web ACL {name} leaves out requests that were blocked',
      fix: 'remove the logging filter, or keep BLOCK',
    },
  },
  template: {
    judges: [webAcl, ...Object.keys(entries)],
    expects: 'at-least-one',
    expected: Object.keys(entries),
    judge: (subject, context) =>
      subject.type === webAcl ? judgeFirewall(subject, context) : (entries[subject.type]?.(subject, context) ?? []),
  },
});

function judgeFirewall(acl: Subject, { presentOnly }: JudgementContext): readonly Outcome[] {
  const types = protectedTypes(acl);
  const logs = acl.scope.referring(acl, 'AWS::WAFv2::LoggingConfiguration', 'ResourceArn').map(({ root }) => root);
  return [
    types.length > 0 || presentOnly ? satisfied : finding('unassociated'),
    ...decide(rulesOf(acl), {
      known: (rules) => judgeGroups(rules, guardsPoolsOnly(types)),
      absent: () => judgeGroups([], guardsPoolsOnly(types)),
    }),
    ...judgeLogging(logs, acl.root),
  ];
}
