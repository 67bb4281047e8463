import { type ControlCases, change, type Mutation, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { carriesProxy, exampleConfiguration, insideLocation, proxiedApplication, rewrite, task } from './example-proxy';

const proxied = 'an application behind a proxy that refuses forged requests';
const filtered = 'a firewall that refuses forged requests, before something that is not shown';
const acl = 'AWS::WAFv2::WebACL';
const bucket = 'AWS::S3::Bucket';
const api = 'AWS::ApiGatewayV2::Api';

const inText = (name: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: proxied,
  edit,
  target: 'Task',
  expect: { message },
  shippedWhere: carriesProxy,
});

const field = (FieldToMatch: Json, SearchString: string): Json => ({
  ByteMatchStatement: {
    FieldToMatch,
    SearchString,
    PositionalConstraint: 'EXACTLY',
    TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }],
  },
});

const header = (name: string, value: string) => field({ SingleHeader: { Name: name } }, value);
const any = (...Statements: Json[]): Json => ({ OrStatement: { Statements } });
const not = (Statement: Json): Json => ({ NotStatement: { Statement } });

const refusing: Json = {
  AndStatement: {
    Statements: [
      any(...['post', 'put', 'patch', 'delete'].map((method) => field({ Method: {} }, method))),
      not(header('origin', 'https://app.example.eu')),
      not(any(header('sec-fetch-site', 'same-origin'), header('sec-fetch-site', 'none'))),
    ],
  },
};

const { LoadBalancer } = proxiedApplication();

const firewall = (rule: Json = {}): Json => ({
  LoadBalancer,
  Listener: {
    Type: 'AWS::ElasticLoadBalancingV2::Listener',
    Properties: {
      LoadBalancerArn: { Ref: 'LoadBalancer' },
      DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:aws:elasticloadbalancing:targetgroup/elsewhere' }],
    },
  },
  Firewall: {
    Type: acl,
    Properties: {
      Rules: [
        {
          Name: 'offices',
          Priority: 0,
          Action: { Allow: {} },
          Statement: { IPSetReferenceStatement: { Arn: 'arn:a' } },
        },
        { Name: 'limit', Priority: 1, Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 100 } } },
        { Name: 'forged', Priority: 2, Action: { Block: {} }, Statement: refusing, ...rule },
      ],
    },
  },
  Association: {
    Type: 'AWS::WAFv2::WebACLAssociation',
    Properties: { ResourceArn: { Ref: 'LoadBalancer' }, WebACLArn: { 'Fn::GetAtt': ['Firewall', 'Arn'] } },
  },
});

/** Edits the rule that looks at where requests come from. */
const forgedRule = (edit: (rule: Json) => void) =>
  change(acl, (properties) => {
    const rules = Array.isArray(properties.Rules) ? properties.Rules.filter(isObject) : [];
    const found = rules.find((rule) => /sec-fetch-site/i.test(JSON.stringify(rule)));
    if (!found) {
      throw new Error('no rule of the web ACL looks at where requests come from');
    }
    edit(found);
  });

const looksAtOrigins = (resource: Json): boolean => /sec-fetch-site/i.test(JSON.stringify(resource));

const inStatement = (from: RegExp, to: string) =>
  forgedRule((rule) => {
    const text = JSON.stringify(rule.Statement);
    rule.Statement = JSON.parse(text.replace(from, to));
    if (JSON.stringify(rule.Statement) === text) {
      throw new Error(`the rule has nothing like ${from.source}`);
    }
  });

const withConfiguration = (
  name: string,
  from: string | RegExp,
  to: string,
  verdict: 'satisfied' | 'not-assessed' | { message: string },
) => ({
  name,
  template: { Resources: proxiedApplication(exampleConfiguration.replace(from, to)) },
  expect: { Task: verdict },
});

const distribution = (behaviour: Json, more: Json = {}): Json => ({
  Type: 'AWS::CloudFront::Distribution',
  Properties: {
    DistributionConfig: {
      Origins: [{ Id: 'origin', DomainName: 'app.example.eu' }],
      DefaultCacheBehavior: { TargetOriginId: 'origin', ...behaviour },
      ...more,
    },
  },
});

const everyMethod = { AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'] };

const noSharing = { notShipped: 'nothing that the project deploys lets another origin read' };

export const cases: ControlCases = {
  compliant: {
    [proxied]: { template: { Resources: proxiedApplication() } },
    [filtered]: { template: { Resources: firewall() } },
    'services that let named origins read': {
      template: {
        Resources: {
          ...firewall(),
          Files: {
            Type: bucket,
            Properties: {
              CorsConfiguration: {
                CorsRules: [{ AllowedOrigins: ['https://app.example.eu'], AllowedMethods: ['GET'] }],
              },
            },
          },
          Api: {
            Type: api,
            Properties: {
              ProtocolType: 'HTTP',
              CorsConfiguration: { AllowOrigins: ['https://app.example.eu'], AllowCredentials: true },
            },
          },
        },
      },
    },
  },
  mutations: [
    inText('every request is let through', rewrite(/if \(\$forged\) \{[^}]*\}/g, ''), 'methodUnchecked'),
    inText('one method is forgotten', rewrite(/(\$changes_state \{\s*default 1;)/, '$1 DELETE 0;'), 'methodUnchecked'),
    inText(
      'the origin is widened to a pattern without an end',
      rewrite(/"https:\/\/([\w-]+)\.([\w.-]+)" own;/, '"~^https://$1\\.$2" own;'),
      'foreignAdmitted',
    ),
    inText(
      'the origin is widened to all subdomains',
      rewrite(/"https:\/\/([\w-]+)\.([\w.-]+)" own;/, '"~^https://.*$1\\.$2$" own;'),
      'foreignAdmitted',
    ),
    inText(
      'the origin without HTTPS counts as our own',
      rewrite(/"https:\/\/([\w-]+)\.([\w.-]+)" own;/, '"~^https?://$1\\.$2$" own;'),
      'foreignAdmitted',
    ),
    inText(
      'what is said of another site is not listened to',
      rewrite(/(map \$http_sec_fetch_site \$site \{\s*default )foreign;/, '$1own;'),
      'foreignAdmitted',
    ),
    inText(
      'upgrades are not guarded',
      rewrite(/(map \$http_upgrade \$wants_upgrade \{\s*default )1;/, '$10;'),
      'socketAdmitted',
    ),
    inText(
      'every origin may read',
      rewrite(/Access-Control-Allow-Origin \$reader/, 'Access-Control-Allow-Origin *'),
      'anyOrigin',
    ),
    inText(
      'whoever asks may read',
      rewrite(/Access-Control-Allow-Origin \$reader/, 'Access-Control-Allow-Origin $http_origin'),
      'reflected',
    ),
    inText(
      'an origin without HTTPS may read',
      rewrite(/Access-Control-Allow-Origin \$reader/, 'Access-Control-Allow-Origin http://app.example.eu'),
      'plainOrigin',
    ),
    inText(
      'who may read hangs on what nobody knows',
      rewrite(/Access-Control-Allow-Origin \$reader/, 'Access-Control-Allow-Origin $from_elsewhere'),
      'not-assessed',
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
      name: 'the rule only counts',
      of: filtered,
      edit: forgedRule((rule) => {
        rule.Action = { Count: {} };
      }),
      expect: { message: 'countedOnly' },
      shippedWhere: looksAtOrigins,
    },
    {
      name: 'the rule forgets a method',
      of: filtered,
      edit: inStatement(/"delete"/, '"trace"'),
      expect: { message: 'methodUnchecked' },
      notShipped: 'the rule of the project names the methods that change nothing instead',
    },
    {
      name: 'the rule compares the beginning of the origin',
      of: filtered,
      edit: inStatement(/("SearchString":"https:\/\/[^"]+","PositionalConstraint":")EXACTLY/, '$1STARTS_WITH'),
      expect: { message: 'foreignAdmitted' },
      notShipped: 'the keys of that statement stand in another order there',
    },
    {
      name: 'the rule is bound to one path',
      of: filtered,
      edit: forgedRule((rule) => {
        rule.Statement = { AndStatement: { Statements: [field({ UriPath: {} }, '/login'), rule.Statement] } };
      }),
      expect: { message: 'methodUnchecked' },
      shippedWhere: looksAtOrigins,
    },
    {
      name: 'another rule lets everything in first',
      of: filtered,
      edit: change(acl, (properties) => {
        const rules = Array.isArray(properties.Rules) ? properties.Rules : [];
        const everything = {
          SizeConstraintStatement: {
            FieldToMatch: { UriPath: {} },
            ComparisonOperator: 'GE',
            Size: 0,
            TextTransformations: [{ Priority: 0, Type: 'NONE' }],
          },
        };
        rules.push({ Name: 'all', Priority: -1, Action: { Allow: {} }, Statement: everything });
        properties.Rules = rules;
      }),
      expect: { message: 'methodUnchecked' },
      shippedWhere: looksAtOrigins,
    },
    {
      name: 'the web ACL is not associated',
      of: filtered,
      edit: removeResource('AWS::WAFv2::WebACLAssociation'),
      expect: { message: 'unguarded', at: 'LoadBalancer' },
      notShipped: 'the proxy stands behind it and guards the same requests',
    },
    {
      name: 'every origin may read files',
      of: 'services that let named origins read',
      edit: set(bucket, 'CorsConfiguration.CorsRules.0.AllowedOrigins.0', '*'),
      expect: { message: 'anyOrigin' },
      ...noSharing,
    },
    {
      name: 'every subdomain may read files',
      of: 'services that let named origins read',
      edit: set(bucket, 'CorsConfiguration.CorsRules.0.AllowedOrigins.0', 'https://*.example.eu'),
      expect: { message: 'anyOrigin' },
      ...noSharing,
    },
    {
      name: 'an origin without HTTPS may call the API',
      of: 'services that let named origins read',
      edit: set(api, 'CorsConfiguration.AllowOrigins.0', 'http://app.example.eu'),
      expect: { message: 'plainOrigin' },
      ...noSharing,
    },
    {
      name: 'every origin may call the API with credentials',
      of: 'services that let named origins read',
      edit: set(api, 'CorsConfiguration.AllowOrigins', ['*']),
      expect: { message: 'credentialsForAny' },
      ...noSharing,
    },
  ],
  others: [
    {
      name: 'fails closed without a load balancer',
      template: { Resources: { Files: { Type: bucket } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a firewall that says nothing of silent requests needs somebody behind it who does',
      template: {
        Resources: firewall({
          Statement: {
            AndStatement: {
              Statements: [
                not(any(field({ Method: {} }, 'get'), field({ Method: {} }, 'head'))),
                any(header('sec-fetch-site', 'cross-site'), {
                  AndStatement: {
                    Statements: [
                      {
                        SizeConstraintStatement: {
                          FieldToMatch: { SingleHeader: { Name: 'origin' } },
                          ComparisonOperator: 'GE',
                          Size: 1,
                          TextTransformations: [{ Priority: 0, Type: 'NONE' }],
                        },
                      },
                      not(header('origin', 'https://app.example.eu')),
                    ],
                  },
                }),
              ],
            },
          },
        }),
      },
      expect: { Firewall: 'satisfied', LoadBalancer: { message: 'silentAdmitted' } },
    },
    {
      name: 'a load balancer that only redirects has nothing to guard, an internal one no browser',
      template: {
        Resources: {
          LoadBalancer,
          Inner: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } },
        },
      },
      expect: { LoadBalancer: 'satisfied', Inner: 'not-applicable' },
    },
    {
      name: 'a web ACL that is named from elsewhere',
      template: {
        Resources: {
          ...firewall(),
          Association: {
            Type: 'AWS::WAFv2::WebACLAssociation',
            Properties: { ResourceArn: { Ref: 'LoadBalancer' }, WebACLArn: 'arn:aws:wafv2:eu-central-1:1:webacl/a' },
          },
        },
      },
      expect: { LoadBalancer: 'not-assessed' },
    },
    withConfiguration(
      'a location cannot undo what its server refused before',
      'location /api {',
      'location /hook { set $forged ""; proxy_pass http://127.0.0.1:8080; } location /api {',
      'satisfied',
    ),
    withConfiguration(
      'trap: a method is exempted on the way',
      'if ($forged) { return 403; }',
      'set $refuse $forged; if ($request_method = PUT) { set $refuse 0; } if ($refuse) { return 403; }',
      { message: 'methodUnchecked' },
    ),
    withConfiguration(
      'methods that are excepted by name are refused as well',
      'if ($forged) { return 403; }',
      'if ($http_origin = "https://nobody.example") { return 403; } if ($http_upgrade) { return 400; } if ($request_method !~ "^(GET|HEAD|OPTIONS)$") { return 405; }',
      'satisfied',
    ),
    withConfiguration(
      'a server that opens no WebSocket needs no check of upgrades',
      /default 1; "" 0; \} {2}|proxy_set_header Upgrade \$http_upgrade;/,
      '',
      'satisfied',
    ),
    withConfiguration(
      'a check that hangs on what nobody knows',
      'if ($forged) { return 403; }',
      'set $refuse $http_origin$from_elsewhere; if ($refuse) { return 403; }',
      { message: 'methodUnchecked' },
    ),
    {
      name: 'an application without a proxy or a firewall is unguarded',
      template: {
        Resources: {
          ...firewall(),
          Firewall: { Type: acl, Properties: { Rules: [] } },
        },
      },
      expect: { LoadBalancer: { message: 'unguarded' } },
    },
    {
      name: 'a distribution that passes writes on needs a guard, one for files needs none',
      template: {
        Resources: {
          ...firewall(),
          Files: distribution({ AllowedMethods: ['GET', 'HEAD'] }),
          Bare: distribution(everyMethod),
          Guarded: distribution(everyMethod, { WebACLId: { 'Fn::GetAtt': ['Firewall', 'Arn'] } }),
          Elsewhere: distribution(everyMethod, { WebACLId: 'arn:aws:wafv2:us-east-1:1:global/webacl/a' }),
          Before: distribution(everyMethod, {
            Origins: [{ Id: 'origin', DomainName: { 'Fn::GetAtt': ['LoadBalancer', 'DNSName'] } }],
          }),
        },
      },
      expect: {
        Files: 'not-applicable',
        Bare: { message: 'unguarded' },
        Guarded: 'satisfied',
        Elsewhere: 'not-assessed',
        Before: 'not-applicable',
      },
    },
    {
      name: 'what an application without a proxy does is not in the template',
      template: {
        Resources: {
          Service: {
            Type: 'AWS::ECS::Service',
            Properties: { TaskDefinition: { Ref: 'Task' }, LoadBalancers: [{ ContainerName: 'application' }] },
          },
          Task: { Type: task, Properties: { ContainerDefinitions: [{ Name: 'application' }] } },
        },
      },
      expect: { Task: 'not-assessed' },
    },
  ],
  absentKeeps: {
    'AWS::S3::Bucket: CorsConfiguration.CorsRules.*.AllowedOrigins.*': 'an origin that is not named may not read',
    'AWS::ApiGatewayV2::Api: CorsConfiguration.AllowOrigins.*': 'an origin that is not named may not read',
    'AWS::ApiGatewayV2::Api: CorsConfiguration.AllowCredentials':
      'no credentials: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html',
  },
  indifferent: {
    ...Object.fromEntries(
      [
        'OrStatement.Statements.*.ByteMatchStatement',
        'NotStatement.Statement.ByteMatchStatement',
        'NotStatement.Statement.OrStatement.Statements.*.ByteMatchStatement',
      ].map((path) => [
        `AWS::WAFv2::WebACL: Rules.*.Statement.AndStatement.Statements.*.${path}.TextTransformations.*.Priority`,
        'one transformation alone has no order',
      ]),
    ),
    'AWS::WAFv2::WebACL: Rules.*.Action.Block': 'that it is there is the action; how it answers is not judged',
  },
};
