import { addBeside, type ControlCases, remove, set } from '../../../lib/control/cases';

const listener = 'AWS::ElasticLoadBalancingV2::Listener';
const distribution = 'AWS::CloudFront::Distribution';
const restApi = 'AWS::ApiGateway::RestApi';
const domainName = 'AWS::ApiGateway::DomainName';

const balanced = 'load balancer that redirects to TLS 1.3';
const cdn = 'distribution with a certificate of its own';
const api = 'REST API with a domain name';
const older = 'TLS 1.2 with forward secrecy where the profile asks no more';

const noApi = 'the project deploys no API Gateway';
const noCdn = 'only the cdn mode deploys a distribution';

function listenerOf(properties: Readonly<Record<string, unknown>>) {
  return { Resources: { Https: { Type: listener, Properties: { Port: 443, Protocol: 'HTTPS', ...properties } } } };
}

function endpoint(type: string, Properties: Readonly<Record<string, unknown>> = {}) {
  return { Type: type, Properties };
}

export const cases: ControlCases = {
  compliant: {
    [balanced]: {
      template: {
        Resources: {
          Balancer: endpoint('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' }),
          Https: endpoint(listener, {
            LoadBalancerArn: { Ref: 'Balancer' },
            Port: 443,
            Protocol: 'HTTPS',
            SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09',
          }),
          Http: endpoint(listener, {
            LoadBalancerArn: { Ref: 'Balancer' },
            Port: 80,
            Protocol: 'HTTP',
            DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
          }),
        },
      },
    },
    'TLS listener of a Network Load Balancer': {
      template: listenerOf({ Protocol: 'TLS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09' }),
    },
    [cdn]: {
      template: {
        Resources: {
          Site: endpoint(distribution, {
            DistributionConfig: {
              ViewerCertificate: {
                AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
                MinimumProtocolVersion: 'TLSv1.3_2025',
                SslSupportMethod: 'sni-only',
              },
            },
          }),
        },
      },
    },
    [api]: {
      template: {
        Resources: {
          Api: endpoint(restApi, {
            SecurityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09',
            EndpointAccessMode: 'STRICT',
            DisableExecuteApiEndpoint: true,
          }),
          Name: endpoint(domainName, {
            SecurityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09',
            EndpointAccessMode: 'STRICT',
          }),
        },
      },
    },
    [older]: {
      figures: { 'edge.minTls': '1.2' },
      template: {
        Resources: {
          Https: endpoint(listener, { Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09' }),
          Search: endpoint('AWS::OpenSearchService::Domain', {
            DomainEndpointOptions: { TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
          }),
        },
      },
    },
  },
  mutations: [
    ...[
      ['1.2 still accepted', 'ELBSecurityPolicy-TLS13-1-2-2021-06'],
      ['1.2 still accepted, post-quantum or not', 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09'],
      ['the policy that CDK calls recommended', 'ELBSecurityPolicy-2016-08'],
      ['1.0 still accepted under a FIPS name', 'ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04'],
    ].map(([name = '', policy]) => ({
      name,
      of: balanced,
      edit: set(listener, 'SslPolicy', policy),
      target: 'Https',
      expect: { message: 'weakPolicy' },
    })),
    {
      name: 'policy forgotten: the default begins at TLS 1.0',
      of: balanced,
      edit: remove(listener, 'SslPolicy'),
      target: 'Https',
      expect: { message: 'noPolicy' },
    },
    {
      name: 'policy that is younger than the lists',
      of: balanced,
      edit: set(listener, 'SslPolicy', 'ELBSecurityPolicy-TLS13-1-3-2031-01'),
      target: 'Https',
      expect: { message: 'not-assessed' },
    },
    {
      name: 'static RSA under a 1.2 floor',
      of: older,
      edit: set(listener, 'SslPolicy', 'ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06'),
      expect: { message: 'weakPolicy' },
      notShipped: 'the default profile asks for 1.3',
    },
    {
      name: 'search domain with static RSA',
      of: older,
      edit: set(
        'AWS::OpenSearchService::Domain',
        'DomainEndpointOptions.TLSSecurityPolicy',
        'Policy-Min-TLS-1-2-2019-07',
      ),
      expect: { message: 'weakPolicy' },
      notShipped: 'the project deploys no search domain',
    },
    {
      name: 'CloudFront that accepts 1.2',
      of: cdn,
      edit: set(distribution, 'DistributionConfig.ViewerCertificate.MinimumProtocolVersion', 'TLSv1.2_2021'),
      expect: { message: 'weakPolicy' },
      notShipped: noCdn,
    },
    {
      name: 'CloudFront with the certificate of everybody',
      of: cdn,
      edit: set(distribution, 'DistributionConfig.ViewerCertificate.CloudFrontDefaultCertificate', true),
      expect: { message: 'defaultCertificate' },
      notShipped: noCdn,
    },
    {
      name: 'CloudFront without any certificate',
      of: cdn,
      edit: remove(distribution, 'DistributionConfig.ViewerCertificate'),
      expect: { message: 'defaultCertificate' },
      notShipped: noCdn,
    },
    {
      name: 'domain name with the legacy policy',
      of: api,
      edit: set(domainName, 'SecurityPolicy', 'TLS_1_2'),
      expect: { message: 'weakPolicy' },
      notShipped: noApi,
    },
    {
      name: 'API whose own policy undercuts the one of its domain',
      of: api,
      edit: set(restApi, 'SecurityPolicy', 'SecurityPolicy_TLS13_1_2_PQ_2025_09'),
      expect: { message: 'weakPolicy' },
      notShipped: noApi,
    },
    {
      name: 'API without a policy behind a strict domain',
      of: api,
      edit: remove(restApi, 'SecurityPolicy'),
      expect: { message: 'executeApi' },
      notShipped: noApi,
    },
    {
      name: 'API that takes the handshake of another name',
      of: api,
      edit: set(restApi, 'EndpointAccessMode', 'BASIC'),
      expect: { message: 'looseAccess' },
      notShipped: noApi,
    },
    ...[
      ['WebSocket API', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }],
      ['hosted sign-in pages', 'AWS::Cognito::UserPoolDomain', { Domain: 'x' }],
      ['GraphQL API', 'AWS::AppSync::GraphQLApi', { Name: 'x' }],
      ['event API', 'AWS::AppSync::Api', { Name: 'x' }],
      ['function with an address of its own', 'AWS::Lambda::Url', { AuthType: 'AWS_IAM' }],
    ].map(([name, type, properties]) => ({
      name: `side door: ${name}`,
      of: balanced,
      edit: addBeside(listener, 'SideDoor', () => ({ Type: type, Properties: properties })),
      target: 'Https',
      expect: { message: 'fixedTls', at: 'SideDoor' },
    })),
    {
      name: 'side door: website of a bucket',
      of: balanced,
      edit: addBeside(listener, 'SideDoor', () =>
        endpoint('AWS::S3::Bucket', { WebsiteConfiguration: { IndexDocument: 'index.html' } }),
      ),
      target: 'Https',
      expect: { message: 'website', at: 'SideDoor' },
    },
    {
      name: 'side door of a kind that nobody knows here',
      of: balanced,
      edit: addBeside(listener, 'SideDoor', () => endpoint('AWS::AppRunner::Service')),
      target: 'Https',
      expect: { message: 'not-assessed', at: 'SideDoor' },
    },
    {
      name: 'TCP passed through to nobody knows what',
      of: balanced,
      edit: set(listener, 'Protocol', 'TCP'),
      target: 'Https',
      expect: { message: 'not-assessed' },
    },
  ],
  others: [
    {
      name: 'fails closed without any endpoint',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' }, Files: 'not-applicable' },
    },
    {
      name: 'an API or a search domain that only a VPC reaches is no public endpoint',
      template: {
        Resources: {
          Api: endpoint(restApi, { EndpointConfiguration: { Types: ['PRIVATE'] } }),
          Graph: endpoint('AWS::AppSync::GraphQLApi', { Visibility: 'PRIVATE' }),
          Search: endpoint('AWS::OpenSearchService::Domain', { VPCOptions: { SubnetIds: ['subnet-1'] } }),
        },
      },
      expect: { Api: 'not-applicable', Graph: 'not-applicable', Search: 'not-applicable' },
    },
    {
      name: 'TCP to an Application Load Balancer is decided by that one',
      template: {
        Resources: {
          Front: endpoint(listener, {
            Protocol: 'TCP',
            DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }],
          }),
          Group: endpoint('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'alb', Protocol: 'TCP' }),
        },
      },
      expect: { Front: 'not-applicable' },
    },
    {
      name: 'fails where one branch of a condition accepts 1.2',
      template: {
        Parameters: { Old: { Type: 'String', Default: 'no' } },
        Conditions: { IsOld: { 'Fn::Equals': [{ Ref: 'Old' }, 'yes'] } },
        ...listenerOf({
          SslPolicy: {
            'Fn::If': ['IsOld', 'ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-TLS13-1-3-2021-06'],
          },
        }),
      },
      expect: { Https: { message: 'weakPolicy' } },
    },
    {
      name: 'service endpoints keep a floor of 1.2; HTTP APIs offer static RSA',
      figures: { 'edge.minTls': '1.2' },
      template: {
        Resources: {
          Pages: endpoint('AWS::Cognito::UserPoolDomain'),
          Http: endpoint('AWS::ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
          Legacy: endpoint(restApi, { DisableExecuteApiEndpoint: true }),
        },
      },
      expect: { Pages: 'satisfied', Http: { message: 'fixedTls' }, Legacy: 'not-assessed' },
    },
    {
      name: 'a website that nobody outside may read opens nothing',
      template: {
        Resources: {
          Files: endpoint('AWS::S3::Bucket', {
            WebsiteConfiguration: { IndexDocument: 'index.html' },
            PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
          }),
        },
      },
      expect: { Files: 'not-applicable' },
    },
  ],
  absentKeeps: {
    'AWS::CloudFront::Distribution: DistributionConfig.ViewerCertificate.CloudFrontDefaultCertificate':
      'false where another certificate is named (ViewerCertificate)',
  },
  indifferent: {
    'AWS::CloudFront::Distribution: DistributionConfig.ViewerCertificate.AcmCertificateArn':
      'only that there is one counts: without it the default certificate answers',
    'AWS::ApiGateway::RestApi: EndpointConfiguration.Types':
      'only an API that is private alone is spared; else the policy decides',
    'AWS::OpenSearchService::Domain: VPCOptions': 'only a domain within a VPC is spared; else the policy decides',
  },
};
