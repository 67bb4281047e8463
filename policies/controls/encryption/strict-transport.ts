import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { type NginxDirective, readNginxConfiguration } from '../../../lib/template/nginx-configuration';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

const header = 'Strict-Transport-Security';
const attribute = 'routing.http.response.strict_transport_security.header_value';

/** Response headers policies of AWS that send the header for a year: SecurityHeadersPolicy, and the two with CORS. */
const managedPolicies = new Set([
  '67f7725c-6f97-4210-82d7-5512b31e9d03',
  'e61eb60c-9c35-4d20-a928-2b84e02af89c',
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63',
]);
const managedSeconds = 31_536_000;

/** Judges the seconds that a value of the header promises. */
function judgeValue(value: string, promised: number): Outcome {
  const seconds = Number(/(?:^|;)\s*max-age\s*=\s*"?(\d+)/i.exec(value)?.[1] ?? 0);
  return seconds >= promised ? satisfied : finding('shortHsts', undefined, { seconds, promised });
}

/**
 * Whether responses of a listener carry the header: set by the listener itself, or by the proxy behind all of its actions. Of a
 * listener, an attribute that is absent sends nothing.
 */
export function judgeListenerHeader(listener: Subject, promised: number): readonly Outcome[] {
  return decide(listener.items('ListenerAttributes'), {
    known: (attributes) => {
      const named = attributes.map((each) => ({ key: each.at('Key').text(), value: each.at('Value') }));
      const found = named.find(({ key }) => key.kind === 'known' && key.value === attribute);
      const unread = named.find(({ key }) => key.kind === 'unresolved');
      if (found) {
        return decide(found.value.text(), {
          known: (value) => judgeValue(value, promised),
          absent: () => finding('noHsts'),
        });
      }
      return unread ? notAssessed('an attribute whose name is not known') : judgeProxies(listener, promised);
    },
    absent: () => judgeProxies(listener, promised),
  });
}

function judgeProxies(listener: Subject, promised: number): readonly Outcome[] {
  const actions = listener.items('DefaultActions');
  const groups = (actions.kind === 'known' ? actions.value : []).map((action) =>
    action.at('TargetGroupArn').reference(),
  );
  const proxies = groups.flatMap((group) => (group.kind === 'known' ? proxiesBehind(group.value.subject) : []));
  if (groups.length === 0 || proxies.length < groups.length) {
    return [finding('noHsts', 'ListenerAttributes')];
  }
  return proxies.flatMap((proxy) =>
    decide(proxy.pattern(), {
      known: (text) => judgeProxy(text, promised),
      absent: () => finding('noHsts', 'ListenerAttributes'),
    }),
  );
}

/** Configurations of the nginx containers that a target group leads to. */
function proxiesBehind(group: Subject): readonly Node[] {
  const services = group.scope.referring(group, 'AWS::ECS::Service', 'LoadBalancers.*.TargetGroupArn');
  return services.flatMap((service) => {
    const task = service.reference('TaskDefinition');
    const containers = task.kind === 'known' ? task.value.subject.items('ContainerDefinitions') : undefined;
    const variables = (containers?.kind === 'known' ? containers.value : []).flatMap((container) => {
      const list = container.at('Environment').items();
      return list.kind === 'known' ? list.value : [];
    });
    return variables.filter((each) => isNamed(each, 'PROXY_CONFIGURATION')).map((each) => each.at('Value'));
  });
}

function isNamed(variable: Node, name: string): boolean {
  const reading = variable.at('Name').text();
  return reading.kind === 'known' && reading.value === name;
}

function judgeProxy(text: string, promised: number): Outcome {
  const configuration = readNginxConfiguration(text);
  return configuration.kind === 'read'
    ? sendsEverywhere(configuration.directives, false, promised)
      ? satisfied
      : finding('proxyHsts', undefined, { promised })
    : notAssessed(`the configuration of the proxy cannot be read: ${configuration.reason}`);
}

/** A block with any `add_header` of its own inherits none; without `always` error pages go out bare. */
function sendsEverywhere(directives: readonly NginxDirective[], inherited: boolean, promised: number): boolean {
  return directives
    .filter(({ name }) => ['http', 'server', 'location', 'if'].includes(name))
    .every(({ name, block = [] }) => {
      const own = block.filter((each) => each.name === 'add_header');
      const sends = own.length === 0 ? inherited : own.some(({ words }) => isHeader(words, promised));
      return (name === 'http' || sends) && sendsEverywhere(block, sends, promised);
    });
}

function isHeader([name = '', value = '', always]: readonly string[], promised: number): boolean {
  return (
    name.toLowerCase() === header.toLowerCase() &&
    always === 'always' &&
    judgeValue(value, promised).verdict === 'satisfied'
  );
}

/** Whether a cache behaviour of CloudFront sends the header; its policy may be another resource or one of AWS. */
export function judgeBehaviourHeader(behaviour: Node, promised: number): readonly Outcome[] {
  const policy = behaviour.at('ResponseHeadersPolicyId');
  const reference = policy.reference();
  if (reference.kind === 'known') {
    return judgeHeadersPolicy(reference.value.subject, promised);
  }
  return decide(policy.text(), {
    known: (id) =>
      managedPolicies.has(id)
        ? managedSeconds >= promised
          ? satisfied
          : finding('shortHsts', undefined, { seconds: managedSeconds, promised })
        : notAssessed(`what the response headers policy ${id} sends is not in the template`),
    absent: () => finding('noHsts'),
  });
}

function judgeHeadersPolicy(policy: Subject, promised: number): readonly Outcome[] {
  const path = 'ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity';
  const sends = decide(policy.number(`${path}.AccessControlMaxAgeSec`), {
    known: (seconds) => (seconds >= promised ? satisfied : finding('shortHsts', undefined, { seconds, promised })),
    absent: () => finding('noHsts'),
  });
  const overrides = decide(policy.bool(`${path}.Override`), {
    known: (on) => (on ? satisfied : finding('originHsts')),
    absent: () => finding('originHsts'),
  });
  return sends.some(({ verdict }) => verdict !== 'satisfied') ? sends : overrides;
}

/** Whether a load balancer is reached from its network only: no browser comes to it from outside. */
export function isInternal(listener: Subject): boolean {
  const balancer = listener.reference('LoadBalancerArn');
  const scheme = balancer.kind === 'known' ? balancer.value.subject.text('Scheme') : undefined;
  return scheme?.kind === 'known' && scheme.value === 'internal';
}
