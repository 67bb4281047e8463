import { type ControlCases, change, type Mutation, remove, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { carriesProxy, exampleConfiguration, insideLocation, proxiedApplication, rewrite } from './example-proxy';

const proxied = 'an application behind a proxy and a firewall';
const rest = 'a REST API with models';
const acl = 'AWS::WAFv2::WebACL';
const method = 'AWS::ApiGateway::Method';
const validator = 'AWS::ApiGateway::RequestValidator';
const model = 'AWS::ApiGateway::Model';

const noApi = { notShipped: 'the project deploys no REST API' };

const inText = (name: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: proxied,
  edit,
  target: 'Task',
  expect: { message },
  shippedWhere: carriesProxy,
});

const Firewall: Json = {
  Type: acl,
  Properties: {
    Rules: [
      { Name: 'limit', Priority: 0, Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 100 } } },
      {
        Name: 'sql',
        Priority: 1,
        OverrideAction: { None: {} },
        Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesSQLiRuleSet' } },
      },
    ],
  },
};

/** Edits the rule that looks for SQL. */
const sqlRule = (edit: (rule: Json, group: Json, rules: Json[]) => void) =>
  change(acl, (properties) => {
    const rules = Array.isArray(properties.Rules) ? properties.Rules.filter(isObject) : [];
    for (const rule of rules) {
      const group = isObject(rule.Statement) ? rule.Statement.ManagedRuleGroupStatement : undefined;
      if (isObject(group) && group.Name === 'AWSManagedRulesSQLiRuleSet') {
        edit(rule, group, rules);
        properties.Rules = rules;
        return;
      }
    }
    throw new Error('no rule of the web ACL looks for SQL');
  });

const looksForSql = (resource: Json): boolean => JSON.stringify(resource).includes('AWSManagedRulesSQLiRuleSet');

const inFirewall = (name: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: proxied,
  edit,
  expect: { message },
  shippedWhere: looksForSql,
});

const pathIs = (path: string): Json => ({
  ByteMatchStatement: {
    FieldToMatch: { UriPath: {} },
    SearchString: path,
    PositionalConstraint: 'STARTS_WITH',
    TextTransformations: [{ Priority: 0, Type: 'NONE' }],
  },
});

export const cases: ControlCases = {
  compliant: {
    [proxied]: { template: { Resources: { ...proxiedApplication(), Firewall } } },
    [rest]: {
      template: {
        Resources: {
          Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
          Validator: {
            Type: validator,
            Properties: { RestApiId: { Ref: 'Api' }, ValidateRequestBody: true, ValidateRequestParameters: true },
          },
          Order: {
            Type: model,
            Properties: {
              RestApiId: { Ref: 'Api' },
              Schema: { type: 'object', required: ['item'], properties: { item: { type: 'string' } } },
            },
          },
          Post: {
            Type: method,
            Properties: {
              HttpMethod: 'POST',
              RequestValidatorId: { Ref: 'Validator' },
              RequestModels: { 'application/json': { Ref: 'Order' } },
              Integration: { Type: 'AWS', PassthroughBehavior: 'NEVER' },
            },
          },
          Get: { Type: method, Properties: { HttpMethod: 'GET', RequestValidatorId: { Ref: 'Validator' } } },
          Options: { Type: method, Properties: { HttpMethod: 'OPTIONS' } },
        },
      },
    },
  },
  mutations: [
    inFirewall(
      'trap: SQL injection is only counted',
      sqlRule((rule) => {
        rule.OverrideAction = { Count: {} };
      }),
      'sqlCounted',
    ),
    inFirewall(
      'nobody looks for SQL injection',
      sqlRule((rule, _group, rules) => {
        rules.splice(rules.indexOf(rule), 1);
      }),
      'noSqlGroup',
    ),
    inFirewall(
      'trap: one rule of the group only counts',
      sqlRule((_rule, group) => {
        group.RuleActionOverrides = [{ Name: 'SQLi_BODY', ActionToUse: { Count: {} } }];
      }),
      'sqlWeakened',
    ),
    inFirewall(
      'one rule of the group is excluded',
      sqlRule((_rule, group) => {
        group.ExcludedRules = [{ Name: 'SQLi_BODY' }];
      }),
      'sqlWeakened',
    ),
    inFirewall(
      'trap: a scope-down leaves paths out that are written otherwise',
      sqlRule((_rule, group) => {
        group.ScopeDownStatement = pathIs('/api');
      }),
      'sqlScoped',
    ),
    inText('bodies of any size pass', rewrite(/client_max_body_size \w+;/, 'client_max_body_size 0;'), 'noSizeGate'),
    inText('a location takes bodies of any size', insideLocation('client_max_body_size 0;'), 'noSizeGate'),
    inText('media types are not looked at', rewrite(/if \(\$unsupported_type\) \{[^}]*\}/, ''), 'noTypeGate'),
    inText(
      'what looks like JSON somewhere is JSON',
      rewrite(/(\$unsupported_type \{\s*default 1;)/, '$1 "~*application/json" 0;'),
      'looseTypeGate',
    ),
    inText('a file from elsewhere is included', insideLocation('include /etc/nginx/conf.d/*.conf;'), 'not-assessed'),
    {
      name: 'the load balancer reaches the application around the proxy',
      of: proxied,
      edit: set('AWS::ECS::Service', 'LoadBalancers.0.ContainerName', 'application'),
      expect: { message: 'bypassed', at: 'Task' },
      notShipped: 'services are followed to their task, and not judged',
    },
    {
      name: 'a method has no validator',
      of: rest,
      target: 'Get',
      edit: remove(method, 'RequestValidatorId'),
      expect: { message: 'noValidator' },
      ...noApi,
    },
    {
      name: 'the validator of a method is another that looks at nothing',
      of: rest,
      target: 'Get',
      edit: change(method, (properties, template) => {
        const resources = isObject(template.Resources) ? template.Resources : {};
        resources.Blind = {
          Type: validator,
          Properties: { ValidateRequestParameters: false, ValidateRequestBody: true },
        };
        properties.RequestValidatorId = { Ref: 'Blind' };
      }),
      expect: { message: 'halfValidator' },
      ...noApi,
    },
    {
      name: 'a body has no model',
      of: rest,
      target: 'Post',
      edit: remove(method, 'RequestModels'),
      expect: { message: 'noModel' },
      ...noApi,
    },
    {
      name: 'the model of a body is Empty',
      of: rest,
      target: 'Post',
      edit: set(method, 'RequestModels', { 'application/json': 'Empty' }),
      expect: { message: 'noModel' },
      ...noApi,
    },
    {
      name: 'the schema of a model accepts anything',
      of: rest,
      edit: set(model, 'Schema', {}),
      expect: { message: 'emptyModel', at: 'Post' },
      ...noApi,
    },
    {
      name: 'another media type passes unchecked',
      of: rest,
      target: 'Post',
      edit: set(method, 'Integration.PassthroughBehavior', 'WHEN_NO_TEMPLATES'),
      expect: { message: 'passesThrough' },
      ...noApi,
    },
    {
      name: 'another media type passes unchecked by default',
      of: rest,
      target: 'Post',
      edit: remove(method, 'Integration.PassthroughBehavior'),
      expect: { message: 'passesThrough' },
      ...noApi,
    },
  ],
  others: [
    {
      name: 'fails closed where nothing checks requests',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a method that only asks what may be asked',
      template: { Resources: { Options: { Type: method, Properties: { HttpMethod: 'OPTIONS' } } } },
      presentOnly: true,
      expect: { Options: 'not-applicable' },
    },
    {
      name: 'a web ACL before user pools alone sees no body',
      template: {
        Resources: {
          Pool: { Type: 'AWS::Cognito::UserPool' },
          Small: { Type: acl, Properties: { Rules: [] } },
          Link: {
            Type: 'AWS::WAFv2::WebACLAssociation',
            Properties: {
              ResourceArn: { 'Fn::GetAtt': ['Pool', 'Arn'] },
              WebACLArn: { 'Fn::GetAtt': ['Small', 'Arn'] },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Small: 'not-applicable' },
    },
    {
      name: 'a rule of its own against SQL injection is its own choice',
      template: {
        Resources: {
          Own: {
            Type: acl,
            Properties: {
              Rules: [{ Name: 'own', Priority: 0, Action: { Block: {} }, Statement: { SqliMatchStatement: {} } }],
            },
          },
        },
      },
      expect: { Own: 'not-assessed' },
    },
    {
      name: 'an override that blocks, and a scope-down that leaves nothing out',
      template: {
        Resources: {
          Firewall: {
            Type: acl,
            Properties: {
              Rules: [
                {
                  Name: 'sql',
                  Priority: 0,
                  OverrideAction: { None: {} },
                  Statement: {
                    ManagedRuleGroupStatement: {
                      Name: 'AWSManagedRulesSQLiRuleSet',
                      RuleActionOverrides: [{ Name: 'SQLi_BODY', ActionToUse: { Block: {} } }],
                      ScopeDownStatement: pathIs('/'),
                    },
                  },
                },
              ],
            },
          },
        },
      },
      expect: { Firewall: 'satisfied' },
    },
    {
      name: 'methods in an OpenAPI document and an HTTP API are not read',
      template: {
        Resources: {
          Described: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: { openapi: '3.0.1' } } },
          Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
        },
      },
      expect: { Described: 'not-assessed', Http: 'not-assessed' },
    },
    {
      name: 'nginx limits bodies to a megabyte where nothing is written',
      template: {
        Resources: { ...proxiedApplication(exampleConfiguration.replace('client_max_body_size 1m;', '')), Firewall },
      },
      expect: { Task: 'satisfied' },
    },
  ],
  indifferent: {
    'AWS::WAFv2::WebACL: Rules.*.OverrideAction.None': 'that it is there is the action; it holds nothing',
  },
};
