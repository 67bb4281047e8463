import { addBeside, type ControlCases, change, remove, set } from '../../../lib/control/cases';

const group = 'AWS::EC2::SecurityGroup';
const ingress = 'AWS::EC2::SecurityGroupIngress';
const egress = 'AWS::EC2::SecurityGroupEgress';

/** What CDK renders to keep EC2 from adding its own rule. */
const nothingLeaves = [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }];
const https = (cidr: string) => ({ CidrIp: cidr, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 });
const idOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'GroupId'] });
const tcp = (port: number, peer: object) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer });

const tiers = {
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Scheme: 'internet-facing', SecurityGroups: [idOf('EdgeGroup')] },
    },
    EdgeGroup: {
      Type: group,
      Properties: {
        VpcId: { Ref: 'Vpc' },
        SecurityGroupIngress: [https('0.0.0.0/0'), tcp(80, { CidrIpv6: '::/0' })],
        SecurityGroupEgress: [tcp(8080, { DestinationSecurityGroupId: idOf('AppGroup') })],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [idOf('AppGroup')] } } },
    },
    AppGroup: {
      Type: group,
      Properties: { VpcId: { Ref: 'Vpc' }, SecurityGroupEgress: [https('0.0.0.0/0')] },
    },
    AppFromEdge: {
      Type: ingress,
      Properties: tcp(8080, { GroupId: idOf('AppGroup'), SourceSecurityGroupId: idOf('EdgeGroup') }),
    },
    DataGroup: {
      Type: group,
      Properties: { VpcId: { Ref: 'Vpc' }, SecurityGroupEgress: nothingLeaves },
    },
    DataFromApp: {
      Type: ingress,
      Properties: {
        GroupId: idOf('DataGroup'),
        SourceSecurityGroupId: idOf('AppGroup'),
        IpProtocol: 'tcp',
        FromPort: { 'Fn::GetAtt': ['Db', 'Endpoint.Port'] },
        ToPort: { 'Fn::GetAtt': ['Db', 'Endpoint.Port'] },
      },
    },
    Db: { Type: 'AWS::RDS::DBCluster', Properties: { VpcSecurityGroupIds: [idOf('DataGroup')] } },
  },
};

const lone = (ingressRules: readonly unknown[], egressRules: readonly unknown[] = nothingLeaves) => ({
  Resources: {
    Group: { Type: group, Properties: { SecurityGroupIngress: ingressRules, SecurityGroupEgress: egressRules } },
  },
});

const open = (name: string, rules: readonly unknown[], message = 'openToInternet') => ({
  name,
  of: 'one group',
  edit: set(group, 'SecurityGroupIngress', rules),
  expect: { message },
});

export const cases: ControlCases = {
  compliant: {
    'three tiers behind a load balancer': { template: tiers },
    'one group': { template: lone([https('10.0.0.0/16')]) },
    'range of the VPC, and an own public address': {
      template: {
        Resources: {
          Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
          Group: {
            Type: group,
            Properties: {
              SecurityGroupIngress: [
                tcp(443, { CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } }),
                tcp(443, { CidrIp: '203.0.113.7/32' }),
              ],
              SecurityGroupEgress: nothingLeaves,
            },
          },
        },
      },
    },
    'prefix list that the template holds': {
      template: {
        Resources: {
          Office: { Type: 'AWS::EC2::PrefixList', Properties: { Entries: [{ Cidr: '203.0.113.0/24' }] } },
          Group: {
            Type: group,
            Properties: {
              SecurityGroupIngress: [tcp(22, { SourcePrefixListId: { Ref: 'Office' } })],
              SecurityGroupEgress: nothingLeaves,
            },
          },
        },
      },
    },
    'rule for a group from elsewhere': {
      template: {
        Resources: {
          Rule: { Type: ingress, Properties: tcp(8080, { GroupId: 'sg-0123', CidrIp: '10.0.0.0/16' }) },
          Out: { Type: egress, Properties: tcp(443, { GroupId: 'sg-0123', CidrIp: '0.0.0.0/0' }) },
        },
      },
    },
    'members of a group that reach each other': {
      template: {
        Resources: {
          Group: { Type: group, Properties: { SecurityGroupEgress: nothingLeaves } },
          Within: {
            Type: ingress,
            Properties: { GroupId: idOf('Group'), SourceSecurityGroupId: idOf('Group'), IpProtocol: '-1' },
          },
        },
      },
    },
  },
  mutations: [
    open('SSH is open to the world', [tcp(22, { CidrIp: '0.0.0.0/0' })]),
    open('the database port is open to the world over IPv6', [tcp(5432, { CidrIpv6: '::/0' })]),
    open('two halves make up the internet', [
      tcp(5432, { CidrIp: '0.0.0.0/1', Description: 'vpn only' }),
      tcp(5432, { CidrIp: '128.0.0.0/1', Description: 'vpn only' }),
    ]),
    open('many small ranges in overlapping port ranges make up the internet', [
      ...Array.from({ length: 4 }, (_, part) => tcp(3389, { CidrIp: `${part * 64}.0.0.0/2` })),
    ]),
    open('a range of ports hides the database port', [
      { IpProtocol: 'tcp', FromPort: 5000, ToPort: 6000, CidrIp: '0.0.0.0/0' },
    ]),
    open('a public port is the start of a range', [
      { IpProtocol: 'tcp', FromPort: 80, ToPort: 443, CidrIp: '0.0.0.0/0' },
    ]),
    open('every protocol is open to the world', [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]),
    open('every protocol is open to the world, as a number', [{ IpProtocol: -1, CidrIp: '0.0.0.0/0' }]),
    open('TCP by its number and without ports is open to the world', [{ IpProtocol: '6', CidrIp: '0.0.0.0/0' }]),
    open('UDP is open to the world', [{ IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '0.0.0.0/0' }]),
    open('a tunnel protocol is open to the world', [{ IpProtocol: '50', CidrIp: '0.0.0.0/0' }]),
    open('another group reaches every port', [{ IpProtocol: '-1', SourceSecurityGroupId: 'sg-0123' }], 'everyPort'),
    open(
      'the VPC reaches every TCP port',
      [{ IpProtocol: 'tcp', FromPort: 0, ToPort: 65535, CidrIp: '10.0.0.0/16' }],
      'everyPort',
    ),
    open(
      'the VPC reaches a range of ports',
      [{ IpProtocol: 'tcp', FromPort: 8000, ToPort: 9000, CidrIp: '10.0.0.0/16' }],
      'portRange',
    ),
    open('a prefix list of the account is the source', [tcp(22, { SourcePrefixListId: 'pl-0123' })], 'not-assessed'),
    open('a range is no range', [tcp(22, { CidrIp: '010.0.0.0/8' })], 'not-assessed'),
    {
      name: 'a rule beside the group opens it to the world',
      of: 'one group',
      edit: addBeside(group, 'Door', (besideId) => ({
        Type: ingress,
        Properties: tcp(5432, { GroupId: idOf(besideId), CidrIp: '0.0.0.0/0' }),
      })),
      expect: { message: 'openToInternet' },
    },
    {
      name: 'one half stands in the group and the other beside it',
      of: 'one group',
      edit: change(group, (properties, template, logicalId) => {
        properties.SecurityGroupIngress = [tcp(5432, { CidrIp: '64.0.0.0/8' })];
        const resources = template.Resources as Record<string, unknown>;
        resources.Door = {
          Type: ingress,
          Properties: tcp(5432, { GroupId: { Ref: logicalId }, CidrIp: '65.0.0.0/16' }),
        };
      }),
      expect: { message: 'openToInternet' },
    },
    {
      name: 'the group lists no egress rule',
      of: 'one group',
      edit: remove(group, 'SecurityGroupEgress'),
      expect: { message: 'defaultEgress' },
    },
    {
      name: 'the list of egress rules is empty',
      of: 'one group',
      edit: set(group, 'SecurityGroupEgress', []),
      expect: { message: 'defaultEgress' },
    },
    {
      name: 'everything may leave to everywhere',
      of: 'one group',
      edit: set(group, 'SecurityGroupEgress', [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]),
      expect: { message: 'openEgress' },
    },
    {
      name: 'everything may leave in two halves of ports',
      of: 'one group',
      edit: set(group, 'SecurityGroupEgress', [
        { IpProtocol: 'tcp', FromPort: 0, ToPort: 30000, CidrIp: '0.0.0.0/0' },
        { IpProtocol: 'tcp', FromPort: 30001, ToPort: 65535, CidrIp: '0.0.0.0/0' },
      ]),
      expect: { message: 'openEgress' },
    },
    {
      name: 'a rule beside the group lets everything out',
      of: 'one group',
      edit: addBeside(group, 'Out', (besideId) => ({
        Type: egress,
        Properties: { GroupId: idOf(besideId), IpProtocol: '-1', CidrIpv6: '::/0' },
      })),
      expect: { message: 'openEgress' },
    },
    {
      name: 'the group of the edge is attached to a service as well',
      of: 'three tiers behind a load balancer',
      edit: set('AWS::ECS::Service', 'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups.0', idOf('EdgeGroup')),
      expect: { message: 'openBehindEdge', at: 'EdgeGroup' },
      notShipped: 'the project deploys no load balancer yet',
    },
    {
      name: 'the load balancer is internal',
      of: 'three tiers behind a load balancer',
      edit: set('AWS::ElasticLoadBalancingV2::LoadBalancer', 'Scheme', 'internal'),
      expect: { message: 'openBehindEdge', at: 'EdgeGroup' },
      notShipped: 'the project deploys no load balancer yet',
    },
    {
      name: 'the rule of the service names the world instead of the edge',
      of: 'three tiers behind a load balancer',
      target: 'AppFromEdge',
      edit: change(ingress, (properties) => {
        delete properties.SourceSecurityGroupId;
        properties.CidrIp = '0.0.0.0/0';
      }),
      expect: { message: 'openToInternet', at: 'AppGroup' },
      notShipped: 'the groups of the project hold their rules themselves',
    },
    {
      name: 'the prefix list holds the internet',
      of: 'prefix list that the template holds',
      edit: set('AWS::EC2::PrefixList', 'Entries', [{ Cidr: '0.0.0.0/1' }]),
      expect: { message: 'openToInternet', at: 'Group' },
      notShipped: 'the project deploys no prefix list',
    },
    {
      name: 'a rule for a group from elsewhere opens it to the world',
      of: 'rule for a group from elsewhere',
      edit: set(ingress, 'CidrIp', '0.0.0.0/0'),
      expect: { message: 'openToInternet' },
      notShipped: 'the project adds no rule to a group from elsewhere',
    },
    {
      name: 'a rule for a group from elsewhere lets everything out',
      of: 'rule for a group from elsewhere',
      edit: set(egress, 'IpProtocol', '-1'),
      expect: { message: 'openEgress' },
      notShipped: 'the project adds no rule to a group from elsewhere',
    },
  ],
  others: [
    {
      name: 'a rule in the default security group breaks it',
      template: {
        Resources: {
          Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
          Rule: {
            Type: ingress,
            Properties: tcp(443, {
              GroupId: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] },
              CidrIp: '10.0.0.0/16',
            }),
          },
        },
      },
      expect: { Rule: { message: 'defaultGroup' } },
    },
    {
      name: 'a rule for a group from elsewhere whose range the deployer chooses is not assessed',
      template: {
        Parameters: { Source: { Type: 'String', Default: '10.0.0.0/8', AllowedValues: ['10.0.0.0/8', '0.0.0.0/0'] } },
        Resources: {
          Rule: { Type: ingress, Properties: tcp(22, { GroupId: 'sg-0123', CidrIp: { Ref: 'Source' } }) },
        },
      },
      expect: { Rule: 'not-assessed' },
    },
    {
      name: 'HTTPS from everywhere to a web server breaks it',
      template: {
        Resources: {
          Group: {
            Type: group,
            Properties: { SecurityGroupIngress: [https('0.0.0.0/0')], SecurityGroupEgress: nothingLeaves },
          },
          Server: {
            Type: 'AWS::EC2::Instance',
            Properties: { NetworkInterfaces: [{ GroupSet: [{ Ref: 'Group' }], DeviceIndex: '0' }] },
          },
        },
      },
      expect: { Group: { message: 'openBehindEdge' } },
    },
    {
      name: 'HTTPS from everywhere to nobody knows what is not assessed',
      template: lone([https('0.0.0.0/0')]),
      expect: { Group: 'not-assessed' },
    },
    {
      name: 'a source range that the deployer chooses is not assessed, and its default breaks it where it is the world',
      template: {
        Parameters: {
          Office: { Type: 'String', Default: '203.0.113.0/24' },
          Anywhere: { Type: 'String', Default: '0.0.0.0/0' },
        },
        Resources: {
          Chosen: {
            Type: group,
            Properties: {
              SecurityGroupIngress: [tcp(22, { CidrIp: { Ref: 'Office' } })],
              SecurityGroupEgress: nothingLeaves,
            },
          },
          Open: {
            Type: group,
            Properties: {
              SecurityGroupIngress: [tcp(22, { CidrIp: { Ref: 'Anywhere' } })],
              SecurityGroupEgress: nothingLeaves,
            },
          },
        },
      },
      expect: { Chosen: 'not-assessed', Open: { message: 'openToInternet' } },
    },
    {
      name: 'a rule that one branch of a condition opens breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
        Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] } },
        ...lone([
          { 'Fn::If': ['IsDev', tcp(22, { CidrIp: '0.0.0.0/0' }), { Ref: 'AWS::NoValue' }] },
          https('10.0.0.0/8'),
        ]),
      },
      expect: { Group: { message: 'openToInternet' } },
    },
    {
      name: 'a ping from everywhere opens no port',
      template: lone([{ IpProtocol: 'icmp', FromPort: 8, ToPort: -1, CidrIp: '0.0.0.0/0' }]),
      expect: { Group: 'satisfied' },
    },
    {
      name: 'dynamic ports for a load balancer by its group are no wide opening',
      template: lone([{ IpProtocol: 'tcp', FromPort: 32768, ToPort: 65535, SourceSecurityGroupId: 'sg-0123' }]),
      expect: { Group: 'satisfied' },
    },
    {
      name: 'a bucket is no concern',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: {},
    },
  ],
  absentKeeps: {
    'AWS::EC2::SecurityGroup: SecurityGroupIngress':
      'a group without ingress rules admits nothing: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'AWS::EC2::SecurityGroup: SecurityGroupIngress.*': 'one rule less admits less',
    'AWS::ElasticLoadBalancingV2::LoadBalancer: Scheme':
      'internet-facing: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html',
    'AWS::EC2::PrefixList: Entries.*': 'one range less admits less',
  },
  indifferent: {
    'AWS::EC2::SecurityGroup: SecurityGroupEgress.*.DestinationSecurityGroupId':
      'whichever group it is, it is no address of the internet',
    'AWS::EC2::SecurityGroupIngress: SourceSecurityGroupId': 'whichever group it is, it is no address of the internet',
    'AWS::ECS::Service: NetworkConfiguration.AwsvpcConfiguration.SecurityGroups.*':
      'what the service carries is judged as the group that it is',
    'AWS::RDS::DBCluster: VpcSecurityGroupIds.*': 'what the database carries is judged as the group that it is',
  },
};
