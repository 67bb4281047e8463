import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { notApplicable, type Outcome } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeChallenges, judgeSignUp } from './bot-challenge';
import { judgeHoneypots } from './honeypots';
import { effectiveRules, guardsPoolsOnly, protectedTypes, rulesOf, unlessHidden, webAcl } from './web-acl';

/** EDG-06: what robots stumble over. */
export const control = defineControl({
  id: 'edg-06',
  title: 'Contact and sign-up ask for proof that no robot sends, and decoys block, record and shut out who calls them',
  family: 'edge',
  claims: ['tdb-honeypot-detect-log', 'cfus-bot-challenge'],
  doesNotProve:
    'That an answer to a challenge of the application is checked there, that the feed writes the addresses that it reads, and that the forms have the usual English names, which are what is tried.',
  parameters: {},
  messages: {
    missing: {
      violation: 'no web ACL is deployed, so nothing challenges robots and no decoy is laid out',
      fix: 'deploy a web ACL with a challenge on contact and sign-up, and with decoy routes',
    },
    unchallenged: {
      violation: 'web ACL {name} lets anybody send the form {form} without a challenge',
      fix: 'add a rule with the action captcha, or one that blocks what brings no answer, for the POST of the form',
    },
    evaded: {
      violation: 'in web ACL {name} rule {rule} overlooks the form {form} in disguise, for example POST {example}',
      fix: 'transform the path first: URL_DECODE_UNI, URL_DECODE, NORMALIZE_PATH, LOWERCASE; and let it end in a slash',
    },
    directSignUp: {
      violation:
        'client {name} has no secret, and before its user pool stands no web ACL: robots register past the form',
      fix: 'set generateSecret: true and register through the application, or associate a web ACL with the user pool',
    },
    noDecoy: {
      violation: 'web ACL {name} has no decoy: no rule of its own waits for what only scanners call',
      fix: 'add a rule that blocks routes such as /.env and /wp-login.php',
    },
    harmlessDecoy: {
      violation: 'in web ACL {name} the decoy {rule} does not block: {property} is {value}',
      fix: 'set the action of the rule to block',
    },
    forgiven: {
      violation: 'web ACL {name} refuses no IP set, so whoever called a decoy may call everything else',
      fix: 'add a rule that blocks the IP set into which the decoys feed',
    },
    unfed: {
      violation: 'nobody may write the IP set {set} that web ACL {name} refuses, so no decoy feeds it',
      fix: 'let the function that reads the log call wafv2:UpdateIPSet on the set',
    },
    unread: {
      violation: 'nothing reads from the log of web ACL {name} who called a decoy',
      fix: 'subscribe the feed to the log group, with a filter on the name or the label of the decoy rule',
    },
  },
  template: {
    judges: [webAcl, 'AWS::Cognito::UserPoolClient'],
    expects: 'at-least-one',
    expected: [webAcl],
    judge: (subject) => (subject.type === webAcl ? judgeFirewall(subject) : judgeSignUp(subject)),
  },
});

function judgeFirewall(acl: Subject): Outcome | readonly Outcome[] {
  if (guardsPoolsOnly(protectedTypes(acl))) {
    return notApplicable('a user pool has neither forms nor routes');
  }
  return decide(rulesOf(acl), {
    known: (written) => {
      const { rules, hidden } = effectiveRules(written);
      const outcomes = [...judgeChallenges(rules), ...judgeHoneypots(acl, rules)];
      return outcomes.map((outcome) => (hidden ? unlessHidden(outcome) : outcome));
    },
    absent: () => [...judgeChallenges([]), ...judgeHoneypots(acl, [])],
  });
}
