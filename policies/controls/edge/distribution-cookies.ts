import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { textOf } from '../../../lib/template/resolved';
import type { Subject } from '../../../lib/template/subject';

/**
 * A distribution hands cookies through. Files from a bucket set none; behind a load balancer of the same deployment the proxy is judged;
 * of any other origin the template does not show what it sets, and a function at viewer-response does not see its errors.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions-all.html
 */
export function judgeDistributionCookies(distribution: Subject): readonly Outcome[] {
  const origins = distribution.items('DistributionConfig.Origins');
  if (origins.kind !== 'known') {
    return [notAssessed('its origins are not known', origins.property)];
  }
  const others = new Set(origins.value.filter((origin) => !isKnown(origin)).map((origin) => textAt(origin, 'Id')));
  if (others.size === 0) {
    return [notApplicable('its origins are buckets, or load balancers that are judged themselves')];
  }
  const config = distribution.at('DistributionConfig');
  const more = config.at('CacheBehaviors').items();
  const behaviours = [config.at('DefaultCacheBehavior'), ...(more.kind === 'known' ? more.value : [])];
  const found = behaviours.filter((behaviour) => others.has(textAt(behaviour, 'TargetOriginId'))).flatMap(functionsOf);
  return found.length > 0 ? found : [notAssessed('what cookies its origins set is not in the template')];
}

function isKnown(origin: Node): boolean {
  const domain = origin.at('DomainName').resolved;
  const isBalancer = domain.kind === 'reference' && domain.resource.type.startsWith('AWS::ElasticLoadBalancingV2::');
  return isBalancer || ['S3OriginConfig', 'OriginAccessControlId'].some((key) => origin.at(key).state() === 'known');
}

function functionsOf(behaviour: Node): readonly Outcome[] {
  return ['FunctionAssociations', 'LambdaFunctionAssociations'].flatMap((path) =>
    decide(behaviour.at(path).items(), {
      absent: () => [],
      known: (associations) =>
        associations.flatMap((association) =>
          decide(association.at('EventType').text(), {
            known: (event) => (event === 'viewer-response' ? finding('functionSkipsErrors') : []),
            absent: () => [],
          }),
        ),
    }),
  );
}

function textAt(node: Node, path: string): string {
  return textOf(node.at(path).resolved).text;
}
