import { addBeside, type ControlCases, type Mutation, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { carriesProxy, exampleConfiguration, insideLocation, proxiedApplication, rewrite, task } from './example-proxy';

const proxied = 'an application behind a proxy that rewrites cookies';
const group = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const listener = 'AWS::ElasticLoadBalancingV2::Listener';
const rule = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const firewall = 'AWS::WAFv2::WebACL';
const pool = 'AWS::Cognito::UserPool';

const inText = (name: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: proxied,
  edit,
  target: 'Task',
  expect: { message },
  shippedWhere: carriesProxy,
});

const flagsFor = (flags: string) => rewrite(/proxy_cookie_flags ~ [^;]*;/, `proxy_cookie_flags ${flags};`);

const managed = (name: string, more: Json = {}): Json => ({
  Name: 'bots',
  Priority: 7,
  OverrideAction: { None: {} },
  Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: name, ...more } },
});

const targeted = managed('AWSManagedRulesBotControlRuleSet', {
  ManagedRuleGroupConfigs: [{ AWSManagedRulesBotControlRuleSet: { InspectionLevel: 'TARGETED' } }],
});

const distribution = (origin: Json, behaviour: Json = {}): Json => ({
  Resources: {
    Site: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Origins: [{ Id: 'origin', ...origin }],
          DefaultCacheBehavior: { TargetOriginId: 'origin', ...behaviour },
        },
      },
    },
  },
});

export const cases: ControlCases = {
  compliant: {
    [proxied]: {
      template: {
        Resources: {
          ...proxiedApplication({
            'Fn::Join': ['', [exampleConfiguration, '# of ', { Ref: 'AWS::StackName' }, '\n']],
          }),
          Rule: {
            Type: rule,
            Properties: {
              ListenerArn: { Ref: 'Listener' },
              Actions: [
                {
                  Type: 'forward',
                  ForwardConfig: {
                    TargetGroups: [{ TargetGroupArn: { Ref: 'Group' } }],
                    TargetGroupStickinessConfig: { Enabled: false },
                  },
                },
              ],
            },
          },
          Firewall: {
            Type: firewall,
            Properties: {
              Rules: [
                { Name: 'limit', Priority: 1, Action: { Block: {} } },
                {
                  ...managed('AWSManagedRulesCommonRuleSet', {
                    RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Block: {} } }],
                  }),
                },
              ],
            },
          },
          Pool: { Type: pool, Properties: {} },
        },
      },
    },
  },
  mutations: [
    inText('the flag Secure is left out', flagsFor('~ httponly samesite=strict'), 'withoutSecure'),
    inText('the flag HttpOnly is left out', flagsFor('~ secure samesite=strict'), 'withoutHttpOnly'),
    inText('SameSite is left out', flagsFor('~ secure httponly'), 'withoutSameSite'),
    inText('SameSite is Lax', flagsFor('~ secure httponly samesite=lax'), 'withoutSameSite'),
    inText('one cookie alone is rewritten', flagsFor('session secure httponly samesite=strict'), 'uncovered'),
    inText('some names alone are rewritten', flagsFor('~^session secure httponly samesite=strict'), 'uncovered'),
    inText('no cookie is rewritten', rewrite(/proxy_cookie_flags [^;]*;/, ''), 'uncovered'),
    inText('a location switches it off', insideLocation('proxy_cookie_flags off;'), 'uncovered'),
    inText(
      'a location has flags of its own, for one cookie',
      insideLocation('proxy_cookie_flags theme secure httponly samesite=strict;'),
      'uncovered',
    ),
    inText(
      'an exception stands before the rule for all',
      rewrite(/proxy_cookie_flags ~/, 'proxy_cookie_flags language secure samesite=strict; proxy_cookie_flags ~'),
      'withoutHttpOnly',
    ),
    inText(
      'an if within a location rewrites less',
      insideLocation('if ($http_user_agent ~ MSIE) { proxy_cookie_flags ~ secure httponly; }'),
      'withoutSameSite',
    ),
    inText(
      'another protocol hands cookies through as they are',
      rewrite(/(location \/ \{(?:[^{}]*\{[^{}]*\})*[^{}]*?)proxy_pass [^;]*;/, '$1fastcgi_pass 127.0.0.1:9000;'),
      'uncovered',
    ),
    inText(
      'the proxy counts visitors with a cookie of its own',
      rewrite(/server_tokens off;/, 'server_tokens off; userid on;'),
      'ownCookie',
    ),
    inText(
      'the proxy sets a cookie of its own',
      insideLocation('add_header Set-Cookie "seen=1; Secure; HttpOnly" always;'),
      'ownCookie',
    ),
    inText('the text cannot be read', rewrite(/proxy_cookie_flags ~/, 'proxy_cookie_flags "~'), 'not-assessed'),
    inText('a file from elsewhere is included', insideLocation('include /etc/nginx/conf.d/*.conf;'), 'not-assessed'),
    {
      name: 'the load balancer reaches the application around the proxy',
      of: proxied,
      edit: set('AWS::ECS::Service', 'LoadBalancers.0.ContainerName', 'application'),
      expect: { message: 'bypassed', at: 'Task' },
    },
    {
      name: 'the target group is sticky',
      of: proxied,
      edit: set(group, 'TargetGroupAttributes', [
        { Key: 'stickiness.enabled', Value: 'true' },
        { Key: 'stickiness.type', Value: 'lb_cookie' },
      ]),
      expect: { message: 'sticky' },
    },
    {
      name: 'a rule is sticky between target groups',
      of: proxied,
      edit: set(rule, 'Actions.0.ForwardConfig.TargetGroupStickinessConfig', { Enabled: 'true', DurationSeconds: 60 }),
      expect: { message: 'sticky' },
      notShipped: 'the rules of the project forward to one group, without a ForwardConfig',
    },
    {
      name: 'the load balancer signs users in',
      of: proxied,
      edit: set(listener, 'DefaultActions.0.Type', 'authenticate-oidc'),
      expect: { message: 'signInAction' },
    },
    {
      name: 'a rule signs users in',
      of: proxied,
      edit: set(rule, 'Actions.0.Type', 'authenticate-cognito'),
      expect: { message: 'signInAction' },
    },
    {
      name: 'the firewall answers with a CAPTCHA',
      of: proxied,
      edit: set(firewall, 'Rules.0.Action', { Captcha: {} }),
      expect: { message: 'firewallToken' },
    },
    {
      name: 'the firewall answers with a silent challenge',
      of: proxied,
      edit: set(firewall, 'Rules.0.Action', { Challenge: {} }),
      expect: { message: 'firewallToken' },
    },
    {
      name: 'an override answers with a CAPTCHA',
      of: proxied,
      edit: set(firewall, 'Rules.1.Statement.ManagedRuleGroupStatement.RuleActionOverrides.0.ActionToUse', {
        Captcha: {},
      }),
      expect: { message: 'firewallToken' },
      notShipped: 'the project overrides no action of a rule group',
    },
    {
      name: 'a group of AWS sets challenges',
      of: proxied,
      edit: set(firewall, 'Rules.0', targeted),
      expect: { message: 'firewallToken' },
    },
    {
      name: 'sign-in pages of Cognito are served',
      of: proxied,
      edit: addBeside(pool, 'Pages', (userPool) => ({
        Type: 'AWS::Cognito::UserPoolDomain',
        Properties: { UserPoolId: { Ref: userPool }, Domain: 'sign-in' },
      })),
      expect: { message: 'hostedPages', at: 'Pages' },
      notShipped: 'user pools are neither judged nor followed by this control: nothing is edited beside them',
    },
  ],
  others: [
    {
      name: 'fails closed where nothing serves the application',
      template: { Resources: { Pool: { Type: pool } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a task that no load balancer knows is no concern',
      template: { Resources: { Worker: { Type: task, Properties: { ContainerDefinitions: [{ Name: 'worker' }] } } } },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'stickiness by source address sets no cookie',
      template: {
        Resources: {
          Group: {
            Type: group,
            Properties: {
              TargetGroupAttributes: [
                { Key: 'stickiness.enabled', Value: 'true' },
                { Key: 'stickiness.type', Value: 'source_ip' },
              ],
            },
          },
        },
      },
      presentOnly: true,
      expect: { Group: 'satisfied' },
    },
    {
      name: 'a group that only looks at bots sets no cookie, one that only counts neither',
      template: {
        Resources: {
          Firewall: {
            Type: firewall,
            Properties: {
              Rules: [
                managed('AWSManagedRulesBotControlRuleSet', {
                  ManagedRuleGroupConfigs: [{ AWSManagedRulesBotControlRuleSet: { InspectionLevel: 'COMMON' } }],
                }),
                { ...managed('AWSManagedRulesACFPRuleSet'), OverrideAction: { Count: {} } },
              ],
            },
          },
        },
      },
      presentOnly: true,
      expect: { Firewall: 'satisfied' },
    },
    {
      name: 'a profile that does not ask for strict cookies leaves the firewall its own',
      figures: { 'cookies.strict': false },
      template: {
        Resources: {
          ...proxiedApplication(exampleConfiguration.replace(' httponly secure samesite=strict', ' secure')),
          Firewall: { Type: firewall, Properties: { Rules: [{ Name: 'robots', Action: { Captcha: {} } }] } },
          Pages: { Type: 'AWS::Cognito::UserPoolDomain', Properties: {} },
        },
      },
      expect: { Task: 'satisfied', Firewall: 'not-applicable', Pages: 'not-applicable' },
    },
    {
      name: 'SameSite=Lax keeps a promise of Lax',
      figures: { 'cookies.sameSite': 'Lax' },
      template: { Resources: proxiedApplication(exampleConfiguration.replace('samesite=strict', 'samesite=lax')) },
      expect: { Task: 'satisfied' },
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
    {
      name: 'a proxy that lets no cookie through at all keeps the promise',
      template: {
        Resources: proxiedApplication(
          exampleConfiguration.replace(/proxy_cookie_flags [^;]*;/, 'proxy_hide_header Set-Cookie;'),
        ),
      },
      expect: { Task: 'satisfied' },
    },
    {
      name: 'trap: a function at viewer-response does not see errors',
      template: distribution(
        { DomainName: 'app.example.eu', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
        { FunctionAssociations: [{ EventType: 'viewer-response', FunctionARN: 'arn:aws:cloudfront::1:function/f' }] },
      ),
      expect: { Site: { message: 'functionSkipsErrors' } },
    },
    {
      name: 'what an origin elsewhere sets is not in the template',
      template: distribution({ DomainName: 'app.example.eu', CustomOriginConfig: {} }),
      expect: { Site: 'not-assessed' },
    },
    {
      name: 'files from a bucket set no cookie',
      template: distribution({ DomainName: 'files.s3.eu-central-1.amazonaws.com', S3OriginConfig: {} }),
      presentOnly: true,
      expect: { Site: 'not-applicable' },
    },
  ],
  absentKeeps: {
    'AWS::ElasticLoadBalancingV2::TargetGroup: TargetGroupAttributes.*':
      'not sticky: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html',
    'AWS::ElasticLoadBalancingV2::ListenerRule: Actions.*.ForwardConfig.TargetGroupStickinessConfig.Enabled':
      'not sticky: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html',
  },
};
