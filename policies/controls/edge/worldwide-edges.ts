import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

type Judge = (subject: Subject) => readonly Outcome[];

const always: Judge = ({ type }) => [finding('worldwide', undefined, { kind: type })];

/** What is worldwide, or stands in the open as something of the Region and is answered at worldwide edges all the same. */
const judges: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(
    [
      'AnycastIpList',
      'CachePolicy',
      'CloudFrontOriginAccessIdentity',
      'ConnectionFunction',
      'ConnectionGroup',
      'ContinuousDeploymentPolicy',
      'Distribution',
      'DistributionTenant',
      'Function',
      'KeyGroup',
      'KeyValueStore',
      'MonitoringSubscription',
      'OriginAccessControl',
      'OriginRequestPolicy',
      'PublicKey',
      'RealtimeLogConfig',
      'ResponseHeadersPolicy',
      'StreamingDistribution',
      'TrustStore',
      'VpcOrigin',
    ].map((name) => [`AWS::CloudFront::${name}`, always]),
  ),
  ...Object.fromEntries(
    ['Accelerator', 'CrossAccountAttachment', 'EndpointGroup', 'Listener'].map((name) => [
      `AWS::GlobalAccelerator::${name}`,
      always,
    ]),
  ),
  ...Object.fromEntries(
    ['IPSet', 'RegexPatternSet', 'RuleGroup', 'WebACL'].map((name) => [`AWS::WAFv2::${name}`, judgeScope]),
  ),
  'AWS::Amplify::App': always,
  'AWS::AppSync::DomainName': always,
  'AWS::ApiGateway::DomainName': judgeApi,
  'AWS::ApiGateway::RestApi': judgeApi,
  'AWS::Cognito::UserPoolDomain': (domain) =>
    // A prefix of Cognito's own domain answers in the Region; a domain of one's own is a distribution:
    // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
    domain.at('CustomDomainConfig').state() === 'absent'
      ? [satisfied]
      : [finding('worldwide', 'CustomDomainConfig', { kind: 'sign-in domain behind CloudFront' })],
};

export const edgeTypes: readonly string[] = Object.keys(judges);

/** Families of which every type is worldwide: one that is not known here must not pass in silence. */
export const edgeFamilies = /^AWS::(CloudFront|GlobalAccelerator)::/;

export function judgeWorldwideEdge(subject: Subject): readonly Outcome[] {
  return judges[subject.type]?.(subject) ?? [notAssessed('nothing judges this type')];
}

function judgeScope(list: Subject): readonly Outcome[] {
  return decide(list.text('Scope'), {
    known: (scope) =>
      scope === 'REGIONAL' ? satisfied : finding('worldwide', 'Scope', { kind: 'part of a firewall of CloudFront' }),
    absent: () => notAssessed('it names no scope'),
  });
}

/** Answered at the edges unless told otherwise: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html */
function judgeApi(api: Subject): readonly Outcome[] {
  const atEdges = finding('worldwide', undefined, { kind: 'API that is answered at the edges of CloudFront' });
  return decide(api.items('EndpointConfiguration.Types'), {
    known: (types) =>
      types.length === 0
        ? atEdges
        : types.flatMap((type) =>
            decide(type.text(), {
              known: (word) => (word === 'EDGE' ? atEdges : satisfied),
              absent: () => atEdges,
            }),
          ),
    absent: () => atEdges,
  });
}
