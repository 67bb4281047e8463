import { addBeside, type ControlCases, remove, removeResource, set } from '../../../lib/control/cases';

const pool = 'AWS::Cognito::UserPool';
const client = 'AWS::Cognito::UserPoolClient';
const risk = 'AWS::Cognito::UserPoolRiskConfigurationAttachment';

const directory = {
  Type: pool,
  Properties: {
    UserPoolTier: 'PLUS',
    DeletionProtection: 'ACTIVE',
    UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
  },
};
const web = {
  Type: client,
  Properties: {
    UserPoolId: { Ref: 'People' },
    PreventUserExistenceErrors: 'ENABLED',
    EnableTokenRevocation: true,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    CallbackURLs: ['https://app.example.com/sign-in/callback'],
    LogoutURLs: ['https://app.example.com/signed-out'],
  },
};
const answers = {
  Type: risk,
  Properties: {
    UserPoolId: { Ref: 'People' },
    ClientId: 'ALL',
    AccountTakeoverRiskConfiguration: {
      Actions: {
        LowAction: { EventAction: 'NO_ACTION', Notify: false },
        HighAction: { EventAction: 'BLOCK', Notify: false },
      },
    },
    CompromisedCredentialsRiskConfiguration: {
      Actions: { EventAction: 'BLOCK' },
      EventFilter: ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE'],
    },
  },
};
const whole = 'a pool on the Plus plan, its client and its answers to threats';
const abroad = 'text messages and mail that are handed over in the Region, and a copy in the EU';
const noMessages = 'our pools send no text messages and leave mail to Cognito';

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: { Resources: { People: directory, Web: web, Answers: answers } } },
    [abroad]: {
      template: {
        Resources: {
          People: {
            Type: pool,
            Properties: {
              ...directory.Properties,
              SmsConfiguration: {
                SnsCallerArn: { 'Fn::GetAtt': ['Sender', 'Arn'] },
                SnsRegion: { Ref: 'AWS::Region' },
              },
              EmailConfiguration: {
                EmailSendingAccount: 'DEVELOPER',
                SourceArn: {
                  'Fn::Join': [
                    '',
                    ['arn:', { Ref: 'AWS::Partition' }, ':ses:eu-west-1:111122223333:identity/app.example.com'],
                  ],
                },
              },
            },
          },
          Sender: { Type: 'AWS::IAM::Role', Properties: {} },
          Answers: answers,
          Copy: {
            Type: 'AWS::Cognito::UserPoolReplica',
            Properties: { UserPoolId: { Ref: 'People' }, RegionName: 'eu-north-1' },
          },
        },
      },
    },
    'answers for each client by itself': {
      template: {
        Resources: {
          People: directory,
          Web: web,
          Answers: { Type: risk, Properties: { ...answers.Properties, ClientId: { Ref: 'Web' } } },
        },
      },
    },
    'a lower plan where the profile asks no more': {
      figures: { 'identity.tier': 'ESSENTIALS' },
      template: { Resources: { People: { Type: pool, Properties: { DeletionProtection: 'ACTIVE' } } } },
    },
    'an identity pool that lets no guests in': {
      template: {
        Resources: {
          People: directory,
          Answers: answers,
          Credentials: { Type: 'AWS::Cognito::IdentityPool', Properties: { AllowUnauthenticatedIdentities: false } },
        },
      },
    },
  },
  mutations: [
    {
      name: 'the plan that Cognito chooses',
      of: whole,
      edit: remove(pool, 'UserPoolTier'),
      expect: { message: 'weakTier' },
    },
    {
      name: 'the cheapest plan',
      of: whole,
      edit: set(pool, 'UserPoolTier', 'LITE'),
      expect: { message: 'weakTier' },
    },
    {
      name: 'threats that are only written down',
      of: whole,
      edit: set(pool, 'UserPoolAddOns.AdvancedSecurityMode', 'AUDIT'),
      expect: { message: 'threatsLogged' },
    },
    {
      name: 'threat protection forgotten',
      of: whole,
      edit: remove(pool, 'UserPoolAddOns'),
      expect: { message: 'threatsLogged' },
    },
    {
      name: 'deletion allowed',
      of: whole,
      edit: set(pool, 'DeletionProtection', 'INACTIVE'),
      expect: { message: 'deletable' },
    },
    {
      name: 'deletion protection forgotten',
      of: whole,
      edit: remove(pool, 'DeletionProtection'),
      expect: { message: 'deletable' },
    },
    {
      name: 'no answers to threats',
      of: whole,
      edit: removeResource(risk),
      expect: { message: 'threatsUnanswered', at: 'People' },
    },
    {
      name: 'answers for a client that is not here',
      of: whole,
      edit: set(risk, 'ClientId', '1example23456789'),
      expect: { message: 'threatsUnanswered', at: 'People' },
    },
    {
      name: 'a stolen password is good enough',
      of: whole,
      edit: set(risk, 'CompromisedCredentialsRiskConfiguration.Actions.EventAction', 'NO_ACTION'),
      expect: { message: 'stolenPasswordAllowed' },
    },
    {
      name: 'stolen passwords not looked for',
      of: whole,
      edit: remove(risk, 'CompromisedCredentialsRiskConfiguration'),
      expect: { message: 'stolenPasswordAllowed' },
    },
    {
      name: 'stolen passwords looked for at sign-up only',
      of: whole,
      edit: set(risk, 'CompromisedCredentialsRiskConfiguration.EventFilter', ['SIGN_UP']),
      expect: { message: 'stolenPasswordUnwatched' },
    },
    {
      name: 'a sign-in of high risk passes',
      of: whole,
      edit: set(risk, 'AccountTakeoverRiskConfiguration.Actions.HighAction.EventAction', 'NO_ACTION'),
      expect: { message: 'takeoverAllowed' },
    },
    {
      name: 'takeovers unanswered',
      of: whole,
      edit: remove(risk, 'AccountTakeoverRiskConfiguration'),
      expect: { message: 'takeoverAllowed' },
    },
    {
      name: 'half of the internet exempt',
      of: whole,
      edit: set(risk, 'RiskExceptionConfiguration.SkippedIPRangeList', ['10.0.0.0/8', '128.0.0.0/1']),
      expect: { message: 'threatsSkipped' },
    },
    {
      name: 'text messages sent from Virginia',
      of: abroad,
      edit: set(pool, 'SmsConfiguration.SnsRegion', 'us-east-1'),
      expect: { message: 'outside' },
      notShipped: noMessages,
    },
    {
      name: 'text messages sent from London, whose Region begins with eu-',
      of: abroad,
      edit: set(pool, 'SmsConfiguration.SnsRegion', 'eu-west-2'),
      expect: { message: 'outside' },
      notShipped: noMessages,
    },
    {
      name: 'text messages sent from nobody knows where',
      of: abroad,
      edit: remove(pool, 'SmsConfiguration.SnsRegion'),
      expect: { message: 'not-assessed' },
      notShipped: noMessages,
    },
    {
      name: 'mail sent from Virginia',
      of: abroad,
      edit: set(pool, 'EmailConfiguration.SourceArn', 'arn:aws:ses:us-east-1:111122223333:identity/app.example.com'),
      expect: { message: 'outside' },
      notShipped: noMessages,
    },
    {
      name: 'a copy of the pool in Ohio',
      of: abroad,
      edit: set('AWS::Cognito::UserPoolReplica', 'RegionName', 'us-east-2'),
      expect: { message: 'outside' },
      notShipped: 'the project copies no pool',
    },
    {
      name: 'errors that tell whether an account exists',
      of: whole,
      edit: set(client, 'PreventUserExistenceErrors', 'LEGACY'),
      expect: { message: 'accountsLeak' },
    },
    {
      name: 'errors left to the default of Cognito',
      of: whole,
      edit: remove(client, 'PreventUserExistenceErrors'),
      expect: { message: 'accountsLeak' },
    },
    {
      name: 'tokens that nobody can revoke',
      of: whole,
      edit: set(client, 'EnableTokenRevocation', false),
      expect: { message: 'irrevocable' },
    },
    {
      name: 'the implicit grant beside the code grant, as the CDK writes it by default',
      of: whole,
      edit: set(client, 'AllowedOAuthFlows', ['implicit', 'code']),
      expect: { message: 'implicit' },
    },
    {
      name: 'the callback that the CDK writes where none is given',
      of: whole,
      edit: set(client, 'CallbackURLs', ['https://example.com']),
      expect: { message: 'looseAddress' },
    },
    {
      name: 'any subdomain as callback',
      of: whole,
      edit: set(client, 'CallbackURLs', ['https://*.app.example.com/callback']),
      expect: { message: 'looseAddress' },
    },
    {
      name: 'a callback in clear text',
      of: whole,
      edit: set(client, 'CallbackURLs', ['http://app.example.com/callback']),
      expect: { message: 'plainAddress' },
    },
    {
      name: 'a sign-out in clear text',
      of: whole,
      edit: set(client, 'LogoutURLs', ['http://app.example.com/']),
      expect: { message: 'plainAddress' },
    },
    {
      name: 'a default redirect in clear text',
      of: whole,
      edit: set(client, 'DefaultRedirectURI', 'http://app.example.com/'),
      expect: { message: 'plainAddress' },
    },
    {
      name: 'a second client that is open',
      of: whole,
      edit: addBeside(client, 'Second', () => ({ Type: client, Properties: { UserPoolId: { Ref: 'People' } } })),
      expect: { message: 'accountsLeak', at: 'Second' },
    },
    {
      name: 'guests get credentials',
      of: 'an identity pool that lets no guests in',
      edit: set('AWS::Cognito::IdentityPool', 'AllowUnauthenticatedIdentities', true),
      expect: { message: 'guests' },
      notShipped: 'the project deploys no identity pool',
    },
    {
      name: 'one client without answers to threats',
      of: 'answers for each client by itself',
      edit: addBeside(client, 'Second', () => ({ Type: client, Properties: web.Properties })),
      expect: { message: 'threatsUnanswered', at: 'People' },
      notShipped: 'our answers are for every client of a pool',
    },
  ],
  others: [
    {
      name: 'fails closed without any user pool',
      template: {
        Resources: { Web: { Type: client, Properties: { ...web.Properties, UserPoolId: 'eu-central-1_x' } } },
      },
      expect: { '': { message: 'missing' }, Web: 'satisfied' },
    },
    {
      name: 'a client of a pool elsewhere is judged by itself where only what is present is judged',
      template: {
        Resources: { Web: { Type: client, Properties: { ...web.Properties, UserPoolId: 'eu-central-1_x' } } },
      },
      presentOnly: true,
      expect: { Web: 'satisfied' },
    },
    {
      name: 'addresses of a client that takes no part in OAuth lead nowhere',
      template: {
        Resources: {
          Web: {
            Type: client,
            Properties: { PreventUserExistenceErrors: 'ENABLED', CallbackURLs: ['https://example.com'] },
          },
        },
      },
      presentOnly: true,
      expect: { Web: 'satisfied' },
    },
    {
      name: 'a machine that signs in with a secret needs no callback',
      template: {
        Resources: {
          Machine: {
            Type: client,
            Properties: {
              PreventUserExistenceErrors: 'ENABLED',
              AllowedOAuthFlowsUserPoolClient: true,
              AllowedOAuthFlows: ['client_credentials'],
            },
          },
        },
      },
      presentOnly: true,
      expect: { Machine: 'satisfied' },
    },
    {
      name: 'a callback whose host the deployer chooses is not assessed',
      template: {
        Parameters: { Domain: { Type: 'String' } },
        Resources: {
          Web: {
            Type: client,
            Properties: {
              ...web.Properties,
              CallbackURLs: [{ 'Fn::Join': ['', ['https://', { Ref: 'Domain' }, '/callback']] }],
            },
          },
        },
      },
      presentOnly: true,
      expect: { Web: 'not-assessed' },
    },
    {
      name: 'one branch of a condition that only writes threats down breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          People: {
            Type: pool,
            Properties: {
              ...directory.Properties,
              UserPoolAddOns: { AdvancedSecurityMode: { 'Fn::If': ['IsProd', 'ENFORCED', 'AUDIT'] } },
            },
          },
          Answers: answers,
        },
      },
      expect: { People: { message: 'threatsLogged' } },
    },
    {
      name: 'answers that exist in production only leave the other branch without any',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: { People: directory, Answers: { ...answers, Condition: 'IsProd' } },
      },
      expect: { People: { message: 'threatsUnanswered' } },
    },
  ],
  absentKeeps: {
    [`${client}: EnableTokenRevocation`]:
      'on for a new client: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cognito-userpoolclient.html',
    [`${client}: AllowedOAuthFlowsUserPoolClient`]: 'off by default: the client then redirects nobody',
    [`${client}: AllowedOAuthFlows.*`]: 'without a flow the client redirects nobody',
    [`${client}: CallbackURLs.*`]: 'Cognito refuses to return to an address that is not listed',
    [`${client}: LogoutURLs.*`]: 'Cognito refuses to return to an address that is not listed',
    [`${pool}: SmsConfiguration`]: 'without it no text message is sent',
    [`${pool}: EmailConfiguration.SourceArn`]: 'Cognito then sends the mail itself, from the Region of the pool',
    [`${risk}: CompromisedCredentialsRiskConfiguration.EventFilter`]: 'every event is looked at by default',
  },
};
