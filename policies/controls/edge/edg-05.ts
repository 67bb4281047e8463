import { defineControl } from '../../../lib/control/control';
import type { Parameter } from '../../../lib/control/parameter';
import { notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeDistribution, judgeHeadersPolicy, judgeListener } from './entry-responses';
import { judgeGatewayResponse, judgeRestApi } from './gateway-responses';
import { judgeProxy, proxyTask } from './proxy-configuration';
import { judgeProxyResponses } from './proxy-responses';

/** How far a content security policy goes. */
const edgeCsp: Parameter = {
  kind: 'choice',
  weakestFirst: ['enforced', 'trusted-types'],
  default: 'trusted-types',
  description: 'how far a content security policy goes: what may load, or also which scripts may write markup',
};

/** EDG-05: what every answer says and hides, whoever gives it. */
export const control = defineControl({
  id: 'edg-05',
  title:
    'Every answer, errors too, carries a strict content security policy and the hardening headers, and tells nothing internal',
  family: 'edge',
  claims: ['tdb-output-encoding', 'tdb-csp', 'tdb-hardening-headers', 'cly-xss-react', 'cly-sanitized-errors'],
  doesNotProve:
    'That the container runs nginx with the configuration that its environment holds, that templates and components of the application encode what they print (its own tests and linter prove that), that it writes a fresh nonce into its pages, and what its successful answers tell.',
  parameters: { 'edge.csp': edgeCsp },
  messages: {
    missing: {
      violation: 'nothing that answers browsers is deployed, so nothing keeps the promise of hardened answers',
      fix: 'put the reverse proxy beside the application container and let the load balancer hand requests to it alone',
    },
    bypassed: {
      violation:
        'a load balancer hands requests of {name} to container {container}, around the proxy that sets headers',
      fix: 'let the service register the container of the proxy, and no other',
    },
    headerMissing: {
      violation: '{name} answers without {header} at {place}',
      fix: 'set it once for all answers; in nginx, an add_header in a location drops all those above it, so write none there',
    },
    headerWeak: {
      violation: '{name} sends {header} with a value that hardens nothing at {place}: {got}',
      fix: 'send nosniff, DENY, strict-origin-when-cross-origin, same-origin and a list of features that are switched off',
    },
    policyWeak: {
      violation: 'the content security policy of {name} leaves a hole at {place}: {got}',
      fix: "name hosts, nonces or hashes instead of wildcards and 'unsafe-inline', and limit scripts, objects, base addresses and frames",
    },
    notAlways: {
      violation: 'the proxy of {name} leaves {header} out of errors at {place}: always is missing',
      fix: 'end the add_header with always; without it nginx sends the header with 2xx and 3xx alone',
    },
    doubled: {
      violation:
        'the proxy of {name} lets the application send a {header} of its own beside the hardened one at {place}',
      fix: 'add proxy_hide_header for each hardened header at the top of the configuration',
    },
    overridable: {
      violation: '{name} gives way to a weaker {header} of the origin: {property} is {value}',
      fix: 'set override: true',
    },
    tellsVersion: {
      violation: 'the proxy of {name} tells its version in Server and on error pages at {place}',
      fix: 'write server_tokens off; at the top of the configuration',
    },
    tellsSoftware: {
      violation: 'the proxy of {name} lets {header} of the application through at {place}',
      fix: 'add proxy_hide_header X-Powered-By; at the top of the configuration',
    },
    tellsServer: {
      violation: '{name} names its software in the header Server of {place}',
      fix: 'set the listener attribute routing.http.response.server.enabled to false; in CloudFront, remove the header Server',
    },
    openErrors: {
      violation: 'the proxy of {name} passes errors on in the words of the application at {place}: {codes}',
      fix: 'write proxy_intercept_errors on; and an error_page for every status, to a fixed body',
    },
    tellingErrors: {
      violation: 'an error of {name} repeats what went wrong: {page}',
      fix: 'give a fixed body, with the status and an id of the request at most',
    },
    bareBehaviour: {
      violation: 'distribution {name} answers without any hardening header: {property} is {value}',
      fix: 'set responseHeadersPolicy on every behaviour',
    },
    gatewayDefault: {
      violation: 'API {name} answers {kind} in the words of API Gateway, without hardening headers',
      fix: 'add a GatewayResponse for DEFAULT_4XX and one for DEFAULT_5XX, each with a fixed body and the headers',
    },
  },
  template: {
    judges: [
      proxyTask,
      'AWS::ElasticLoadBalancingV2::Listener',
      'AWS::CloudFront::ResponseHeadersPolicy',
      'AWS::CloudFront::Distribution',
      'AWS::ApiGateway::RestApi',
      'AWS::ApiGateway::GatewayResponse',
      'AWS::ApiGatewayV2::Api',
      'AWS::Lambda::Url',
      'AWS::AppRunner::Service',
    ],
    expects: 'at-least-one',
    expected: [proxyTask, 'AWS::CloudFront::Distribution', 'AWS::ApiGateway::RestApi'],
    judge: (subject, { figures }) => judgeSubject(subject, figures.choice('edge.csp') === 'trusted-types'),
  },
});

function judgeSubject(subject: Subject, trustedTypes: boolean): readonly Outcome[] {
  switch (subject.type) {
    case proxyTask: {
      const found = judgeProxy(subject, (configuration) => judgeProxyResponses(configuration, trustedTypes));
      return found.length === 0 ? [satisfied] : found;
    }
    case 'AWS::ElasticLoadBalancingV2::Listener':
      return judgeListener(subject, trustedTypes);
    case 'AWS::CloudFront::ResponseHeadersPolicy':
      return judgeHeadersPolicy(subject, trustedTypes);
    case 'AWS::CloudFront::Distribution':
      return judgeDistribution(subject);
    case 'AWS::ApiGateway::RestApi':
      return judgeRestApi(subject);
    case 'AWS::ApiGateway::GatewayResponse':
      return judgeGatewayResponse(subject, trustedTypes);
    default:
      return [notAssessed('it has no headers of its own: what answers behind it is not in the template')];
  }
}
