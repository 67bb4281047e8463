import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Load balancers, which may be where the internet comes in. */
export const balancers = ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'];

/** What runs or answers in a VPC: where its security groups and its subnets are named, as far as it names any. */
const workloads: readonly { readonly type: string; readonly groups?: string; readonly subnets?: string }[] = [
  { type: 'AWS::EC2::Instance', groups: 'SecurityGroupIds.*', subnets: 'SubnetId' },
  {
    type: 'AWS::EC2::Instance',
    groups: 'NetworkInterfaces.*.GroupSet.*',
    subnets: 'NetworkInterfaces.*.SubnetId',
  },
  { type: 'AWS::EC2::NetworkInterface', groups: 'GroupSet.*', subnets: 'SubnetId' },
  { type: 'AWS::EC2::LaunchTemplate', groups: 'LaunchTemplateData.SecurityGroupIds.*' },
  { type: 'AWS::EC2::LaunchTemplate', groups: 'LaunchTemplateData.NetworkInterfaces.*.Groups.*' },
  { type: 'AWS::EC2::VPCEndpoint', groups: 'SecurityGroupIds.*' },
  { type: 'AWS::EC2::ClientVpnEndpoint', groups: 'SecurityGroupIds.*' },
  { type: 'AWS::AutoScaling::LaunchConfiguration', groups: 'SecurityGroups.*' },
  { type: 'AWS::AutoScaling::AutoScalingGroup', subnets: 'VPCZoneIdentifier.*' },
  {
    type: 'AWS::ECS::Service',
    groups: 'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups.*',
    subnets: 'NetworkConfiguration.AwsvpcConfiguration.Subnets.*',
  },
  {
    type: 'AWS::EKS::Cluster',
    groups: 'ResourcesVpcConfig.SecurityGroupIds.*',
  },
  { type: 'AWS::EKS::Nodegroup', subnets: 'Subnets.*' },
  { type: 'AWS::Lambda::Function', groups: 'VpcConfig.SecurityGroupIds.*', subnets: 'VpcConfig.SubnetIds.*' },
  { type: 'AWS::CodeBuild::Project', groups: 'VpcConfig.SecurityGroupIds.*', subnets: 'VpcConfig.Subnets.*' },
  {
    type: 'AWS::Batch::ComputeEnvironment',
    groups: 'ComputeResources.SecurityGroupIds.*',
    subnets: 'ComputeResources.Subnets.*',
  },
  { type: 'AWS::RDS::DBInstance', groups: 'VPCSecurityGroups.*' },
  { type: 'AWS::RDS::DBCluster', groups: 'VpcSecurityGroupIds.*' },
  { type: 'AWS::RDS::DBProxy', groups: 'VpcSecurityGroupIds.*', subnets: 'VpcSubnetIds.*' },
  { type: 'AWS::RDS::DBSubnetGroup', subnets: 'SubnetIds.*' },
  { type: 'AWS::DocDB::DBCluster', groups: 'VpcSecurityGroupIds.*' },
  { type: 'AWS::DocDB::DBSubnetGroup', subnets: 'SubnetIds.*' },
  { type: 'AWS::Neptune::DBCluster', groups: 'VpcSecurityGroupIds.*' },
  { type: 'AWS::Neptune::DBSubnetGroup', subnets: 'SubnetIds.*' },
  { type: 'AWS::Redshift::Cluster', groups: 'VpcSecurityGroupIds.*' },
  { type: 'AWS::Redshift::ClusterSubnetGroup', subnets: 'SubnetIds.*' },
  { type: 'AWS::ElastiCache::ReplicationGroup', groups: 'SecurityGroupIds.*' },
  { type: 'AWS::ElastiCache::CacheCluster', groups: 'VpcSecurityGroupIds.*' },
  { type: 'AWS::ElastiCache::ServerlessCache', groups: 'SecurityGroupIds.*', subnets: 'SubnetIds.*' },
  { type: 'AWS::ElastiCache::SubnetGroup', subnets: 'SubnetIds.*' },
  { type: 'AWS::MemoryDB::Cluster', groups: 'SecurityGroupIds.*' },
  { type: 'AWS::MemoryDB::SubnetGroup', subnets: 'SubnetIds.*' },
  {
    type: 'AWS::OpenSearchService::Domain',
    groups: 'VPCOptions.SecurityGroupIds.*',
    subnets: 'VPCOptions.SubnetIds.*',
  },
  {
    type: 'AWS::MSK::Cluster',
    groups: 'BrokerNodeGroupInfo.SecurityGroups.*',
    subnets: 'BrokerNodeGroupInfo.ClientSubnets.*',
  },
  { type: 'AWS::AmazonMQ::Broker', groups: 'SecurityGroups.*', subnets: 'SubnetIds.*' },
  { type: 'AWS::EFS::MountTarget', groups: 'SecurityGroups.*', subnets: 'SubnetId' },
  { type: 'AWS::ApiGatewayV2::VpcLink', groups: 'SecurityGroupIds.*' },
];

/** What a security group is attached to. */
export function attachedTo(group: Subject, scope: Scope) {
  return {
    balancers: balancers.flatMap((type) => scope.referring(group, type, 'SecurityGroups.*')),
    others: workloads.flatMap(({ type, groups }) => (groups ? scope.referring(group, type, groups) : [])),
  };
}

/** What runs or stores data in a subnet; load balancers and NAT gateways, which belong into public ones, are left out. */
export function placedIn(subnet: Subject, scope: Scope): readonly Subject[] {
  return workloads.flatMap(({ type, subnets }) => (subnets ? scope.referring(subnet, type, subnets) : []));
}
