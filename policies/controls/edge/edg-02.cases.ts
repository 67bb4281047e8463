import { type ControlCases, change, type Edit, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { firewall, inOrder, pathMatches } from './example-firewall';

const acl = 'AWS::WAFv2::WebACL';
const balanced = 'a limit for each group of routes, and one over everything';
const directory = 'one limit over a user pool';

function limit(Name: string, Limit: number, ScopeDownStatement?: Json): Json {
  return {
    Name,
    Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
    Statement: {
      RateBasedStatement: {
        AggregateKeyType: 'IP',
        EvaluationWindowSec: 300,
        Limit,
        ...(ScopeDownStatement ? { ScopeDownStatement } : {}),
      },
    },
  };
}

const end = '([^a-z0-9_-]|$)';

const limits = [
  limit('limit-login', 100, pathMatches(`^/(auth/)?log-?in${end}`)),
  limit('limit-password-reset', 100, pathMatches(`^/(auth/)?(password|reset-?password)${end}`)),
  limit('limit-contact', 100, pathMatches(`^/contact${end}`)),
  limit('limit-sign-up', 100, pathMatches(`^/sign-?up${end}`)),
  limit('limit-billing', 300, pathMatches(`^/billing${end}`)),
  limit('limit-public', 2000),
];

/** Edits the rate-based statement of rules of a name. */
function editLimit(name: string, edit: (statement: Json, rule: Json) => void): Edit {
  return change(acl, ({ Rules: rules }) => {
    for (const rule of Array.isArray(rules) ? rules : []) {
      const statement = rule?.Statement?.RateBasedStatement;
      if (isObject(statement) && rule.Name === name) {
        edit(statement, rule);
      }
    }
  });
}

const application = ({ Properties }: Json) => JSON.stringify(Properties).includes('limit-login');

function byPrefix(SearchString: string, transformations: Json[] = inOrder('LOWERCASE')) {
  return {
    ByteMatchStatement: {
      FieldToMatch: { UriPath: {} },
      PositionalConstraint: 'STARTS_WITH',
      SearchString,
      TextTransformations: transformations,
    },
  };
}

/** A web ACL whose limits stand in a rule group of its own. */
function grouped(OverrideAction: Json, Arn: unknown = { 'Fn::GetAtt': ['Limits', 'Arn'] }): Json {
  const { Resources } = firewall([
    { Name: 'limits', OverrideAction, Statement: { RuleGroupReferenceStatement: { Arn } } },
  ]);
  return {
    Resources: {
      ...(Resources as Json),
      Limits: { Type: 'AWS::WAFv2::RuleGroup', Properties: { Scope: 'REGIONAL', Capacity: 100, Rules: limits } },
    },
  };
}

export const cases: ControlCases = {
  compliant: {
    [balanced]: { template: firewall(limits) },
    [directory]: { template: firewall([limit('limit-public', 2000)], 'pool') },
    'one strict limit over everything, in a short window': {
      template: firewall([
        {
          ...limit('limit-all', 20),
          Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 60, Limit: 20 } },
        },
      ]),
    },
  },
  mutations: [
    ...[
      ['limit-login', 'login'],
      ['limit-password-reset', 'password reset'],
      ['limit-contact', 'contact'],
      ['limit-sign-up', 'sign-up'],
      ['limit-billing', 'billing'],
    ].map(([name = '', routes]) => ({
      name: `no limit for ${routes}`,
      of: balanced,
      edit: change(acl, (properties) => {
        const rules = Array.isArray(properties.Rules) ? properties.Rules : [];
        properties.Rules = rules.filter((rule) => rule.Name !== name);
      }),
      expect: { message: 'unlimited' },
      shippedWhere: application,
    })),
    {
      name: 'the limit over everything is for the API alone',
      of: balanced,
      edit: editLimit('limit-public', (statement) => {
        statement.ScopeDownStatement = pathMatches('^/api/');
      }),
      expect: { message: 'unlimited' },
    },
    {
      name: 'no limit over a user pool',
      of: directory,
      edit: set(acl, 'Rules', []),
      expect: { message: 'unlimited' },
    },
    {
      name: 'more logins than promised',
      of: balanced,
      edit: editLimit('limit-login', (statement) => {
        statement.Limit = 101;
      }),
      expect: { message: 'tooMany' },
      shippedWhere: application,
    },
    {
      name: 'the same number in a shorter window',
      of: balanced,
      edit: editLimit('limit-login', (statement) => {
        statement.EvaluationWindowSec = 60;
      }),
      expect: { message: 'tooMany' },
      shippedWhere: application,
    },
    {
      name: 'a limit that only counts',
      of: balanced,
      edit: editLimit('limit-contact', (_statement, rule) => {
        rule.Action = { Count: {} };
      }),
      expect: { message: 'notBlocked' },
      shippedWhere: application,
    },
    {
      name: 'clients told apart by the address that they write themselves',
      of: balanced,
      edit: editLimit('limit-login', (statement) => {
        statement.AggregateKeyType = 'FORWARDED_IP';
        statement.ForwardedIPConfig = { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'MATCH' };
      }),
      expect: { message: 'forgeable' },
      shippedWhere: application,
    },
    {
      name: 'clients told apart by a header beside their address',
      of: balanced,
      edit: editLimit('limit-billing', (statement) => {
        statement.AggregateKeyType = 'CUSTOM_KEYS';
        statement.CustomKeys = [{ IP: {} }, { Header: { Name: 'user-agent', TextTransformations: inOrder('NONE') } }];
      }),
      expect: { message: 'forgeable' },
      shippedWhere: application,
    },
    ...[
      ['case', inOrder('URL_DECODE', 'NORMALIZE_PATH')],
      ['encoding', inOrder('NORMALIZE_PATH', 'LOWERCASE')],
      ['slashes', inOrder('URL_DECODE', 'LOWERCASE')],
    ].map(([what, transformations]) => ({
      name: `a path in disguise is overlooked: ${what}`,
      of: balanced,
      edit: editLimit('limit-login', (statement) => {
        statement.ScopeDownStatement = {
          RegexMatchStatement: {
            FieldToMatch: { UriPath: {} },
            RegexString: `^/login${end}`,
            TextTransformations: transformations,
          },
        };
      }),
      expect: { message: 'evaded' },
      shippedWhere: application,
    })),
    {
      name: 'a path with a slash at its end is overlooked',
      of: balanced,
      edit: editLimit('limit-login', (statement) => {
        statement.ScopeDownStatement = pathMatches('^/login$');
      }),
      expect: { message: 'evaded' },
      shippedWhere: application,
    },
    {
      name: 'a limit whose routes nobody can tell',
      of: balanced,
      edit: editLimit('limit-login', (statement) => {
        statement.ScopeDownStatement = { LabelMatchStatement: { Scope: 'LABEL', Key: 'login' } };
      }),
      expect: { message: 'not-assessed' },
      shippedWhere: application,
    },
  ],
  others: [
    {
      name: 'fails closed without any firewall',
      template: { Resources: { Key: { Type: 'AWS::KMS::Key' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'prefixes, patterns in a set and several statements are followed',
      template: {
        Resources: {
          ...(firewall([
            limit('auth', 100, {
              OrStatement: {
                Statements: [
                  byPrefix('/login', inOrder('URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE')),
                  byPrefix('/password', inOrder('URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE')),
                  {
                    RegexPatternSetReferenceStatement: {
                      Arn: { 'Fn::GetAtt': ['Forms', 'Arn'] },
                      FieldToMatch: { UriPath: {} },
                      TextTransformations: inOrder('URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE'),
                    },
                  },
                ],
              },
            }),
            limit('billing', 300, {
              AndStatement: {
                Statements: [
                  byPrefix('/billing', inOrder('URL_DECODE', 'NORMALIZE_PATH', 'LOWERCASE')),
                  { NotStatement: { Statement: { IPSetReferenceStatement: { Arn: 'arn:aws:wafv2:office' } } } },
                ],
              },
            }),
            limit('all', 2000),
          ]).Resources as Json),
          Forms: {
            Type: 'AWS::WAFv2::RegexPatternSet',
            Properties: { RegularExpressionList: ['^/contact', '^/signup'] },
          },
        },
      },
      expect: { Firewall: 'satisfied' },
    },
    {
      name: 'limits in a rule group of its own keep it',
      template: grouped({ None: {} }),
      expect: { Firewall: 'satisfied' },
    },
    {
      name: 'limits in a rule group that only counts break it',
      template: grouped({ Count: {} }),
      expect: { Firewall: { message: 'unlimited' } },
    },
    {
      name: 'a rule group that is not in the template may hold the limits',
      template: grouped({ None: {} }, 'arn:aws:wafv2:eu-central-1:111122223333:regional/rulegroup/limits/1'),
      expect: { Firewall: 'not-assessed' },
    },
    {
      name: 'a credential beside the address is one more limit, not the only one',
      template: firewall([
        ...limits,
        {
          ...limit('by-credential', 2000),
          Statement: {
            RateBasedStatement: {
              AggregateKeyType: 'CUSTOM_KEYS',
              CustomKeys: [{ Header: { Name: 'authorization', TextTransformations: inOrder('NONE') } }],
              Limit: 2000,
              ScopeDownStatement: pathMatches('^/api'),
            },
          },
        },
      ]),
      expect: { Firewall: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::WAFv2::WebACL: Rules.*.Statement.RateBasedStatement.EvaluationWindowSec': '300 seconds (EvaluationWindowSec)',
  },
  indifferent: {
    'AWS::WAFv2::WebACL: Rules.*.Action.Block': 'how it answers is free: that it blocks decides',
  },
};
