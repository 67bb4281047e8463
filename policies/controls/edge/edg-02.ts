import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Outcome } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import {
  edgeLimitsApi,
  edgeLimitsBilling,
  edgeLimitsContact,
  edgeLimitsLogin,
  edgeLimitsPasswordReset,
  edgeLimitsPublic,
  edgeLimitsSignUp,
} from '../parameters';
import { judgeLimits } from './rate-limits';
import { effectiveRules, guardsPoolsOnly, protectedTypes, rulesOf, unlessHidden, webAcl } from './web-acl';

/** EDG-02: what one client may ask for in five minutes. Sliding window and shared count are how AWS WAF counts. */
export const control = defineControl({
  id: 'edg-02',
  title:
    'Login, password reset, contact, sign-up, billing, the API and everything public answer a client only so often',
  family: 'edge',
  claims: [
    'tdb-reset-rate-limit',
    'tdb-rate-limit-login',
    'tdb-rate-limit-contact',
    'cfus-ratelimit-sliding-window',
    'cfus-ratelimit-auth',
    'cfus-ratelimit-billing',
    'cfus-ratelimit-public',
    'cly-api-rate-limit',
  ],
  doesNotProve:
    'That the routes of the application are named as the rules suppose: their usual English names are tried. Nor that an attack from many addresses is stopped, which needs a count per account in the application (idn-05).',
  parameters: {
    'edge.limits.login': edgeLimitsLogin,
    'edge.limits.passwordReset': edgeLimitsPasswordReset,
    'edge.limits.contact': edgeLimitsContact,
    'edge.limits.signUp': edgeLimitsSignUp,
    'edge.limits.billing': edgeLimitsBilling,
    'edge.limits.public': edgeLimitsPublic,
    'edge.limits.api': edgeLimitsApi,
  },
  messages: {
    missing: {
      violation: 'no web ACL is deployed, so nothing limits how often a client may ask',
      fix: 'deploy a web ACL with rate-based rules before every public entry',
    },
    unlimited: {
      violation:
        'web ACL {name} has no limit for the routes of {routes}; promised are {promised} requests in five minutes',
      fix: 'add a rate-based rule that blocks, scoped down to these routes',
    },
    tooMany: {
      violation:
        'in web ACL {name} rule {rule} lets more than {promised} requests in five minutes to {routes}: {property} is {value}',
      fix: 'lower the limit, or lengthen the evaluation window',
    },
    notBlocked: {
      violation: 'in web ACL {name} rule {rule} for {routes} does not block: {property} is {value}',
      fix: 'set the action of the rule to block, with a 429 as the answer',
    },
    forgeable: {
      violation: 'in web ACL {name} rule {rule} for {routes} tells clients apart by {key}, which they write themselves',
      fix: 'aggregate by the address of the connection (IP), or add a rule that does',
    },
    evaded: {
      violation:
        'in web ACL {name} rule {rule} for {routes} overlooks the same path in disguise, for example {example}',
      fix: 'transform the path first: URL_DECODE_UNI, URL_DECODE, NORMALIZE_PATH, LOWERCASE; and let it end in a slash',
    },
  },
  template: {
    judges: [webAcl],
    expects: 'at-least-one',
    judge,
  },
});

function judge(acl: Subject, { figures }: JudgementContext): readonly Outcome[] {
  const poolsOnly = guardsPoolsOnly(protectedTypes(acl));
  return decide(rulesOf(acl), {
    known: (written) => {
      const { rules, hidden } = effectiveRules(written);
      return judgeLimits(rules, figures, poolsOnly).map((outcome) => (hidden ? unlessHidden(outcome) : outcome));
    },
    absent: () => judgeLimits([], figures, poolsOnly),
  });
}
