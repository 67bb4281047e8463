import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { edgeHstsSeconds } from '../parameters';
import { guarded, judgeDeny, judgePlainActions, judgeTargets } from './clear-text';
import { judgeWebsite } from './public-endpoints';
import { isInternal, judgeBehaviourHeader, judgeListenerHeader } from './strict-transport';

/** Where an API says what it calls. */
const integrationAddress: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Method': 'Integration.Uri',
  'AWS::ApiGatewayV2::Integration': 'IntegrationUri',
};

/** ENC-02: nothing answers in clear text, and browsers are told never to try. */
export const control = defineControl({
  id: 'enc-02',
  title: 'Everything is reached over HTTPS and WSS only, behind the load balancer too, and browsers are told so (HSTS)',
  family: 'encryption',
  claims: [
    'cfeu-hsts',
    'tdb-tls12-min',
    'tdb-hsts-production',
    'cly-https-enforced',
    'cly-wss',
    'cly-alb-tls-termination',
    'cly-integrations-tls',
    'clvr-https-all',
  ],
  doesNotProve:
    'That the header arrives on every response of the running service, that targets present a certificate which anybody checks (load balancers check none), and what leaves the network (net-04, tpr-02).',
  parameters: { 'edge.hstsSeconds': edgeHstsSeconds },
  messages: {
    missing: {
      violation: 'nothing that answers the web is deployed, so nothing keeps the promise of HTTPS everywhere',
      fix: 'deploy the load balancer with an HTTPS listener',
    },
    plaintext: {
      violation: 'listener {name} answers HTTP in clear text: {property} is {value}',
      fix: 'let the HTTP listener do nothing but redirect to HTTPS with HTTP_301, or remove it',
    },
    plainTarget: {
      violation: 'target group {name} speaks to its targets in clear text: {property} is {value}',
      fix: 'set protocol: ApplicationProtocol.HTTPS and let the proxy beside the application terminate TLS',
    },
    noHsts: {
      violation: '{name} does not tell browsers to stay on HTTPS: {property} is {value}',
      fix: 'send Strict-Transport-Security: by the listener attribute, the response headers policy or the proxy, on errors too',
    },
    shortHsts: {
      violation: '{name} tells browsers to stay on HTTPS for {seconds} seconds, promised are {promised}',
      fix: 'raise max-age of Strict-Transport-Security to the promised seconds',
    },
    originHsts: {
      violation: '{name} lets the origin replace Strict-Transport-Security: {property} is {value}',
      fix: 'set override: true',
    },
    proxyHsts: {
      violation:
        '{name} leads to a proxy that leaves Strict-Transport-Security of {promised} seconds off some responses',
      fix: 'write add_header Strict-Transport-Security ... always in every block of the proxy that adds headers of its own',
    },
    allowAll: {
      violation: 'distribution {name} serves plain HTTP to viewers: {property} is {value}',
      fix: 'set viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS on every behaviour',
    },
    plainOrigin: {
      violation: 'distribution {name} may fetch from its origin over plain HTTP: {property} is {value}',
      fix: 'set protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY',
    },
    plainIntegration: {
      violation: 'integration {name} calls what is behind the API over plain HTTP: {property} is {value}',
      fix: 'call it over https://',
    },
    noDeny: {
      violation:
        '{name} ({type}) takes {action} over plain HTTP: no policy denies it to everybody where aws:SecureTransport is false',
      fix: 'set enforceSSL: true',
    },
    website: {
      violation: 'bucket {name} has a website endpoint, which speaks HTTP without TLS',
      fix: 'remove WebsiteConfiguration and serve the files over HTTPS',
    },
  },
  template: {
    judges: [
      'AWS::ElasticLoadBalancingV2::Listener',
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      'AWS::ElasticLoadBalancing::LoadBalancer',
      'AWS::CloudFront::Distribution',
      ...Object.keys(integrationAddress),
      ...guarded,
    ],
    expects: 'at-least-one',
    expected: ['AWS::ElasticLoadBalancingV2::Listener', 'AWS::CloudFront::Distribution'],
    judge,
  },
});

function judge(subject: Subject, context: JudgementContext): readonly Outcome[] {
  switch (subject.type) {
    case 'AWS::ElasticLoadBalancingV2::Listener':
      return judgeListener(subject, context);
    case 'AWS::ElasticLoadBalancingV2::TargetGroup':
      return judgeTargets(subject);
    case 'AWS::CloudFront::Distribution':
      return judgeDistribution(subject, context);
    case 'AWS::ElasticLoadBalancing::LoadBalancer':
      return judgeClassic(subject);
    case 'AWS::ApiGateway::Method':
    case 'AWS::ApiGatewayV2::Integration':
      return judgeIntegration(subject, integrationAddress[subject.type] ?? '');
    case 'AWS::S3::Bucket':
      return [
        ...judgeDeny(subject),
        ...[judgeWebsite(subject)].flat().filter(({ verdict }) => verdict !== 'not-applicable'),
      ];
    default:
      return judgeDeny(subject);
  }
}

function judgeListener(listener: Subject, { figures }: JudgementContext): readonly Outcome[] {
  return decide(listener.text('Protocol'), {
    known: (protocol) => {
      switch (protocol) {
        case 'HTTP':
          return judgePlainActions(listener);
        case 'HTTPS':
          return isInternal(listener) ? satisfied : judgeListenerHeader(listener, figures.number('edge.hstsSeconds'));
        case 'TLS':
          return satisfied;
        default:
          return judgePassedOn(listener, protocol);
      }
    },
    absent: () => notAssessed('a listener without a protocol belongs to a Gateway Load Balancer, whose target decides'),
  });
}

/** A Classic Load Balancer cannot redirect: a listener that speaks HTTP answers in clear text. */
function judgeClassic(balancer: Subject): readonly Outcome[] {
  return decide(balancer.items('Listeners'), {
    known: (listeners) =>
      listeners.flatMap((listener) =>
        decide(listener.at('Protocol').text(), {
          known: (protocol) =>
            protocol.toUpperCase() === 'HTTP'
              ? finding('plaintext')
              : notAssessed(`what travels over ${protocol}, and whether HSTS is sent, is decided behind the balancer`),
          absent: () => notAssessed('a listener of a Classic Load Balancer has a protocol'),
        }),
      ),
    absent: () => notAssessed('a Classic Load Balancer has listeners'),
  });
}

function judgeIntegration(integration: Subject, path: string): readonly Outcome[] {
  return decide(integration.at(path).pattern(), {
    known: (address) => (/^http:\/\//i.test(address) ? finding('plainIntegration') : satisfied),
    absent: () => notApplicable('it calls nothing'),
  });
}

function judgePassedOn(listener: Subject, protocol: string): Outcome {
  const group = listener.reference('DefaultActions.0.TargetGroupArn');
  const target = group.kind === 'known' ? group.value.subject.text('TargetType') : undefined;
  return target?.kind === 'known' && target.value === 'alb'
    ? notApplicable('the listener of the Application Load Balancer behind it decides')
    : notAssessed(`whether traffic over ${protocol} is encrypted is decided behind the listener`);
}

function judgeDistribution(distribution: Subject, { figures }: JudgementContext): readonly Outcome[] {
  const config = distribution.at('DistributionConfig');
  const more = config.at('CacheBehaviors').items();
  const origins = config.at('Origins').items();
  const behaviours = [config.at('DefaultCacheBehavior'), ...(more.kind === 'known' ? more.value : [])];
  return [
    ...(more.kind === 'unresolved' ? [notAssessed(more.reason, more.property)] : []),
    ...behaviours.flatMap((each) => [
      ...decide(each.at('ViewerProtocolPolicy').text(), {
        known: (policy) => (/^(redirect-to-https|https-only)$/.test(policy) ? satisfied : finding('allowAll')),
        absent: () => finding('allowAll'),
      }),
      ...judgeBehaviourHeader(each, figures.number('edge.hstsSeconds')),
    ]),
    ...decide(origins, {
      known: (list) => list.flatMap(judgeOrigin),
      absent: () => notAssessed('where it fetches from is not written'),
    }),
  ];
}

/** Origins in S3 are fetched over the protocol that the viewer used, which HTTPS-only behaviours make HTTPS. */
function judgeOrigin(origin: Node): readonly Outcome[] {
  const custom = origin.at('CustomOriginConfig');
  return custom.state() === 'absent'
    ? [satisfied]
    : decide(custom.at('OriginProtocolPolicy').text(), {
        known: (policy) => (policy === 'https-only' ? satisfied : finding('plainOrigin')),
        absent: () => finding('plainOrigin'),
      });
}
