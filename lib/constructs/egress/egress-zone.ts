import { Fn, Names } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as firewall from 'aws-cdk-lib/aws-networkfirewall';
import { Construct } from 'constructs';
import type { EgressLog } from './egress-log';

export interface EgressZoneProps {
  readonly vpc: ec2.Vpc;
  /** The private subnet of the zone, which has no way out yet. */
  readonly privateSubnet: ec2.ISubnet;
  /** Range of the subnet that holds the firewall endpoint, /28. */
  readonly firewallCidr: string;
  /** Range of the subnet that holds the NAT gateway, /28. */
  readonly natCidr: string;
  /** ARN of the firewall policy. */
  readonly policyArn: string;
  readonly log: EgressLog;
}

/**
 * The way out of one availability zone: private subnet, firewall, NAT gateway, internet; and the same way back, because a firewall
 * that sees half of a conversation drops it.
 *
 * The NAT gateway stands in a subnet of its own. Beside the load balancers the way back would also take their calls into the private
 * subnet through the firewall, whose answers go past it. And each zone has a firewall of its own, at the price of one with as many
 * endpoints: the order in which a firewall of several zones names its endpoints is not documented, so a route could cross zones.
 *
 * Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html
 */
export class EgressZone extends Construct {
  readonly firewallArn: string;

  constructor(scope: Construct, id: string, props: EgressZoneProps) {
    super(scope, id);
    const { vpc, privateSubnet } = props;
    const place = { vpcId: vpc.vpcId, availabilityZone: privateSubnet.availabilityZone };
    const natSubnet = new ec2.PublicSubnet(this, 'Nat', {
      ...place,
      cidrBlock: props.natCidr,
      mapPublicIpOnLaunch: false,
    });
    natSubnet.addDefaultInternetRoute(vpc.internetGatewayId ?? '', vpc.internetConnectivityEstablished);
    const gateway = natSubnet.addNatGateway();
    const firewallSubnet = new ec2.PrivateSubnet(this, 'Firewall', {
      ...place,
      cidrBlock: props.firewallCidr,
      mapPublicIpOnLaunch: false,
    });
    firewallSubnet.addDefaultNatRoute(gateway.ref);

    const wall = this.firewall(firewallSubnet, props);
    this.firewallArn = wall.attrFirewallArn;
    // One subnet, one endpoint: `zone:endpoint`
    const endpoint = Fn.select(1, Fn.split(':', Fn.select(0, wall.attrEndpointIds)));
    const through = { routerType: ec2.RouterType.VPC_ENDPOINT, routerId: endpoint };
    natSubnet.addRoute('WayBack', { ...through, destinationCidrBlock: privateSubnet.ipv4CidrBlock });
    if (!(privateSubnet instanceof ec2.Subnet)) {
      throw new Error(`subnet ${privateSubnet.node.path} is imported, expected one of the stack: it must take a route`);
    }
    privateSubnet.addRoute('DefaultRoute', { ...through, enablesInternetConnectivity: true });
    // Whoever waits for the way out waits for all of it
    privateSubnet.node
      .findChild('DefaultRoute')
      .node.addDependency(firewallSubnet.internetConnectivityEstablished, natSubnet);
  }

  private firewall(subnet: ec2.ISubnet, { vpc, policyArn, log }: EgressZoneProps): firewall.CfnFirewall {
    const wall = new firewall.CfnFirewall(this, 'Resource', {
      firewallName: Names.uniqueResourceName(this, { maxLength: 100 }),
      firewallPolicyArn: policyArn,
      vpcId: vpc.vpcId,
      subnetMappings: [{ subnetId: subnet.subnetId }],
      deleteProtection: true,
      subnetChangeProtection: true,
      firewallPolicyChangeProtection: true,
    });
    const destination = (logType: string, logGroup: string) => ({
      logType,
      logDestinationType: 'CloudWatchLogs',
      logDestination: { logGroup },
    });
    const logging = new firewall.CfnLoggingConfiguration(this, 'Logging', {
      firewallArn: wall.attrFirewallArn,
      loggingConfiguration: {
        logDestinationConfigs: [
          destination('ALERT', log.alerts.logGroupName),
          destination('FLOW', log.flows.logGroupName),
        ],
      },
    });
    logging.node.addDependency(log.leave);
    return wall;
  }
}
