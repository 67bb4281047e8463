import { addBeside, type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';

const firewall = 'AWS::NetworkFirewall::Firewall';
const policy = 'AWS::NetworkFirewall::FirewallPolicy';
const rules = 'AWS::NetworkFirewall::RuleGroup';
const logging = 'AWS::NetworkFirewall::LoggingConfiguration';
const names = 'AWS::Route53Resolver::FirewallRuleGroup';
const domains = 'AWS::Route53Resolver::FirewallDomainList';
const route = 'AWS::EC2::Route';
const endpoint = 'AWS::EC2::VPCEndpoint';

const ref = (id: string) => ({ Ref: id });
const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
/** As CDK renders it, and everybody writes it: the second half of the first `zone:endpoint`. */
const wall = {
  'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Select': [0, attribute('Firewall', 'EndpointIds')] }] }],
};
const figures = {
  'egress.domains': [
    'api.example.com',
    '.files.example.com',
    '{account}.s3-control.{region}.{suffix}',
    'iam.eusc-de-east-1.amazonaws.eu',
  ],
};
const hosts = ['api.example.com', '.files.example.com', '111122223333.s3-control.eu-central-1.amazonaws.com'];
const listed = (targets: readonly unknown[]) => ({
  RulesSourceList: { GeneratedRulesType: 'ALLOWLIST', TargetTypes: ['TLS_SNI'], Targets: targets },
});
const rule = (action: string, destination: string) => ({
  Action: action,
  Header: {
    Protocol: 'TCP',
    Source: 'ANY',
    SourcePort: 'ANY',
    Direction: 'FORWARD',
    Destination: destination,
    DestinationPort: 'ANY',
  },
  RuleOptions: [{ Keyword: 'sid', Settings: ['1'] }],
});
const group = (source: object, type = 'STATEFUL') => ({
  Type: rules,
  Properties: { Type: type, Capacity: 100, RuleGroup: { RulesSource: source } },
});
const bound = { StringEquals: { 'aws:PrincipalAccount': '111122223333', 'aws:ResourceAccount': '111122223333' } };
const statement = (more: object) => ({ Effect: 'Allow', Principal: { AWS: '*' }, Action: '*', Resource: '*', ...more });
const door = (...statements: readonly object[]) => ({
  Type: endpoint,
  Properties: {
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.eu-central-1.kms',
    PolicyDocument: { Statement: statements },
  },
});

const network = {
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Inside: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc') } },
    Between: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc') } },
    InsideTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    BetweenTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    InsideUses: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref('Inside'), RouteTableId: ref('InsideTable') },
    },
    BetweenUses: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref('Between'), RouteTableId: ref('BetweenTable') },
    },
    Nat: { Type: 'AWS::EC2::NatGateway', Properties: {} },
    InsideOut: {
      Type: route,
      Properties: { RouteTableId: ref('InsideTable'), DestinationCidrBlock: '0.0.0.0/0', VpcEndpointId: wall },
    },
    BetweenOut: {
      Type: route,
      Properties: { RouteTableId: ref('BetweenTable'), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref('Nat') },
    },
    Firewall: {
      Type: firewall,
      Properties: {
        VpcId: ref('Vpc'),
        FirewallPolicyArn: attribute('Policy', 'FirewallPolicyArn'),
        SubnetMappings: [{ SubnetId: ref('Between') }],
      },
    },
    Logging: {
      Type: logging,
      Properties: {
        FirewallArn: attribute('Firewall', 'FirewallArn'),
        LoggingConfiguration: { LogDestinationConfigs: [{ LogType: 'ALERT' }, { LogType: 'FLOW' }] },
      },
    },
    Policy: {
      Type: policy,
      Properties: {
        FirewallPolicy: {
          StatelessDefaultActions: ['aws:forward_to_sfe'],
          StatelessFragmentDefaultActions: ['aws:drop'],
          StatefulDefaultActions: ['aws:drop_established', 'aws:alert_established'],
          StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' },
          StatefulRuleGroupReferences: [
            { Priority: 1, ResourceArn: attribute('Others', 'RuleGroupArn') },
            { Priority: 2, ResourceArn: attribute('Hosts', 'RuleGroupArn') },
          ],
        },
      },
    },
    Others: group({ StatefulRules: [rule('DROP', 'ANY'), rule('PASS', '10.9.0.0/16')] }),
    Hosts: group(listed(hosts)),
    Names: {
      Type: names,
      Properties: {
        FirewallRules: [
          { Priority: 1, Action: 'ALLOW', FirewallDomainListId: attribute('Allowed', 'Id') },
          { Priority: 2, Action: 'BLOCK', BlockResponse: 'NODATA', FirewallDomainListId: attribute('All', 'Id') },
        ],
      },
    },
    Allowed: {
      Type: domains,
      Properties: {
        Domains: [
          'api.example.com',
          '*.files.example.com',
          '*.eu-central-1.amazonaws.com',
          '*.eu-central-1.rds.amazonaws.com',
        ],
      },
    },
    All: { Type: domains, Properties: { Domains: ['*'] } },
    NamesUsed: {
      Type: 'AWS::Route53Resolver::FirewallRuleGroupAssociation',
      Properties: { VpcId: ref('Vpc'), FirewallRuleGroupId: attribute('Names', 'Id') },
    },
    Failure: {
      Type: 'AWS::Route53Resolver::FirewallConfig',
      Properties: { ResourceId: ref('Vpc'), FirewallFailOpen: 'DISABLED' },
    },
  },
};

const whole = 'firewall in every way out';
const alone = (resources: object) => ({ Resources: { ...network.Resources, ...resources } });

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: network, figures },
    'private doors to AWS': {
      figures,
      template: alone({
        Kms: door(statement({ Condition: bound })),
        S3: {
          Type: endpoint,
          Properties: {
            ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', ref('AWS::Region'), '.s3']] },
            PolicyDocument: {
              Statement: [
                statement({ Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-abcdefghij' } } }),
                statement({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::layers-of-the-registry/*' }),
              ],
            },
          },
        },
      }),
    },
    'stateless rules and rules in text that stop more': {
      figures,
      template: alone({
        Stateless: group(
          {
            StatelessRulesAndCustomActions: {
              StatelessRules: [
                { Priority: 1, RuleDefinition: { Actions: ['aws:drop'], MatchAttributes: {} } },
                {
                  Priority: 2,
                  RuleDefinition: {
                    Actions: ['aws:pass'],
                    MatchAttributes: { Destinations: [{ AddressDefinition: '10.0.0.0/16' }] },
                  },
                },
              ],
            },
          },
          'STATELESS',
        ),
        Text: group({ RulesString: 'drop tls any any -> any any (tls.version:1.0; sid:7;)' }),
      }),
    },
  },
  mutations: [
    {
      name: 'packets pass before any host is looked at',
      of: whole,
      edit: set(policy, 'FirewallPolicy.StatelessDefaultActions', ['aws:pass']),
      expect: { message: 'statelessPass' },
    },
    {
      name: 'fragments pass',
      of: whole,
      edit: set(policy, 'FirewallPolicy.StatelessFragmentDefaultActions.0', 'aws:pass'),
      expect: { message: 'statelessPass' },
    },
    {
      name: 'the order is the one that passes by default',
      of: whole,
      edit: set(policy, 'FirewallPolicy.StatefulEngineOptions.RuleOrder', 'DEFAULT_ACTION_ORDER'),
      expect: { message: 'defaultPass' },
    },
    {
      name: 'the order is not said',
      of: whole,
      edit: remove(policy, 'FirewallPolicy.StatefulEngineOptions'),
      expect: { message: 'defaultPass' },
    },
    {
      name: 'what no rule speaks of is only reported',
      of: whole,
      edit: set(policy, 'FirewallPolicy.StatefulDefaultActions', ['aws:alert_established']),
      expect: { message: 'defaultPass' },
    },
    {
      name: 'a strict order has no default',
      of: whole,
      edit: remove(policy, 'FirewallPolicy.StatefulDefaultActions'),
      expect: { message: 'defaultPass' },
    },
    {
      name: 'a rule lets everything pass before the hosts',
      of: whole,
      target: 'Others',
      edit: change(rules, (properties) => {
        properties.RuleGroup = { RulesSource: { StatefulRules: [rule('PASS', 'ANY')] } };
      }),
      expect: { message: 'passRule' },
      shippedWhere: ({ Properties }) => JSON.stringify(Properties).includes('StatefulRules'),
    },
    {
      name: 'all of AWS is allowed, buckets of strangers included',
      of: whole,
      target: 'Hosts',
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.Targets.3', '.amazonaws.com'),
      expect: { message: 'wildcard' },
      shippedWhere: ({ Properties }) => JSON.stringify(Properties).includes('ALLOWLIST'),
    },
    {
      name: 'a whole top level is allowed',
      of: whole,
      target: 'Hosts',
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.Targets.3', '.com'),
      expect: { message: 'wildcard' },
      shippedWhere: ({ Properties }) => JSON.stringify(Properties).includes('ALLOWLIST'),
    },
    {
      name: 'a host is allowed that no vendor has',
      of: whole,
      target: 'Hosts',
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.Targets.3', 'paste.example.org'),
      expect: { message: 'unlisted' },
      shippedWhere: ({ Properties }) => JSON.stringify(Properties).includes('ALLOWLIST'),
    },
    {
      name: 'everything of a vendor is allowed where the register names one host',
      of: whole,
      target: 'Hosts',
      edit: change(rules, (properties) => {
        properties.RuleGroup = { RulesSource: listed([...hosts, '.example.com']) };
      }),
      expect: { message: 'unlisted' },
      notShipped: 'the hosts of the cases are not those of the project',
    },
    {
      name: 'a vendor of the register is forgotten',
      of: whole,
      target: 'Hosts',
      edit: set(rules, 'RuleGroup.RulesSource.RulesSourceList.Targets', hosts.slice(1)),
      expect: { message: 'uncalled', at: 'Policy' },
      notShipped: 'the hosts of the cases are not those of the project',
    },
    {
      name: 'a name is resolved that no vendor has',
      of: whole,
      target: 'Allowed',
      edit: set(domains, 'Domains.0', '*.tunnel.example.org'),
      expect: { message: 'unlisted', at: 'Names' },
      shippedWhere: ({ Properties }) => !JSON.stringify(Properties).includes('["*"]'),
    },
    {
      name: 'names that no rule speaks of are resolved',
      of: whole,
      edit: remove(names, 'FirewallRules.1'),
      expect: { message: 'namesOpen' },
    },
    {
      name: 'the last rule blocks one name only',
      of: whole,
      target: 'All',
      edit: set(domains, 'Domains', ['bad.example.org']),
      expect: { message: 'namesOpen', at: 'Names' },
      shippedWhere: ({ Properties }) => JSON.stringify(Properties).includes('["*"]'),
    },
    {
      name: 'names are resolved where the DNS firewall fails',
      of: whole,
      edit: set('AWS::Route53Resolver::FirewallConfig', 'FirewallFailOpen', 'ENABLED'),
      expect: { message: 'failOpen' },
    },
    {
      name: 'the DNS firewall is not associated',
      of: whole,
      edit: removeResource('AWS::Route53Resolver::FirewallRuleGroupAssociation'),
      expect: { message: 'namesUnchecked', at: 'Firewall' },
      notShipped: 'an association is no subject of its own; the case shows that the firewall is',
    },
    {
      name: 'a private subnet has a route to the NAT gateway',
      of: whole,
      target: 'InsideOut',
      edit: change(route, (properties) => {
        delete properties.VpcEndpointId;
        properties.NatGatewayId = ref('Nat');
      }),
      expect: { message: 'shortcut' },
      shippedWhere: ({ Properties }) =>
        JSON.stringify(Properties).includes('"0.0.0.0/0","RouteTableId":{"Ref":"Networkprivate'),
    },
    {
      name: 'half of the internet is routed past the firewall',
      of: whole,
      target: 'InsideOut',
      edit: addBeside(route, 'Half', () => ({
        Type: route,
        Properties: { RouteTableId: ref('InsideTable'), DestinationCidrBlock: '128.0.0.0/1', NatGatewayId: ref('Nat') },
      })),
      expect: { message: 'shortcut', at: 'Half' },
      notShipped: 'the table of the case is not one of the project',
    },
    {
      name: 'IPv6 leaves past the firewall',
      of: whole,
      target: 'InsideOut',
      edit: addBeside(route, 'Six', () => ({
        Type: route,
        Properties: {
          RouteTableId: ref('InsideTable'),
          DestinationIpv6CidrBlock: '::/0',
          EgressOnlyInternetGatewayId: 'eigw-1',
        },
      })),
      expect: { message: 'shortcut', at: 'Six' },
      notShipped: 'the table of the case is not one of the project',
    },
    {
      name: 'a route leads to an endpoint of nobody knows what',
      of: whole,
      target: 'InsideOut',
      edit: set(route, 'VpcEndpointId', 'vpce-0123'),
      expect: { message: 'not-assessed' },
      shippedWhere: ({ Properties }) => JSON.stringify(Properties).includes('VpcEndpointId'),
    },
    {
      name: 'alerts are not written',
      of: whole,
      edit: remove(logging, 'LoggingConfiguration.LogDestinationConfigs.0'),
      expect: { message: 'unlogged', at: 'Firewall' },
    },
    {
      name: 'rules come from elsewhere',
      of: whole,
      edit: set(policy, 'FirewallPolicy.StatefulRuleGroupReferences.1.ResourceArn', 'arn:aws:network-firewall:x'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'an endpoint has no policy',
      of: 'private doors to AWS',
      target: 'Kms',
      edit: remove(endpoint, 'PolicyDocument'),
      expect: { message: 'openEndpoint' },
    },
    {
      name: 'an endpoint knows whose identity calls, but not whose resource is called',
      of: 'private doors to AWS',
      target: 'Kms',
      edit: set(endpoint, 'PolicyDocument.Statement', [
        statement({ Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }),
      ]),
      expect: { message: 'openEndpoint' },
    },
    {
      name: 'an endpoint admits requests that name no account',
      of: 'private doors to AWS',
      target: 'Kms',
      edit: set(endpoint, 'PolicyDocument.Statement', [
        statement({ Condition: { StringEqualsIfExists: { 'aws:ResourceAccount': '111122223333' } } }),
      ]),
      expect: { message: 'openEndpoint' },
    },
    {
      name: 'an endpoint admits every account, as a wildcard',
      of: 'private doors to AWS',
      target: 'Kms',
      edit: set(endpoint, 'PolicyDocument.Statement', [
        statement({ Condition: { StringLike: { 'aws:ResourceAccount': '*' } } }),
      ]),
      expect: { message: 'openEndpoint' },
    },
    {
      name: 'an endpoint names resources of every account',
      of: 'private doors to AWS',
      target: 'Kms',
      edit: set(endpoint, 'PolicyDocument.Statement', [statement({ Resource: 'arn:aws:kms:eu-central-1:*:key/*' })]),
      expect: { message: 'openEndpoint' },
    },
    {
      name: 'a stateless rule lets everything pass',
      of: 'stateless rules and rules in text that stop more',
      target: 'Stateless',
      edit: set(rules, 'RuleGroup.RulesSource.StatelessRulesAndCustomActions.StatelessRules.0.RuleDefinition.Actions', [
        'aws:pass',
      ]),
      expect: { message: 'passRule' },
      notShipped: 'the project has no stateless rules',
    },
    {
      name: 'a rule in text lets something pass',
      of: 'stateless rules and rules in text that stop more',
      target: 'Text',
      edit: set(rules, 'RuleGroup.RulesSource.RulesString', 'pass tcp any any -> any any (sid:8;)'),
      expect: { message: 'not-assessed' },
      notShipped: 'the project has no rules in text',
    },
  ],
  others: [
    {
      name: 'fails closed without any firewall',
      template: { Resources: { Nat: { Type: 'AWS::EC2::NatGateway', Properties: {} } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'only what is present: no firewall is asked for, but a door to strangers is found',
      presentOnly: true,
      template: { Resources: { Kms: door(statement({})) } },
      expect: { Kms: { message: 'openEndpoint' } },
    },
    {
      name: 'an endpoint that refuses what is not one’s own is bound',
      template: {
        Resources: {
          Kms: door(
            statement({}),
            statement({ Effect: 'Deny', Condition: { StringNotEquals: { 'aws:ResourceOrgID': 'o-1' } } }),
          ),
        },
      },
      expect: { Kms: 'satisfied' },
    },
    {
      name: 'a private link to a vendor takes no policy of AWS',
      template: {
        Resources: {
          Vendor: {
            Type: endpoint,
            Properties: { VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-1' },
          },
        },
      },
      expect: { Vendor: 'not-applicable' },
    },
    {
      name: 'a route to a transit gateway leads to a firewall or not',
      template: {
        Resources: {
          Out: { Type: route, Properties: { DestinationCidrBlock: '0.0.0.0/0', TransitGatewayId: 'tgw-1' } },
          Near: { Type: route, Properties: { DestinationCidrBlock: '10.1.0.0/16', TransitGatewayId: 'tgw-1' } },
        },
      },
      expect: { Out: 'not-assessed', Near: 'not-applicable' },
    },
    {
      name: 'a NAT gateway that one branch of a condition uses for private subnets breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
        Conditions: { IsDev: { 'Fn::Equals': [ref('Stage'), 'dev'] } },
        Resources: {
          ...network.Resources,
          Cheap: {
            Type: route,
            Condition: 'IsDev',
            Properties: {
              RouteTableId: ref('InsideTable'),
              DestinationCidrBlock: '0.0.0.0/0',
              NatGatewayId: ref('Nat'),
            },
          },
        },
      },
      figures,
      expect: { Cheap: { message: 'shortcut' } },
    },
    {
      name: 'rules of AWS that stop what is known to be bad let nothing pass',
      figures,
      template: {
        Resources: {
          ...network.Resources,
          Policy: {
            Type: policy,
            Properties: {
              FirewallPolicy: {
                StatelessDefaultActions: ['aws:forward_to_sfe'],
                StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
                StatefulDefaultActions: ['aws:drop_strict'],
                StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' },
                StatefulRuleGroupReferences: [
                  {
                    ResourceArn:
                      'arn:aws:network-firewall:eu-central-1:aws-managed:stateful-rulegroup/ThreatSignaturesStrictOrder',
                  },
                  { ResourceArn: attribute('Hosts', 'RuleGroupArn') },
                ],
              },
            },
          },
        },
      },
      expect: { Policy: 'satisfied' },
    },
    {
      name: 'a bucket is no concern',
      presentOnly: true,
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: {},
    },
  ],
  absentKeeps: {
    'AWS::Route53Resolver::FirewallDomainList: Domains.*': 'one name less is resolved',
    'AWS::NetworkFirewall::RuleGroup: RuleGroup.RulesSource.StatefulRules.*': 'one rule less lets nothing more pass',
    'AWS::Route53Resolver::FirewallConfig: FirewallFailOpen':
      'disabled: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-vpc-configuration.html',
    'AWS::EC2::VPCEndpoint: VpcEndpointType':
      'Gateway: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html',
    'AWS::EC2::Route: VpcEndpointId': 'a route that leads nowhere leads nothing out',
    'AWS::EC2::Route: NatGatewayId': 'a route that leads nowhere leads nothing out',
  },
  indifferent: {
    'AWS::EC2::VPCEndpoint: PolicyDocument.Statement.*.Condition.StringEquals.aws:PrincipalAccount':
      'beside the account of the resource it only narrows more',
    'AWS::EC2::Route: NatGatewayId': 'whichever NAT gateway it is, the subnet that uses it decides',
  },
};
