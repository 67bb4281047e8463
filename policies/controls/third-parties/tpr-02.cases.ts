import { type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import type { Vendor } from '../../../lib/control/vendor';
import type { Json } from '../../../lib/template/parse';

const rules = 'AWS::NetworkFirewall::RuleGroup';
const secret = 'AWS::SecretsManager::Secret';
const secretPolicy = 'AWS::SecretsManager::ResourcePolicy';

const figures = { 'vendors.secrets': ['vendors/stripe/api-key'] };
const listed = (over: object = {}) => ({
  Type: rules,
  Properties: {
    RuleGroup: {
      RulesSource: {
        RulesSourceList: {
          GeneratedRulesType: 'ALLOWLIST',
          TargetTypes: ['TLS_SNI'],
          Targets: ['api.stripe.com'],
          ...over,
        },
      },
    },
  },
});
const template = {
  Resources: {
    Hosts: listed(),
    Key: { Type: 'AWS::KMS::Key', Properties: {} },
    Stripe: {
      Type: secret,
      Properties: {
        Name: 'production/vendors/stripe/api-key',
        KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
        GenerateSecretString: {},
      },
    },
    StripePolicy: {
      Type: secretPolicy,
      Properties: {
        SecretId: { Ref: 'Stripe' },
        ResourcePolicy: {
          Statement: [
            {
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Action: ['secretsmanager:GetSecretValue'],
              Resource: '*',
              Condition: { ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': ['Role', 'Arn'] } } },
            },
          ],
        },
      },
    },
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
  },
};
const whole = 'calls over TLS with a key that one role reads';
const isHosts = ({ Properties }: { readonly Properties?: unknown }) => JSON.stringify(Properties).includes('ALLOWLIST');
const noVendor = { notShipped: 'the default profile uses no vendor that is called with a key' };
const policy = 'ResourcePolicy.Statement.0';

const stripe: Vendor = {
  id: 'stripe',
  name: 'Stripe, Inc.',
  country: 'US',
  purpose: 'payments',
  role: 'sub-processor',
  dataCategories: ['payment data'],
  dpa: { signed: false },
  domains: ['api.stripe.com'],
  profiles: ['strictest'],
  answersFor: ['its own systems'],
  auth: { kind: 'api-key', secret: 'vendors/stripe/api-key', rotationDays: 90 },
  webhook: { signature: 'hmac-sha256', secret: 'vendors/stripe/webhook-key' },
};
const calendar = (...scopes: readonly string[]): Vendor => ({
  ...stripe,
  id: 'calendar',
  auth: { kind: 'oauth2', scopes, secret: 'vendors/calendar/client-secret', rotationDays: 90 },
});
const ofVendors = (...vendors: readonly Vendor[]) => ({ records: { vendors } });

export const cases: ControlCases = {
  compliant: { [whole]: { template, figures } },
  mutations: [
    {
      name: 'hosts may be called in clear text too',
      of: whole,
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.TargetTypes', ['TLS_SNI', 'HTTP_HOST']),
      expect: { message: 'plain' },
      shippedWhere: isHosts,
    },
    {
      name: 'everything below a name may be called (trap 46)',
      of: whole,
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.Targets.0', '.stripe.com'),
      expect: { message: 'wildcard' },
      shippedWhere: isHosts,
    },
    {
      name: 'the key of a vendor is not deployed',
      of: whole,
      edit: change(secret, (properties) => {
        properties.Name = 'production/vendors/other/api-key';
      }),
      expect: { message: 'noSecret', at: 'vendors/stripe/api-key' },
      ...noVendor,
    },
    {
      name: 'it is encrypted with a key of AWS',
      of: whole,
      edit: remove(secret, 'KmsKeyId'),
      expect: { message: 'platformKey' },
      ...noVendor,
    },
    {
      name: 'the alias of AWS stands for its key',
      of: whole,
      edit: set(secret, 'KmsKeyId', 'alias/aws/secretsmanager'),
      expect: { message: 'platformKey' },
      ...noVendor,
    },
    {
      name: 'no policy says who may read it',
      of: whole,
      edit: removeResource(secretPolicy),
      expect: { message: 'widelyRead', at: 'Stripe' },
      ...noVendor,
    },
    {
      name: 'its policy refuses nobody',
      of: whole,
      edit: set(secretPolicy, `${policy}.Effect`, 'Allow'),
      expect: { message: 'widelyRead', at: 'Stripe' },
      ...noVendor,
    },
    {
      name: 'every role of the account is spared',
      of: whole,
      edit: change(secretPolicy, (properties) => {
        const document = properties.ResourcePolicy as Json;
        const [statement] = document.Statement as Json[];
        Object(statement).Condition = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } };
      }),
      expect: { message: 'widelyRead', at: 'Stripe' },
      ...noVendor,
    },
    {
      name: 'only deleting is refused',
      of: whole,
      edit: set(secretPolicy, `${policy}.Action`, ['secretsmanager:DeleteSecret']),
      expect: { message: 'widelyRead', at: 'Stripe' },
      ...noVendor,
    },
  ],
  others: [
    { name: 'fails where nothing is deployed', template: { Resources: {} }, expect: { '': { message: 'missing' } } },
    {
      name: 'other secrets and lists that deny are no vendor’s',
      template: {
        Resources: {
          Token: { Type: secret, Properties: { Name: 'production/token' } },
          Nameless: { Type: secret, Properties: {} },
          Denied: listed({ GeneratedRulesType: 'DENYLIST', Targets: ['.bad.example'] }),
          Text: { Type: rules, Properties: { RuleGroup: { RulesSource: { RulesString: 'drop' } } } },
        },
      },
      presentOnly: true,
      expect: {
        Token: 'not-applicable',
        Nameless: 'not-applicable',
        Denied: 'not-applicable',
        Text: 'not-applicable',
      },
    },
  ],
  registers: [
    {
      name: 'keys are replaced in time, and OAuth asks for what is promised',
      ...ofVendors(stripe, calendar('Calendars.ReadWrite', 'offline_access')),
      expect: { stripe: 'satisfied', calendar: 'satisfied' },
    },
    {
      name: 'a vendor of another profile is not judged',
      ...ofVendors(stripe, { ...calendar('Directory.Read.All'), profiles: ['cly'] }),
      expect: { stripe: 'satisfied' },
    },
    {
      name: 'fails where one scope more is asked for (trap 46: scope creep)',
      ...ofVendors(calendar('Calendars.ReadWrite', 'Contacts.Read')),
      expect: { calendar: { message: 'scopeCreep' } },
    },
    {
      name: 'fails where a scope reaches over all users, even where it is promised',
      ...ofVendors(calendar('Calendars.Read.All')),
      figures: { 'vendors.oauthScopes': ['Calendars.Read.All'] },
      expect: { calendar: { message: 'wideScope' } },
    },
    {
      name: 'fails where mail is read',
      ...ofVendors(calendar('Mail.Read')),
      expect: { calendar: { message: 'wideScope' } },
    },
    {
      name: 'fails where a key may grow older than promised',
      ...ofVendors({ ...stripe, auth: { kind: 'api-key', secret: 'vendors/stripe/api-key', rotationDays: 365 } }),
      expect: { stripe: { message: 'stale' } },
    },
    {
      name: 'fails where a vendor is registered with everything below a name',
      ...ofVendors({ ...stripe, domains: ['.stripe.com'] }),
      expect: { stripe: { message: 'wildcardHost' } },
    },
    {
      name: 'fails where data about people goes to somebody who is told nothing of who sends it',
      ...ofVendors({ ...stripe, auth: { kind: 'none' } }),
      expect: { stripe: { message: 'unauthenticated' } },
    },
    {
      name: 'a source of public data needs no key, and the host knows the account',
      ...ofVendors(
        { ...stripe, id: 'source', role: 'source', auth: { kind: 'none' } },
        { ...stripe, id: 'host', role: 'host', auth: { kind: 'iam' } },
      ),
      expect: { source: 'satisfied', host: 'satisfied' },
    },
  ],
};
