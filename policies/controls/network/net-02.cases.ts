import { addBeside, type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const cluster = 'AWS::RDS::DBCluster';
const instance = 'AWS::RDS::DBInstance';
const entry = 'AWS::EC2::NetworkAclEntry';
const association = 'AWS::EC2::SubnetNetworkAclAssociation';

const inbound = (number: number, action: string, more: object) => ({
  Type: entry,
  Properties: {
    NetworkAclId: { Ref: 'List' },
    RuleNumber: number,
    RuleAction: action,
    Protocol: 6,
    PortRange: { From: 5432, To: 5432 },
    ...more,
  },
});

/** Two isolated subnets with their route tables, an access list that closes the database port, and a subnet group of both. */
const network = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  SubnetA: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
  SubnetB: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' } },
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
  TableOfA: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'SubnetA' }, RouteTableId: { Ref: 'Table' } },
  },
  TableOfB: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'SubnetB' }, RouteTableId: { Ref: 'Table' } },
  },
  List: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: { Ref: 'Vpc' } } },
  ListOfA: { Type: association, Properties: { SubnetId: { Ref: 'SubnetA' }, NetworkAclId: { Ref: 'List' } } },
  ListOfB: { Type: association, Properties: { SubnetId: { Ref: 'SubnetB' }, NetworkAclId: { Ref: 'List' } } },
  FromApp: inbound(100, 'allow', { CidrBlock: { 'Fn::GetAtt': ['SubnetA', 'CidrBlock'] } }),
  NotFromAnywhere: inbound(200, 'deny', { CidrBlock: '0.0.0.0/0' }),
  NotFromAnywhereV6: inbound(201, 'deny', { Ipv6CidrBlock: '::/0' }),
  Answers: {
    Type: entry,
    Properties: {
      NetworkAclId: { Ref: 'List' },
      Egress: true,
      RuleNumber: 100,
      RuleAction: 'allow',
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
    },
  },
  Group: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { VpcId: { Ref: 'Vpc' }, SecurityGroupEgress: [] },
  },
  FromService: {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: {
      GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] },
      SourceSecurityGroupId: 'sg-0123',
      IpProtocol: 'tcp',
      FromPort: 5432,
      ToPort: 5432,
    },
  },
  Subnets: {
    Type: 'AWS::RDS::DBSubnetGroup',
    Properties: { SubnetIds: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }] },
  },
};

const groups = [{ 'Fn::GetAtt': ['Group', 'GroupId'] }];
const db = {
  Type: cluster,
  Properties: {
    DBClusterIdentifier: 'tenants',
    Engine: 'aurora-postgresql',
    Port: 5432,
    DBSubnetGroupName: { Ref: 'Subnets' },
    VpcSecurityGroupIds: groups,
    EnableHttpEndpoint: false,
  },
};
const writer = {
  Type: instance,
  Properties: { DBClusterIdentifier: { Ref: 'Db' }, PubliclyAccessible: false },
};

/** The network, with answers from the internet for what leaves through a NAT gateway: the usual list of a private subnet. */
const behindNat = {
  ...network,
  Out: {
    Type: 'AWS::EC2::Route',
    Properties: {
      RouteTableId: { Ref: 'Table' },
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: { Ref: 'Nat' },
    },
  },
  Nat: { Type: 'AWS::EC2::NatGateway', Properties: {} },
  AnswersFromOutside: inbound(300, 'allow', { CidrBlock: '0.0.0.0/0', PortRange: { From: 1024, To: 65535 } }),
};

const aurora = 'Aurora in isolated subnets';
const alone = 'lone instance behind a NAT gateway, its address left to the subnets';

const notOurs = 'the project deploys no database outside a cluster';

/** An internet gateway in the route table of the first of the templates' database subnets. */
function routeOutOf(template: Json, table: string): void {
  const resources = template.Resources as Record<string, unknown>;
  resources.Gateway = { Type: 'AWS::EC2::InternetGateway', Properties: {} };
  resources.WayOut = {
    Type: 'AWS::EC2::Route',
    Properties: { RouteTableId: { Ref: table }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } },
  };
}

export const cases: ControlCases = {
  compliant: {
    [aurora]: { template: { Resources: { ...network, Db: db, Writer: writer } } },
    [alone]: {
      template: {
        Resources: {
          ...behindNat,
          Db: {
            Type: instance,
            Properties: {
              Engine: 'postgres',
              DBSubnetGroupName: { Ref: 'Subnets' },
              VPCSecurityGroups: groups,
            },
          },
        },
      },
    },
    'proxy and warehouse': {
      template: {
        Resources: {
          ...network,
          Proxy: {
            Type: 'AWS::RDS::DBProxy',
            Properties: { VpcSubnetIds: [{ Ref: 'SubnetA' }, { Ref: 'SubnetB' }], VpcSecurityGroupIds: groups },
          },
          WarehouseSubnets: {
            Type: 'AWS::Redshift::ClusterSubnetGroup',
            Properties: { SubnetIds: [{ Ref: 'SubnetA' }] },
          },
          Warehouse: {
            Type: 'AWS::Redshift::Cluster',
            Properties: {
              PubliclyAccessible: 'false',
              ClusterSubnetGroupName: { Ref: 'WarehouseSubnets' },
              VpcSecurityGroupIds: groups,
            },
          },
        },
      },
    },
    'Data API where the profile allows it': {
      figures: { 'data.allowDataApi': true },
      template: {
        Resources: { ...network, Db: { ...db, Properties: { ...db.Properties, EnableHttpEndpoint: true } } },
      },
    },
  },
  mutations: [
    {
      name: 'an instance of the cluster has a public address',
      of: aurora,
      edit: set(instance, 'PubliclyAccessible', true),
      expect: { message: 'publicAddress' },
    },
    {
      name: 'an instance of the cluster has a public address, as text',
      of: aurora,
      edit: set(instance, 'PubliclyAccessible', 'true'),
      expect: { message: 'publicAddress' },
    },
    {
      name: 'the cluster has a public address',
      of: aurora,
      edit: set(cluster, 'PubliclyAccessible', true),
      expect: { message: 'publicAddress' },
    },
    {
      name: 'a lone instance has a public address',
      of: alone,
      edit: set(instance, 'PubliclyAccessible', true),
      expect: { message: 'publicAddress' },
      notShipped: notOurs,
    },
    {
      name: 'the warehouse has a public address',
      of: 'proxy and warehouse',
      edit: set('AWS::Redshift::Cluster', 'PubliclyAccessible', true),
      expect: { message: 'publicAddress' },
      notShipped: 'the project deploys no warehouse',
    },
    {
      name: 'the cluster names no subnets',
      of: aurora,
      edit: remove(cluster, 'DBSubnetGroupName'),
      expect: { message: 'defaultSubnets' },
    },
    {
      name: 'a lone instance names no subnets',
      of: alone,
      edit: remove(instance, 'DBSubnetGroupName'),
      expect: { message: 'defaultSubnets' },
      notShipped: notOurs,
    },
    {
      name: 'the subnet group names a subnet from elsewhere',
      of: aurora,
      edit: set('AWS::RDS::DBSubnetGroup', 'SubnetIds.0', 'subnet-0123'),
      expect: { message: 'not-assessed', at: 'Db' },
    },
    {
      name: 'the private subnets have a route to an internet gateway',
      of: aurora,
      edit: {
        on: 'AWS::EC2::RouteTable',
        apply: routeOutOf,
      },
      expect: { message: 'routedToInternet', at: 'Db' },
      notShipped: 'not every route table of the project is that of the database',
    },
    {
      name: 'a route of a private subnet goes to an internet gateway by its number',
      of: alone,
      edit: change('AWS::EC2::Route', (properties) => {
        delete properties.NatGatewayId;
        properties.GatewayId = 'igw-0123';
      }),
      expect: { message: 'routedToInternet', at: 'Db' },
      notShipped: 'the routes of the project are those of other subnets',
    },
    {
      name: 'a route over IPv6 goes to an egress-only gateway',
      of: alone,
      edit: change('AWS::EC2::Route', (properties) => {
        delete properties.NatGatewayId;
        delete properties.DestinationCidrBlock;
        properties.DestinationIpv6CidrBlock = '::/0';
        properties.EgressOnlyInternetGatewayId = 'eigw-0123';
      }),
      expect: { message: 'routedToInternet', at: 'Db' },
      notShipped: 'the routes of the project are those of other subnets',
    },
    {
      name: 'the group of the database admits the world',
      of: aurora,
      edit: set('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', [
        { IpProtocol: 'tcp', FromPort: 5000, ToPort: 6000, CidrIp: '0.0.0.0/0' },
      ]),
      expect: { message: 'groupOpen', at: 'Db' },
      notShipped: 'not every security group of the project is that of the database',
    },
    {
      name: 'the group of the database admits an office',
      of: aurora,
      edit: addBeside('AWS::EC2::SecurityGroup', 'Office', (besideId) => ({
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: { Ref: besideId }, IpProtocol: '-1', CidrIp: '203.0.113.0/24' },
      })),
      expect: { message: 'groupOpen', at: 'Db' },
      notShipped: 'not every security group of the project is that of the database',
    },
    {
      name: 'the rules of the group are not there to read',
      of: aurora,
      edit: set(cluster, 'VpcSecurityGroupIds', ['sg-0123']),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a subnet of the database has no access list',
      of: aurora,
      target: 'ListOfB',
      edit: removeResource(association),
      expect: { message: 'noAccessList', at: 'Db' },
    },
    {
      name: 'the list allows the port before it denies it',
      of: aurora,
      target: 'NotFromAnywhere',
      edit: change(entry, (properties, template) => {
        properties.RuleNumber = 300;
        const resources = template.Resources as Record<string, unknown>;
        resources.Early = inbound(90, 'allow', {
          NetworkAclId: properties.NetworkAclId,
          CidrBlock: '0.0.0.0/0',
          PortRange: { From: 1024, To: 65535 },
        });
      }),
      expect: { message: 'accessListOpen', at: 'Db' },
      shippedWhere: ({ Properties }) => (Properties as Json).RuleAction === 'deny',
    },
    {
      name: 'the list denies too late what answers from outside may use',
      of: alone,
      target: 'NotFromAnywhere',
      edit: set(entry, 'RuleNumber', 301),
      expect: { message: 'accessListOpen', at: 'Db' },
      notShipped: 'the list of the project allows nothing after it denies',
    },
    {
      name: 'the list admits the world over IPv6',
      of: aurora,
      target: 'NotFromAnywhereV6',
      edit: set(entry, 'RuleAction', 'allow'),
      expect: { message: 'accessListOpen', at: 'Db' },
      shippedWhere: ({ Properties }) => (Properties as Json).RuleAction === 'deny',
    },
    {
      name: 'the list admits every protocol from the world',
      of: aurora,
      target: 'FromApp',
      edit: change(entry, (properties) => {
        delete properties.PortRange;
        properties.Protocol = -1;
        properties.CidrBlock = '0.0.0.0/0';
      }),
      expect: { message: 'accessListOpen', at: 'Db' },
      shippedWhere: ({ Properties }) => {
        const { RuleAction, Egress } = Properties as Json;
        return RuleAction === 'allow' && Egress !== true;
      },
    },
    {
      name: 'the list admits the world to the port on which the database really answers',
      of: aurora,
      edit: change(cluster, (properties, template) => {
        properties.Port = 6543;
        const resources = template.Resources as Record<string, unknown>;
        resources.Early = inbound(90, 'allow', { CidrBlock: '0.0.0.0/0', PortRange: { From: 6543, To: 6543 } });
      }),
      expect: { message: 'accessListOpen' },
      notShipped: 'the edit names the access list of the case',
    },
    {
      name: 'the Data API is on',
      of: aurora,
      edit: set(cluster, 'EnableHttpEndpoint', true),
      expect: { message: 'dataApi' },
    },
    {
      name: 'the proxy lies in a subnet that the templates do not hold',
      of: 'proxy and warehouse',
      edit: set('AWS::RDS::DBProxy', 'VpcSubnetIds', ['subnet-0123']),
      expect: { message: 'not-assessed' },
      notShipped: 'the project deploys no proxy',
    },
  ],
  others: [
    {
      name: 'fails closed without any database',
      template: { Resources: { Vpc: network.Vpc } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a network alone is no concern where only what is present is judged',
      template: { Resources: network },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a cache is named as not judged',
      template: { Resources: { Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: {} } } },
      expect: { Cache: 'not-assessed' },
    },
    {
      name: 'no address and no subnets named: the default VPC makes it public',
      template: { Resources: { Db: { Type: instance, Properties: { Engine: 'mysql' } } } },
      expect: { Db: { message: 'defaultSubnets' } },
    },
    {
      name: 'an instance of a cluster in open subnets is public unless it says otherwise',
      template: {
        Resources: {
          ...network,
          Gateway: { Type: 'AWS::EC2::InternetGateway' },
          Way: {
            Type: 'AWS::EC2::Route',
            Properties: { RouteTableId: { Ref: 'Table' }, GatewayId: { Ref: 'Gateway' } },
          },
          Db: db,
          Writer: { Type: instance, Properties: { DBClusterIdentifier: { Ref: 'Db' } } },
        },
      },
      expect: { Db: { message: 'routedToInternet' }, Writer: { message: 'publicAddress' } },
    },
    {
      name: 'the port of MySQL stands open where only that of PostgreSQL is denied',
      template: {
        Resources: {
          ...network,
          Early: inbound(300, 'allow', { CidrBlock: '0.0.0.0/0', PortRange: { From: 1024, To: 65535 } }),
          Db: {
            Type: instance,
            Properties: {
              Engine: 'mysql',
              DBSubnetGroupName: { Ref: 'Subnets' },
              VPCSecurityGroups: groups,
              PubliclyAccessible: false,
            },
          },
        },
      },
      expect: { Db: { message: 'accessListOpen' } },
    },
    {
      name: 'a route to an internet gateway under a condition breaks it',
      template: {
        Parameters: { Debug: { Type: 'String', Default: 'no' } },
        Conditions: { IsDebug: { 'Fn::Equals': [{ Ref: 'Debug' }, 'yes'] } },
        Resources: {
          ...network,
          Way: {
            Type: 'AWS::EC2::Route',
            Condition: 'IsDebug',
            Properties: { RouteTableId: { Ref: 'Table' }, GatewayId: 'igw-0123' },
          },
          Db: db,
        },
      },
      expect: { Db: { message: 'routedToInternet' } },
    },
  ],
  absentKeeps: {
    'AWS::RDS::DBInstance: PubliclyAccessible':
      'follows the subnets, which are judged: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html',
    'AWS::Redshift::Cluster: PubliclyAccessible':
      'false: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html',
    'AWS::RDS::DBCluster: EnableHttpEndpoint':
      'off: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html',
    'AWS::RDS::DBCluster: VpcSecurityGroupIds':
      'the default group of the VPC, which admits its own members: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html',
    'AWS::RDS::DBCluster: VpcSecurityGroupIds.*': 'a group less admits less',
    'AWS::RDS::DBInstance: VPCSecurityGroups.*': 'a group less admits less',
    'AWS::RDS::DBProxy: VpcSecurityGroupIds.*': 'a group less admits less',
    'AWS::Redshift::Cluster: VpcSecurityGroupIds.*': 'a group less admits less',
    'AWS::RDS::DBCluster: Port': 'the ports that the engine documents are judged instead',
    'AWS::RDS::DBSubnetGroup: SubnetIds.*': 'the other subnets are judged',
    'AWS::Redshift::ClusterSubnetGroup: SubnetIds.*': 'the other subnets are judged',
    'AWS::RDS::DBProxy: VpcSubnetIds.*': 'the other subnets are judged',
    'AWS::EC2::NetworkAclEntry: Egress':
      'incoming: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-networkaclentry.html',
  },
  indifferent: {
    'AWS::RDS::DBInstance: DBClusterIdentifier': 'without a cluster it is judged as a database that stands alone',
    'AWS::EC2::SecurityGroupIngress: SourceSecurityGroupId': 'whichever group it is, it is no address of the internet',
  },
};
