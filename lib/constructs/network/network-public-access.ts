import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/**
 * Blocks every way from the internet into every VPC of the account in this Region, except into the public subnets given.
 *
 * Only what comes in is blocked: blocking both ways would also stop the NAT gateways, and a load balancer must be reachable.
 * The exclusion names the public subnets one by one, so an internet gateway that somebody attaches elsewhere opens nothing.
 *
 * Exclusions come first: a load balancer that is already there must not be cut off while the stack is updated.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
 */
export function blockPublicAccess(scope: Construct, vpc: ec2.IVpc): ec2.CfnVPCBlockPublicAccessOptions {
  const options = new ec2.CfnVPCBlockPublicAccessOptions(scope, 'BlockPublicAccess', {
    internetGatewayBlockMode: 'block-ingress',
  });
  vpc.publicSubnets.forEach((subnet, index) => {
    const exclusion = new ec2.CfnVPCBlockPublicAccessExclusion(scope, `PublicSubnet${index + 1}Exclusion`, {
      internetGatewayExclusionMode: 'allow-bidirectional',
      subnetId: subnet.subnetId,
    });
    options.addResourceDependency(exclusion);
  });
  return options;
}
