import { type ControlCases, remove, set } from '../../../lib/control/cases';

const pool = 'AWS::Cognito::UserPool';
const customers = { 'avouch:audience': 'customers' };

const offered = 'customers may use an authenticator application';
const spare = 'text messages as a spare, where they are promised';
const noMessages = 'text messages are off in the profile that the project deploys';
const isCustomers = (resource: object) => /"avouch:audience":"customers"/.test(JSON.stringify(resource));

export const cases: ControlCases = {
  compliant: {
    [offered]: {
      template: {
        Resources: {
          People: {
            Type: pool,
            Properties: { UserPoolTags: customers, MfaConfiguration: 'OPTIONAL', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] },
          },
          Staff: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': 'staff' } } },
        },
      },
    },
    'customers must use one': {
      figures: { 'mfa.customers': 'ON' },
      template: {
        Resources: {
          People: { Type: pool, Properties: { MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] } },
        },
      },
    },
    [spare]: {
      figures: { 'mfa.customersSms': true },
      template: {
        Resources: {
          People: {
            Type: pool,
            Properties: {
              UserPoolTags: customers,
              MfaConfiguration: 'OPTIONAL',
              EnabledMfas: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'],
              SmsConfiguration: { SnsCallerArn: { 'Fn::GetAtt': ['Sender', 'Arn'] }, ExternalId: 'people' },
              AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
            },
          },
          Sender: { Type: 'AWS::IAM::Role', Properties: {} },
        },
      },
    },
  },
  mutations: [
    {
      name: 'the second factor switched off',
      of: offered,
      target: 'People',
      edit: set(pool, 'MfaConfiguration', 'OFF'),
      expect: { message: 'notOffered' },
      shippedWhere: isCustomers,
    },
    {
      name: 'the second factor forgotten',
      of: offered,
      target: 'People',
      edit: remove(pool, 'MfaConfiguration'),
      expect: { message: 'notOffered' },
      shippedWhere: isCustomers,
    },
    {
      name: 'optional, where it is promised for everybody',
      of: 'customers must use one',
      edit: set(pool, 'MfaConfiguration', 'OPTIONAL'),
      expect: { message: 'notOffered' },
      shippedWhere: isCustomers,
    },
    {
      name: 'text messages and nothing else, as the CDK writes it by default',
      of: offered,
      target: 'People',
      edit: set(pool, 'EnabledMfas', ['SMS_MFA']),
      expect: { message: 'noAuthenticator' },
      shippedWhere: isCustomers,
    },
    {
      name: 'no factor enabled',
      of: offered,
      target: 'People',
      edit: remove(pool, 'EnabledMfas'),
      expect: { message: 'noAuthenticator' },
      shippedWhere: isCustomers,
    },
    {
      name: 'text messages, where they are not promised',
      of: offered,
      target: 'People',
      edit: set(pool, 'EnabledMfas', ['SOFTWARE_TOKEN_MFA', 'SMS_MFA']),
      expect: { message: 'smsOffered' },
      shippedWhere: isCustomers,
    },
    {
      name: 'no text messages, where they are promised',
      of: spare,
      edit: set(pool, 'EnabledMfas', ['SOFTWARE_TOKEN_MFA']),
      expect: { message: 'smsNotOffered' },
      notShipped: noMessages,
    },
    {
      name: 'a sender whom anybody can impersonate',
      of: spare,
      edit: remove(pool, 'SmsConfiguration.ExternalId'),
      expect: { message: 'smsUnsafe' },
      notShipped: noMessages,
    },
    {
      name: 'one phone for both second factor and recovery',
      of: spare,
      edit: set(pool, 'AccountRecoverySetting.RecoveryMechanisms', [
        { Name: 'verified_phone_number', Priority: 1 },
        { Name: 'verified_email', Priority: 2 },
      ]),
      expect: { message: 'recoveryByPhone' },
      notShipped: noMessages,
    },
    {
      name: 'recovery left to Cognito, which prefers the phone',
      of: spare,
      edit: remove(pool, 'AccountRecoverySetting'),
      expect: { message: 'recoveryByPhone' },
      notShipped: noMessages,
    },
    {
      name: 'a tag that says neither',
      of: offered,
      target: 'People',
      edit: set(pool, 'UserPoolTags', { 'avouch:audience': 'everybody' }),
      expect: { message: 'not-assessed' },
      shippedWhere: isCustomers,
    },
  ],
  others: [
    {
      name: 'no second factor, where none is promised',
      figures: { 'mfa.customers': 'OFF' },
      template: { Resources: { People: { Type: pool, Properties: {} } } },
      expect: { People: 'satisfied' },
    },
    {
      name: 'fails closed where all pools are for staff',
      template: { Resources: { Staff: { Type: pool, Properties: { UserPoolTags: { 'avouch:audience': 'staff' } } } } },
      expect: { '': { message: 'missing' }, Staff: 'not-applicable' },
    },
    {
      name: 'invited people without a tag may be customers',
      template: {
        Resources: {
          People: {
            Type: pool,
            Properties: {
              AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
              MfaConfiguration: 'ON',
              EnabledMfas: ['SMS_MFA'],
            },
          },
        },
      },
      expect: { People: { message: 'noAuthenticator' } },
    },
    {
      name: 'invited people without a tag may be staff, who are promised no text messages',
      figures: { 'mfa.customersSms': true },
      template: {
        Resources: {
          People: {
            Type: pool,
            Properties: {
              AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
              MfaConfiguration: 'ON',
              EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
            },
          },
        },
      },
      expect: { People: 'satisfied' },
    },
    {
      name: 'one branch of a condition without the authenticator breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          People: {
            Type: pool,
            Properties: {
              MfaConfiguration: 'OPTIONAL',
              EnabledMfas: [{ 'Fn::If': ['IsProd', 'SOFTWARE_TOKEN_MFA', { Ref: 'AWS::NoValue' }] }],
            },
          },
        },
      },
      expect: { People: { message: 'noAuthenticator' } },
    },
  ],
  indifferent: {
    [`${pool}: UserPoolTags.avouch:audience`]:
      'decides only which rules hold: a pool without it is judged by who may sign up',
  },
};
