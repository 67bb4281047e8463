import { addBeside, type ControlCases, remove, set } from '../../../lib/control/cases';

const pool = 'AWS::Cognito::UserPool';
const client = 'AWS::Cognito::UserPoolClient';
const staff = { 'avouch:audience': 'staff' };
const demanded = { MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] };

const whole = 'a tagged pool for staff, and its client';
const untagged = 'a pool that only an administrator fills';
const isStaff = (resource: object) => /"(avouch:audience":"staff)"/.test(JSON.stringify(resource));

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: {
          Staff: { Type: pool, Properties: { UserPoolTags: staff, ...demanded } },
          Web: {
            Type: client,
            Properties: { UserPoolId: { Ref: 'Staff' }, SupportedIdentityProviders: ['COGNITO'] },
          },
        },
      },
    },
    [untagged]: {
      template: {
        Resources: {
          People: {
            Type: pool,
            Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, ...demanded },
          },
          Web: { Type: client, Properties: { UserPoolId: { Ref: 'People' } } },
        },
      },
    },
    'an optional second factor, where no more is promised': {
      figures: { 'mfa.staff': 'OPTIONAL' },
      template: {
        Resources: {
          Staff: { Type: pool, Properties: { UserPoolTags: staff, ...demanded, MfaConfiguration: 'OPTIONAL' } },
        },
      },
    },
  },
  mutations: [
    {
      name: 'a second factor that is optional is not mandatory',
      of: whole,
      edit: set(pool, 'MfaConfiguration', 'OPTIONAL'),
      expect: { message: 'notDemanded' },
      shippedWhere: isStaff,
    },
    {
      name: 'the second factor switched off',
      of: whole,
      edit: set(pool, 'MfaConfiguration', 'OFF'),
      expect: { message: 'notDemanded' },
      shippedWhere: isStaff,
    },
    {
      name: 'the second factor forgotten',
      of: untagged,
      edit: remove(pool, 'MfaConfiguration'),
      expect: { message: 'notDemanded' },
      shippedWhere: isStaff,
    },
    {
      name: 'text messages and nothing else, as the CDK writes it for Mfa.REQUIRED alone',
      of: untagged,
      edit: set(pool, 'EnabledMfas', ['SMS_MFA']),
      expect: { message: 'noAuthenticator' },
      shippedWhere: isStaff,
    },
    {
      name: 'no factor enabled',
      of: whole,
      edit: remove(pool, 'EnabledMfas'),
      expect: { message: 'noAuthenticator' },
      shippedWhere: isStaff,
    },
    {
      name: 'text messages beside the authenticator',
      of: whole,
      edit: set(pool, 'EnabledMfas', ['SMS_MFA', 'SOFTWARE_TOKEN_MFA']),
      expect: { message: 'messageOffered' },
      shippedWhere: isStaff,
    },
    {
      name: 'mail beside the authenticator',
      of: whole,
      edit: set(pool, 'EnabledMfas', ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']),
      expect: { message: 'messageOffered' },
      shippedWhere: isStaff,
    },
    {
      name: 'sign-in through another provider, which the second factor of the pool does not reach',
      of: whole,
      edit: set(client, 'SupportedIdentityProviders', ['COGNITO', 'Google']),
      expect: { message: 'federated' },
      shippedWhere: (resource) => /staff/i.test(JSON.stringify(resource)),
    },
    {
      name: 'a provider beside a client that names none',
      of: untagged,
      edit: addBeside(pool, 'Google', (besideId) => ({
        Type: 'AWS::Cognito::UserPoolIdentityProvider',
        Properties: { UserPoolId: { Ref: besideId }, ProviderName: 'Google', ProviderType: 'Google' },
      })),
      expect: { message: 'not-assessed', at: 'Web' },
      notShipped: 'every client of ours names its providers',
    },
    {
      name: 'a tag that says neither',
      of: whole,
      edit: set(pool, 'UserPoolTags', { 'avouch:audience': 'administrators' }),
      expect: { message: 'not-assessed' },
      shippedWhere: isStaff,
    },
  ],
  others: [
    {
      name: 'fails closed where all pools are for customers',
      template: {
        Resources: { Customers: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': 'customers' } } } },
      },
      expect: { '': { message: 'missing' }, Customers: 'not-applicable' },
    },
    {
      name: 'a pool that anybody may join is no pool for staff',
      template: {
        Resources: {
          Customers: {
            Type: pool,
            Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false }, MfaConfiguration: 'OPTIONAL' },
          },
          Web: {
            Type: client,
            Properties: { UserPoolId: { Ref: 'Customers' }, SupportedIdentityProviders: ['COGNITO', 'Google'] },
          },
        },
      },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'the tag outweighs who may sign up',
      template: {
        Resources: {
          Staff: {
            Type: pool,
            Properties: {
              UserPoolTags: staff,
              MfaConfiguration: 'OPTIONAL',
              EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
            },
          },
        },
      },
      expect: { Staff: { message: 'notDemanded' } },
    },
    {
      name: 'a pool whose tag the deployer chooses is not assessed',
      template: {
        Parameters: { Audience: { Type: 'String' } },
        Resources: {
          People: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': { Ref: 'Audience' } }, ...demanded } },
        },
      },
      presentOnly: true,
      expect: { People: 'not-assessed' },
    },
    {
      name: 'another provider is free to sign staff in, where no second factor is demanded of them',
      figures: { 'mfa.staff': 'OPTIONAL' },
      template: {
        Resources: {
          Web: { Type: client, Properties: { UserPoolId: 'eu-central-1_x', SupportedIdentityProviders: ['Okta'] } },
        },
      },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a federated client of a pool that is not here is not assessed',
      template: {
        Resources: {
          Web: { Type: client, Properties: { UserPoolId: 'eu-central-1_x', SupportedIdentityProviders: ['Okta'] } },
        },
      },
      presentOnly: true,
      expect: { Web: 'not-assessed' },
    },
    {
      name: 'staff without a second factor outside production breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Staff: {
            Type: pool,
            Properties: { UserPoolTags: staff, ...demanded, MfaConfiguration: { 'Fn::If': ['IsProd', 'ON', 'OFF'] } },
          },
        },
      },
      expect: { Staff: { message: 'notDemanded' } },
    },
    {
      name: 'a pool for staff that exists in production only does not keep it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Staff: { Type: pool, Condition: 'IsProd', Properties: { UserPoolTags: staff, ...demanded } },
        },
      },
      expect: { '': { message: 'missing' }, Staff: 'satisfied' },
    },
  ],
  absentKeeps: {
    [`${client}: SupportedIdentityProviders.*`]: 'only what is listed may be signed in through',
    [`${pool}: EnabledMfas.*`]: 'a list that still holds the authenticator keeps it',
  },
  indifferent: {
    [`${client}: UserPoolId`]: 'decides only whose staff a federated sign-in would concern',
    [`${pool}: UserPoolTags.avouch:audience`]:
      'decides only which rules hold: a pool without it is judged by who may sign up',
    [`${pool}: AdminCreateUserConfig.AllowAdminCreateUserOnly`]: 'decides only which rules hold',
  },
};
