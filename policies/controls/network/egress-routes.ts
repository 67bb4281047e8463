import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

const ways = ['NatGatewayId', 'EgressOnlyInternetGatewayId', 'VpcEndpointId', 'TransitGatewayId', 'InstanceId'];

/**
 * Where a route leads out of the network. A NAT gateway, or its like for IPv6, is for the subnets of the firewall alone: whoever else
 * has a route to it goes past the firewall. Routes to an internet gateway make a subnet public, which net-01 judges.
 */
export function judgeRoute(route: Subject, scope: Scope): Outcome | readonly Outcome[] {
  const way = ways.find((property) => route.at(property).resolved.kind !== 'absent');
  switch (way) {
    case 'NatGatewayId':
    case 'EgressOnlyInternetGatewayId':
      route.at(way).pattern();
      return judgeShortcut(route, way, scope);
    case 'VpcEndpointId':
      return judgeEndpoint(route, scope);
    case undefined:
      return notApplicable('it leads to no NAT gateway and to no firewall');
    default:
      return isEverywhere(route)
        ? notAssessed('whether there is a firewall where it leads is not in the templates', way)
        : notApplicable('it leads to a network of one’s own');
  }
}

function isEverywhere(route: Subject): boolean {
  return ['DestinationCidrBlock', 'DestinationIpv6CidrBlock'].some((property) => {
    const range = route.at(property).resolved;
    return range.kind === 'unresolved' || (range.kind === 'scalar' && /\/0$/.test(String(range.value)));
  });
}

function judgeShortcut(route: Subject, way: string, scope: Scope): readonly Outcome[] {
  const table = route.reference('RouteTableId');
  if (table.kind !== 'known') {
    return [notAssessed('which subnets use it is not in the templates', 'RouteTableId')];
  }
  const users = scope.referring(table.value.subject, 'AWS::EC2::SubnetRouteTableAssociation', 'RouteTableId');
  if (users.length === 0) {
    return [notAssessed('which subnets use it is not in the templates', 'RouteTableId')];
  }
  return users.flatMap((user) => {
    const subnet = user.reference('SubnetId');
    if (subnet.kind !== 'known') {
      return [notAssessed('which subnets use it is not in the templates', 'RouteTableId')];
    }
    const isOfFirewall = endpointsIn(subnet.value.subject, scope);
    return [isOfFirewall ? satisfied : finding('shortcut', way, { subnet: subnet.value.subject.logicalId })];
  });
}

function endpointsIn(subnet: Subject, scope: Scope): boolean {
  return (
    scope.referring(subnet, 'AWS::NetworkFirewall::Firewall', 'SubnetMappings.*.SubnetId').length > 0 ||
    scope.referring(subnet, 'AWS::NetworkFirewall::VpcEndpointAssociation', 'SubnetMapping.SubnetId').length > 0
  );
}

/** A firewall tells its endpoints as a list of `zone:endpoint`, of which only the deployment knows the items. */
function judgeEndpoint(route: Subject, scope: Scope): readonly Outcome[] {
  const place = route.at('VpcEndpointId');
  const reading = place.pattern();
  const text = reading.kind === 'known' ? reading.value : reading.kind === 'unresolved' ? reading.text : '';
  const [, logicalId, attribute] = /^\$\{([A-Za-z0-9]+)\.(EndpointIds|EndpointId)\}/.exec(text) ?? [];
  const type =
    attribute === 'EndpointId' ? 'AWS::NetworkFirewall::VpcEndpointAssociation' : 'AWS::NetworkFirewall::Firewall';
  const isFirewall = logicalId !== undefined && scope.resources(type).some((each) => each.logicalId === logicalId);
  return [isFirewall ? satisfied : notAssessed('whether the endpoint is that of a firewall is not known', place.path)];
}
