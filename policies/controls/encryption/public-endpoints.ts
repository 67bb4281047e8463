import type { JudgementContext, WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { strengthOf, tlsPolicies } from './tls-policies';

type Outcomes = Outcome | readonly Outcome[];
type Judge = (subject: Subject, context: JudgementContext) => Outcomes;

/** How each kind of endpoint says which TLS it accepts. */
export const endpoints: Readonly<Record<string, Judge>> = {
  'AWS::ElasticLoadBalancingV2::Listener': judgeListener,
  'AWS::CloudFront::Distribution': judgeDistribution,
  'AWS::ApiGateway::RestApi': judgeRestApi,
  'AWS::ApiGateway::DomainName': (domain, context) => judgeEnhanced(domain.root, context),
  'AWS::ApiGatewayV2::DomainName': (domain, context) =>
    decide(domain.items('DomainNameConfigurations'), {
      known: (list) => list.flatMap((each) => judgeEnhanced(each, context)),
      absent: () => finding('noPolicy', 'DomainNameConfigurations'),
    }),
  // HTTP and WebSocket APIs accept the policy TLS_1_2 only, which offers static RSA as well, whatever the template says.
  'AWS::ApiGatewayV2::Api': () => finding('fixedTls', undefined, { accepts: 'TLS 1.2, static RSA included' }),
  'AWS::Cognito::UserPoolDomain': fixedTls,
  'AWS::AppSync::Api': fixedTls,
  'AWS::AppSync::GraphQLApi': (api, context) =>
    decide(api.text('Visibility'), {
      known: (visibility) =>
        visibility === 'PRIVATE' ? notApplicable('reached from a VPC only') : fixedTls(api, context),
      absent: () => fixedTls(api, context),
    }),
  'AWS::Lambda::Url': fixedTls,
  'AWS::OpenSearchService::Domain': judgeSearch,
  'AWS::S3::Bucket': judgeWebsite,
};

/** Types that answer the internet, and of which the control does not know how they say which TLS they accept. */
const unjudged =
  /^AWS::(ElasticLoadBalancing::LoadBalancer|AppRunner::Service|GlobalAccelerator::Accelerator|Amplify::(App|Domain)|ElasticBeanstalk::Environment|Elasticsearch::Domain|OpenSearchServerless::Collection|IoT::DomainConfiguration|Transfer::(Server|WebApp)|CloudFront::(DistributionTenant|StreamingDistribution)|Lightsail::(LoadBalancer|Container|Distribution|Instance)|ECS::ExpressGatewayService|AppSync::DomainName|MediaPackageV?2?::OriginEndpoint|VpcLattice::Service|Serverless::(Api|HttpApi|GraphQLApi))$/;

export function* unknownEndpoints({ scope }: JudgementContext): Generator<WholeOutcome> {
  for (const type of [...scope.graph.presentTypes].filter((each) => unjudged.test(each))) {
    for (const endpoint of scope.resources(type)) {
      yield {
        target: endpoint.template.path,
        subject: endpoint.logicalId,
        type,
        outcome: notAssessed(`which TLS versions ${type} accepts is not known to this control`),
      };
    }
  }
}

function judgeListener(listener: Subject, context: JudgementContext): Outcomes {
  return decide(listener.text('Protocol'), {
    known: (protocol) => {
      if (protocol === 'HTTPS' || protocol === 'TLS') {
        // Absent means ELBSecurityPolicy-2016-08, which begins at TLS 1.0 (CreateListener, SslPolicy).
        return judgePolicy(listener.at('SslPolicy'), tlsPolicies.balancer, context);
      }
      return protocol === 'HTTP'
        ? notApplicable('speaks no TLS: enc-02 decides whether it may')
        : (leadsToBalancer(listener) ?? notAssessed(`a ${protocol} listener passes on what its target negotiates`));
    },
    absent: () => notAssessed('a listener without a protocol belongs to a Gateway Load Balancer, whose target decides'),
  });
}

function leadsToBalancer(listener: Subject): Outcome | undefined {
  const group = listener.reference('DefaultActions.0.TargetGroupArn');
  const target = group.kind === 'known' ? group.value.subject.text('TargetType') : undefined;
  return target?.kind === 'known' && target.value === 'alb'
    ? notApplicable('the listener of the Application Load Balancer behind it negotiates TLS')
    : undefined;
}

function judgePolicy(node: Node, policies: Parameters<typeof strengthOf>[1], { figures }: JudgementContext): Outcomes {
  const floor = figures.choice('edge.minTls');
  return decide(node.text(), {
    known: (name) => {
      const strength = strengthOf(name, policies);
      if (strength === undefined) {
        return notAssessed(`the TLS policy ${name} is not known to this control`);
      }
      return strength === '1.3' || strength === floor ? satisfied : finding('weakPolicy', undefined, { floor });
    },
    absent: () => finding('noPolicy', undefined, { floor }),
  });
}

function judgeDistribution(distribution: Subject, context: JudgementContext): Outcomes {
  const certificate = distribution.at('DistributionConfig.ViewerCertificate');
  return decide(certificate.at('CloudFrontDefaultCertificate').bool(), {
    // With the certificate of *.cloudfront.net, CloudFront sets the protocol to TLSv1 whatever else is written.
    known: (own) =>
      own
        ? finding('defaultCertificate')
        : judgePolicy(certificate.at('MinimumProtocolVersion'), tlsPolicies.distribution, context),
    absent: () =>
      certificate.at('AcmCertificateArn').state() === 'absent' &&
      certificate.at('IamCertificateId').state() === 'absent'
        ? finding('defaultCertificate')
        : judgePolicy(certificate.at('MinimumProtocolVersion'), tlsPolicies.distribution, context),
  });
}

function judgeRestApi(api: Subject, context: JudgementContext): Outcomes {
  if (isPrivate(api)) {
    return notApplicable('reached from a VPC only');
  }
  // The policy of the API is what its custom domains negotiate as well; without one its execute-api name begins at TLS 1.0.
  return decide(api.text('SecurityPolicy'), {
    known: () => judgeEnhanced(api.root, context),
    absent: () =>
      decide(api.bool('DisableExecuteApiEndpoint'), {
        known: (closed) =>
          closed && context.figures.choice('edge.minTls') === '1.2' ? byDomain : finding('executeApi'),
        absent: () => finding('executeApi'),
      }),
  });
}

const byDomain = notAssessed('an API without a policy of its own negotiates what its domain name or its default says');

function isPrivate(api: Subject): boolean {
  const types = api.items('EndpointConfiguration.Types');
  const only = types.kind === 'known' && types.value.length === 1 ? types.value[0]?.text() : undefined;
  return only?.kind === 'known' && only.value === 'PRIVATE';
}

/** An enhanced policy (`SecurityPolicy_...`) binds only with the STRICT access mode: else a request may come in by another name's handshake. */
function judgeEnhanced(place: Node, context: JudgementContext): readonly Outcome[] {
  const policy = [judgePolicy(place.at('SecurityPolicy'), tlsPolicies.gateway, context)].flat();
  if (policy.some(({ verdict }) => verdict !== 'satisfied') || place.subject.type === 'AWS::ApiGatewayV2::DomainName') {
    return policy;
  }
  return decide(place.at('EndpointAccessMode').text(), {
    known: (mode) => (mode === 'STRICT' ? satisfied : finding('looseAccess')),
    absent: () => finding('looseAccess'),
  });
}

/** Endpoints of AWS itself: TLS 1.2 is the least that they accept since 2024, and nothing raises it. */
function fixedTls(_endpoint: Subject, { figures }: JudgementContext): Outcome {
  return figures.choice('edge.minTls') === '1.2' ? satisfied : finding('fixedTls', undefined, { accepts: 'TLS 1.2' });
}

function judgeSearch(domain: Subject, context: JudgementContext): Outcomes {
  return domain.at('VPCOptions').state() === 'known'
    ? notApplicable('reached from a VPC only')
    : judgePolicy(domain.at('DomainEndpointOptions.TLSSecurityPolicy'), tlsPolicies.search, context);
}

/** A website endpoint of S3 speaks HTTP and nothing else, unless nobody outside the account may read the bucket. */
export function judgeWebsite(bucket: Subject): Outcomes {
  switch (bucket.at('WebsiteConfiguration').state()) {
    case 'absent':
      return notApplicable('no website endpoint');
    case 'unresolved':
      return notAssessed('whether it is a website is not known', 'WebsiteConfiguration');
    case 'known':
      return decide(bucket.bool('PublicAccessBlockConfiguration.RestrictPublicBuckets'), {
        known: (closed) =>
          closed ? notApplicable('nobody outside may read it') : finding('website', 'WebsiteConfiguration'),
        absent: () => finding('website', 'WebsiteConfiguration'),
      });
  }
}
