import { type ControlCases, remove, set } from '../../../lib/control/cases';

const pool = 'AWS::Cognito::UserPool';
const rule = 'AWS::Config::ConfigRule';

const strict = {
  MinimumLength: 12,
  RequireLowercase: true,
  RequireUppercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 1,
};
const whole = 'a pool that asks for long, mixed passwords';
const watched = 'a rule that watches the passwords of IAM users';

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: {
          People: {
            Type: pool,
            Properties: {
              Policies: {
                PasswordPolicy: strict,
                SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] },
              },
            },
          },
        },
      },
    },
    [watched]: {
      template: {
        Resources: {
          People: { Type: pool, Properties: { Policies: { PasswordPolicy: strict } } },
          Rule: {
            Type: rule,
            Properties: {
              Source: { Owner: 'AWS', SourceIdentifier: 'IAM_PASSWORD_POLICY' },
              InputParameters: { MinimumPasswordLength: '14', RequireSymbols: 'true' },
            },
          },
        },
      },
    },
    'no policy, where eight characters are promised: Cognito asks for them by itself': {
      figures: { 'identity.passwordMinLength': 8 },
      template: { Resources: { People: { Type: pool, Properties: { MfaConfiguration: 'ON' } } } },
    },
    'length alone, where no mixture is promised': {
      figures: { 'identity.passwordMinLength': 8, 'identity.passwordComplexity': false },
      template: {
        Resources: { People: { Type: pool, Properties: { Policies: { PasswordPolicy: { MinimumLength: '8' } } } } },
      },
    },
  },
  mutations: [
    {
      name: 'eleven characters',
      of: whole,
      edit: set(pool, 'Policies.PasswordPolicy.MinimumLength', 11),
      expect: { message: 'tooShort' },
    },
    {
      name: 'no policy, where more is promised than Cognito asks for by itself',
      of: whole,
      edit: remove(pool, 'Policies.PasswordPolicy'),
      expect: { message: 'tooShort' },
    },
    {
      name: 'length forgotten in a policy',
      of: whole,
      edit: remove(pool, 'Policies.PasswordPolicy.MinimumLength'),
      expect: { message: 'tooShort' },
    },
    {
      name: 'seven characters, where eight are promised',
      of: 'length alone, where no mixture is promised',
      edit: set(pool, 'Policies.PasswordPolicy.MinimumLength', 7),
      expect: { message: 'tooShort' },
    },
    ...['RequireLowercase', 'RequireUppercase', 'RequireNumbers', 'RequireSymbols'].flatMap((flag) => [
      {
        name: `${flag} switched off`,
        of: whole,
        edit: set(pool, `Policies.PasswordPolicy.${flag}`, false),
        expect: { message: 'tooSimple' },
      },
      {
        name: `${flag} forgotten`,
        of: whole,
        edit: remove(pool, `Policies.PasswordPolicy.${flag}`),
        expect: { message: 'tooSimple' },
      },
    ]),
    {
      name: 'a temporary password for a year',
      of: whole,
      edit: set(pool, 'Policies.PasswordPolicy.TemporaryPasswordValidityDays', 365),
      expect: { message: 'temporaryTooLong' },
    },
    {
      name: 'a temporary password for a year, by the old property',
      of: whole,
      edit: set(pool, 'AdminCreateUserConfig.UnusedAccountValidityDays', 365),
      expect: { message: 'temporaryTooLong' },
    },
    {
      name: 'a code by mail instead of the password',
      of: whole,
      edit: set(pool, 'Policies.SignInPolicy.AllowedFirstAuthFactors', ['PASSWORD', 'EMAIL_OTP']),
      expect: { message: 'codeInstead' },
    },
    {
      name: 'a code by text message instead of the password',
      of: whole,
      edit: set(pool, 'Policies.SignInPolicy.AllowedFirstAuthFactors', ['PASSWORD', 'SMS_OTP']),
      expect: { message: 'codeInstead' },
    },
    {
      name: 'a rule that is content with eight characters',
      of: watched,
      edit: set(rule, 'InputParameters.MinimumPasswordLength', '8'),
      expect: { message: 'weakRule' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('IAM_PASSWORD_POLICY'),
    },
    {
      name: 'a rule that is content without symbols',
      of: watched,
      edit: set(rule, 'InputParameters.RequireSymbols', 'false'),
      expect: { message: 'weakRule' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('IAM_PASSWORD_POLICY'),
    },
  ],
  others: [
    {
      name: 'fails closed without any user pool, whatever a rule watches',
      template: {
        Resources: {
          Rule: { Type: rule, Properties: { Source: { Owner: 'AWS', SourceIdentifier: 'IAM_PASSWORD_POLICY' } } },
        },
      },
      expect: { '': { message: 'missing' }, Rule: 'satisfied' },
    },
    {
      name: 'a rule that watches buckets is no concern',
      template: {
        Resources: {
          Rule: { Type: rule, Properties: { Source: { Owner: 'AWS', SourceIdentifier: 'S3_BUCKET_LOGGING_ENABLED' } } },
        },
      },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a length that the deployer may set to six is not assessed',
      template: {
        Parameters: { Length: { Type: 'Number', Default: 12 } },
        Resources: {
          People: {
            Type: pool,
            Properties: { Policies: { PasswordPolicy: { ...strict, MinimumLength: { Ref: 'Length' } } } },
          },
        },
      },
      expect: { People: 'not-assessed' },
    },
    {
      name: 'a length whose default is six breaks it',
      template: {
        Parameters: { Length: { Type: 'Number', Default: 6 } },
        Resources: {
          People: {
            Type: pool,
            Properties: { Policies: { PasswordPolicy: { ...strict, MinimumLength: { Ref: 'Length' } } } },
          },
        },
      },
      expect: { People: { message: 'tooShort' } },
    },
    {
      name: 'one branch of a condition without digits breaks it',
      template: {
        Conditions: { Strict: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] } },
        Resources: {
          People: {
            Type: pool,
            Properties: {
              Policies: {
                PasswordPolicy: { ...strict, RequireNumbers: { 'Fn::If': ['Strict', false, true] } },
              },
            },
          },
        },
      },
      expect: { People: { message: 'tooSimple' } },
    },
  ],
  absentKeeps: {
    [`${pool}: Policies.PasswordPolicy`]:
      'eight characters of all four kinds by default: https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html',
    [`${pool}: Policies.PasswordPolicy.TemporaryPasswordValidityDays`]:
      'seven days by default: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cognito-userpool-passwordpolicy.html',
    [`${pool}: Policies.SignInPolicy.AllowedFirstAuthFactors.*`]: 'only what is listed may come first',
    [`${rule}: InputParameters.*`]:
      'every parameter of the rule asks for more by default: https://docs.aws.amazon.com/config/latest/developerguide/iam-password-policy.html',
  },
  indifferent: {
    [`${rule}: Source.SourceIdentifier`]: 'decides only whether the rule watches passwords at all',
  },
};
