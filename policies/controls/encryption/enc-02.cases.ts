import { addBeside, type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const listener = 'AWS::ElasticLoadBalancingV2::Listener';
const group = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const distribution = 'AWS::CloudFront::Distribution';
const headers = 'AWS::CloudFront::ResponseHeadersPolicy';
const bucket = 'AWS::S3::Bucket';
const bucketPolicy = 'AWS::S3::BucketPolicy';
const topicPolicy = 'AWS::SNS::TopicPolicy';
const task = 'AWS::ECS::TaskDefinition';
const hsts = 'ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity';
const deny = 'PolicyDocument.Statement.0';

const calling = 'APIs that call over HTTPS';
const balanced = 'load balancer that redirects, and its encrypted targets';
const cdn = 'distribution for static files';
const stores = 'bucket, topic and queue that refuse plain HTTP';
const proxied = 'load balancer whose proxy sends the header';
const noCdn = 'only the cdn mode deploys a distribution';
const noQueue = 'the project deploys no queue';

function endpoint(type: string, Properties: Readonly<Record<string, unknown>> = {}) {
  return { Type: type, Properties };
}

function attributes(value: string) {
  return [{ Key: 'routing.http.response.strict_transport_security.header_value', Value: value }];
}

const redirect = {
  Type: 'redirect',
  RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
};

function denyPlain(Action: string, Resource: unknown) {
  return {
    Statement: [
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action,
        Resource,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
}

/** Listeners of a protocol, among the project's own. */
function speaks(protocol: string) {
  return ({ Properties }: Json) => isObject(Properties) && Properties.Protocol === protocol;
}

/** Edits the statements of a bucket's policy that speak of transport, wherever they stand in the list. */
function editDenials(edit: (statement: Json) => void) {
  return change(bucketPolicy, ({ PolicyDocument: policy }) => {
    const statements = isObject(policy) && Array.isArray(policy.Statement) ? policy.Statement : [];
    for (const statement of statements.filter((each) => JSON.stringify(each).includes('aws:SecureTransport'))) {
      edit(statement);
    }
  });
}

function proxiedBy(configuration: string) {
  return {
    Resources: {
      Https: endpoint(listener, {
        Protocol: 'HTTPS',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
      }),
      Targets: endpoint(group, { Protocol: 'HTTPS', TargetType: 'ip' }),
      Service: endpoint('AWS::ECS::Service', {
        LoadBalancers: [{ ContainerName: 'proxy', ContainerPort: 8443, TargetGroupArn: { Ref: 'Targets' } }],
        TaskDefinition: { Ref: 'Task' },
      }),
      Task: endpoint(task, {
        ContainerDefinitions: [{ Name: 'proxy', Environment: [{ Name: 'PROXY_CONFIGURATION', Value: configuration }] }],
      }),
    },
  };
}

const year = 'add_header Strict-Transport-Security "max-age=31536000" always;';

export const cases: ControlCases = {
  compliant: {
    [calling]: {
      template: {
        Resources: {
          Https: endpoint(listener, {
            Protocol: 'HTTPS',
            ListenerAttributes: attributes('max-age=31536000; includeSubDomains'),
          }),
          Orders: endpoint('AWS::ApiGateway::Method', {
            Integration: { Type: 'HTTP_PROXY', Uri: 'https://backend.example.com/orders' },
          }),
          Function: endpoint('AWS::ApiGatewayV2::Integration', {
            IntegrationUri: {
              'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/functions/f/invocations',
            },
          }),
        },
      },
    },
    [balanced]: {
      template: {
        Resources: {
          Https: endpoint(listener, {
            Protocol: 'HTTPS',
            ListenerAttributes: attributes('max-age=31536000; includeSubDomains'),
            DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
          }),
          Http: endpoint(listener, { Protocol: 'HTTP', DefaultActions: [redirect] }),
          Targets: endpoint(group, { Protocol: 'HTTPS', TargetType: 'ip', Port: 8443 }),
        },
      },
    },
    [cdn]: {
      template: {
        Resources: {
          Site: endpoint(distribution, {
            DistributionConfig: {
              DefaultCacheBehavior: {
                ViewerProtocolPolicy: 'redirect-to-https',
                ResponseHeadersPolicyId: { Ref: 'Headers' },
              },
              CacheBehaviors: [
                {
                  PathPattern: '/api/*',
                  ViewerProtocolPolicy: 'https-only',
                  ResponseHeadersPolicyId: { Ref: 'Headers' },
                },
              ],
              Origins: [
                { Id: 'files', S3OriginConfig: {} },
                { Id: 'app', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } },
              ],
            },
          }),
          Headers: endpoint(headers, {
            ResponseHeadersPolicyConfig: {
              SecurityHeadersConfig: {
                StrictTransportSecurity: { AccessControlMaxAgeSec: 31536000, IncludeSubdomains: true, Override: true },
              },
            },
          }),
        },
      },
    },
    [stores]: {
      template: {
        Resources: {
          Files: endpoint(bucket),
          FilesPolicy: endpoint(bucketPolicy, {
            Bucket: { Ref: 'Files' },
            PolicyDocument: denyPlain('s3:*', [
              { 'Fn::GetAtt': ['Files', 'Arn'] },
              { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Files', 'Arn'] }, '/*']] },
            ]),
          }),
          Alarms: endpoint('AWS::SNS::Topic'),
          AlarmsPolicy: endpoint(topicPolicy, {
            Topics: [{ Ref: 'Alarms' }],
            PolicyDocument: denyPlain('sns:Publish', { Ref: 'Alarms' }),
          }),
          Jobs: endpoint('AWS::SQS::Queue'),
          JobsPolicy: endpoint('AWS::SQS::QueuePolicy', {
            Queues: [{ Ref: 'Jobs' }],
            PolicyDocument: denyPlain('sqs:*', { 'Fn::GetAtt': ['Jobs', 'Arn'] }),
          }),
          Https: endpoint(listener, { Protocol: 'HTTPS', ListenerAttributes: attributes('max-age=63072000') }),
        },
      },
    },
    [proxied]: {
      template: proxiedBy(`http { ${year} server { listen 8443 ssl; location / { proxy_pass http://a; } } }`),
    },
  },
  mutations: [
    {
      name: 'a REST API calls what is behind it over HTTP',
      of: calling,
      edit: set('AWS::ApiGateway::Method', 'Integration.Uri', 'http://backend.example.com/orders'),
      expect: { message: 'plainIntegration' },
      notShipped: 'the project deploys no API Gateway',
    },
    {
      name: 'an HTTP API calls what is behind it over HTTP',
      of: calling,
      edit: set('AWS::ApiGatewayV2::Integration', 'IntegrationUri', 'HTTP://backend.example.com'),
      expect: { message: 'plainIntegration' },
      notShipped: 'the project deploys no API Gateway',
    },
    {
      name: 'HTTP forwards to the targets',
      of: balanced,
      edit: set(listener, 'DefaultActions', [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }]),
      target: 'Http',
      expect: { message: 'plaintext' },
      shippedWhere: speaks('HTTP'),
    },
    {
      name: 'the redirect is for now only',
      of: balanced,
      edit: set(listener, 'DefaultActions.0.RedirectConfig.StatusCode', 'HTTP_302'),
      target: 'Http',
      expect: { message: 'plaintext' },
      shippedWhere: speaks('HTTP'),
    },
    {
      name: 'the redirect stays on HTTP',
      of: balanced,
      edit: remove(listener, 'DefaultActions.0.RedirectConfig.Protocol'),
      target: 'Http',
      expect: { message: 'plaintext' },
      shippedWhere: speaks('HTTP'),
    },
    {
      name: 'a rule of the HTTP listener forwards',
      of: balanced,
      edit: addBeside(listener, 'Rule', (beside) =>
        endpoint('AWS::ElasticLoadBalancingV2::ListenerRule', {
          ListenerArn: { Ref: beside },
          Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
        }),
      ),
      target: 'Http',
      expect: { message: 'plaintext' },
      shippedWhere: speaks('HTTP'),
    },
    {
      name: 'header off',
      of: balanced,
      edit: set(listener, 'ListenerAttributes', []),
      target: 'Https',
      expect: { message: 'noHsts' },
      shippedWhere: speaks('HTTPS'),
    },
    {
      name: 'header for half a year',
      of: balanced,
      edit: set(listener, 'ListenerAttributes', attributes('max-age=15552000')),
      target: 'Https',
      expect: { message: 'shortHsts' },
      shippedWhere: speaks('HTTPS'),
    },
    {
      name: 'targets in clear text',
      of: balanced,
      edit: set(group, 'Protocol', 'HTTP'),
      expect: { message: 'plainTarget' },
    },
    {
      name: 'TCP passed on to nobody knows what',
      of: balanced,
      edit: set(listener, 'Protocol', 'TCP'),
      target: 'Https',
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a location of the proxy adds headers of its own and loses the inherited one',
      of: proxied,
      edit: change(task, (properties) => {
        properties.ContainerDefinitions = [
          {
            Name: 'proxy',
            Environment: [
              {
                Name: 'PROXY_CONFIGURATION',
                Value: `http { ${year} server { location /x { add_header X-Frame-Options DENY always; } } }`,
              },
            ],
          },
        ];
      }),
      expect: { message: 'proxyHsts', at: 'Https' },
      notShipped: 'the listener sends the header itself',
    },
    {
      name: 'errors of the proxy go out without the header',
      of: proxied,
      edit: set(
        task,
        'ContainerDefinitions.0.Environment.0.Value',
        'http { add_header Strict-Transport-Security "max-age=31536000"; server { location / { } } }',
      ),
      expect: { message: 'proxyHsts', at: 'Https' },
      notShipped: 'the listener sends the header itself',
    },
    ...[
      [
        'plain HTTP served on a path',
        'DistributionConfig.CacheBehaviors.0.ViewerProtocolPolicy',
        'allow-all',
        'allowAll',
      ],
      ['plain HTTP served', 'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy', 'allow-all', 'allowAll'],
      [
        'origin fetched as the viewer asks',
        'DistributionConfig.Origins.1.CustomOriginConfig.OriginProtocolPolicy',
        'match-viewer',
        'plainOrigin',
      ],
    ].map(([name = '', path = '', value, message = '']) => ({
      name,
      of: cdn,
      edit: set(distribution, path, value),
      expect: { message },
      notShipped: noCdn,
    })),
    {
      name: 'a path without the headers policy',
      of: cdn,
      edit: remove(distribution, 'DistributionConfig.CacheBehaviors.0.ResponseHeadersPolicyId'),
      expect: { message: 'noHsts' },
      notShipped: noCdn,
    },
    {
      name: 'headers policy with a short life',
      of: cdn,
      edit: set(headers, `${hsts}.AccessControlMaxAgeSec`, 300),
      expect: { message: 'shortHsts', at: 'Site' },
      notShipped: noCdn,
    },
    {
      name: 'headers policy that yields to the origin',
      of: cdn,
      edit: set(headers, `${hsts}.Override`, false),
      expect: { message: 'originHsts', at: 'Site' },
      notShipped: noCdn,
    },
    {
      name: 'bucket policy gone',
      of: stores,
      edit: removeResource(bucketPolicy),
      expect: { message: 'noDeny', at: 'Files' },
    },
    {
      name: 'the policy denies reading only',
      of: stores,
      edit: editDenials((statement) => {
        statement.Action = 's3:GetObject';
      }),
      expect: { message: 'noDeny', at: 'Files' },
    },
    {
      name: 'the policy denies one role only',
      of: stores,
      edit: editDenials((statement) => {
        statement.Principal = { AWS: 'arn:aws:iam::111122223333:role/guest' };
      }),
      expect: { message: 'noDeny', at: 'Files' },
    },
    {
      name: 'the policy denies encrypted transport instead',
      of: stores,
      edit: editDenials((statement) => {
        statement.Condition = { Bool: { 'aws:SecureTransport': 'true' } };
      }),
      expect: { message: 'noDeny', at: 'Files' },
    },
    {
      name: 'the policy denies from one network only',
      of: stores,
      edit: editDenials((statement) => {
        statement.Condition = { Bool: { 'aws:SecureTransport': 'false' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
      }),
      expect: { message: 'noDeny', at: 'Files' },
    },
    {
      name: 'the policy leaves the objects out',
      of: stores,
      edit: editDenials((statement) => {
        statement.Resource = Array.isArray(statement.Resource) ? statement.Resource.slice(0, 1) : [];
      }),
      expect: { message: 'noDeny', at: 'Files' },
    },
    {
      name: 'topic in clear text',
      of: stores,
      edit: removeResource(topicPolicy),
      expect: { message: 'noDeny', at: 'Alarms' },
    },
    {
      name: 'queue in clear text',
      of: stores,
      edit: set('AWS::SQS::QueuePolicy', `${deny}.Effect`, 'Allow'),
      expect: { message: 'noDeny', at: 'Jobs' },
      notShipped: noQueue,
    },
    {
      name: 'bucket with a website',
      of: stores,
      edit: set(bucket, 'WebsiteConfiguration', { IndexDocument: 'index.html' }),
      expect: { message: 'website' },
      notShipped: 'the buckets of the project let nobody outside read, so a website opens nothing',
    },
  ],
  others: [
    {
      name: 'a Classic Load Balancer cannot redirect: HTTP is clear text, and behind anything else it decides nothing',
      presentOnly: true,
      template: {
        Resources: {
          Plain: endpoint('AWS::ElasticLoadBalancing::LoadBalancer', { Listeners: [{ Protocol: 'http' }] }),
          Encrypted: endpoint('AWS::ElasticLoadBalancing::LoadBalancer', { Listeners: [{ Protocol: 'HTTPS' }] }),
        },
      },
      expect: { Plain: { message: 'plaintext' }, Encrypted: 'not-assessed' },
    },
    {
      name: 'fails closed where nothing answers the web',
      template: { Resources: { Key: { Type: 'AWS::KMS::Key' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a refusal in clear text tells nothing',
      template: {
        Resources: {
          Http: endpoint(listener, {
            Protocol: 'HTTP',
            DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } }],
          }),
        },
      },
      expect: { Http: 'satisfied' },
    },
    {
      name: 'a page in clear text breaks it',
      template: {
        Resources: {
          Http: endpoint(listener, {
            Protocol: 'HTTP',
            DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
          }),
        },
      },
      expect: { Http: { message: 'plaintext' } },
    },
    {
      name: 'an internal load balancer meets no browser from outside; functions have no transport of their own',
      template: {
        Resources: {
          Inside: endpoint('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }),
          Https: endpoint(listener, { Protocol: 'HTTPS', LoadBalancerArn: { Ref: 'Inside' } }),
          Code: endpoint(group, { TargetType: 'lambda' }),
        },
      },
      expect: { Https: 'satisfied', Code: 'not-applicable' },
    },
    {
      name: 'policies of AWS that send the header keep it, others cannot be looked into',
      template: {
        Resources: {
          Known: endpoint(distribution, {
            DistributionConfig: {
              DefaultCacheBehavior: {
                ViewerProtocolPolicy: 'https-only',
                ResponseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03',
              },
              Origins: [{ S3OriginConfig: {} }],
            },
          }),
          Unknown: endpoint(distribution, {
            DistributionConfig: {
              DefaultCacheBehavior: {
                ViewerProtocolPolicy: 'https-only',
                ResponseHeadersPolicyId: '00000000-0000-4000-8000-000000000000',
              },
              Origins: [{ S3OriginConfig: {} }],
            },
          }),
        },
      },
      expect: { Known: 'satisfied', Unknown: 'not-assessed' },
    },
    {
      name: 'a bucket named by its text, guarded by a policy that is written by hand',
      template: {
        Resources: {
          Files: endpoint(bucket, { BucketName: 'my-files' }),
          FilesPolicy: endpoint(bucketPolicy, {
            Bucket: 'my-files',
            PolicyDocument: {
              Statement: {
                ...denyPlain('*', ['arn:aws:s3:::my-files', 'arn:aws:s3:::my-files/*']).Statement[0],
                Principal: '*',
              },
            },
          }),
        },
      },
      expect: { Files: 'satisfied' },
    },
    {
      name: 'classic load balancers are not assessed',
      template: { Resources: { Old: endpoint('AWS::ElasticLoadBalancing::LoadBalancer') } },
      expect: { Old: 'not-assessed' },
    },
  ],
  absentKeeps: {
    'AWS::ApiGateway::Method: Integration.Uri': 'then it answers by itself (MOCK)',
    'AWS::ApiGatewayV2::Integration: IntegrationUri': 'then it answers by itself (MOCK)',
    'AWS::S3::Bucket: WebsiteConfiguration': 'no website (WebsiteConfiguration)',
    'AWS::CloudFront::Distribution: DistributionConfig.Origins.*.CustomOriginConfig': 'then it is an origin in S3',
    'AWS::CloudFront::Distribution: DistributionConfig.CacheBehaviors': 'then the default behaviour serves every path',
    'AWS::CloudFront::Distribution: DistributionConfig.CacheBehaviors.*': 'then the default behaviour serves the path',
  },
  indifferent: {
    'AWS::ElasticLoadBalancingV2::TargetGroup: TargetType': 'only functions and load balancers are told apart',
  },
};
