import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { mfaCustomers, mfaCustomersSms } from '../parameters';
import { audienceOf, audienceTag } from './audience';
import { mfaAtLeast, secondFactors } from './second-factors';

/** IDN-04: the pools that hold customers, and those of which nobody says whom they hold. */
export const control = defineControl({
  id: 'idn-04',
  title:
    'Every customer can use an authenticator application; text messages are a spare where promised, and only there',
  family: 'identity',
  claims: [
    'cfeu-totp-compatible',
    'cfeu-2fa-optional',
    'cfus-totp-every-user',
    'cly-mfa-totp',
    'cly-mfa-sms-backup',
    'cly-mfa-org-enforcement',
  ],
  doesNotProve:
    'That the application offers enrolment, that text messages arrive and are not the preferred factor, and, where the second factor is optional, that the administrator of an organisation can make it compulsory: the application decides that.',
  runbook: 'require-second-factor',
  parameters: { 'mfa.customers': mfaCustomers, 'mfa.customersSms': mfaCustomersSms },
  messages: {
    missing: {
      violation: 'no user pool for customers is deployed, so nothing offers them a second factor',
      fix: `deploy a user pool with mfaSecondFactor: { otp: true, sms: false } and the tag ${audienceTag}: customers`,
    },
    notOffered: {
      violation:
        'user pool {name} asks customers for less than promised: {property} is {value}, promised is {promised}',
      fix: 'set mfa: Mfa.OPTIONAL or Mfa.REQUIRED, as promised',
    },
    noAuthenticator: {
      violation: 'customers cannot use an authenticator application in user pool {name}: {property} offers {offered}',
      fix: 'set mfaSecondFactor: { otp: true, sms: false }; left out, the CDK enables text messages and nothing else',
    },
    smsOffered: {
      violation: 'user pool {name} sends codes by text message, which is not promised: {property} offers SMS_MFA',
      fix: 'set mfaSecondFactor: { otp: true, sms: false }',
    },
    smsNotOffered: {
      violation:
        'user pool {name} offers no spare code by text message, which is promised: {property} leaves SMS_MFA out',
      fix: 'set mfaSecondFactor: { otp: true, sms: true } with an smsRole',
    },
    smsUnsafe: {
      violation:
        'the role with which user pool {name} sends text messages can be used by others: {property} is {value}',
      fix: 'set smsRoleExternalId and demand it in the trust policy of the role',
    },
    recoveryByPhone: {
      violation: 'one phone number is both second factor and recovery in user pool {name}: {property} is {value}',
      fix: 'set accountRecovery: AccountRecovery.EMAIL_ONLY',
    },
  },
  template: {
    judges: ['AWS::Cognito::UserPool'],
    expects: 'at-least-one',
    judge: (pool, context) => {
      const audience = audienceOf(pool);
      if (audience.kind === 'unknown') {
        return notAssessed(audience.reason, audience.property);
      }
      // Staff by conclusion may be customers who were invited: they can only lose by looking away
      return audience.kind === 'staff' && audience.tagged
        ? notApplicable('its tag says that it holds staff')
        : customers(pool, context, audience.kind === 'staff');
    },
  },
});

function customers(pool: Subject, { figures }: JudgementContext, mayBeStaff: boolean): readonly Outcome[] {
  const promised = figures.choice('mfa.customers');
  const smsPromised = figures.flag('mfa.customersSms') && !mayBeStaff;
  const mode = mfaAtLeast(pool, promised, () => finding('notOffered', undefined, { promised }));
  if (promised === 'OFF') {
    return mode;
  }
  return [
    ...mode,
    ...secondFactors(pool, (offered) => {
      if (!offered.has('SOFTWARE_TOKEN_MFA')) {
        return [finding('noAuthenticator', undefined, { offered: [...offered].join(', ') || 'nothing' })];
      }
      return offered.has('SMS_MFA') ? textMessages(pool, smsPromised) : smsPromised ? [finding('smsNotOffered')] : [];
    }),
  ];
}

function textMessages(pool: Subject, promised: boolean): readonly Outcome[] {
  if (!promised) {
    return [finding('smsOffered')];
  }
  return [
    ...decide(pool.at('SmsConfiguration.ExternalId').pattern(), {
      known: () => satisfied,
      absent: () => finding('smsUnsafe'),
    }),
    ...recovery(pool),
  ];
}

/**
 * Left out, Cognito prefers the phone number.
 *
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
 */
function recovery(pool: Subject): readonly Outcome[] {
  return decide(pool.items('AccountRecoverySetting.RecoveryMechanisms'), {
    known: (mechanisms) =>
      mechanisms.flatMap((mechanism) =>
        decide(mechanism.at('Name').text(), {
          known: (name) => (name === 'verified_phone_number' ? finding('recoveryByPhone') : satisfied),
          absent: () => notAssessed('CloudFormation requires the name of a recovery mechanism'),
        }),
      ),
    absent: () => finding('recoveryByPhone'),
  });
}
