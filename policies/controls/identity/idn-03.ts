import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { mfaStaff } from '../parameters';
import { audienceOf, audienceTag } from './audience';
import { mfaAtLeast, secondFactors } from './second-factors';

/** IDN-03: the pools that hold administrators and staff, and the clients through which they sign in. */
export const control = defineControl({
  id: 'idn-03',
  title: 'Administrators and staff sign in with an authenticator application, always',
  family: 'identity',
  claims: ['tdb-admin-mfa-mandatory', 'clvr-mfa-admin-staff', 'clvr-github-security'],
  doesNotProve:
    'That nobody of the staff has an account in a pool for customers, that a device which Cognito remembers asks again, how people sign in to AWS itself (idn-08), and how the organisation on GitHub is set (sdl-02).',
  runbook: 'require-second-factor',
  parameters: { 'mfa.staff': mfaStaff },
  messages: {
    missing: {
      violation: 'no user pool for staff is deployed, so nothing makes administrators use a second factor',
      fix: `deploy a user pool with mfa: Mfa.REQUIRED, mfaSecondFactor: { otp: true, sms: false } and the tag ${audienceTag}: staff`,
    },
    notDemanded: {
      violation:
        'staff may sign in to user pool {name} with a password alone: {property} is {value}, promised is {promised}',
      fix: `set mfa: Mfa.REQUIRED; if the pool holds customers, tag it ${audienceTag}: customers`,
    },
    noAuthenticator: {
      violation: 'staff cannot use an authenticator application in user pool {name}: {property} offers {offered}',
      fix: 'set mfaSecondFactor: { otp: true, sms: false }; left out, the CDK enables text messages and nothing else',
    },
    messageOffered: {
      violation:
        'staff may use {factor} as second factor in user pool {name}, which a thief of the mailbox or phone number receives',
      fix: 'set mfaSecondFactor: { otp: true, sms: false, email: false }',
    },
    federated: {
      violation:
        'staff who sign in to client {name} through {provider} are not asked for the second factor of the pool',
      fix: 'let the client support the user pool alone, or except it with proof that the provider demands a second factor',
    },
  },
  template: {
    judges: ['AWS::Cognito::UserPool', 'AWS::Cognito::UserPoolClient'],
    expects: 'at-least-one',
    expected: ['AWS::Cognito::UserPool'],
    judge: (subject, context) =>
      subject.type === 'AWS::Cognito::UserPool' ? userPool(subject, context) : client(subject, context),
  },
});

function userPool(pool: Subject, { figures }: JudgementContext): Outcome | readonly Outcome[] {
  const audience = audienceOf(pool);
  if (audience.kind === 'unknown') {
    return notAssessed(audience.reason, audience.property);
  }
  if (audience.kind === 'customers') {
    return notApplicable(audience.tagged ? 'its tag says that it holds customers' : 'anybody may join it');
  }
  const promised = figures.choice('mfa.staff');
  return [
    ...mfaAtLeast(pool, promised, () => finding('notDemanded', undefined, { promised })),
    ...(promised === 'OFF' ? [] : authenticatorAlone(pool)),
  ];
}

function authenticatorAlone(pool: Subject): readonly Outcome[] {
  return secondFactors(pool, (offered) =>
    offered.has('SOFTWARE_TOKEN_MFA')
      ? ['SMS_MFA', 'EMAIL_OTP']
          .filter((factor) => offered.has(factor))
          .map((factor) => finding('messageOffered', undefined, { factor }))
      : [finding('noAuthenticator', undefined, { offered: [...offered].join(', ') || 'nothing' })],
  );
}

/**
 * Cognito asks people from another identity provider for no second factor of its own.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
 */
function client(client: Subject, { figures, scope }: JudgementContext): Outcome | readonly Outcome[] {
  if (figures.choice('mfa.staff') !== 'ON') {
    return notApplicable('staff need no second factor');
  }
  const pool = client.reference('UserPoolId');
  const here = pool.kind === 'known' && pool.value.subject.type === 'AWS::Cognito::UserPool';
  const audience = here ? audienceOf(pool.value.subject) : undefined;
  if (audience?.kind === 'customers') {
    return notApplicable('it signs in customers');
  }
  return decide(client.items('SupportedIdentityProviders'), {
    known: (providers) => providers.flatMap((provider) => decide(provider.pattern(), { known: judge, absent: judge })),
    absent: () =>
      here && scope.referring(pool.value.subject, 'AWS::Cognito::UserPoolIdentityProvider', 'UserPoolId').length > 0
        ? notAssessed('Cognito does not document which providers of the pool a client supports when it names none')
        : satisfied,
  });

  function judge(provider = ''): Outcome {
    if (provider === 'COGNITO') {
      return satisfied;
    }
    if (audience?.kind === 'staff') {
      return finding('federated', undefined, { provider });
    }
    const reason = audience?.kind === 'unknown' ? audience.reason : 'its user pool is not here';
    return notAssessed(`whether it signs in staff: ${reason}`);
  }
}
