import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Parameter } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeLockout } from './lockout-function';
import { isMachineClient } from './machine-client';

const identityLockoutFailures: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 10,
  unit: 'attempts',
  description: 'attempts to sign in without success, after which an account is locked',
};

/** No document says how long; PCI DSS 4.0 asks for thirty minutes (8.3.4). */
const identityLockoutMinutes: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 30,
  unit: 'minutes',
  description: 'how long an account stays locked',
};

const client = 'AWS::Cognito::UserPoolClient';
const pool = 'AWS::Cognito::UserPool';

/** IDN-05: user pools and their clients. Cognito's own throttle comes on top, and has no figure to promise. */
export const control = defineControl({
  id: 'idn-05',
  title: 'An account is locked for a time after too many attempts, and neither sign-in nor recovery tells who has one',
  family: 'identity',
  claims: ['cfeu-lockout-10', 'tdb-reset-rate-limit', 'tdb-reset-no-enumeration'],
  doesNotProve:
    'That the function counts as its environment says (its own tests do), that single codes of a second factor or of a recovery are counted (Cognito calls nobody for these, and slows them down from the fifth on), that the application answers in the same words and the same time for every address, and how often a reset may be asked for (edg-02).',
  runbook: 'harden-user-pool',
  parameters: {
    'identity.lockoutFailures': identityLockoutFailures,
    'identity.lockoutMinutes': identityLockoutMinutes,
  },
  messages: {
    missing: {
      violation: 'no user pool is deployed, so nothing locks an account',
      fix: 'deploy a user pool with a function that counts attempts before each sign-in',
    },
    uncounted: {
      violation: 'user pool {name} lets anybody try passwords without an end: {property} is {value}',
      fix: 'attach a function to PRE_AUTHENTICATION that counts attempts and refuses when there are too many',
    },
    neverCleared: {
      violation: 'user pool {name} counts attempts and forgets none after a success: {property} is {value}',
      fix: 'attach the same function to POST_AUTHENTICATION',
    },
    otherTable: {
      violation: 'user pool {name} forgets attempts elsewhere than it counts them',
      fix: 'give both functions the same table',
    },
    tooMany: {
      violation: 'user pool {name} locks an account after {failures} attempts, promised are {most} at most',
      fix: 'set LOCKOUT_FAILURES of the function to {most} or less',
    },
    tooShort: {
      violation: 'user pool {name} locks an account for {minutes} minutes, promised are {least}',
      fix: 'set LOCKOUT_MINUTES of the function to {least} or more',
    },
    neverForgotten: {
      violation: 'the table in which user pool {name} counts never forgets: {property} is {value}',
      fix: 'set timeToLiveAttribute to the attribute that holds the end of a lock',
    },
    openToOthers: {
      violation: 'pools of strangers may call the function of user pool {name}',
      fix: 'set sourceArn of the permission to the user pool',
    },
    unguarded: {
      violation:
        'nothing limits how many accounts one address may lock in user pool {name}, or how often it asks for resets',
      fix: 'associate a web ACL with rate-based rules with the user pool',
    },
    accountsLeak: {
      violation: 'client {name} tells whether an address has an account: {property} is {value}',
      fix: 'set preventUserExistenceErrors: true',
    },
    aliasesLeak: {
      violation:
        'user pool {name} tells whether an address is taken, when an alias of somebody else is claimed: {property}',
      fix: 'use signInAliases that are user names (UsernameAttributes) instead of AliasAttributes',
    },
    sideDoor: {
      violation: 'client {name} lets a server try passwords past the firewall: {property} allows {flow}',
      fix: 'remove adminUserPassword from authFlows, and use SRP',
    },
  },
  template: {
    judges: [pool, client],
    expects: 'at-least-one',
    expected: [pool],
    judge: (subject, context) => (subject.type === pool ? judgePool(subject, context) : judgeClient(subject)),
  },
});

function judgePool(userPool: Subject, context: JudgementContext): readonly Outcome[] {
  const { presentOnly, scope } = context;
  const isGuarded = scope.referring(userPool, 'AWS::WAFv2::WebACLAssociation', 'ResourceArn').length > 0;
  return [
    ...judgeLockout(userPool, context),
    ...(isGuarded || presentOnly ? [] : [finding('unguarded')]),
    ...decide(userPool.items('AliasAttributes'), {
      known: (aliases) => (aliases.length > 0 ? finding('aliasesLeak') : satisfied),
      absent: () => satisfied,
    }),
  ];
}

function judgeClient(subject: Subject): Outcome | readonly Outcome[] {
  if (isMachineClient(subject)) {
    return notApplicable('it signs in machines: no account can be guessed');
  }
  return [
    ...decide(subject.text('PreventUserExistenceErrors'), {
      known: (errors) => (errors === 'ENABLED' ? satisfied : finding('accountsLeak')),
      // LEGACY: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
      absent: () => finding('accountsLeak'),
    }),
    ...flows(subject),
    ...providers(subject),
  ];
}

/** Calls with credentials of the account pass no web ACL, and hide the address of who tries. */
function flows(subject: Subject): readonly Outcome[] {
  return decide(subject.items('ExplicitAuthFlows'), {
    known: (list) =>
      list.flatMap((each) =>
        decide(each.text(), {
          known: (flow) =>
            /^(ALLOW_)?ADMIN_(USER_PASSWORD_AUTH|NO_SRP_AUTH)$/.test(flow)
              ? finding('sideDoor', undefined, { flow })
              : satisfied,
          absent: () => satisfied,
        }),
      ),
    // SRP, custom challenges and refreshing, none of which sends a password:
    // https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    absent: () => satisfied,
  });
}

function providers(subject: Subject): readonly Outcome[] {
  return decide(subject.items('SupportedIdentityProviders'), {
    known: (list) =>
      list.flatMap((each) =>
        decide(each.text(), {
          known: (provider) =>
            provider === 'COGNITO'
              ? satisfied
              : notAssessed(
                  `who signs in at ${provider} is counted there or nowhere: Cognito calls no function for it`,
                ),
          absent: () => satisfied,
        }),
      ),
    absent: () => satisfied,
  });
}
