import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Where the route table of a subnet leads, as far as the templates say. */
export interface Roads {
  /** Routes that lead to an internet gateway. */
  readonly open: readonly Subject[];
  readonly unseen: readonly string[];
}

/** Targets of a route that are no internet gateway: what they lead to cannot be called from the internet. */
const closedTargets = [
  'NatGatewayId',
  'VpcEndpointId',
  'TransitGatewayId',
  'VpcPeeringConnectionId',
  'NetworkInterfaceId',
  'InstanceId',
  'LocalGatewayId',
  'CoreNetworkArn',
  'OdbNetworkArn',
];

/**
 * Follows a subnet to its route table and its routes. A subnet that is associated with none uses the main route table of its VPC, which
 * has the local route only.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html
 */
export function roadsFrom(subnet: Subject, scope: Scope): Roads {
  const open: Subject[] = [];
  const unseen: string[] = [];
  for (const association of scope.referring(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId')) {
    const table = association.reference('RouteTableId');
    if (table.kind !== 'known') {
      unseen.push(`the routes of ${subnet.logicalId} are not in the templates`);
      continue;
    }
    for (const route of scope.referring(table.value.subject, 'AWS::EC2::Route', 'RouteTableId')) {
      const leads = targetOf(route);
      if (leads === 'internet') {
        open.push(route);
      } else if (leads === 'unknown') {
        unseen.push(`where ${route.logicalId} leads is not known`);
      }
    }
  }
  return { open, unseen };
}

function targetOf(route: Subject): 'internet' | 'inside' | 'unknown' {
  if (route.at('EgressOnlyInternetGatewayId').resolved.kind !== 'absent') {
    return route.at('EgressOnlyInternetGatewayId').pattern().kind === 'known' ? 'internet' : 'unknown';
  }
  const gateway = route.at('GatewayId');
  if (gateway.resolved.kind === 'reference') {
    const target = gateway.reference();
    const type = target.kind === 'known' ? target.value.subject.type : '';
    return type === 'AWS::EC2::InternetGateway' || type === 'AWS::EC2::VPCGatewayAttachment' ? 'internet' : 'inside';
  }
  const named = gateway.pattern();
  if (named.kind === 'absent') {
    return closedTargets.some((property) => route.at(property).resolved.kind !== 'absent') ? 'inside' : 'unknown';
  }
  return named.kind === 'unresolved' ? 'unknown' : /^(igw|eigw)-/.test(named.value) ? 'internet' : 'inside';
}
