import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

/** What a load balancer hands requests to, as far as the deployment shows it. */
export interface Behind {
  /** Task definitions of the services that register with its target groups. */
  readonly tasks: readonly Subject[];
  /** Whether it forwards anywhere that no such task answers for. */
  readonly unseen: boolean;
}

const listenerType = 'AWS::ElasticLoadBalancingV2::Listener';

/** Everything behind all listeners of a load balancer. */
export function behindBalancer(balancer: Subject): Behind {
  const all = balancer.scope.referring(balancer, listenerType, 'LoadBalancerArn').map(behindListener);
  return { tasks: [...new Set(all.flatMap(({ tasks }) => tasks))], unseen: all.some(({ unseen }) => unseen) };
}

/** Everything behind a listener and its rules, those of other stacks too. */
export function behindListener(listener: Subject): Behind {
  const rules = listener.scope.referring(listener, 'AWS::ElasticLoadBalancingV2::ListenerRule', 'ListenerArn');
  const places = [listener.at('DefaultActions'), ...rules.map((rule) => rule.at('Actions'))].flatMap(groupsOf);
  const tasks = places.map((place) => {
    const { resolved } = place;
    return resolved.kind === 'reference' ? tasksOf(listener.scope.subject(resolved.resource)) : [];
  });
  return { tasks: [...new Set(tasks.flat())], unseen: tasks.some((each) => each.length === 0) };
}

/** The places that name a target group. */
function groupsOf(actions: Node): readonly Node[] {
  return listed(actions).flatMap((action) =>
    [
      action.at('TargetGroupArn'),
      ...listed(action.at('ForwardConfig.TargetGroups')).map((group) => group.at('TargetGroupArn')),
    ].filter((place) => place.resolved.kind !== 'absent'),
  );
}

function listed(node: Node): readonly Node[] {
  return node.resolved.kind === 'list' ? node.resolved.items.map((_, index) => node.at(String(index))) : [];
}

function tasksOf(group: Subject): readonly Subject[] {
  return group.scope.referring(group, 'AWS::ECS::Service', 'LoadBalancers.*.TargetGroupArn').flatMap((service) => {
    const { resolved } = service.at('TaskDefinition');
    return resolved.kind === 'reference' ? [group.scope.subject(resolved.resource)] : [];
  });
}
