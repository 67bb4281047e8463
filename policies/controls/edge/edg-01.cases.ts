import {
  addBeside,
  type ControlCases,
  change,
  type Edit,
  remove,
  removeResource,
  set,
} from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { firewall, managed, pathMatches } from './example-firewall';

const acl = 'AWS::WAFv2::WebACL';
const association = 'AWS::WAFv2::WebACLAssociation';
const logging = 'AWS::WAFv2::LoggingConfiguration';
const balancer = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

const groups = [
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesSQLiRuleSet',
  'AWSManagedRulesAmazonIpReputationList',
].map(managed);
const poolGroups = groups.filter(({ Name }) => /KnownBad|IpReputation/.test(Name));

const balanced = 'load balancer behind its firewall';
const directory = 'user pool behind its firewall';
const staged = 'stage of a REST API behind a firewall that keeps credentials back itself';

const endpoint = (type: string, Properties: Json = {}): Json => ({ Type: type, Properties });

/** Edits the rule of a managed group, wherever it stands. */
function editGroup(group: string, edit: (rule: Json, groupStatement: Json) => void): Edit {
  return change(acl, ({ Rules: rules }) => {
    for (const rule of Array.isArray(rules) ? rules : []) {
      const statement = rule?.Statement?.ManagedRuleGroupStatement;
      if (isObject(statement) && statement.Name === group) {
        edit(rule, statement);
      }
    }
  });
}

const application = ({ Properties }: Json) => JSON.stringify(Properties).includes('SQLiRuleSet');

function stage(): Json {
  const template = firewall(groups);
  const { Firewall, Log } = template.Resources as Record<string, { Properties: Json }>;
  return {
    Resources: {
      Api: endpoint('AWS::ApiGateway::RestApi'),
      Stage: endpoint('AWS::ApiGateway::Stage', { RestApiId: { Ref: 'Api' }, StageName: 'v1' }),
      Firewall: {
        ...Firewall,
        Properties: {
          ...Firewall?.Properties,
          DataProtectionConfig: {
            DataProtections: [
              { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization', 'cookie'] } },
            ],
          },
        },
      },
      Association: endpoint(association, {
        ResourceArn: {
          'Fn::Join': [
            '',
            ['arn:aws:apigateway:eu-central-1::/restapis/', { Ref: 'Api' }, '/stages/', { Ref: 'Stage' }],
          ],
        },
        WebACLArn: { 'Fn::GetAtt': ['Firewall', 'Arn'] },
      }),
      Log: { ...Log, Properties: { ...Log?.Properties, RedactedFields: [] } },
    },
  };
}

export const cases: ControlCases = {
  compliant: {
    [balanced]: { template: firewall(groups) },
    [directory]: { template: firewall(poolGroups, 'pool') },
    [staged]: { template: stage() },
    'scope-down that leaves nothing out': {
      template: firewall([
        ...groups.slice(1),
        {
          ...groups[0],
          Statement: {
            ManagedRuleGroupStatement: { Name: 'AWSManagedRulesCommonRuleSet', ScopeDownStatement: pathMatches('^/') },
          },
        },
      ]),
    },
  },
  mutations: [
    {
      name: 'the association is gone from the load balancer',
      of: balanced,
      edit: change(association, (properties) => {
        properties.ResourceArn = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/other/1';
      }),
      expect: { message: 'unprotected', at: 'Entry' },
    },
    {
      name: 'the association is gone from the user pool',
      of: directory,
      edit: set(association, 'ResourceArn', 'arn:aws:cognito-idp:eu-central-1:111122223333:userpool/other'),
      expect: { message: 'unprotected', at: 'Entry' },
    },
    {
      name: 'a second load balancer that no firewall stands before',
      of: balanced,
      edit: addBeside(balancer, 'Second', () => endpoint(balancer, { Scheme: 'internet-facing', Type: 'application' })),
      expect: { message: 'unprotected', at: 'Second' },
    },
    ...groups.map(({ Name }) => ({
      name: `no ${Name}`,
      of: balanced,
      edit: change(acl, (properties) => {
        const rules = Array.isArray(properties.Rules) ? properties.Rules : [];
        properties.Rules = rules.filter((rule) => rule?.Statement?.ManagedRuleGroupStatement?.Name !== Name);
      }),
      expect: { message: 'noGroup' },
      shippedWhere: application,
    })),
    ...groups.map(({ Name }) => ({
      name: `${Name} counts instead of blocking`,
      of: balanced,
      edit: editGroup(Name, (rule) => {
        rule.OverrideAction = { Count: {} };
      }),
      expect: { message: 'counted' },
      shippedWhere: application,
    })),
    {
      name: 'a rule of a group counts instead of blocking',
      of: balanced,
      edit: editGroup('AWSManagedRulesCommonRuleSet', (_rule, group) => {
        group.RuleActionOverrides = [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }];
      }),
      expect: { message: 'weakened' },
    },
    {
      name: 'a rule of a group is excluded, as it was written before',
      of: balanced,
      edit: editGroup('AWSManagedRulesCommonRuleSet', (_rule, group) => {
        group.ExcludedRules = [{ Name: 'CrossSiteScripting_BODY' }];
      }),
      expect: { message: 'weakened' },
    },
    {
      name: 'a scope-down leaves a path out',
      of: balanced,
      edit: editGroup('AWSManagedRulesCommonRuleSet', (_rule, group) => {
        group.ScopeDownStatement = { NotStatement: { Statement: pathMatches('^/static/') } };
      }),
      expect: { message: 'scopedDown' },
      shippedWhere: application,
    },
    {
      name: 'a scope-down that cannot be followed',
      of: balanced,
      edit: editGroup('AWSManagedRulesKnownBadInputsRuleSet', (_rule, group) => {
        group.ScopeDownStatement = { LabelMatchStatement: { Scope: 'LABEL', Key: 'inspect-me' } };
      }),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a rule lets requests through before the groups are asked',
      of: balanced,
      edit: change(acl, (properties) => {
        const rules = Array.isArray(properties.Rules) ? properties.Rules : [];
        const open = { Name: 'open', Priority: 0, Action: { Allow: {} }, Statement: pathMatches('^/webhook') };
        properties.Rules = [open, ...rules.map((rule, index) => ({ ...rule, Priority: index + 1 }))];
      }),
      expect: { message: 'allowedPast' },
    },
    { name: 'no log', of: balanced, edit: removeResource(logging), expect: { message: 'unlogged', at: 'Firewall' } },
    {
      name: 'a log that goes nowhere',
      of: balanced,
      edit: set(logging, 'LogDestinationConfigs', []),
      expect: { message: 'unlogged', at: 'Firewall' },
    },
    {
      name: 'cookies in the log',
      of: balanced,
      edit: set(logging, 'RedactedFields', [{ SingleHeader: { Name: 'authorization' } }]),
      expect: { message: 'unredacted', at: 'Firewall' },
      notShipped: 'the web ACL keeps credentials back itself as well',
    },
    {
      name: 'a log without what was blocked',
      of: balanced,
      edit: set(logging, 'LoggingFilter', {
        DefaultBehavior: 'DROP',
        Filters: [
          { Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'ALLOW' } }] },
        ],
      }),
      expect: { message: 'droppedLog', at: 'Firewall' },
    },
    {
      name: 'requests pass where the firewall does not answer',
      of: balanced,
      edit: set(balancer, 'LoadBalancerAttributes', [
        { Key: 'waf.fail_open.enabled', Value: 'true' },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
      ]),
      expect: { message: 'failOpen' },
    },
    {
      name: 'malformed headers are passed on',
      of: balanced,
      edit: remove(balancer, 'LoadBalancerAttributes'),
      expect: { message: 'smuggled' },
    },
    {
      name: 'malformed requests are only watched',
      of: balanced,
      edit: set(balancer, 'LoadBalancerAttributes', [
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'routing.http.desync_mitigation_mode', Value: 'monitor' },
      ]),
      expect: { message: 'smuggled' },
    },
    {
      name: 'a stage without its association',
      of: staged,
      edit: addBeside('AWS::ApiGateway::Stage', 'Bare', () =>
        endpoint('AWS::ApiGateway::Stage', { RestApiId: { Ref: 'Api' }, StageName: 'v2' }),
      ),
      target: 'Stage',
      expect: { message: 'unprotected', at: 'Bare' },
      notShipped: 'the project deploys no API Gateway',
    },
    ...[
      ['an HTTP API', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }],
      ['a function that answers anybody', 'AWS::Lambda::Url', { AuthType: 'NONE' }],
    ].map(([name, type, properties]) => ({
      name: `a way past the firewall: ${name}`,
      of: balanced,
      edit: addBeside(balancer, 'SideDoor', () => ({ Type: type, Properties: properties })),
      expect: { message: 'unfilterable', at: 'SideDoor' },
    })),
    {
      name: 'a GraphQL API without a firewall',
      of: balanced,
      edit: addBeside(balancer, 'Graph', () => endpoint('AWS::AppSync::GraphQLApi')),
      expect: { message: 'unprotected', at: 'Graph' },
    },
  ],
  others: [
    {
      name: 'fails closed without any entry',
      template: { Resources: { Key: { Type: 'AWS::KMS::Key' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a rule lets requests through behind the groups, and before the limit',
      template: firewall([
        ...groups,
        { Name: 'open', Action: { Allow: {} }, Statement: pathMatches('^/login') },
        {
          Name: 'limit',
          Action: { Block: {} },
          Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 100 } },
        },
      ]),
      expect: { Firewall: { message: 'allowedPast' } },
    },
    {
      name: 'a rule that lets through when everything was asked is no way past',
      template: firewall([...groups, { Name: 'rest', Action: { Allow: {} }, Statement: pathMatches('^/') }]),
      expect: { Firewall: 'satisfied' },
    },
    {
      name: 'a firewall before nothing is theatre',
      template: { Resources: { Firewall: endpoint(acl, { Rules: groups }) } },
      expect: { Firewall: { message: 'unassociated' } },
    },
    {
      name: 'what stays inside needs none; what is named by its ARN cannot be looked into',
      template: {
        Resources: {
          Inside: endpoint(balancer, { Scheme: 'internal', Type: 'application' }),
          Network: endpoint(balancer, { Scheme: 'internet-facing', Type: 'network' }),
          Signed: endpoint('AWS::Lambda::Url', { AuthType: 'AWS_IAM' }),
          Site: endpoint('AWS::CloudFront::Distribution', {
            DistributionConfig: { WebACLId: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/x/1' },
          }),
          Bare: endpoint('AWS::CloudFront::Distribution', { DistributionConfig: {} }),
        },
      },
      expect: {
        Inside: 'not-applicable',
        Network: 'not-assessed',
        Signed: 'not-applicable',
        Site: 'not-assessed',
        Bare: { message: 'unprotected' },
      },
    },
    {
      name: 'addresses that are trusted may be let through; a log may leave out what was allowed',
      template: (() => {
        const template = firewall([
          { Name: 'office', Action: { Allow: {} }, Statement: { IPSetReferenceStatement: { Arn: 'arn:aws:wafv2:x' } } },
          ...groups,
        ]);
        const { Log } = template.Resources as Record<string, { Properties: Json }>;
        if (Log) {
          Log.Properties.LoggingFilter = {
            DefaultBehavior: 'DROP',
            Filters: [{ Behavior: 'KEEP', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] }],
          };
        }
        return template;
      })(),
      expect: { Firewall: 'satisfied', Entry: 'satisfied' },
    },
  ],
  absentKeeps: {
    'AWS::WAFv2::WebACL: Rules.*.Statement.ManagedRuleGroupStatement.ScopeDownStatement':
      'then every request is inspected',
    'AWS::WAFv2::WebACL: Rules.*.Statement.ManagedRuleGroupStatement.RuleActionOverrides':
      'then no rule of the group is overridden',
    'AWS::WAFv2::WebACL: Rules.*.Statement.ManagedRuleGroupStatement.ExcludedRules.0':
      'then no rule of the group is excluded',
    'AWS::WAFv2::LoggingConfiguration: LoggingFilter': 'then everything is written down',
    'AWS::ElasticLoadBalancingV2::LoadBalancer: Type': 'application (Type)',
    'AWS::ElasticLoadBalancingV2::LoadBalancer: LoadBalancerAttributes.0.Key':
      'waf.fail_open.enabled is false by default',
    'AWS::ElasticLoadBalancingV2::LoadBalancer: LoadBalancerAttributes.0': 'waf.fail_open.enabled is false by default',
    'AWS::ElasticLoadBalancingV2::LoadBalancer: LoadBalancerAttributes.2.Key': 'the mode is defensive by default',
  },
  indifferent: {
    'AWS::ElasticLoadBalancingV2::LoadBalancer: Scheme': 'only one that is internal is spared; every other is judged',
    'AWS::ApiGateway::RestApi: EndpointConfiguration.Types': 'only a private API is spared; every other is judged',
    'AWS::WAFv2::WebACL: Rules.*.OverrideAction.None': 'an object without members: that it is there decides',
    'AWS::WAFv2::WebACL: DataProtectionConfig.DataProtections': 'it or the redaction of the log keeps credentials back',
    'AWS::AppSync::GraphQLApi: Visibility': 'only a private API is spared; every other is judged',
  },
};
