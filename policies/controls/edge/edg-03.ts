import { defineControl } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';
import { behindBalancer } from './behind-listener';
import { judgeDistributionWrites } from './distribution-writes';
import { guardsOrigins, judgeFirewallOrigins, refusesSilence } from './firewall-origins';
import { judgeProxy, type ProxyConfiguration, proxyTask } from './proxy-configuration';
import { admitsSilence, checksOrigins, judgeProxyOrigins } from './proxy-origins';
import { judgeSharedOrigins, sharingTypes } from './shared-origins';
import { association, webAcl } from './web-acl';

const balancerType = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const fix =
  'refuse POST, PUT, PATCH and DELETE unless Origin is exactly your own, or is not sent and Sec-Fetch-Site is same-origin or none';

/** EDG-03: every guard that looks at where requests come from is tried with forged requests, and every door has one. */
export const control = defineControl({
  id: 'edg-03',
  title:
    'No page of another site can change anything, open a WebSocket or read answers unless its origin is named exactly',
  family: 'edge',
  claims: ['tdb-csrf-state-changing', 'cly-csrf-token', 'cly-cors-strict'],
  doesNotProve:
    'That the application checks the signed token that it hands out, that it changes nothing in answer to a GET, that the container runs nginx with the configuration that its environment holds, and how requests are refused that reach an API Gateway, whose callers carry tokens rather than cookies.',
  parameters: {},
  messages: {
    missing: {
      violation: 'no load balancer is deployed, so nothing stands at the edge that could refuse forged requests',
      fix: 'deploy the load balancer with its web ACL, and the reverse proxy beside the application',
    },
    bypassed: {
      violation:
        'a load balancer hands requests of {name} to container {container}, around the proxy that refuses forged ones',
      fix: 'let the service register the container of the proxy, and no other',
    },
    unguarded: {
      violation: 'nothing behind or before {name} looks at where requests come from',
      fix: `add a rule to its web ACL or to the proxy: ${fix}`,
    },
    silentAdmitted: {
      violation:
        'writes that come to {name} with neither Origin nor Sec-Fetch-Site, or from a sibling domain, are refused nowhere',
      fix: 'refuse in the web ACL or the proxy what does not say where it comes from',
    },
    methodUnchecked: {
      violation: '{guard} {name} does not look at where {methods} come from, at {place}',
      fix,
    },
    foreignAdmitted: {
      violation: '{guard} {name} takes a foreign origin for its own, at {place}: {example}',
      fix: `compare with exact text, not with patterns, ends or parts: ${fix}`,
    },
    socketAdmitted: {
      violation: 'the proxy {name} opens WebSockets to pages of other sites at {place}',
      fix: 'refuse a request with Upgrade unless its Origin is exactly your own',
    },
    countedOnly: {
      violation: 'rule {rule} of {name} looks at where requests come from, and blocks none: {property} is {value}',
      fix: 'set the action of the rule to Block',
    },
    anyOrigin: {
      violation: '{name} lets scripts of any origin read, at {place}: {got}',
      fix: 'name each origin exactly, or none',
    },
    reflected: {
      violation: '{name} tells whoever asks that its origin may read, at {place}: {got}',
      fix: 'look the origin up in a map of exact origins, and send nothing for every other one',
    },
    plainOrigin: {
      violation: '{name} lets an origin without HTTPS read, at {place}: {got}',
      fix: 'name origins that begin with https://',
    },
    credentialsForAny: {
      violation: '{name} lets scripts of any origin read with the credentials of the user, at {place}',
      fix: 'name each origin exactly, or switch credentials off',
    },
  },
  template: {
    judges: [balancerType, webAcl, proxyTask, 'AWS::CloudFront::Distribution', ...sharingTypes],
    expects: 'at-least-one',
    expected: [balancerType],
    judge: judgeSubject,
  },
});

function judgeSubject(subject: Subject): readonly Outcome[] {
  switch (subject.type) {
    case proxyTask: {
      const found = judgeProxy(subject, judgeProxyOrigins);
      return found.length === 0 ? [satisfied] : found;
    }
    case webAcl:
      return judgeFirewallOrigins(subject);
    case 'AWS::CloudFront::Distribution':
      return judgeDistributionWrites(subject);
    case balancerType:
      return judgeBalancer(subject);
    default:
      return judgeSharedOrigins(subject);
  }
}

/** A door is guarded where its firewall looks at origins or every proxy behind it does; what holes a guard has is found on the guard. */
function judgeBalancer(balancer: Subject): readonly Outcome[] {
  const type = textOf(balancer.at('Type').resolved).text;
  if (textOf(balancer.at('Scheme').resolved).text === 'internal' || !['', 'application'].includes(type)) {
    return [notApplicable('no browser reaches it, or it hands connections through')];
  }
  const { tasks, unseen } = behindBalancer(balancer);
  if (tasks.length === 0 && !unseen) {
    return [satisfied];
  }
  const named = balancer.scope
    .referring(balancer, association, 'ResourceArn')
    .map((each) => each.at('WebACLArn').resolved);
  const acls = named.flatMap((each) => (each.kind === 'reference' ? [balancer.scope.subject(each.resource)] : []));
  const proxies = tasks.map(proxyOf);
  const guarded = acls.some(guardsOrigins) || (!unseen && proxies.every((proxy) => proxy && checksOrigins(proxy)));
  if (!guarded) {
    return named.length > acls.length
      ? [notAssessed('which rules its web ACL has is not in the template')]
      : [finding('unguarded')];
  }
  const silent = acls.some(refusesSilence) || (!unseen && proxies.every((proxy) => proxy && !admitsSilence(proxy)));
  if (silent) {
    return [satisfied];
  }
  const holes = [
    ...acls.flatMap(judgeFirewallOrigins),
    ...proxies.flatMap((proxy) => (proxy ? judgeProxyOrigins(proxy) : [])),
  ];
  const told = holes.some(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed');
  return [told ? satisfied : finding('silentAdmitted')];
}

function proxyOf(task: Subject): ProxyConfiguration | undefined {
  let found: ProxyConfiguration | undefined;
  judgeProxy(task, (configuration) => {
    found = configuration;
    return [];
  });
  return found;
}
