import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/**
 * Closes the isolated subnets with a network access list of their own: the database port opens to the private subnets by
 * address, is denied to everybody else over IPv4 and IPv6 before any later rule can open it, and only answers leave.
 *
 * It holds even where a security group is opened by mistake. Access lists are stateless, so answers need a rule of their own.
 * Every subnet that is not in the list of a rule is refused by the list's own last rule.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
export function closeIsolatedSubnets(scope: Construct, vpc: ec2.IVpc, databasePort: number): ec2.NetworkAcl {
  const list = new ec2.NetworkAcl(scope, 'IsolatedAccessList', {
    vpc,
    subnetSelection: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  });
  const port = ec2.AclTraffic.tcpPort(databasePort);
  const answers = ec2.AclTraffic.tcpPortRange(1024, 65535);
  const { INGRESS, EGRESS } = ec2.TrafficDirection;
  const { ALLOW, DENY } = ec2.Action;

  vpc.privateSubnets.forEach((subnet, index) => {
    const cidr = ec2.AclCidr.ipv4(subnet.ipv4CidrBlock);
    const zone = index + 1;
    list.addEntry(`DatabaseFrom${zone}`, {
      ruleNumber: 100 + index,
      direction: INGRESS,
      traffic: port,
      cidr,
      ruleAction: ALLOW,
    });
    list.addEntry(`AnswersTo${zone}`, {
      ruleNumber: 100 + index,
      direction: EGRESS,
      traffic: answers,
      cidr,
      ruleAction: ALLOW,
    });
  });
  list.addEntry('DatabaseFromAnywhereIpv4', {
    ruleNumber: 200,
    direction: INGRESS,
    traffic: port,
    cidr: ec2.AclCidr.anyIpv4(),
    ruleAction: DENY,
  });
  list.addEntry('DatabaseFromAnywhereIpv6', {
    ruleNumber: 201,
    direction: INGRESS,
    traffic: port,
    cidr: ec2.AclCidr.anyIpv6(),
    ruleAction: DENY,
  });
  return list;
}
