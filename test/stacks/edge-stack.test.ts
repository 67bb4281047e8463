import { Match, Template } from 'aws-cdk-lib/assertions';
import { readEnvironment } from '../../lib/settings/check-settings';
import { environment } from './synthesize';
import { matching, type Request, rulesOf } from './web-acl-reader';

const contentDelivery = {
  certificateArn: 'arn:aws:acm:us-east-1:333333333333:certificate/11111111-1111-1111-1111-111111111111',
  webAclArn: 'arn:aws:wafv2:us-east-1:333333333333:global/webacl/content/22222222-2222-2222-2222-222222222222',
};
const stage = environment();
const regional = Template.fromStack(stage.edge);
const audit = Template.fromStack(stage.audit);
const cdn = Template.fromStack(
  environment(
    { contentDelivery },
    { edgeMode: 'cdn', edgeMinimumTls: '1.2', strictCookies: false, hstsSeconds: 63_072_000 },
  ).edge,
);
const application = rulesOf(regional, 'In front of the application');
const directories = rulesOf(regional, 'In front of the user pools');

const HTTPS = { Protocol: 'HTTPS', Port: 443 };

/** Attributes of a load balancer or listener as one object. */
function attributes(template: Template, type: string, name: string, properties: object = {}): Record<string, unknown> {
  const [found] = Object.values(template.findResources(type, { Properties: properties }));
  return Object.fromEntries(
    found?.Properties[name].map(({ Key, Value }: { Key: string; Value: unknown }) => [Key, Value]),
  );
}

const rule = (name: string, rules = application): Record<string, unknown> | undefined =>
  rules.find(({ Name }) => Name === name);

describe('the door', () => {
  test.each([
    ['1.3', regional, 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09'],
    ['1.2', cdn, 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09'],
  ] as const)('HTTPS speaks TLS %s and nothing older', (_, template, policy) => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { ...HTTPS, SslPolicy: policy });
  });

  test('HTTP only says where HTTPS is, for good, and there is no third listener', () => {
    regional.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
    regional.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
      ],
    });
  });

  test('what nobody serves is not found, in one fixed sentence', () => {
    regional.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      ...HTTPS,
      DefaultActions: [
        {
          Type: 'fixed-response',
          FixedResponseConfig: {
            StatusCode: '404',
            ContentType: 'application/json',
            MessageBody: '{"error":"not found"}',
          },
        },
      ],
    });
  });

  test('answers that no application wrote carry HSTS and the hardening headers, and name no server', () => {
    const listener = attributes(regional, 'AWS::ElasticLoadBalancingV2::Listener', 'ListenerAttributes', HTTPS);
    expect(listener).toEqual({
      'routing.http.response.strict_transport_security.header_value': 'max-age=31536000; includeSubDomains',
      'routing.http.response.x_content_type_options.header_value': 'nosniff',
      'routing.http.response.x_frame_options.header_value': 'DENY',
      'routing.http.response.server.enabled': 'false',
    });
    expect(attributes(cdn, 'AWS::ElasticLoadBalancingV2::Listener', 'ListenerAttributes', HTTPS)).toMatchObject({
      'routing.http.response.strict_transport_security.header_value': 'max-age=63072000; includeSubDomains',
    });
  });

  test('requests that two servers would read differently are refused, and the firewall is never skipped', () => {
    expect(attributes(regional, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'LoadBalancerAttributes')).toMatchObject({
      'deletion_protection.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'strictest',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.xff_header_processing.mode': 'append',
      'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'true',
      'waf.fail_open.enabled': 'false',
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.prefix': 'requests',
      'connection_logs.s3.enabled': 'true',
      'connection_logs.s3.prefix': 'connections',
    });
  });

  test('the world comes in on 443 and 80, and nothing goes out', () => {
    const groups = Object.values(regional.findResources('AWS::EC2::SecurityGroup')).map(({ Properties }) => Properties);
    const open = groups.filter(({ SecurityGroupIngress }) => SecurityGroupIngress);
    expect(open).toHaveLength(1);
    expect(
      open[0].SecurityGroupIngress.map(({ CidrIp, FromPort, ToPort }: Record<string, unknown>) => [
        CidrIp,
        FromPort,
        ToPort,
      ]),
    ).toEqual([
      ['0.0.0.0/0', 443, 443],
      ['0.0.0.0/0', 80, 80],
    ]);
    expect(open[0].SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
  });

  test('only load balancers of this account deliver into the bucket of requests, and it is there before them', () => {
    regional.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'DeliverRequests',
            Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
            Action: 's3:PutObject',
            Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': '333333333333' } }),
          }),
        ]),
      },
    });
    const [policy] = Object.keys(regional.findResources('AWS::S3::BucketPolicy'));
    regional.hasResource('AWS::ElasticLoadBalancingV2::LoadBalancer', { DependsOn: Match.arrayWith([policy]) });
  });
});

describe('the firewalls', () => {
  test('every public entry has one', () => {
    const protectedArns = Object.values(regional.findResources('AWS::WAFv2::WebACLAssociation')).map(({ Properties }) =>
      JSON.stringify(Properties.ResourceArn),
    );
    expect(protectedArns).toHaveLength(3);
    expect(protectedArns.filter((arn) => arn.includes('LoadBalancer'))).toHaveLength(1);
    expect(protectedArns.filter((arn) => arn.includes('Identity'))).toHaveLength(2);
  });

  test.each([
    [
      'the application',
      application,
      [
        'AmazonIpReputationList',
        'AnonymousIpList',
        'KnownBadInputsRuleSet',
        'CommonRuleSet',
        'SQLiRuleSet',
        'LinuxRuleSet',
      ],
    ],
    ['the user pools', directories, ['AmazonIpReputationList', 'KnownBadInputsRuleSet', 'CommonRuleSet']],
  ])('in front of %s every rule blocks, and no managed group is softened or scoped down', (_, rules, groups) => {
    const managed = rules.filter(({ OverrideAction }) => OverrideAction);
    expect(managed.map(({ OverrideAction, Statement }) => [OverrideAction, Statement])).toEqual(
      groups.map((name) => [
        { None: {} },
        { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: `AWSManagedRules${name}` } },
      ]),
    );
    const own = rules.filter(({ OverrideAction }) => !OverrideAction);
    expect(own.map(({ Name, Action }) => [Name, Object.keys(Action ?? {})])).toEqual(
      own.map(({ Name }) => [Name, ['Block']]),
    );
    expect(rules.map(({ Priority }) => Priority)).toEqual(rules.map((__, index) => index));
  });

  test('whatever they decide is written down, encrypted, and without credentials', () => {
    const [[logGroup] = ['']] = Object.entries(
      regional.findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: 'aws-waf-logs-production-edge' } }),
    );
    regional.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      Properties: { LogGroupName: 'aws-waf-logs-production-edge', RetentionInDays: 731, KmsKeyId: Match.anyValue() },
    });
    regional.resourceCountIs('AWS::WAFv2::LoggingConfiguration', 2);
    regional.allResourcesProperties('AWS::WAFv2::LoggingConfiguration', {
      LogDestinationConfigs: [
        { 'Fn::Join': ['', ['arn:aws:logs:eu-central-1:333333333333:log-group:', { Ref: logGroup }]] },
      ],
      RedactedFields: Match.arrayWith([
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'cookie' } },
      ]),
    });
    regional.allResourcesProperties('AWS::WAFv2::WebACL', {
      DataProtectionConfig: {
        DataProtections: [
          {
            Action: 'SUBSTITUTION',
            Field: { FieldType: 'SINGLE_HEADER', FieldKeys: Match.arrayWith(['authorization', 'cookie']) },
          },
        ],
      },
    });
  });

  test.each([
    ['limit-login', 100],
    ['limit-password-reset', 100],
    ['limit-contact', 100],
    ['limit-sign-up', 100],
    ['limit-billing', 300],
    ['limit-api', 2000],
    ['limit-api-credential', 2000],
    ['limit-public', 2000],
  ])('%s answers 429 above %i requests in five minutes', (name, limit) => {
    expect(rule(name)).toMatchObject({
      Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
      Statement: { RateBasedStatement: { Limit: limit, EvaluationWindowSec: 300 } },
    });
  });

  test('answers of its own carry HSTS and say nothing about the rule', () => {
    const own = application.filter(({ Action }) => Action);
    for (const { Action } of own) {
      expect(Action).toMatchObject({
        Block: {
          CustomResponse: {
            ResponseHeaders: expect.arrayContaining([
              { Name: 'Strict-Transport-Security', Value: 'max-age=31536000; includeSubDomains' },
            ]),
          },
        },
      });
    }
  });

  test('an organisation that names its addresses is closed to all others', () => {
    const organisations = [{ name: 'firm', host: 'firm.app.example.com', addresses: ['203.0.113.0/24'] }];
    const template = Template.fromStack(environment({ organisations }).edge);
    const rules = rulesOf(template, 'In front of the application');
    const sent = (host: string, origin = `https://${host}`) =>
      matching(rules, { method: 'POST', headers: { host, origin } });
    expect(sent('firm.app.example.com')).toEqual(['organisation-firm', 'limit-public']);
    expect(sent('app.example.com')).toEqual(['limit-public']);
    for (const same of ['firm.app.example.com:443', 'firm.app.example.com.', 'FIRM.app.example.com']) {
      expect(sent(same, 'https://firm.app.example.com')).toContain('organisation-firm');
    }
    // Its pages may send to itself and not to others
    expect(sent('app.example.com', 'https://firm.app.example.com')).toContain('cross-site-request');
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      SubjectAlternativeNames: ['firm.app.example.com'],
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', { Type: 'A', Name: 'firm.app.example.com.' });
  });

  test('fails on a host that is not below the domain', () => {
    const organisations = [{ name: 'firm', host: 'firm.example.com', addresses: ['203.0.113.0/24'] }];
    expect(() => environment({ organisations })).toThrow("host 'firm.example.com' is not below 'app.example.com'");
  });

  test('fails on a limit that AWS WAF does not take', () => {
    const limits = {
      login: 5,
      passwordReset: 100,
      contact: 100,
      signUp: 100,
      billing: 300,
      publicPages: 2000,
      api: 2000,
    };
    expect(() => environment({}, { rateLimits: limits })).toThrow('a rate limit is 5 requests in five minutes');
  });
});

describe('which requests the rules mean', () => {
  const caught = (request: Request) => matching(application, request);

  test.each([
    '/login',
    '/LOGIN',
    '/login/',
    '//login',
    '/./login',
    '/account/../login',
    '/%6Cogin',
    '/%256Cogin',
    '/login;jsessionid=1',
    '/api/v1/auth/sign-in',
  ])('the limit of sign-ins counts %s', (path) => {
    expect(caught({ path, method: 'POST' })).toContain('limit-login');
  });

  test.each([
    ['/password/reset', 'limit-password-reset'],
    ['/forgot-password', 'limit-password-reset'],
    ['/contact', 'limit-contact'],
    ['/signup', 'limit-sign-up'],
    ['/api/v2/billing/invoices', 'limit-billing'],
    ['/API/clients', 'limit-api'],
    ['/api//clients', 'limit-api-credential'],
    ['/', 'limit-public'],
  ])('%s is counted by %s', (path, name) => {
    expect(caught({ path })).toContain(name);
  });

  test('other routes are in nobody’s way', () => {
    expect(caught({ path: '/logins-explained' })).toEqual(['limit-public']);
    expect(caught({ path: '/apiary', headers: { cookie: 'session=1' } })).toEqual(['limit-public']);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'post', 'PROPFIND'])('%s from another site is refused', (method) => {
    const forged = 'cross-site-request';
    expect(caught({ method, headers: { 'sec-fetch-site': 'cross-site' } })).toContain(forged);
    expect(caught({ method, headers: { origin: 'https://evil.example' } })).toContain(forged);
    expect(caught({ method, headers: { origin: 'null' } })).toContain(forged);
    expect(caught({ method, headers: { origin: 'http://app.example.com' } })).toContain(forged);
    expect(caught({ method, headers: { origin: 'https://app.example.com.evil.example' } })).toContain(forged);
  });

  test('our own pages, callers without a browser, and reading are not refused', () => {
    const forged = 'cross-site-request';
    expect(
      caught({ method: 'POST', headers: { origin: 'https://app.example.com', 'sec-fetch-site': 'same-origin' } }),
    ).not.toContain(forged);
    expect(caught({ method: 'POST', path: '/webhooks/payment' })).not.toContain(forged);
    expect(caught({ method: 'GET', headers: { 'sec-fetch-site': 'cross-site' } })).not.toContain(forged);
  });

  test('what is too long to inspect is refused: bodies, headers and cookies', () => {
    const large = 'larger-than-inspected';
    expect(caught({ method: 'POST', body: 'x'.repeat(8193) })).toContain(large);
    expect(caught({ headers: { 'x-filler': 'x'.repeat(8193) } })).toContain(large);
    expect(caught({ headers: { cookie: 'x'.repeat(8193) } })).toContain(large);
    expect(caught({ method: 'POST', body: 'x'.repeat(8192) })).not.toContain(large);
  });

  test.each([
    '/wp-login.php',
    '/WP-ADMIN/',
    '/.env',
    '/%2eenv',
    '//.git/config',
    '/x/../phpmyadmin/index.php',
    '/cgi-bin/luci',
  ])('%s is a decoy, in front of the application and of the user pools', (path) => {
    expect(caught({ path })).toContain('honeypot');
    expect(matching(directories, { path })).toContain('honeypot');
  });

  test.each(['/environment', '/.well-known/security.txt', '/wp', '/solar', '/gitlab'])('%s is no decoy', (path) => {
    expect(caught({ path })).not.toContain('honeypot');
  });

  test.each(['/contact', '/Sign-Up', '/api/v1/register'])('sending to %s needs an answer to a challenge', (path) => {
    const name = path === '/contact' ? 'challenge-contact' : 'challenge-sign-up';
    expect(caught({ path, method: 'POST' })).toContain(name);
    expect(caught({ path, method: 'POST', headers: { 'x-challenge-answer': 'short' } })).toContain(name);
    expect(caught({ path, method: 'POST', headers: { 'x-challenge-answer': '0123456789abcdef' } })).not.toContain(name);
    expect(caught({ path })).not.toContain(name);
  });

  test('where cookies need not be strict the firewall sets the challenge, for every method', () => {
    const rules = rulesOf(cdn, 'In front of the application');
    for (const name of ['challenge-contact', 'challenge-sign-up']) {
      expect(rule(name, rules)?.Action).toEqual({ Captcha: {} });
    }
    expect(matching(rules, { path: '/contact' })).toContain('challenge-contact');
    expect(matching(rules, { path: '/contact', method: 'POST' })).toContain('challenge-contact');
    expect(JSON.stringify(application)).not.toMatch(/Captcha|Challenge"/);
  });
});

describe('the honeypot', () => {
  test('keeps both generations out of everything, before any other rule', () => {
    regional.resourceCountIs('AWS::WAFv2::IPSet', 4);
    for (const rules of [application, directories]) {
      expect(rules.slice(0, 2).map(({ Name }) => Name)).toEqual(['took-the-bait', 'honeypot']);
      const sets = JSON.stringify(rules[0]?.Statement).match(/IPSetReferenceStatement/g);
      expect(sets).toHaveLength(4);
    }
  });

  test('feeds what the log says about decoys to its function, and turns every twelve hours', () => {
    regional.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      FilterPattern: '{ ($.terminatingRuleId = "honeypot") && ($.action = "BLOCK") }',
    });
    regional.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(12 hours)',
      Targets: [Match.objectLike({ Input: '{"turn":true}' })],
    });
    regional.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ RECENT_V4: { Ref: Match.anyValue() }, EARLIER_V6: { Ref: Match.anyValue() } }),
      },
      VpcConfig: Match.anyValue(),
      DeadLetterConfig: Match.anyValue(),
    });
  });

  test('its function changes those sets and no other', () => {
    const policies = Object.values(regional.findResources('AWS::IAM::ManagedPolicy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const [keeps] = statements.filter(({ Sid }) => Sid === 'KeepAddresses');
    expect(keeps.Action).toEqual(['wafv2:GetIPSet', 'wafv2:UpdateIPSet']);
    expect(keeps.Resource).toHaveLength(4);
  });
});

describe('the domain', () => {
  test('only Amazon may issue for it, nobody a wildcard, and refusals are reported', () => {
    regional.hasResourceProperties('AWS::Route53::RecordSet', {
      Type: 'CAA',
      Name: 'app.example.com.',
      ResourceRecords: [
        '0 issue "amazon.com"',
        '0 issue "amazontrust.com"',
        '0 issue "awstrust.com"',
        '0 issue "amazonaws.com"',
        '0 issuewild ";"',
        '0 iodef "mailto:security@example.com"',
      ],
    });
  });

  test('its certificate is validated by DNS, renews by itself and is logged publicly', () => {
    regional.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: 'app.example.com',
      ValidationMethod: 'DNS',
      CertificateTransparencyLoggingPreference: 'ENABLED',
      KeyAlgorithm: 'EC_prime256v1',
    });
  });

  test('the public logs are read every six hours, and somebody hears of it', () => {
    regional.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(6 hours)' });
    regional.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          DOMAIN_NAME: 'app.example.com',
          MONITOR: 'https://crt.sh/',
          CERTIFICATES: { Ref: Match.anyValue() },
        }),
      },
    });
    audit.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'security@example.com' });
    audit.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    regional.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ source: ['aws.acm'] }),
      // A rule with a role may fail to deliver to an encrypted topic
      Targets: [Match.objectLike({ Arn: Match.anyValue(), RoleArn: Match.absent() })],
    });
  });
});

describe('static content', () => {
  test('in regional mode there is no delivery network, and no other Region is named', () => {
    const types = Object.values(regional.toJSON().Resources).map((resource) => JSON.stringify(resource));
    expect(types.filter((resource) => resource.includes('AWS::CloudFront'))).toEqual([]);
    expect(JSON.stringify(regional.toJSON())).not.toMatch(/us-east-1|cloudfront/i);
  });

  test('a delivery network passes nothing on: no session, no form, no API', () => {
    cdn.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['static.app.example.com'],
        WebACLId: contentDelivery.webAclArn,
        ViewerCertificate: {
          AcmCertificateArn: contentDelivery.certificateArn,
          MinimumProtocolVersion: 'TLSv1.2_2025',
        },
        DefaultCacheBehavior: { AllowedMethods: ['GET', 'HEAD'], ViewerProtocolPolicy: 'redirect-to-https' },
        CacheBehaviors: Match.absent(),
        Origins: [
          Match.objectLike({ S3OriginConfig: { OriginAccessIdentity: '' }, OriginAccessControlId: Match.anyValue() }),
        ],
        Logging: { IncludeCookies: false },
      },
    });
    cdn.hasResourceProperties('AWS::CloudFront::CachePolicy', {
      CachePolicyConfig: {
        ParametersInCacheKeyAndForwardedToOrigin: {
          CookiesConfig: { CookieBehavior: 'none' },
          HeadersConfig: { HeaderBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'none' },
        },
      },
    });
    cdn.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: { StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, Override: true } },
      },
    });
  });

  test('a profile of TLS 1.3 only has it there too', () => {
    const strict = Template.fromStack(environment({ contentDelivery }, { edgeMode: 'cdn' }).edge);
    strict.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.3_2025', SslSupportMethod: 'sni-only' },
      },
    });
  });

  test('fails without certificate and firewall, naming the setting', () => {
    const settings = { ...readEnvironment('production'), contentDelivery: undefined };
    expect(() => environment(settings, { edgeMode: 'cdn' })).toThrow('contentDelivery is missing');
  });

  test.each(['eusc-de-east-1', 'eu-south-1', 'eu-south-2'] as const)('fails in %s, which cannot have one', (region) => {
    expect(() => environment({ contentDelivery, region }, { edgeMode: 'cdn' })).toThrow(`region is '${region}'`);
  });
});
