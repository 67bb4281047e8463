import { type ControlCases, change, type Mutation, remove, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { carriesProxy, exampleConfiguration, insideLocation, proxiedApplication, rewrite, task } from './example-proxy';

const proxied = 'an application behind a proxy that sets headers';
const cdn = 'a distribution with its own headers policy';
const gateway = 'an API whose errors are written';
const listener = 'AWS::ElasticLoadBalancingV2::Listener';
const headersPolicy = 'AWS::CloudFront::ResponseHeadersPolicy';
const response = 'AWS::ApiGateway::GatewayResponse';

const strict = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const inText = (name: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: proxied,
  edit,
  target: 'Task',
  expect: { message },
  shippedWhere: carriesProxy,
});

const policyEdit = (from: RegExp, to: string) =>
  rewrite(new RegExp(`(add_header Content-Security-Policy "[^"]*?)${from.source}`), `$1${to}`);

const noLonger = { notShipped: 'the project deploys a distribution in another profile only' };
const noGateway = { notShipped: 'the project deploys no REST API' };

const errorHeaders = {
  'gatewayresponse.header.Content-Security-Policy': `'${strict.replaceAll("'none'", 'none').replaceAll('none', "'none'")}'`,
  'gatewayresponse.header.X-Content-Type-Options': "'nosniff'",
  'gatewayresponse.header.X-Frame-Options': "'DENY'",
  'gatewayresponse.header.Referrer-Policy': "'no-referrer'",
  'gatewayresponse.header.Permissions-Policy': "'camera=()'",
  'gatewayresponse.header.Cross-Origin-Opener-Policy': "'same-origin'",
  'gatewayresponse.header.cross-origin-resource-policy': "'same-origin'",
};

const answer = (kind: string): Json => ({
  Type: response,
  Properties: {
    RestApiId: { Ref: 'Api' },
    ResponseType: kind,
    ResponseTemplates: { 'application/json': '{"error":"request failed","id":"$context.requestId"}' },
    ResponseParameters: errorHeaders,
  },
});

const attribute = (key: string, edit: (attribute: Json, all: Json[]) => void) =>
  change(listener, (properties) => {
    const all = Array.isArray(properties.ListenerAttributes) ? properties.ListenerAttributes.filter(isObject) : [];
    const found = all.find(({ Key }) => Key === `routing.http.response.${key}`);
    if (!found) {
      throw new Error(`the listener sets no ${key}`);
    }
    edit(found, all);
    properties.ListenerAttributes = all;
  });

const setsHeaders = (resource: Json): boolean => JSON.stringify(resource).includes('x_frame_options');

const withConfiguration = (
  name: string,
  from: string | RegExp,
  to: string,
  verdict: 'satisfied' | { message: string },
) => ({
  name,
  template: { Resources: proxiedApplication(exampleConfiguration.replace(from, to)) },
  expect: { Task: verdict },
});

export const cases: ControlCases = {
  compliant: {
    [proxied]: { template: { Resources: proxiedApplication() } },
    [cdn]: {
      template: {
        Resources: {
          Headers: {
            Type: headersPolicy,
            Properties: {
              ResponseHeadersPolicyConfig: {
                Name: 'hardened',
                SecurityHeadersConfig: {
                  ContentTypeOptions: { Override: true },
                  FrameOptions: { FrameOption: 'DENY', Override: true },
                  ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
                  ContentSecurityPolicy: { ContentSecurityPolicy: strict, Override: true },
                },
                CustomHeadersConfig: {
                  Items: [
                    { Header: 'Permissions-Policy', Value: 'camera=()', Override: true },
                    { Header: 'Cross-Origin-Opener-Policy', Value: 'same-origin', Override: true },
                    { Header: 'Cross-Origin-Resource-Policy', Value: 'same-site', Override: true },
                  ],
                },
                RemoveHeadersConfig: { Items: [{ Header: 'Server' }] },
              },
            },
          },
          Site: {
            Type: 'AWS::CloudFront::Distribution',
            Properties: {
              DistributionConfig: {
                DefaultCacheBehavior: { ResponseHeadersPolicyId: { Ref: 'Headers' } },
                CacheBehaviors: [{ PathPattern: '/assets/*', ResponseHeadersPolicyId: { Ref: 'Headers' } }],
              },
            },
          },
        },
      },
    },
    [gateway]: {
      template: {
        Resources: {
          Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
          Refused: answer('DEFAULT_4XX'),
          Failed: answer('DEFAULT_5XX'),
        },
      },
    },
  },
  mutations: [
    inText(
      'trap: a header is left out of errors',
      rewrite(/(add_header X-Frame-Options [^;]*?) always;/, '$1;'),
      'notAlways',
    ),
    inText(
      'trap: the content security policy is left out of errors',
      rewrite(/(add_header Content-Security-Policy "[^"]*") always;/, '$1;'),
      'notAlways',
    ),
    inText('a header is forgotten', rewrite(/add_header Referrer-Policy [^;]*;/, ''), 'headerMissing'),
    inText(
      'a header says nothing',
      rewrite(/(add_header Referrer-Policy )[^;]*? always/, '$1unsafe-url always'),
      'headerWeak',
    ),
    inText('frames of everybody', rewrite(/(add_header X-Frame-Options )\S+/, '$1ALLOWALL'), 'headerWeak'),
    inText('scripts may be inline', policyEdit(/script-src [^;"]*/, "script-src 'self' 'unsafe-inline'"), 'policyWeak'),
    inText(
      'scripts may be made from text',
      policyEdit(/script-src 'self'/, "script-src 'self' 'unsafe-eval'"),
      'policyWeak',
    ),
    inText('scripts may come from anywhere', policyEdit(/script-src 'self'/, 'script-src *'), 'policyWeak'),
    inText(
      'scripts may come from any host with HTTPS',
      policyEdit(/script-src 'self'/, 'script-src https:'),
      'policyWeak',
    ),
    inText('the nonce is the same for everybody', policyEdit(/'nonce-\$request_id'/, "'nonce-abc'"), 'policyWeak'),
    inText('base addresses are unlimited', policyEdit(/base-uri 'none'; /, ''), 'policyWeak'),
    inText('anybody may frame', policyEdit(/frame-ancestors 'none'/, 'frame-ancestors *'), 'policyWeak'),
    inText(
      'scripts may write markup',
      policyEdit(/require-trusted-types-for 'script'/, 'upgrade-insecure-requests'),
      'policyWeak',
    ),
    inText(
      'the policy only reports',
      rewrite(/add_header Content-Security-Policy "/, 'add_header Content-Security-Policy-Report-Only "'),
      'headerMissing',
    ),
    inText('the version is told', rewrite(/server_tokens off;/, ''), 'tellsVersion'),
    inText(
      'what the application is built with is told',
      rewrite(/proxy_hide_header X-Powered-By;/, ''),
      'tellsSoftware',
    ),
    inText('the application may frame itself', rewrite(/proxy_hide_header X-Frame-Options;/, ''), 'doubled'),
    inText(
      'errors pass as they are',
      rewrite(/proxy_intercept_errors on;/g, 'proxy_intercept_errors off;'),
      'openErrors',
    ),
    inText('a location shows its errors', insideLocation('proxy_intercept_errors off;'), 'openErrors'),
    inText('one status is forgotten', rewrite(/(error_page [^;]*?) 500 /g, '$1 '), 'openErrors'),
    inText(
      'the error page repeats the address',
      rewrite(/(location (?:@error|= \/-\/error) \{[^}]*?return 200 '[^']*?)\$status/, '$1$status $request_uri'),
      'tellingErrors',
    ),
    inText('the text cannot be read', rewrite(/server_tokens off;/, 'server_tokens "off;'), 'not-assessed'),
    inText(
      'a value hangs on what nobody knows',
      rewrite(/(add_header X-Frame-Options )\S+/, '$1$frames_from_elsewhere'),
      'not-assessed',
    ),
    {
      name: 'the load balancer reaches the application around the proxy',
      of: proxied,
      edit: set('AWS::ECS::Service', 'LoadBalancers.0.ContainerName', 'application'),
      expect: { message: 'bypassed', at: 'Task' },
      notShipped: 'services are followed to their task, and not judged',
    },
    {
      name: 'the load balancer names itself',
      of: proxied,
      edit: attribute('server.enabled', (each) => {
        each.Value = 'true';
      }),
      expect: { message: 'tellsServer' },
      shippedWhere: setsHeaders,
    },
    {
      name: 'answers of the load balancer may be framed',
      of: proxied,
      edit: attribute('x_frame_options.header_value', (each, all) => {
        all.splice(all.indexOf(each), 1);
      }),
      expect: { message: 'headerMissing' },
      shippedWhere: setsHeaders,
    },
    {
      name: 'answers of the load balancer allow any script',
      of: proxied,
      edit: attribute('content_security_policy.header_value', (each) => {
        each.Value =
          "default-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
      }),
      expect: { message: 'policyWeak' },
      notShipped: "the project's load balancer leaves the policy to the proxy, whose nonces it would replace",
    },
    {
      name: 'a behaviour answers without headers',
      of: cdn,
      edit: remove('AWS::CloudFront::Distribution', 'DistributionConfig.CacheBehaviors.0.ResponseHeadersPolicyId'),
      expect: { message: 'bareBehaviour' },
      ...noLonger,
    },
    {
      name: 'the origin may weaken the policy',
      of: cdn,
      edit: set(
        headersPolicy,
        'ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.Override',
        false,
      ),
      expect: { message: 'overridable' },
      ...noLonger,
    },
    {
      name: 'types may be guessed',
      of: cdn,
      edit: remove(headersPolicy, 'ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentTypeOptions'),
      expect: { message: 'headerMissing' },
      ...noLonger,
    },
    {
      name: 'features stay on',
      of: cdn,
      edit: remove(headersPolicy, 'ResponseHeadersPolicyConfig.CustomHeadersConfig.Items.0'),
      expect: { message: 'headerMissing' },
      ...noLonger,
    },
    {
      name: 'the server of the origin is named',
      of: cdn,
      edit: remove(headersPolicy, 'ResponseHeadersPolicyConfig.RemoveHeadersConfig'),
      expect: { message: 'tellsServer' },
      ...noLonger,
    },
    {
      name: 'API Gateway repeats its own message',
      of: gateway,
      target: 'Failed',
      edit: set(response, 'ResponseTemplates', { 'application/json': '{"message":$context.error.messageString}' }),
      expect: { message: 'tellingErrors' },
      ...noGateway,
    },
    {
      name: 'API Gateway uses its default body',
      of: gateway,
      target: 'Failed',
      edit: remove(response, 'ResponseTemplates'),
      expect: { message: 'tellingErrors' },
      ...noGateway,
    },
    {
      name: 'one kind of error is not written',
      of: gateway,
      target: 'Failed',
      edit: set(response, 'ResponseType', 'THROTTLED'),
      expect: { message: 'gatewayDefault', at: 'Api' },
      ...noGateway,
    },
  ],
  others: [
    {
      name: 'fails closed where nothing answers',
      template: { Resources: { Pool: { Type: 'AWS::Cognito::UserPool' } } },
      expect: { '': { message: 'missing' } },
    },
    withConfiguration(
      'trap: one add_header in a location drops all those above it',
      'location /api {',
      'location /api { add_header Cache-Control no-store always;',
      { message: 'headerMissing' },
    ),
    withConfiguration(
      'trap: one add_header in an if within a location does so too',
      'location /api {',
      'location /api { if ($arg_debug) { add_header X-Debug 1; }',
      { message: 'headerMissing' },
    ),
    withConfiguration(
      'a location that merges its headers keeps those above it',
      'location /api {',
      'location /api { add_header_inherit merge; add_header Cache-Control no-store always;',
      'satisfied',
    ),
    withConfiguration(
      'trap: of a directive that occurs twice the first counts',
      "script-src 'self' 'nonce-$request_id'",
      "script-src 'self' 'unsafe-inline'; script-src 'self'",
      { message: 'policyWeak' },
    ),
    withConfiguration(
      'unsafe-inline beside a nonce is for browsers that know none',
      "script-src 'self' 'nonce-$request_id'",
      "script-src 'unsafe-inline' 'nonce-$request_id'",
      'satisfied',
    ),
    withConfiguration(
      'pictures may come as data',
      "object-src 'none';",
      "object-src 'none'; img-src 'self' data: https:;",
      'satisfied',
    ),
    {
      name: 'a map gives a header, and every value of it hardens',
      template: {
        Resources: proxiedApplication(
          exampleConfiguration
            .replace('map $content_type', 'map $uri $frames { default DENY; /embed SAMEORIGIN; } map $content_type')
            .replace('X-Frame-Options DENY', 'X-Frame-Options $frames'),
        ),
      },
      expect: { Task: 'satisfied' },
    },
    {
      name: 'a header whose map may come to nothing is not always sent',
      template: {
        Resources: proxiedApplication(
          exampleConfiguration
            .replace('map $content_type', 'map $uri $frames { /embed SAMEORIGIN; } map $content_type')
            .replace('X-Frame-Options DENY', 'X-Frame-Options $frames'),
        ),
      },
      expect: { Task: { message: 'headerMissing' } },
    },
    {
      name: 'a profile without trusted types does not ask for them',
      figures: { 'edge.csp': 'enforced' },
      template: {
        Resources: proxiedApplication(exampleConfiguration.replace("; require-trusted-types-for 'script'", '')),
      },
      expect: { Task: 'satisfied' },
    },
    {
      name: 'a place that closes the connection answers nothing',
      template: {
        Resources: proxiedApplication(
          exampleConfiguration.replace(
            'location @error',
            'location /x { add_header A 1; return 444; } location @error',
          ),
        ),
      },
      expect: { Task: 'satisfied' },
    },
    {
      name: 'a load balancer without a policy of its own before something that is not shown',
      template: {
        Resources: {
          Listener: {
            Type: listener,
            Properties: {
              Protocol: 'HTTPS',
              DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:aws:elasticloadbalancing:targetgroup/a' }],
              ListenerAttributes: [
                { Key: 'routing.http.response.server.enabled', Value: 'false' },
                { Key: 'routing.http.response.x_content_type_options.header_value', Value: 'nosniff' },
                { Key: 'routing.http.response.x_frame_options.header_value', Value: 'DENY' },
              ],
            },
          },
        },
      },
      presentOnly: true,
      expect: { Listener: 'not-assessed' },
    },
    {
      name: 'a listener that only redirects, and one that hands connections on',
      template: {
        Resources: {
          Redirect: {
            Type: listener,
            Properties: {
              Protocol: 'HTTP',
              DefaultActions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }],
            },
          },
          Pass: { Type: listener, Properties: { Protocol: 'TCP', DefaultActions: [{ Type: 'forward' }] } },
        },
      },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a managed headers policy and an HTTP API are not in the template',
      template: {
        Resources: {
          Site: {
            Type: 'AWS::CloudFront::Distribution',
            Properties: {
              DistributionConfig: {
                DefaultCacheBehavior: { ResponseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03' },
              },
            },
          },
          Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
        },
      },
      expect: { Site: 'not-assessed', Api: 'not-assessed' },
    },
    {
      name: 'what an application without a proxy sends is not in the template',
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
};
