import { addBeside, type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';

const pool = 'AWS::Cognito::UserPool';
const client = 'AWS::Cognito::UserPoolClient';
const lambda = 'AWS::Lambda::Function';
const table = 'AWS::DynamoDB::Table';
const permission = 'AWS::Lambda::Permission';

const ref = (id: string) => ({ Ref: id });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const counted = {
  Resources: {
    Pool: {
      Type: pool,
      Properties: {
        UsernameAttributes: ['email'],
        LambdaConfig: { PreAuthentication: arn('Count'), PostAuthentication: arn('Count') },
      },
    },
    Client: {
      Type: client,
      Properties: {
        UserPoolId: ref('Pool'),
        PreventUserExistenceErrors: 'ENABLED',
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        SupportedIdentityProviders: ['COGNITO'],
      },
    },
    Count: {
      Type: lambda,
      Properties: {
        Environment: {
          Variables: { LOCKOUT_FAILURES: '10', LOCKOUT_MINUTES: '30', LOCKOUT_TABLE: ref('Attempts') },
        },
      },
    },
    Attempts: {
      Type: table,
      Properties: { TimeToLiveSpecification: { AttributeName: 'ends', Enabled: true } },
    },
    MayCall: {
      Type: permission,
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arn('Count'),
        Principal: 'cognito-idp.amazonaws.com',
        SourceArn: arn('Pool'),
      },
    },
    Wall: {
      Type: 'AWS::WAFv2::WebACLAssociation',
      Properties: {
        ResourceArn: arn('Pool'),
        WebACLArn: 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/a/b',
      },
    },
  },
};
const whole = 'a pool whose function counts';
const isCounter = ({ Properties }: { readonly Properties?: unknown }) =>
  JSON.stringify(Properties).includes('LOCKOUT_TABLE');

export const cases: ControlCases = {
  compliant: { [whole]: { template: counted } },
  mutations: [
    {
      name: 'nothing counts before a sign-in',
      of: whole,
      edit: remove(pool, 'LambdaConfig.PreAuthentication'),
      expect: { message: 'uncounted' },
    },
    {
      name: 'the pool has no triggers at all',
      of: whole,
      edit: remove(pool, 'LambdaConfig'),
      expect: { message: 'uncounted' },
    },
    {
      name: 'a success clears nothing',
      of: whole,
      edit: remove(pool, 'LambdaConfig.PostAuthentication'),
      expect: { message: 'neverCleared' },
    },
    {
      name: 'an account is locked after eleven attempts',
      of: whole,
      edit: set(lambda, 'Environment.Variables.LOCKOUT_FAILURES', '11'),
      expect: { message: 'tooMany', at: 'Pool' },
      shippedWhere: isCounter,
    },
    {
      name: 'the lock lasts ten minutes',
      of: whole,
      edit: set(lambda, 'Environment.Variables.LOCKOUT_MINUTES', '10'),
      expect: { message: 'tooShort', at: 'Pool' },
      shippedWhere: isCounter,
    },
    {
      name: 'the table forgets nothing',
      of: whole,
      edit: set(table, 'TimeToLiveSpecification.Enabled', false),
      expect: { message: 'neverForgotten', at: 'Pool' },
    },
    {
      name: 'pools of strangers may call the function',
      of: whole,
      edit: remove(permission, 'SourceArn'),
      expect: { message: 'openToOthers', at: 'Pool' },
      shippedWhere: ({ Properties }) => JSON.stringify(Properties).includes('cognito-idp'),
    },
    {
      name: 'no firewall stands before the pool (trap 18: one address locks everybody)',
      of: whole,
      edit: removeResource('AWS::WAFv2::WebACLAssociation'),
      expect: { message: 'unguarded', at: 'Pool' },
      notShipped: 'an association is not judged or followed by this control; edg-01 tries the same',
    },
    {
      name: 'the client tells who has an account',
      of: whole,
      edit: set(client, 'PreventUserExistenceErrors', 'LEGACY'),
      expect: { message: 'accountsLeak' },
    },
    {
      name: 'the client says nothing of errors',
      of: whole,
      edit: remove(client, 'PreventUserExistenceErrors'),
      expect: { message: 'accountsLeak' },
    },
    {
      name: 'aliases answer whether an address is taken',
      of: whole,
      edit: set(pool, 'AliasAttributes', ['email']),
      expect: { message: 'aliasesLeak' },
    },
    {
      name: 'a server may try passwords for anybody',
      of: whole,
      edit: set(client, 'ExplicitAuthFlows.1', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'),
      expect: { message: 'sideDoor' },
    },
    {
      name: 'people sign in at another provider (trap 18: no function is called)',
      of: whole,
      edit: set(client, 'SupportedIdentityProviders.1', 'Google'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'attempts are forgotten in another table',
      of: whole,
      edit: change(pool, (properties, template) => {
        template.Resources = {
          ...counted.Resources,
          Pool: { Type: pool, Properties: properties },
          Other: { Type: table, Properties: {} },
          Clear: {
            Type: lambda,
            Properties: { Environment: { Variables: { LOCKOUT_TABLE: ref('Other') } } },
          },
          MayCallToo: {
            Type: permission,
            Properties: { FunctionName: arn('Clear'), Principal: 'cognito-idp.amazonaws.com', SourceArn: arn('Pool') },
          },
        };
        properties.LambdaConfig = { PreAuthentication: arn('Count'), PostAuthentication: arn('Clear') };
      }),
      expect: { message: 'otherTable' },
      notShipped: 'the edit writes a template of its own',
    },
    {
      name: 'nobody may call the function for this pool',
      of: whole,
      edit: addBeside(permission, 'MayCall', () => ({
        Type: permission,
        Properties: { FunctionName: arn('Count'), Principal: 'cognito-idp.amazonaws.com', SourceArn: arn('Client') },
      })),
      expect: { message: 'not-assessed', at: 'Pool' },
      notShipped: 'the logical ids of the case are not those of the project',
    },
  ],
  others: [
    { name: 'fails where no pool is deployed', template: { Resources: {} }, expect: { '': { message: 'missing' } } },
    {
      name: 'a client of machines guesses no account',
      template: {
        Resources: { Machines: { Type: client, Properties: { AllowedOAuthFlows: ['client_credentials'] } } },
      },
      presentOnly: true,
      expect: { Machines: 'not-applicable' },
    },
    {
      name: 'a function that is not in the templates may count anything',
      template: {
        Resources: {
          Pool: {
            Type: pool,
            Properties: {
              LambdaConfig: {
                PreAuthentication: 'arn:aws:lambda:eu-central-1:111122223333:function:theirs',
                PostAuthentication: 'arn:aws:lambda:eu-central-1:111122223333:function:theirs',
              },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Pool: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${client}: SupportedIdentityProviders`]: 'none: nobody signs in at another provider',
    [`${client}: SupportedIdentityProviders.*`]: 'one provider less',
    [`${client}: ExplicitAuthFlows`]: 'SRP, custom challenges and refreshing: API_CreateUserPoolClient',
    [`${client}: ExplicitAuthFlows.*`]: 'one flow less',
  },
  indifferent: {
    [`${permission}: Principal`]: 'a permission whose source is the pool lets in nobody but Cognito',
  },
};
