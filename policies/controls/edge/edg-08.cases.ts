import { addBeside, type ControlCases, remove, set } from '../../../lib/control/cases';

const distribution = 'AWS::CloudFront::Distribution';
const acl = 'AWS::WAFv2::WebACL';
const api = 'AWS::ApiGateway::RestApi';

const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
const cdn = { 'edge.mode': 'cdn' };
const inside = { Resources: { Acl: { Type: acl, Properties: { Scope: 'REGIONAL' } } } };

/** As CDK renders a bucket behind an origin access control. */
const files = {
  Resources: {
    Files: { Type: 'AWS::S3::Bucket', Properties: {} },
    Log: { Type: 'AWS::S3::Bucket', Properties: {} },
    Access: {
      Type: 'AWS::CloudFront::OriginAccessControl',
      Properties: {
        OriginAccessControlConfig: {
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      },
    },
    Cache: {
      Type: 'AWS::CloudFront::CachePolicy',
      Properties: {
        CachePolicyConfig: {
          ParametersInCacheKeyAndForwardedToOrigin: {
            CookiesConfig: { CookieBehavior: 'none' },
            HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Accept'] },
          },
        },
      },
    },
    Cdn: {
      Type: distribution,
      Properties: {
        DistributionConfig: {
          Origins: [
            {
              DomainName: attribute('Files', 'RegionalDomainName'),
              OriginAccessControlId: attribute('Access', 'Id'),
              S3OriginConfig: { OriginAccessIdentity: '' },
            },
          ],
          DefaultCacheBehavior: {
            AllowedMethods: ['GET', 'HEAD'],
            CachePolicyId: { Ref: 'Cache' },
            ViewerProtocolPolicy: 'redirect-to-https',
          },
          CacheBehaviors: [
            {
              PathPattern: '/fonts/*',
              CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
              ViewerProtocolPolicy: 'https-only',
            },
          ],
          Logging: { Bucket: attribute('Log', 'RegionalDomainName') },
        },
      },
    },
  },
};

const delivered = 'files of a bucket, where the profile allows a delivery network';
const regional = 'firewall of the Region';
const entrances = 'API and sign-in in the Region';
const notShipped = 'the profile that the own stacks are tried under stays in its Region';
const config = (path: string) => `DistributionConfig.${path}`;

export const cases: ControlCases = {
  compliant: {
    [regional]: { template: inside },
    [entrances]: {
      template: {
        Resources: {
          Api: { Type: api, Properties: { EndpointConfiguration: { Types: ['REGIONAL'] } } },
          SignIn: { Type: 'AWS::Cognito::UserPoolDomain', Properties: { Domain: 'sign-in' } },
        },
      },
    },
    [delivered]: { template: files, figures: cdn },
  },
  mutations: [
    {
      name: 'a distribution is added where the service stays in its Region',
      of: regional,
      edit: addBeside(acl, 'Cdn', () => ({ Type: distribution, Properties: {} })),
      expect: { message: 'worldwide', at: 'Cdn' },
    },
    {
      name: 'an accelerator is added where the service stays in its Region',
      of: regional,
      edit: addBeside(acl, 'Fast', () => ({ Type: 'AWS::GlobalAccelerator::Accelerator', Properties: {} })),
      expect: { message: 'worldwide', at: 'Fast' },
    },
    {
      name: 'a firewall becomes one of CloudFront, whose logs lie in another country',
      of: regional,
      edit: set(acl, 'Scope', 'CLOUDFRONT'),
      expect: { message: 'worldwide' },
    },
    {
      name: 'a type of CloudFront that nobody knows is added',
      of: regional,
      edit: addBeside(acl, 'New', () => ({ Type: 'AWS::CloudFront::NewThing', Properties: {} })),
      expect: { message: 'not-assessed', at: 'AWS::CloudFront::NewThing' },
    },
    {
      name: 'an API does not say where it is answered',
      of: entrances,
      edit: remove(api, 'EndpointConfiguration'),
      expect: { message: 'worldwide' },
      notShipped: 'the project deploys no API of API Gateway',
    },
    {
      name: 'an API is answered at the edges',
      of: entrances,
      edit: set(api, 'EndpointConfiguration.Types', ['EDGE']),
      expect: { message: 'worldwide' },
      notShipped: 'the project deploys no API of API Gateway',
    },
    {
      name: 'sign-in has a domain of its own, which CloudFront answers',
      of: entrances,
      edit: set('AWS::Cognito::UserPoolDomain', 'CustomDomainConfig', { CertificateArn: 'arn:aws:acm:x' }),
      expect: { message: 'worldwide' },
      notShipped: 'the project deploys no sign-in domain',
    },
    {
      name: 'the application is delivered from the edges',
      of: delivered,
      edit: set(distribution, config('Origins.1'), {
        DomainName: 'app.example.com',
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
      }),
      expect: { message: 'dynamicOrigin' },
      notShipped,
    },
    {
      name: 'the bucket is read without a signature',
      of: delivered,
      edit: remove(distribution, config('Origins.0.OriginAccessControlId')),
      expect: { message: 'unsignedOrigin' },
      notShipped,
    },
    {
      name: 'the origin access control never signs',
      of: delivered,
      edit: set('AWS::CloudFront::OriginAccessControl', 'OriginAccessControlConfig.SigningBehavior', 'never'),
      expect: { message: 'unsignedOrigin', at: 'Cdn' },
      notShipped,
    },
    {
      name: 'visitors may come over plain HTTP',
      of: delivered,
      edit: set(distribution, config('DefaultCacheBehavior.ViewerProtocolPolicy'), 'allow-all'),
      expect: { message: 'plainViewers' },
      notShipped,
    },
    {
      name: 'one behaviour among several answers over plain HTTP',
      of: delivered,
      edit: set(distribution, config('CacheBehaviors.0.ViewerProtocolPolicy'), 'allow-all'),
      expect: { message: 'plainViewers' },
      notShipped,
    },
    {
      name: 'forms may be sent through the edges',
      of: delivered,
      edit: set(distribution, config('DefaultCacheBehavior.AllowedMethods.2'), 'POST'),
      expect: { message: 'writes' },
      notShipped,
    },
    {
      name: 'sessions are cached under',
      of: delivered,
      edit: set(
        'AWS::CloudFront::CachePolicy',
        'CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.CookiesConfig.CookieBehavior',
        'all',
      ),
      expect: { message: 'personalCache', at: 'Cdn' },
      notShipped,
    },
    {
      name: 'credentials are cached under',
      of: delivered,
      edit: set(
        'AWS::CloudFront::CachePolicy',
        'CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.Headers.0',
        'authorization',
      ),
      expect: { message: 'personalCache', at: 'Cdn' },
      notShipped,
    },
    {
      name: 'nothing is logged',
      of: delivered,
      edit: remove(distribution, config('Logging')),
      expect: { message: 'unlogged' },
      notShipped,
    },
  ],
  others: [
    {
      name: 'fails where a delivery network is promised and none is there',
      figures: cdn,
      template: inside,
      expect: { '': { message: 'absent' } },
    },
    {
      name: 'a log in another country breaks it',
      figures: cdn,
      region: 'us-east-1',
      template: files,
      expect: { Cdn: { message: 'logAbroad' } },
    },
    {
      name: 'a log in a bucket of nobody knows where is not assessed',
      figures: cdn,
      template: {
        Resources: {
          ...files.Resources,
          Cdn: {
            Type: distribution,
            Properties: {
              DistributionConfig: {
                ...files.Resources.Cdn.Properties.DistributionConfig,
                Logging: { Bucket: 'logs.s3.amazonaws.com' },
              },
            },
          },
        },
      },
      expect: { Cdn: 'not-assessed' },
    },
    {
      name: 'a distribution that one branch of a condition makes breaks the promise to stay in the Region',
      template: {
        Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
        Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } },
        Resources: { Cdn: { Type: distribution, Condition: 'IsDev', Properties: {} } },
      },
      expect: { Cdn: { message: 'worldwide' } },
    },
    {
      name: 'a load balancer is no concern',
      template: { Resources: { Door: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' } } },
      expect: {},
    },
  ],
  absentKeeps: {
    'AWS::CloudFront::Distribution: DistributionConfig.DefaultCacheBehavior.AllowedMethods':
      'GET and HEAD: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_AllowedMethods.html',
    'AWS::CloudFront::Distribution: DistributionConfig.DefaultCacheBehavior.AllowedMethods.*':
      'one method less lets less through',
    'AWS::CloudFront::Distribution: DistributionConfig.CacheBehaviors': 'one behaviour less delivers less',
    'AWS::CloudFront::CachePolicy: CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.Headers.*':
      'one header less is cached under',
  },
};
