import type { EC2 } from '@aws-sdk/client-ec2';

/** The calls with which a network is taken away. */
export type NetworkClient = Pick<
  EC2,
  | 'deleteInternetGateway'
  | 'deleteSubnet'
  | 'deleteVpc'
  | 'describeInternetGateways'
  | 'describeNetworkInterfaces'
  | 'describeSubnets'
  | 'describeVpcs'
  | 'detachInternetGateway'
>;

/**
 * Takes away the network that AWS puts into every Region of a new account, with a gateway to the internet and a public address for whatever is started in it:
 * where nothing lives in it. One that is used stays as it is; AWS Config reports what is wrong with it.
 *
 * Gateways and subnets go first. What else somebody left in it, such as a security group, keeps the rest from going, which can hold nothing any more.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/deleting-default-vpc.html
 *
 * @throws if AWS refuses a call
 */
export async function removeUnusedNetwork(ec2: NetworkClient): Promise<void> {
  const { Vpcs: networks = [] } = await ec2.describeVpcs({ Filters: [{ Name: 'is-default', Values: ['true'] }] });
  for (const { VpcId: network } of networks) {
    if (network !== undefined && (await isUnused(ec2, network))) {
      await takeApart(ec2, network);
    }
  }
}

const of = (network: string) => [{ Name: 'vpc-id', Values: [network] }];

/** Whatever runs in a network has an interface in it. One page is enough to know. */
async function isUnused(ec2: NetworkClient, network: string): Promise<boolean> {
  const { NetworkInterfaces: interfaces } = await ec2.describeNetworkInterfaces({ Filters: of(network) });
  if (interfaces === undefined) {
    throw new Error(`EC2 did not say what lives in ${network}, expected a list of network interfaces`);
  }
  return interfaces.length === 0;
}

async function takeApart(ec2: NetworkClient, network: string): Promise<void> {
  const { InternetGateways: gateways = [] } = await ec2.describeInternetGateways({
    Filters: [{ Name: 'attachment.vpc-id', Values: [network] }],
  });
  for (const { InternetGatewayId } of gateways) {
    if (InternetGatewayId) {
      await ec2.detachInternetGateway({ InternetGatewayId, VpcId: network });
      await ec2.deleteInternetGateway({ InternetGatewayId });
    }
  }
  const { Subnets: subnets = [] } = await ec2.describeSubnets({ Filters: of(network) });
  for (const { SubnetId } of subnets) {
    if (SubnetId) {
      await ec2.deleteSubnet({ SubnetId });
    }
  }
  try {
    await ec2.deleteVpc({ VpcId: network });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'DependencyViolation')) {
      throw error;
    }
  }
}
