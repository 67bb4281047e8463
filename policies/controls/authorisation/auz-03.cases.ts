import { type ControlCases, change, set } from '../../../lib/control/cases';

const acl = 'AWS::WAFv2::WebACL';
const list = 'AWS::WAFv2::IPSet';
const notShipped = 'no organisation of the project’s environments has named its addresses';

const reference = (id: string, more: object = {}) => ({
  IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [id, 'Arn'] }, ...more },
});
const host = {
  ByteMatchStatement: {
    FieldToMatch: { SingleHeader: { Name: 'host' } },
    PositionalConstraint: 'EXACTLY',
    SearchString: 'acme.example.com',
    TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }],
  },
};
const path = {
  ByteMatchStatement: {
    FieldToMatch: { UriPath: {} },
    PositionalConstraint: 'STARTS_WITH',
    SearchString: '/dashboard',
    TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }],
  },
};
const outside = (...statements: readonly object[]) => ({
  AndStatement: {
    Statements: [
      ...statements,
      { NotStatement: { Statement: { OrStatement: { Statements: [reference('V4'), reference('V6')] } } } },
    ],
  },
});
const sets = {
  V4: { Type: list, Properties: { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses: ['203.0.113.0/24'] } },
  V6: { Type: list, Properties: { Scope: 'REGIONAL', IPAddressVersion: 'IPV6', Addresses: ['2001:db8::/48'] } },
};
const strangers = {
  Name: 'strangers',
  Priority: 0,
  Action: { Block: {} },
  Statement: reference('V4'),
};
const guarded = (statement: object) => ({
  Resources: {
    ...sets,
    Acl: {
      Type: acl,
      Properties: {
        Scope: 'REGIONAL',
        DefaultAction: { Allow: {} },
        Rules: [{ Name: 'acme', Priority: 1, Action: { Block: {} }, Statement: statement }],
      },
    },
  },
});
const forwarded = (position: string, fallback: string) => ({
  NotStatement: {
    Statement: reference('V4', {
      IPSetForwardedIPConfig: { HeaderName: 'X-Forwarded-For', Position: position, FallbackBehavior: fallback },
    }),
  },
});

const byHost = 'an organisation reached by its host';
const behind = 'an organisation behind another load balancer';
const closed = 'everybody but an organisation is blocked';

export const cases: ControlCases = {
  compliant: {
    [byHost]: { template: guarded(outside(host)) },
    [behind]: { template: guarded(forwarded('LAST', 'NO_MATCH')) },
    [closed]: {
      template: {
        Resources: {
          V4: sets.V4,
          Acl: {
            Type: acl,
            Properties: {
              DefaultAction: { Block: {} },
              Rules: [{ Name: 'acme', Priority: 1, Action: { Allow: {} }, Statement: reference('V4') }],
            },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'strangers are only counted',
      of: byHost,
      edit: set(acl, 'Rules.0.Action', { Count: {} }),
      expect: { message: 'counted' },
      notShipped,
    },
    {
      name: 'everybody else is let in as well',
      of: closed,
      edit: set(acl, 'DefaultAction', { Allow: {} }),
      expect: { message: 'counted' },
      notShipped,
    },
    {
      name: 'the list holds for the dashboard, and the API leads around it',
      of: byHost,
      edit: set(acl, 'Rules.0.Statement', outside(host, path)),
      expect: { message: 'partial' },
      notShipped,
    },
    {
      name: 'capital letters in the host lead around the list',
      of: byHost,
      edit: set(acl, 'Rules.0.Statement.AndStatement.Statements.0.ByteMatchStatement.TextTransformations', [
        { Priority: 0, Type: 'NONE' },
      ]),
      expect: { message: 'caseSensitive' },
      notShipped,
    },
    {
      name: 'the address is the one that the caller writes into a header',
      of: behind,
      edit: change(acl, (properties) => {
        properties.Rules = [
          { Name: 'acme', Priority: 1, Action: { Block: {} }, Statement: forwarded('FIRST', 'NO_MATCH') },
        ];
      }),
      expect: { message: 'forgeable' },
      notShipped,
    },
    {
      name: 'whoever sends no header is let in',
      of: behind,
      edit: change(acl, (properties) => {
        properties.Rules = [
          { Name: 'acme', Priority: 1, Action: { Block: {} }, Statement: forwarded('LAST', 'MATCH') },
        ];
      }),
      expect: { message: 'withoutHeader' },
      notShipped,
    },
    {
      name: 'half of the internet is listed',
      of: byHost,
      target: 'V4',
      edit: set(list, 'Addresses', ['0.0.0.0/1']),
      expect: { message: 'everybody', at: 'Acl' },
      notShipped,
    },
    {
      name: 'all of IPv6 is listed, in parts',
      of: byHost,
      target: 'V6',
      edit: set(list, 'Addresses', ['2001:db8::/48', '2000::/3']),
      expect: { message: 'everybody', at: 'Acl' },
      notShipped,
    },
    {
      name: 'the list is kept elsewhere',
      of: behind,
      edit: set(acl, 'Rules.0.Statement.NotStatement.Statement.IPSetReferenceStatement.Arn', 'arn:aws:wafv2:x'),
      expect: { message: 'not-assessed' },
      notShipped,
    },
  ],
  others: [
    {
      name: 'a list of strangers to block lets nobody in',
      template: {
        Resources: {
          V4: sets.V4,
          Acl: { Type: acl, Properties: { DefaultAction: { Allow: {} }, Rules: [strangers] } },
        },
      },
      expect: { Acl: 'not-applicable' },
    },
    {
      name: 'without any list there is nothing to judge',
      template: { Resources: { Acl: { Type: acl, Properties: { DefaultAction: { Allow: {} } } } } },
      expect: {},
    },
    {
      name: 'a list of which nobody knows what else it asks is not assessed',
      template: guarded(
        outside({
          ByteMatchStatement: {
            FieldToMatch: { SingleHeader: { Name: 'x-organisation' } },
            TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }],
          },
        }),
      ),
      expect: { Acl: 'not-assessed' },
    },
    {
      name: 'a list that one branch of a condition opens breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
        Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } },
        Resources: {
          ...guarded(outside(host)).Resources,
          V4: {
            Type: list,
            Properties: { Addresses: { 'Fn::If': ['IsDev', ['0.0.0.0/1', '128.0.0.0/1'], ['203.0.113.0/24']] } },
          },
        },
      },
      expect: { Acl: { message: 'everybody' } },
    },
  ],
  absentKeeps: {
    'AWS::WAFv2::WebACL: Rules.*.Statement.NotStatement.Statement.IPSetReferenceStatement.IPSetForwardedIPConfig':
      'the address of the connection: https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSetReferenceStatement.html',
    'AWS::WAFv2::IPSet: Addresses.*': 'one range less lets less in',
  },
};
