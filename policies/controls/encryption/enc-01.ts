import { defineControl } from '../../../lib/control/control';
import { edgeMinTls } from '../parameters';
import { endpoints, unknownEndpoints } from './public-endpoints';

/** ENC-01: what a client may negotiate with anything that answers the internet. */
export const control = defineControl({
  id: 'enc-01',
  title: 'Every public endpoint refuses TLS below the promised version and every key exchange without forward secrecy',
  family: 'encryption',
  claims: ['cfeu-tls13-only', 'cfeu-pfs', 'tdb-tls12-min', 'cfus-tls13-all', 'cly-api-tls13', 'cly-wss'],
  doesNotProve:
    'What really answers: only a handshake shows that. Nor what AWS negotiates on its own names (S3, Cognito and other service endpoints accept TLS 1.2, presigned addresses included), what a load balancer negotiates with its targets, and what CloudFront does with its origins.',
  parameters: { 'edge.minTls': edgeMinTls },
  messages: {
    missing: {
      violation: 'no public endpoint is deployed, so nothing keeps the promise of modern TLS',
      fix: 'deploy the load balancer with an HTTPS listener and a TLS 1.3 policy',
    },
    weakPolicy: {
      violation: '{name} accepts TLS below {floor}, or a key exchange without forward secrecy: {property} is {value}',
      fix: 'name a policy of the promised version: for listeners SslPolicy.TLS13_13_PQ, for CloudFront TLSv1.3_2025, for REST APIs SecurityPolicy_TLS13_1_3_2025_09',
    },
    noPolicy: {
      violation:
        '{name} names no TLS policy in {property}, so the oldest default counts (for listeners ELBSecurityPolicy-2016-08, which begins at TLS 1.0)',
      fix: 'name the policy: for listeners SslPolicy.TLS13_13_PQ, for CloudFront TLSv1.3_2025, for REST APIs SecurityPolicy_TLS13_1_3_2025_09',
    },
    defaultCertificate: {
      violation:
        'distribution {name} answers with the certificate of *.cloudfront.net, which accepts TLSv1 whatever is configured',
      fix: 'give the distribution a domain name and a certificate of its own, with minimumProtocolVersion TLSv1.3_2025',
    },
    executeApi: {
      violation:
        'API {name} has no TLS policy of its own: at its execute-api name, and past the policy of any domain, it begins at TLS 1.0',
      fix: 'set SecurityPolicy on the API itself, EndpointAccessMode STRICT and disableExecuteApiEndpoint: true',
    },
    looseAccess: {
      violation: '{name} takes requests whose TLS was negotiated for another name: {property} is {value}',
      fix: 'set EndpointAccessMode to STRICT',
    },
    fixedTls: {
      violation: '{name} ({type}) is a side door that accepts {accepts}, and no setting changes that',
      fix: 'serve it through the load balancer, and remove the endpoint or make it private',
    },
    website: {
      violation: 'bucket {name} has a website endpoint, which speaks HTTP without TLS',
      fix: 'remove WebsiteConfiguration and serve the files over HTTPS, for example by CloudFront with origin access control',
    },
  },
  template: {
    judges: Object.keys(endpoints),
    expects: 'at-least-one',
    judge: (endpoint, context) => endpoints[endpoint.type]?.(endpoint, context) ?? [],
    judgeWhole: unknownEndpoints,
  },
});
