import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { identityTier, residencyRegions } from '../parameters';
import { messagesStay, replicaStays } from './cognito-regions';
import { signInClient } from './sign-in-client';
import { answersForEveryClient, answersOf } from './threat-answers';

/** IDN-01: user pools and the clients that sign people in to them. */
export const control = defineControl({
  id: 'idn-01',
  title:
    'Identities are kept in user pools that refuse stolen passwords and risky sign-ins, stay in the EU, and reveal no account',
  family: 'identity',
  claims: ['cly-cognito'],
  doesNotProve:
    'Who is in the pools, that threat protection recognises an attack, that sign-up conceals which accounts exist (Cognito tells whoever may call it), which Region Cognito uses for mail that it sends itself, and that an application checks the tokens it gets.',
  runbook: 'harden-user-pool',
  parameters: { 'identity.tier': identityTier, 'residency.regions': residencyRegions },
  messages: {
    missing: {
      violation: 'no user pool is deployed, so nothing keeps the promise of managed identities',
      fix: 'deploy a user pool on the Plus plan with featurePlan: FeaturePlan.PLUS',
    },
    weakTier: {
      violation: 'user pool {name} is on the plan {got}, which is weaker than {tier}',
      fix: 'set featurePlan to {tier}',
    },
    threatsLogged: {
      violation: 'user pool {name} does not act on threats: {property} is {value}',
      fix: 'set standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION',
    },
    threatsUnanswered: {
      violation:
        'user pool {name} has no answer to stolen passwords and takeovers configured that holds for all its clients',
      fix: 'attach a risk configuration with ClientId ALL to the user pool',
    },
    deletable: {
      violation: 'user pool {name} can be deleted with everybody in it: {property} is {value}',
      fix: 'set deletionProtection: true',
    },
    outside: {
      violation: '{name} hands personal data to Region {region}: {property} may only name {allowed}',
      fix: 'use one of the Regions {allowed}',
    },
    stolenPasswordAllowed: {
      violation: 'risk configuration {name} lets people in with a password known to be stolen: {property} is {value}',
      fix: 'set the action for compromised credentials to BLOCK',
    },
    stolenPasswordUnwatched: {
      violation: 'risk configuration {name} does not look for stolen passwords at {missing}',
      fix: 'name SIGN_IN, SIGN_UP and PASSWORD_CHANGE in EventFilter, or leave it out',
    },
    takeoverAllowed: {
      violation: 'risk configuration {name} lets a sign-in of high risk pass: {property} is {value}',
      fix: 'set the high action to BLOCK or to a second factor',
    },
    threatsSkipped: {
      violation: 'risk configuration {name} looks away from a large part of the internet: {property} is {value}',
      fix: 'exempt only the addresses of an office or a test',
    },
    accountsLeak: {
      violation: 'client {name} tells strangers which accounts exist: {property} is {value}',
      fix: 'set preventUserExistenceErrors: true',
    },
    irrevocable: {
      violation: 'tokens of client {name} cannot be taken back: {property} is {value}',
      fix: 'set enableTokenRevocation: true',
    },
    implicit: {
      violation: 'client {name} hands tokens out in the address bar: {property} is {value}',
      fix: 'allow the authorization code grant only',
    },
    plainAddress: {
      violation: 'client {name} returns people to an address that is not https: {property} is {value}',
      fix: 'give one exact address that begins with https://',
    },
    looseAddress: {
      violation: 'client {name} returns people to an address that is not exactly its own: {property} is {value}',
      fix: 'give one exact address of the application, without wildcards',
    },
    guests: {
      violation: 'identity pool {name} gives credentials to anybody: {property} is {value}',
      fix: 'set AllowUnauthenticatedIdentities: false',
    },
  },
  template: {
    judges: [
      'AWS::Cognito::UserPool',
      'AWS::Cognito::UserPoolClient',
      'AWS::Cognito::UserPoolRiskConfigurationAttachment',
      'AWS::Cognito::UserPoolReplica',
      'AWS::Cognito::IdentityPool',
    ],
    expects: 'at-least-one',
    expected: ['AWS::Cognito::UserPool'],
    judge: (subject, context) => {
      switch (subject.type) {
        case 'AWS::Cognito::UserPoolClient':
          return signInClient(subject);
        case 'AWS::Cognito::UserPoolRiskConfigurationAttachment':
          return answersOf(subject);
        case 'AWS::Cognito::UserPoolReplica':
          return replicaStays(subject, context.figures);
        case 'AWS::Cognito::IdentityPool':
          return decide(subject.bool('AllowUnauthenticatedIdentities'), {
            known: (guests) => (guests ? finding('guests') : satisfied),
            absent: () => notAssessed('CloudFormation requires it'),
          });
        default:
          return userPool(subject, context);
      }
    },
  },
});

/** Only the Plus plan acts on threats, so what they are answered with matters where that plan is asked for. */
function userPool(pool: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const tier = figures.choice('identity.tier');
  return [
    ...decide(pool.text('UserPoolTier'), {
      known: (got) => atLeast(tier, got),
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cognito-userpool.html
      absent: () => atLeast(tier, 'ESSENTIALS'),
    }),
    ...decide(pool.text('DeletionProtection'), {
      known: (protection) => (protection === 'ACTIVE' ? satisfied : finding('deletable')),
      absent: () => finding('deletable'),
    }),
    ...(tier === 'PLUS' ? [...threats(pool), answersForEveryClient(pool, scope)] : []),
    ...messagesStay(pool, figures),
  ];
}

function atLeast(tier: string, got: string): Outcome {
  const weakestFirst = identityTier.kind === 'choice' ? identityTier.weakestFirst : [];
  return weakestFirst.indexOf(got) >= weakestFirst.indexOf(tier)
    ? satisfied
    : finding('weakTier', undefined, { got, tier });
}

function threats(pool: Subject): readonly Outcome[] {
  return decide(pool.text('UserPoolAddOns.AdvancedSecurityMode'), {
    known: (mode) => (mode === 'ENFORCED' ? satisfied : finding('threatsLogged')),
    absent: () => finding('threatsLogged'),
  });
}
