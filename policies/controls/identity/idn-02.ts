import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { identityPasswordComplexity, identityPasswordMinLength } from '../parameters';

/**
 * What Cognito asks of a password where the pool has no policy: eight characters of all four kinds, and seven days for a temporary one.
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
 */
const byDefault = { length: 8, temporaryDays: 7 };

/** IDN-02: passwords of the people in user pools, and the rule that watches those of IAM users. */
export const control = defineControl({
  id: 'idn-02',
  title: 'Every password is long, mixes its characters, and cannot be gone around by a code in a message',
  family: 'identity',
  claims: [
    'cfeu-password-min8',
    'cfeu-password-complexity',
    'cly-password-min8',
    'cly-password-complexity',
    'clvr-password-provider-standards',
  ],
  doesNotProve:
    'That passwords which were set before the policy follow it, what a federated identity provider asks for, and the password policy of IAM users: a Config rule that watches it is judged where there is one, and the account itself is asked by verify.',
  runbook: 'harden-user-pool',
  parameters: {
    'identity.passwordMinLength': identityPasswordMinLength,
    'identity.passwordComplexity': identityPasswordComplexity,
  },
  messages: {
    missing: {
      violation: 'no user pool is deployed, so nothing keeps the promise of good passwords',
      fix: 'deploy a user pool with a passwordPolicy',
    },
    tooShort: {
      violation: 'user pool {name} accepts passwords of {got} characters, promised are at least {least}',
      fix: 'set passwordPolicy.minLength to {least} or more',
    },
    tooSimple: {
      violation: 'user pool {name} accepts a password without {kind}: {property} is {value}',
      fix: 'require lower case, upper case, digits and symbols in passwordPolicy',
    },
    temporaryTooLong: {
      violation: 'temporary passwords of user pool {name} lie about for {value} days',
      fix: 'set passwordPolicy.tempPasswordValidity to at most {most} days',
    },
    codeInstead: {
      violation: 'user pool {name} takes a code in a message instead of the password: {property} is {value}',
      fix: 'leave EMAIL_OTP and SMS_OTP out of the allowed first factors',
    },
    weakRule: {
      violation:
        'the rule {name} is content with an IAM password policy that is weaker than promised: {property} is {value}',
      fix: 'raise the parameters of the rule to those of the promise',
    },
  },
  template: {
    judges: ['AWS::Cognito::UserPool', 'AWS::Config::ConfigRule'],
    expects: 'at-least-one',
    expected: ['AWS::Cognito::UserPool'],
    judge: (subject, context) =>
      subject.type === 'AWS::Config::ConfigRule' ? accountRule(subject, context) : userPool(subject, context),
  },
});

function userPool(pool: Subject, { figures }: JudgementContext): readonly Outcome[] {
  const policy = pool.at('Policies.PasswordPolicy');
  const hasPolicy = policy.state() !== 'absent';
  return [
    ...length(policy, hasPolicy, figures.number('identity.passwordMinLength')),
    ...(figures.flag('identity.passwordComplexity') ? [...mixture(policy, hasPolicy), ...firstFactors(pool)] : []),
    ...temporary(policy.at('TemporaryPasswordValidityDays')),
    ...temporary(pool.at('AdminCreateUserConfig.UnusedAccountValidityDays')),
  ];
}

/** A policy that leaves the length out is not documented to keep the eight characters of a pool without one; six is the least there is. */
function length(policy: Node, hasPolicy: boolean, least: number): readonly Outcome[] {
  const atLeast = (got: number) => (got >= least ? satisfied : finding('tooShort', undefined, { got, least }));
  return decide(policy.at('MinimumLength').number(), {
    known: atLeast,
    absent: () => atLeast(hasPolicy ? 6 : byDefault.length),
  });
}

const kinds = {
  RequireLowercase: 'lower case',
  RequireUppercase: 'upper case',
  RequireNumbers: 'digits',
  RequireSymbols: 'symbols',
};

function mixture(policy: Node, hasPolicy: boolean): readonly Outcome[] {
  return Object.entries(kinds).flatMap(([property, kind]) =>
    decide(policy.at(property).bool(), {
      known: (required) => (required ? satisfied : finding('tooSimple', undefined, { kind })),
      absent: () => (hasPolicy ? finding('tooSimple', undefined, { kind }) : satisfied),
    }),
  );
}

function firstFactors(pool: Subject): readonly Outcome[] {
  return decide(pool.items('Policies.SignInPolicy.AllowedFirstAuthFactors'), {
    known: (factors) =>
      factors.flatMap((factor) =>
        decide(factor.text(), {
          // A passkey is no weaker than a password
          known: (name) => (/_OTP$/.test(name) ? finding('codeInstead') : satisfied),
          absent: () => satisfied,
        }),
      ),
    // The password alone by default
    absent: () => satisfied,
  });
}

/** No promise gives a figure: what Cognito itself allows is taken for the longest. */
function temporary(days: Node): readonly Outcome[] {
  const most = byDefault.temporaryDays;
  return decide(days.number(), {
    known: (value) => (value <= most ? satisfied : finding('temporaryTooLong', undefined, { most })),
    absent: () => satisfied,
  });
}

/** Source of the defaults, all at least as strict as promised: https://docs.aws.amazon.com/config/latest/developerguide/iam-password-policy.html */
function accountRule(rule: Subject, { figures }: JudgementContext): Outcome | readonly Outcome[] {
  const identifier = rule.text('Source.SourceIdentifier');
  if (identifier.kind !== 'known' || identifier.value !== 'IAM_PASSWORD_POLICY') {
    return notApplicable('it watches something else than the password policy of the account');
  }
  const least = figures.number('identity.passwordMinLength');
  const flags = figures.flag('identity.passwordComplexity')
    ? ['RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers', 'RequireSymbols']
    : [];
  return [
    ...decide(rule.number('InputParameters.MinimumPasswordLength'), {
      known: (length) => (length >= least ? satisfied : finding('weakRule')),
      absent: () => satisfied,
    }),
    ...flags.flatMap((flag) =>
      decide(rule.bool(`InputParameters.${flag}`), {
        known: (required) => (required ? satisfied : finding('weakRule')),
        absent: () => satisfied,
      }),
    ),
  ];
}
