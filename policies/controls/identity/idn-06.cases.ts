import { type ControlCases, remove, set } from '../../../lib/control/cases';

const client = 'AWS::Cognito::UserPoolClient';
const listener = 'AWS::ElasticLoadBalancingV2::Listener';
const rule = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const restAuthorizer = 'AWS::ApiGateway::Authorizer';
const httpAuthorizer = 'AWS::ApiGatewayV2::Authorizer';

const short = {
  UserPoolId: { Ref: 'People' },
  AccessTokenValidity: 15,
  IdTokenValidity: 15,
  RefreshTokenValidity: 60,
  TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
  ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
};
const people = { Type: 'AWS::Cognito::UserPool', Properties: {} };
const web = { Type: client, Properties: short };

const whole = 'a client with short tokens';
const doors = 'a load balancer and authorizers that remember nobody for longer';
const noLoadBalancer = 'the project deploys no load balancer that signs people in';
const noApi = 'the project deploys no API with an authorizer';

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: { Resources: { People: people, Web: web } } },
    [doors]: {
      template: {
        Resources: {
          People: people,
          Web: { Type: client, Properties: { ...short, AccessTokenValidity: 11, IdTokenValidity: 10 } },
          Listener: {
            Type: listener,
            Properties: {
              DefaultActions: [
                { Type: 'authenticate-cognito', Order: 1, AuthenticateCognitoConfig: { SessionTimeout: '900' } },
                { Type: 'forward', Order: 2 },
              ],
            },
          },
          Rule: {
            Type: rule,
            Properties: {
              Actions: [{ Type: 'authenticate-oidc', AuthenticateOidcConfig: { SessionTimeout: 600 } }],
            },
          },
          Rest: { Type: restAuthorizer, Properties: { Type: 'TOKEN', AuthorizerResultTtlInSeconds: 0 } },
          ByPool: {
            Type: restAuthorizer,
            Properties: {
              Type: 'COGNITO_USER_POOLS',
              ProviderARNs: [{ 'Fn::GetAtt': ['People', 'Arn'] }],
              AuthorizerResultTtlInSeconds: 240,
            },
          },
          Http: { Type: httpAuthorizer, Properties: { AuthorizerType: 'REQUEST', AuthorizerResultTtlInSeconds: 0 } },
        },
      },
    },
  },
  mutations: [
    {
      name: 'a number without a unit, which means hours',
      of: whole,
      edit: remove(client, 'TokenValidityUnits.AccessToken'),
      expect: { message: 'longLived' },
    },
    {
      name: 'fifteen hours',
      of: whole,
      edit: set(client, 'TokenValidityUnits.IdToken', 'hours'),
      expect: { message: 'longLived' },
    },
    {
      name: 'an hour by default for the access token',
      of: whole,
      edit: remove(client, 'AccessTokenValidity'),
      expect: { message: 'longLived' },
    },
    {
      name: 'an hour by default for the ID token',
      of: whole,
      edit: remove(client, 'IdTokenValidity'),
      expect: { message: 'longLived' },
    },
    {
      name: 'a minute too long',
      of: whole,
      edit: set(client, 'AccessTokenValidity', 16),
      expect: { message: 'longLived' },
    },
    {
      name: 'thirty days by default for the refresh token',
      of: whole,
      edit: remove(client, 'RefreshTokenValidity'),
      expect: { message: 'longRefresh' },
    },
    {
      name: 'a refresh token whose number means days',
      of: whole,
      edit: remove(client, 'TokenValidityUnits.RefreshToken'),
      expect: { message: 'longRefresh' },
    },
    {
      name: 'refresh tokens that are not replaced',
      of: whole,
      edit: set(client, 'RefreshTokenRotation.Feature', 'DISABLED'),
      expect: { message: 'notRotated' },
    },
    {
      name: 'rotation forgotten',
      of: whole,
      edit: remove(client, 'RefreshTokenRotation'),
      expect: { message: 'notRotated' },
    },
    {
      name: 'the refresh flow that hands the same token back',
      of: whole,
      edit: set(client, 'ExplicitAuthFlows', ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
      expect: { message: 'reusable' },
    },
    {
      name: 'the flows of Cognito by default, the refresh flow among them',
      of: whole,
      edit: remove(client, 'ExplicitAuthFlows'),
      expect: { message: 'reusable' },
    },
    {
      name: 'a unit that there is not',
      of: whole,
      edit: set(client, 'TokenValidityUnits.AccessToken', 'moments'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a load balancer that remembers for seven days by default',
      of: doors,
      edit: remove(listener, 'DefaultActions.0.AuthenticateCognitoConfig.SessionTimeout'),
      expect: { message: 'longSession' },
      notShipped: noLoadBalancer,
    },
    {
      name: 'a rule that remembers for an hour',
      of: doors,
      edit: set(rule, 'Actions.0.AuthenticateOidcConfig.SessionTimeout', 3600),
      expect: { message: 'longSession' },
      notShipped: noLoadBalancer,
    },
    {
      name: 'an authorizer that remembers for five minutes by default',
      of: doors,
      target: 'Rest',
      edit: remove(restAuthorizer, 'AuthorizerResultTtlInSeconds'),
      expect: { message: 'remembered' },
      notShipped: noApi,
    },
    {
      name: 'an authorizer of an HTTP API that remembers',
      of: doors,
      edit: set(httpAuthorizer, 'AuthorizerResultTtlInSeconds', 300),
      expect: { message: 'remembered' },
      notShipped: noApi,
    },
    {
      name: 'tokens and memory that together outlive the promise',
      of: doors,
      target: 'ByPool',
      edit: set(restAuthorizer, 'AuthorizerResultTtlInSeconds', 241),
      expect: { message: 'remembered' },
      notShipped: noApi,
    },
    {
      name: 'an authorizer for a pool that is not here',
      of: doors,
      target: 'ByPool',
      edit: set(restAuthorizer, 'ProviderARNs', ['arn:aws:cognito-idp:eu-central-1:111122223333:userpool/x']),
      expect: { message: 'not-assessed' },
      notShipped: noApi,
    },
  ],
  others: [
    {
      name: 'the longest that keeps it, in other units',
      figures: { 'session.tokenMinutes': 60 },
      template: {
        Resources: {
          Web: {
            Type: client,
            Properties: {
              ...short,
              AccessTokenValidity: '1',
              IdTokenValidity: 3600,
              RefreshTokenValidity: 1,
              TokenValidityUnits: { IdToken: 'seconds', AccessToken: 'hours', RefreshToken: 'days' },
            },
          },
        },
      },
      expect: { Web: 'satisfied' },
    },
    {
      name: 'fails closed without any client',
      template: { Resources: { People: people } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a listener that signs nobody in, a token that is checked as it comes, and a machine are no concern',
      template: {
        Resources: {
          Listener: { Type: listener, Properties: { DefaultActions: [{ Type: 'forward' }] } },
          Http: { Type: httpAuthorizer, Properties: { AuthorizerType: 'JWT' } },
          Machine: {
            Type: client,
            Properties: { UserPoolId: { Ref: 'People' }, AllowedOAuthFlows: ['client_credentials'] },
          },
          People: people,
        },
      },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a machine that may also sign people in is judged',
      template: {
        Resources: {
          Machine: {
            Type: client,
            Properties: { AllowedOAuthFlows: ['client_credentials'], ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] },
          },
        },
      },
      expect: { Machine: { message: 'longLived' } },
    },
    {
      name: 'one branch of a condition in hours breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Web: {
            Type: client,
            Properties: {
              ...short,
              TokenValidityUnits: { 'Fn::If': ['IsProd', short.TokenValidityUnits, { Ref: 'AWS::NoValue' }] },
            },
          },
        },
      },
      expect: { Web: { message: 'longLived' } },
    },
    {
      name: 'a validity that the deployer chooses is not assessed',
      template: {
        Parameters: { Minutes: { Type: 'Number' } },
        Resources: { Web: { Type: client, Properties: { ...short, AccessTokenValidity: { Ref: 'Minutes' } } } },
      },
      expect: { Web: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${client}: ExplicitAuthFlows.*`]: 'only what is listed may be used',
    [`${httpAuthorizer}: AuthorizerResultTtlInSeconds`]:
      'nothing is remembered unless a time is given: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html',
  },
  indifferent: {
    [`${httpAuthorizer}: AuthorizerType`]: 'decides only whether there can be a memory',
  },
};
