import { defineControl } from '../../../lib/control/control';
import { webAcl } from '../edge/web-acl';
import { judgeWholeGroup, type WholeGroup } from '../edge/whole-group';

/** The core rules hold those against cross-site scripting, in bodies, addresses, queries and cookies. */
const scriptGroup: WholeGroup = {
  name: 'AWSManagedRulesCommonRuleSet',
  ownStatement: 'XssMatchStatement',
  messages: { gone: 'noScriptGroup', counted: 'scriptsCounted', weakened: 'scriptsWeakened', scoped: 'scriptsScoped' },
};

/** SDL-05: what a forgotten escape meets before it does harm. The escape itself is the application's. */
export const control = defineControl({
  id: 'sdl-05',
  title: 'Output is encoded and SQL takes bound values, and script in a request is blocked before the application',
  family: 'delivery',
  claims: ['tdb-output-encoding', 'tdb-sql-prepared', 'cly-sql-injection-orm', 'cly-xss-react'],
  doesNotProve:
    'That templates and components encode what they print, and that every query takes its values as bound parameters: the source of the application alone shows that, so whoever builds it vouches, with a linter that refuses raw markup and SQL made of text on every change. The policy for content is judged by edg-05, the rules against SQL by edg-07.',
  attested: true,
  parameters: {},
  messages: {
    missing: {
      violation: 'no web ACL is deployed, so script in a request meets nothing before the application',
      fix: 'deploy the load balancer with its web ACL',
    },
    noScriptGroup: {
      violation: 'web ACL {name} does not look for script in requests: no rule runs AWSManagedRulesCommonRuleSet',
      fix: 'add the managed rule group AWSManagedRulesCommonRuleSet with overrideAction none',
    },
    scriptsCounted: {
      violation: 'rule {rule} of web ACL {name} counts script in requests and blocks none: {property} is {value}',
      fix: 'set overrideAction: { none: {} }',
    },
    scriptsWeakened: {
      violation: 'rule {rule} of web ACL {name} leaves rules of the group out, at {property}',
      fix: 'remove the override, or correct the request that it was made for',
    },
    scriptsScoped: {
      violation: 'rule {rule} of web ACL {name} looks for script in some requests only, not in {example}',
      fix: 'remove the scope-down statement',
    },
  },
  template: {
    judges: [webAcl],
    expects: 'at-least-one',
    judge: (acl) => judgeWholeGroup(acl, scriptGroup),
  },
});
