import { addBeside, type ControlCases, remove, set } from '../../../lib/control/cases';

const provider = 'AWS::Cognito::UserPoolIdentityProvider';
const client = 'AWS::Cognito::UserPoolClient';
const google = 'Google, and the client that takes its people in';
const microsoft = 'one tenant of Microsoft';
const notShipped = 'the project deploys no provider: its profile promises nobody’s account';

const pool = { Type: 'AWS::Cognito::UserPool', Properties: {} };

const web = {
  Type: client,
  Properties: {
    UserPoolId: { Ref: 'Pool' },
    SupportedIdentityProviders: ['COGNITO', 'Google'],
    GenerateSecret: true,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile'],
    CallbackURLs: ['https://app.example.org/sign-in/callback'],
    LogoutURLs: ['https://app.example.org/signed-out'],
  },
};

const googleProvider = {
  Type: provider,
  Properties: {
    UserPoolId: { Ref: 'Pool' },
    ProviderName: 'Google',
    ProviderType: 'Google',
    ProviderDetails: {
      client_id: 'app.apps.googleusercontent.com',
      client_secret: '{{resolve:secretsmanager:sign-in/google}}',
      authorize_scopes: 'openid email profile',
    },
    AttributeMapping: { email: 'email', email_verified: 'email_verified' },
  },
};

export const cases: ControlCases = {
  compliant: {
    [google]: {
      figures: { 'identity.federation': ['Google'], 'mfa.customers': 'OPTIONAL' },
      template: { Resources: { Pool: pool, Google: googleProvider, Web: web } },
    },
    [microsoft]: {
      figures: { 'identity.federation': ['Microsoft'], 'mfa.customers': 'OPTIONAL' },
      template: {
        Resources: {
          Pool: pool,
          Entra: {
            Type: provider,
            Properties: {
              UserPoolId: { Ref: 'Pool' },
              ProviderName: 'Entra',
              ProviderType: 'OIDC',
              ProviderDetails: {
                client_id: '11111111-1111-1111-1111-111111111111',
                client_secret: '{{resolve:secretsmanager:sign-in/entra}}',
                authorize_scopes: 'openid profile',
                oidc_issuer: 'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/v2.0',
                attributes_request_method: 'GET',
                jwks_uri: 'https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/discovery/v2.0/keys',
              },
              AttributeMapping: { name: 'name' },
            },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'a scope that signing in does not need',
      of: google,
      edit: set(provider, 'ProviderDetails.authorize_scopes', 'openid email https://www.googleapis.com/auth/calendar'),
      expect: { message: 'wideScope' },
      notShipped,
    },
    {
      name: 'an address that nobody says is verified',
      of: google,
      edit: remove(provider, 'AttributeMapping.email_verified'),
      expect: { message: 'unverifiedMail' },
      notShipped,
    },
    {
      name: 'one company more than is promised',
      of: google,
      edit: addBeside(provider, 'Apple', () => ({
        Type: provider,
        Properties: {
          UserPoolId: { Ref: 'Pool' },
          ProviderName: 'SignInWithApple',
          ProviderType: 'SignInWithApple',
          ProviderDetails: { client_id: 'app', authorize_scopes: 'email' },
        },
      })),
      expect: { message: 'unpromised', at: 'sign-in with accounts elsewhere' },
      notShipped,
    },
    {
      name: 'every tenant of Microsoft',
      of: microsoft,
      edit: set(provider, 'ProviderDetails.oidc_issuer', 'https://login.microsoftonline.com/common/v2.0'),
      expect: { message: 'anyTenant' },
      notShipped,
    },
    {
      name: 'keys that are fetched in clear text',
      of: microsoft,
      edit: set(provider, 'ProviderDetails.jwks_uri', 'http://login.microsoftonline.com/keys'),
      expect: { message: 'plainIssuer' },
      notShipped,
    },
    {
      name: 'the implicit grant beside the code',
      of: google,
      edit: set(client, 'AllowedOAuthFlows', ['code', 'implicit']),
      expect: { message: 'implicit' },
      notShipped,
    },
    {
      name: 'a way back without TLS',
      of: google,
      edit: set(client, 'CallbackURLs', ['http://localhost:3000/callback']),
      expect: { message: 'plainAddress' },
      notShipped,
    },
    {
      name: 'a way back to every host',
      of: google,
      edit: set(client, 'CallbackURLs', ['https://*.example.org/callback']),
      expect: { message: 'looseAddress' },
      notShipped,
    },
    {
      name: 'tokens with which people change their own attributes',
      of: google,
      edit: set(client, 'AllowedOAuthScopes', ['openid', 'aws.cognito.signin.user.admin']),
      expect: { message: 'tokenScope' },
      notShipped,
    },
    {
      name: 'a client without a secret',
      of: google,
      edit: remove(client, 'GenerateSecret'),
      expect: { message: 'noSecret' },
      notShipped,
    },
  ],
  others: [
    {
      name: 'where everybody must use a second factor, a person must see that the other company asks for it',
      figures: { 'identity.federation': ['Google'], 'mfa.customers': 'ON' },
      template: { Resources: { Pool: pool, Google: googleProvider, Web: web } },
      expect: { Google: 'not-assessed', Web: 'satisfied' },
    },
    {
      name: 'a promised company that nobody set up is awaited by its name',
      figures: { 'identity.federation': ['Google'] },
      template: { Resources: { Pool: pool } },
      expect: { 'sign-in with accounts elsewhere': 'not-assessed' },
    },
    {
      name: 'nobody promised and nobody set up is kept',
      template: { Resources: { Pool: pool } },
      expect: { 'sign-in with accounts elsewhere': 'satisfied' },
    },
    {
      name: 'a client that names no provider supports those of its pool',
      figures: { 'identity.federation': ['Google'], 'mfa.customers': 'OPTIONAL' },
      template: {
        Resources: {
          Pool: pool,
          Google: googleProvider,
          Web: { Type: client, Properties: { UserPoolId: { Ref: 'Pool' } } },
        },
      },
      expect: { Web: { message: 'noSecret' } },
    },
    {
      name: 'a client of the pool alone is no concern',
      template: {
        Resources: {
          Pool: pool,
          Web: { Type: client, Properties: { UserPoolId: { Ref: 'Pool' }, SupportedIdentityProviders: ['COGNITO'] } },
        },
      },
      expect: { Web: 'not-applicable' },
    },
    {
      name: 'providers that the deployer chooses are not assessed',
      template: {
        Parameters: { Providers: { Type: 'CommaDelimitedList' } },
        Resources: {
          Web: {
            Type: client,
            Properties: { UserPoolId: 'eu-central-1_x', SupportedIdentityProviders: { Ref: 'Providers' } },
          },
        },
      },
      presentOnly: true,
      expect: { Web: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${client}: SupportedIdentityProviders.*`]: 'only what is listed may be signed in through',
    [`${client}: AllowedOAuthFlowsUserPoolClient`]: 'without it Cognito redirects nobody',
    [`${client}: AllowedOAuthFlows.*`]: 'a grant that is not allowed is refused',
    [`${client}: AllowedOAuthScopes.*`]: 'a scope that is not allowed is refused',
    [`${client}: CallbackURLs.*`]: 'an address that is not listed is refused',
    [`${client}: LogoutURLs.*`]: 'an address that is not listed is refused',
    [`${provider}: AttributeMapping.email`]: 'an address that is not brought is taken for nobody’s',
    [`${provider}: ProviderDetails.jwks_uri`]: 'what is not given is discovered at the issuer',
  },
  indifferent: {
    [`${client}: UserPoolId`]: 'decides only whose providers a client supports that names none',
  },
};
