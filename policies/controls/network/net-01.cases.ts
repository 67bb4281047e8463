import { addBeside, type ControlCases, remove, set } from '../../../lib/control/cases';

const subnet = (zone: unknown, more: object = {}) => ({
  Type: 'AWS::EC2::Subnet',
  Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone: zone, MapPublicIpOnLaunch: false, ...more },
});
const table = (name: string) => ({
  [`${name}Table`]: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
  [`${name}Association`]: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: name }, RouteTableId: { Ref: `${name}Table` } },
  },
});

/** One public subnet with a NAT gateway, two private ones, and a service in the private ones. */
const resources = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Gateway: { Type: 'AWS::EC2::InternetGateway' },
  Public: subnet('eu-central-1a'),
  PrivateB: subnet('eu-central-1b'),
  PrivateC: subnet('eu-central-1c'),
  ...table('Public'),
  ...table('PrivateB'),
  ...table('PrivateC'),
  WayOut: {
    Type: 'AWS::EC2::Route',
    Properties: {
      RouteTableId: { Ref: 'PublicTable' },
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: { Ref: 'Gateway' },
    },
  },
  Address: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
  Nat: {
    Type: 'AWS::EC2::NatGateway',
    Properties: { SubnetId: { Ref: 'Public' }, AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] } },
  },
  WayThroughNat: {
    Type: 'AWS::EC2::Route',
    Properties: {
      RouteTableId: { Ref: 'PrivateBTable' },
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: { Ref: 'Nat' },
    },
  },
  Balancer: {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: { Scheme: 'internet-facing', Subnets: [{ Ref: 'Public' }] },
  },
  Service: {
    Type: 'AWS::ECS::Service',
    Properties: {
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          AssignPublicIp: 'DISABLED',
          Subnets: [{ Ref: 'PrivateB' }, { Ref: 'PrivateC' }],
        },
      },
    },
  },
  Block: {
    Type: 'AWS::EC2::VPCBlockPublicAccessOptions',
    Properties: { InternetGatewayBlockMode: 'block-ingress' },
  },
  Exclusion: {
    Type: 'AWS::EC2::VPCBlockPublicAccessExclusion',
    Properties: { InternetGatewayExclusionMode: 'allow-bidirectional', SubnetId: { Ref: 'Public' } },
  },
};

const tiers = 'public, private and a service';
const machines = 'machines in a private subnet';
const noMachines = 'the project starts no machines of its own';
const nested = 'AWS::EC2::VPC';

const beside = (name: string, type: string, properties: object) => ({
  name,
  of: tiers,
  edit: addBeside(nested, 'Added', () => ({ Type: type, Properties: properties })),
  expect: { message: 'joined', at: 'Added' },
});

export const cases: ControlCases = {
  compliant: {
    [tiers]: { template: { Resources: resources } },
    'zones by number, as many as the profile asks': {
      figures: { 'network.azs': 2 },
      template: {
        Resources: {
          Vpc: resources.Vpc,
          A: subnet({ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }),
          B: subnet({ 'Fn::Select': ['1', { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }),
        },
      },
    },
    [machines]: {
      figures: { 'network.azs': 1 },
      template: {
        Resources: {
          Vpc: resources.Vpc,
          Private: subnet('eu-central-1a'),
          Machine: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'Private' } } },
          Other: {
            Type: 'AWS::EC2::Instance',
            Properties: {
              NetworkInterfaces: [{ DeviceIndex: '0', SubnetId: { Ref: 'Private' }, AssociatePublicIpAddress: false }],
            },
          },
          Template: {
            Type: 'AWS::EC2::LaunchTemplate',
            Properties: { LaunchTemplateData: { NetworkInterfaces: [{ AssociatePublicIpAddress: false }] } },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'two subnets share a zone',
      of: tiers,
      target: 'PrivateC',
      edit: set('AWS::EC2::Subnet', 'AvailabilityZone', 'eu-central-1b'),
      expect: { message: 'fewZones', at: 'Vpc' },
      notShipped: 'the project has several subnets in each zone',
    },
    {
      name: 'a subnet gives public addresses',
      of: tiers,
      target: 'Public',
      edit: set('AWS::EC2::Subnet', 'MapPublicIpOnLaunch', true),
      expect: { message: 'publicByDefault' },
    },
    {
      name: 'a subnet gives public addresses, as text',
      of: tiers,
      target: 'PrivateB',
      edit: set('AWS::EC2::Subnet', 'MapPublicIpOnLaunch', 'true'),
      expect: { message: 'publicByDefault' },
    },
    {
      name: 'the service lies in the public subnet',
      of: tiers,
      edit: set('AWS::ECS::Service', 'NetworkConfiguration.AwsvpcConfiguration.Subnets.0', { Ref: 'Public' }),
      expect: { message: 'workloadInPublicSubnet', at: 'Public' },
      notShipped: 'the project deploys no service yet',
    },
    {
      name: 'a private subnet gets a route to the internet gateway',
      of: tiers,
      edit: addBeside('AWS::EC2::InternetGateway', 'Added', (gateway) => ({
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: { Ref: 'PrivateCTable' }, GatewayId: { Ref: gateway } },
      })),
      expect: { message: 'workloadInPublicSubnet', at: 'PrivateC' },
      notShipped: 'the edit names a route table of the case',
    },
    {
      name: 'tasks get public addresses',
      of: tiers,
      edit: set('AWS::ECS::Service', 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED'),
      expect: { message: 'publicAddress' },
      notShipped: 'the project deploys no service yet',
    },
    {
      name: 'an elastic address goes to a machine',
      of: tiers,
      edit: set('AWS::EC2::EIP', 'InstanceId', 'i-0123'),
      expect: { message: 'publicAddress' },
    },
    {
      name: 'an elastic address is put on an interface',
      of: tiers,
      edit: addBeside('AWS::EC2::EIP', 'Added', () => ({
        Type: 'AWS::EC2::EIPAssociation',
        Properties: { AllocationId: 'eipalloc-0123', NetworkInterfaceId: 'eni-0123' },
      })),
      expect: { message: 'publicAddress', at: 'Added' },
    },
    {
      name: 'a machine names no subnet',
      of: machines,
      target: 'Machine',
      edit: remove('AWS::EC2::Instance', 'SubnetId'),
      expect: { message: 'defaultVpc' },
      notShipped: noMachines,
    },
    {
      name: 'a machine gets a public address',
      of: machines,
      target: 'Other',
      edit: set('AWS::EC2::Instance', 'NetworkInterfaces.0.AssociatePublicIpAddress', true),
      expect: { message: 'publicAddress' },
      notShipped: noMachines,
    },
    {
      name: 'machines of a launch template get public addresses',
      of: machines,
      edit: set('AWS::EC2::LaunchTemplate', 'LaunchTemplateData.NetworkInterfaces.0.AssociatePublicIpAddress', true),
      expect: { message: 'publicAddress' },
      notShipped: noMachines,
    },
    beside('the VPC is peered', 'AWS::EC2::VPCPeeringConnection', { VpcId: 'vpc-1', PeerVpcId: 'vpc-2' }),
    beside('the VPC is attached to a transit gateway', 'AWS::EC2::TransitGatewayVpcAttachment', { VpcId: 'vpc-1' }),
    beside('the VPC is attached to a transit gateway, the old way', 'AWS::EC2::TransitGatewayAttachment', {
      VpcId: 'vpc-1',
    }),
    beside('transit gateways are peered', 'AWS::EC2::TransitGatewayPeeringAttachment', {}),
    beside('the VPC is attached to a core network', 'AWS::NetworkManager::VpcAttachment', {}),
    {
      name: 'the block on public access is off',
      of: tiers,
      edit: set('AWS::EC2::VPCBlockPublicAccessOptions', 'InternetGatewayBlockMode', 'off'),
      expect: { message: 'notBlocked' },
    },
    {
      name: 'a whole VPC is exempt from the block on public access',
      of: tiers,
      edit: {
        on: 'AWS::EC2::VPCBlockPublicAccessExclusion',
        apply: (template, logicalId) => {
          const all = template.Resources as Record<string, { Properties: Record<string, unknown> }>;
          const properties = all[logicalId]?.Properties ?? {};
          delete properties.SubnetId;
          properties.VpcId = 'vpc-0123';
        },
      },
      expect: { message: 'excludedVpc' },
    },
  ],
  others: [
    {
      name: 'fails closed without a VPC',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a bucket alone is no concern where only what is present is judged',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a VPC that exists under a condition only does not keep it',
      template: {
        Parameters: { Own: { Type: 'String', Default: 'yes' } },
        Conditions: { IsOwn: { 'Fn::Equals': [{ Ref: 'Own' }, 'yes'] } },
        Resources: {
          Vpc: { ...resources.Vpc, Condition: 'IsOwn' },
        },
      },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a database subnet group in a public subnet breaks it',
      template: {
        Resources: {
          ...resources,
          Data: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'Public' }] } },
        },
      },
      expect: { Public: { message: 'workloadInPublicSubnet' }, PrivateB: 'satisfied' },
    },
    {
      name: 'a launch template that leaves the network to others keeps it',
      template: {
        Resources: {
          Template: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { ImageId: 'ami-0123' } } },
        },
      },
      presentOnly: true,
      expect: { Template: 'satisfied' },
    },
    {
      name: 'a VPC whose subnets are elsewhere is not assessed',
      template: { Resources: { Vpc: resources.Vpc } },
      expect: { Vpc: 'not-assessed' },
    },
  ],
  absentKeeps: {
    'AWS::EC2::Subnet: MapPublicIpOnLaunch':
      'false: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html',
    'AWS::ECS::Service: NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp':
      'disabled: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html',
    'AWS::EC2::Instance: NetworkInterfaces.*.AssociatePublicIpAddress': 'the subnet decides, and is judged',
    'AWS::EC2::LaunchTemplate: LaunchTemplateData.NetworkInterfaces.*.AssociatePublicIpAddress':
      'the subnet decides, and is judged',
  },
  indifferent: {
    'AWS::EC2::Route: NatGatewayId': 'a NAT gateway lets nothing in, whichever it is',
    'AWS::EC2::Instance: SubnetId':
      'naming one keeps the machine out of the default VPC; the subnet is judged by itself',
    'AWS::EC2::Instance: NetworkInterfaces.*.SubnetId':
      'naming one keeps the machine out of the default VPC; the subnet is judged by itself',
  },
};
