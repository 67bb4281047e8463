import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { guardsOrigins } from './firewall-origins';
import { changingMethods } from './forged-requests';

/** A distribution that passes writes on needs a firewall that looks at origins, or a load balancer behind it, which is judged itself. */
export function judgeDistributionWrites(distribution: Subject): readonly Outcome[] {
  const config = distribution.at('DistributionConfig');
  const more = config.at('CacheBehaviors').items();
  const behaviours = [config.at('DefaultCacheBehavior'), ...(more.kind === 'known' ? more.value : [])];
  const methods = behaviours.map((behaviour) => behaviour.at('AllowedMethods'));
  if (more.kind === 'unresolved' || methods.some(({ resolved }) => resolved.kind === 'unresolved')) {
    return [notAssessed('which methods it passes on is not known', config.path)];
  }
  if (!methods.some(writes)) {
    return [notApplicable('it passes no request on that changes anything')];
  }
  const origins = config.at('Origins').items();
  if (origins.kind === 'known' && origins.value.every(isBalancer)) {
    return [notApplicable('the load balancer behind it is judged')];
  }
  const acl = config.at('WebACLId');
  const reference = acl.reference();
  if (reference.kind === 'known') {
    return [guardsOrigins(reference.value.subject) ? satisfied : finding('unguarded', acl.path)];
  }
  return decide(acl.pattern(), {
    known: () => notAssessed('which rules its web ACL has is not in the template'),
    absent: () => finding('unguarded'),
  });
}

/** Left out, GET and HEAD. */
function writes(methods: Node): boolean {
  const list = methods.items();
  return (
    list.kind === 'known' &&
    list.value.some((each) => {
      const method = each.text();
      return method.kind !== 'known' || changingMethods.includes(method.value);
    })
  );
}

function isBalancer(origin: Node): boolean {
  const { resolved } = origin.at('DomainName');
  return resolved.kind === 'reference' && resolved.resource.type.startsWith('AWS::ElasticLoadBalancingV2::');
}
