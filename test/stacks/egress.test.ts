import { smallSubnet } from '../../lib/constructs/egress/egress-subnets';
import { environment, templates } from './synthesize';

const { network } = templates(environment());

type Resource = { readonly Type: string; readonly Properties: Record<string, unknown>; readonly DependsOn?: unknown };

const all = network.toJSON().Resources as Record<string, Resource>;
const ofType = (type: string) => Object.entries(all).filter(([, { Type }]) => Type === type);

/** The routes of a subnet: destination to target. */
function routesOf(subnetId: string): Record<string, string> {
  const association = ofType('AWS::EC2::SubnetRouteTableAssociation').find(
    ([, { Properties }]) => JSON.stringify(Properties.SubnetId) === JSON.stringify({ Ref: subnetId }),
  );
  const table = JSON.stringify(association?.[1].Properties.RouteTableId);
  return Object.fromEntries(
    ofType('AWS::EC2::Route')
      .filter(([, { Properties }]) => JSON.stringify(Properties.RouteTableId) === table)
      .map(([, { Properties: p }]) => [
        String(p.DestinationCidrBlock),
        JSON.stringify(p.VpcEndpointId ?? p.NatGatewayId ?? p.GatewayId),
      ]),
  );
}

const subnetIds = (part: string) => ofType('AWS::EC2::Subnet').flatMap(([id]) => (id.includes(part) ? [id] : []));
const endpointOf = (subnetId: string) => {
  const [firewall = ''] =
    ofType('AWS::NetworkFirewall::Firewall').find(([, { Properties }]) =>
      JSON.stringify(Properties.SubnetMappings).includes(`"${subnetId}"`),
    ) ?? [];
  const endpoints = { 'Fn::GetAtt': [firewall, 'EndpointIds'] };
  return JSON.stringify({ 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Select': [0, endpoints] }] }] });
};

test.each([0, 1, 2])('zone %i: out through its firewall and its NAT gateway, and back the same way', (zone) => {
  const [privateId = '', firewallId = '', natId = ''] = ['privateSubnet', 'FirewallSubnet', 'NatSubnet'].map(
    (part) => subnetIds(part)[zone],
  );
  const zones = [privateId, firewallId, natId].map((id) => all[id]?.Properties.AvailabilityZone);
  expect(new Set(zones).size).toBe(1);
  const endpoint = endpointOf(firewallId);
  const [nat = ''] =
    ofType('AWS::EC2::NatGateway').find(
      ([, { Properties }]) => JSON.stringify(Properties.SubnetId) === JSON.stringify({ Ref: natId }),
    ) ?? [];
  const [gateway = ''] = ofType('AWS::EC2::InternetGateway')[0] ?? [];
  expect(routesOf(privateId)).toEqual({ '0.0.0.0/0': endpoint });
  expect(routesOf(firewallId)).toEqual({ '0.0.0.0/0': JSON.stringify({ Ref: nat }) });
  expect(routesOf(natId)).toEqual({
    '0.0.0.0/0': JSON.stringify({ Ref: gateway }),
    [String(all[privateId]?.Properties.CidrBlock)]: endpoint,
  });
});

test('no NAT gateway stands beside the load balancers, and none is routed to past the firewall', () => {
  const publicIds = subnetIds('publicSubnet').map((id) => JSON.stringify({ Ref: id }));
  const placed = ofType('AWS::EC2::NatGateway').map(([, { Properties }]) => JSON.stringify(Properties.SubnetId));
  expect(placed).toHaveLength(3);
  expect(placed.filter((id) => publicIds.includes(id))).toEqual([]);
  const shortcuts = ofType('AWS::EC2::Route').filter(([, { Properties }]) => 'NatGatewayId' in Properties);
  expect(shortcuts.map(([id]) => id).filter((id) => !id.includes('Firewall'))).toEqual([]);
});

test('subnets of the way out are the smallest there are, and lie in what the tiers leave free', () => {
  expect(
    [...subnetIds('FirewallSubnet'), ...subnetIds('NatSubnet')].map((id) => all[id]?.Properties.CidrBlock),
  ).toEqual([
    '10.30.240.0/28',
    '10.30.240.16/28',
    '10.30.240.32/28',
    '10.30.240.48/28',
    '10.30.240.64/28',
    '10.30.240.80/28',
  ]);
  expect(smallSubnet('192.168.16.0/20', 15)).toBe('192.168.31.240/28');
  expect(smallSubnet('10.0.255.0/16', 0)).toBe('10.0.240.0/28');
});

test('everything is dropped but TLS to the hosts given, and what is dropped is reported', () => {
  network.hasResourceProperties('AWS::NetworkFirewall::FirewallPolicy', {
    FirewallPolicy: {
      StatelessDefaultActions: ['aws:forward_to_sfe'],
      StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
      StatefulDefaultActions: ['aws:drop_established', 'aws:alert_established'],
      StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER', StreamExceptionPolicy: 'DROP' },
    },
  });
  network.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
    RuleGroup: {
      RulesSource: {
        RulesSourceList: {
          GeneratedRulesType: 'ALLOWLIST',
          TargetTypes: ['TLS_SNI'],
          Targets: ['iam.amazonaws.com', 'api.example.com'],
        },
      },
    },
  });
});

test('what is no TCP to port 443 is dropped on its first packet', () => {
  const [rules] = ofType('AWS::NetworkFirewall::RuleGroup').flatMap(([, { Properties }]) => {
    const { RuleGroup }: { RuleGroup: { RulesSource: { StatefulRules?: { Action: string; Header: object }[] } } } =
      JSON.parse(JSON.stringify(Properties));
    return RuleGroup.RulesSource.StatefulRules ? [RuleGroup.RulesSource.StatefulRules] : [];
  });
  expect(rules?.map(({ Action, Header }) => [Action, ...Object.values(Header)].map(String).sort().join(' '))).toEqual(
    ['ANY UDP', 'ANY ICMP', '1:442 TCP', '444:65535 TCP'].map((line) => {
      const [port = '', protocol = ''] = line.split(' ');
      return ['DROP', 'ANY', port, 'FORWARD', protocol, '10.30.0.0/16', 'ANY'].sort().join(' ');
    }),
  );
});

test('firewalls cannot be removed, moved or given other rules by mistake, and log flows and alerts', () => {
  network.allResourcesProperties('AWS::NetworkFirewall::Firewall', {
    DeleteProtection: true,
    SubnetChangeProtection: true,
    FirewallPolicyChangeProtection: true,
  });
  const logged = ofType('AWS::NetworkFirewall::LoggingConfiguration').map(([, { Properties }]) =>
    JSON.stringify(Properties).match(/"LogType":"\w+"/g),
  );
  expect(logged).toEqual(Array.from({ length: 3 }, () => ['"LogType":"ALERT"', '"LogType":"FLOW"']));
});

test('names are resolved for the hosts given and AWS in this Region, nothing where the firewall fails, and all is logged', () => {
  const lists = ofType('AWS::Route53Resolver::FirewallDomainList').map(([, { Properties }]) => Properties.Domains);
  expect(lists).toEqual([
    ['iam.amazonaws.com', 'api.example.com', '*.eu-central-1.amazonaws.com', '*.eu-central-1.rds.amazonaws.com'],
    ['*'],
  ]);
  network.hasResourceProperties('AWS::Route53Resolver::FirewallConfig', { FirewallFailOpen: 'DISABLED' });
  network.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroupAssociation', {
    MutationProtection: 'ENABLED',
  });
  network.resourceCountIs('AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation', 1);
});

test('hosts follow the place: account, Region and partition', () => {
  const template = templates(
    environment(
      { region: 'eusc-de-east-1' },
      { egressDomains: ['{account}.s3-control.{region}.{suffix}', '.api.example.com'] },
    ),
  ).network;
  template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
    RuleGroup: {
      RulesSource: {
        RulesSourceList: { Targets: ['333333333333.s3-control.eusc-de-east-1.amazonaws.eu', '.api.example.com'] },
      },
    },
  });
  template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', {
    Domains: [
      '333333333333.s3-control.eusc-de-east-1.amazonaws.eu',
      '*.api.example.com',
      '*.eusc-de-east-1.amazonaws.eu',
      '*.eusc-de-east-1.rds.amazonaws.eu',
    ],
  });
});

test('without any host the firewall lets nothing out', () => {
  const template = templates(environment({}, { egressDomains: [] })).network;
  template.resourceCountIs('AWS::NetworkFirewall::RuleGroup', 1);
  template.resourceCountIs('AWS::NetworkFirewall::Firewall', 3);
});
