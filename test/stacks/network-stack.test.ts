import { Match, type Template } from 'aws-cdk-lib/assertions';
import { environment, templates } from './synthesize';

const { network } = templates(environment());

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

function resources(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)).map(([id, resource]) => [id, asResource(resource)]);
}

function asResource(value: { [key: string]: unknown }): Resource {
  return { Type: String(value.Type), Properties: {}, ...value };
}

function tag(resource: Resource, key: string): unknown {
  const tags = Array.isArray(resource.Properties.Tags) ? resource.Properties.Tags : [];
  return tags.find((candidate: { Key: string }) => candidate.Key === key)?.Value;
}

const subnets = (tier: string) =>
  resources(network, 'AWS::EC2::Subnet').filter(([, subnet]) => tag(subnet, 'aws-cdk:subnet-name') === tier);

test('spreads three tiers over three zones, and no subnet hands out public addresses', () => {
  for (const tier of ['public', 'private', 'isolated']) {
    expect(subnets(tier).map(([, { Properties }]) => Properties.AvailabilityZone)).toEqual([
      'eu-central-1a',
      'eu-central-1b',
      'eu-central-1c',
    ]);
  }
  network.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  network.resourceCountIs('AWS::EC2::NatGateway', 3);
});

test('isolated subnets have no route of any kind', () => {
  const tables = resources(network, 'AWS::EC2::SubnetRouteTableAssociation')
    .filter(([, { Properties }]) => JSON.stringify(Properties.SubnetId).includes('isolated'))
    .map(([, { Properties }]) => JSON.stringify(Properties.RouteTableId));
  expect(tables).toHaveLength(3);
  const routes = resources(network, 'AWS::EC2::Route').map(([, { Properties }]) =>
    JSON.stringify(Properties.RouteTableId),
  );
  const doors = JSON.stringify(
    resources(network, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties.RouteTableIds),
  );
  for (const table of tables) {
    expect(routes).not.toContain(table);
    expect(doors).not.toContain(table);
  }
});

test('only the private subnets reach the database port of the isolated ones, over IPv4 and IPv6', () => {
  const rules = resources(network, 'AWS::EC2::NetworkAclEntry')
    .map(([, { Properties: p }]) => p)
    .filter((p) => p.Egress === false)
    .sort((a, b) => Number(a.RuleNumber) - Number(b.RuleNumber))
    .map((p) => [p.RuleAction, p.CidrBlock ?? p.Ipv6CidrBlock, p.PortRange]);
  const port = { From: 5432, To: 5432 };
  expect(rules).toEqual([
    ...subnets('private').map(([, { Properties }]) => ['allow', Properties.CidrBlock, port]),
    ['deny', '0.0.0.0/0', port],
    ['deny', '::/0', port],
  ]);
  const listed = resources(network, 'AWS::EC2::SubnetNetworkAclAssociation').map(
    ([, { Properties }]) => Properties.SubnetId,
  );
  expect(listed).toEqual(subnets('isolated').map(([id]) => ({ Ref: id })));
});

test('answers of the database leave to the private subnets only', () => {
  const leaving = resources(network, 'AWS::EC2::NetworkAclEntry')
    .map(([, { Properties: p }]) => p)
    .filter((p) => p.Egress === true);
  expect(leaving.map((p) => p.CidrBlock)).toEqual(subnets('private').map(([, { Properties }]) => Properties.CidrBlock));
  expect(leaving.map((p) => [p.RuleAction, p.PortRange])).toEqual(
    leaving.map(() => ['allow', { From: 1024, To: 65535 }]),
  );
});

test('the internet gets in through the public subnets only, and exclusions stand before the block', () => {
  const exclusions = resources(network, 'AWS::EC2::VPCBlockPublicAccessExclusion');
  expect(exclusions.map(([, { Properties }]) => Properties.SubnetId)).toEqual(
    subnets('public').map(([id]) => ({ Ref: id })),
  );
  network.hasResource('AWS::EC2::VPCBlockPublicAccessOptions', {
    Properties: { InternetGatewayBlockMode: 'block-ingress' },
    DependsOn: exclusions.map(([id]) => id),
  });
});

test('the default group loses its rules by our own function', () => {
  const [vpc] = resources(network, 'AWS::EC2::VPC').map(([id]) => id);
  network.hasResourceProperties('Custom::VpcRestrictDefaultSG', {
    DefaultSecurityGroupId: { 'Fn::GetAtt': [vpc, 'DefaultSecurityGroup'] },
    ServiceToken: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AccountGuardsFunction'), 'Arn'] },
  });
  network.resourceCountIs('AWS::Lambda::Function', 1);
});

test('no security group admits an address outside the VPC', () => {
  const admitted = resources(network, 'AWS::EC2::SecurityGroup').flatMap(([, { Properties }]) =>
    Array.isArray(Properties.SecurityGroupIngress) ? Properties.SecurityGroupIngress : [],
  );
  expect(admitted.map(({ CidrIp, FromPort, ToPort }) => [CidrIp, FromPort, ToPort])).toEqual(
    subnets('private').map(([, { Properties }]) => [Properties.CidrBlock, 443, 443]),
  );
});

test('flow logs record accepted and rejected traffic every minute, encrypted and kept', () => {
  network.hasResourceProperties('AWS::EC2::FlowLog', {
    ResourceType: 'VPC',
    TrafficType: 'ALL',
    MaxAggregationInterval: 60,
    LogFormat: Match.stringLikeRegexp('pkt-srcaddr.*flow-direction.*tcp-flags'),
  });
  network.allResourcesProperties('AWS::Logs::LogGroup', {
    RetentionInDays: 731,
    KmsKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp('production-Keys.*Logs') },
  });
  network.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
  network.hasResourceProperties('AWS::Logs::LogAnomalyDetector', { EvaluationFrequency: 'FIVE_MIN' });
});

test('every endpoint admits identities and resources of this account, and S3 the two buckets that AWS signs for', () => {
  const endpoints = resources(network, 'AWS::EC2::VPCEndpoint');
  expect(endpoints).toHaveLength(20);
  const own = { StringEquals: { 'aws:PrincipalAccount': '333333333333', 'aws:ResourceAccount': '333333333333' } };
  for (const [id, { Properties }] of endpoints) {
    const text = JSON.stringify(Properties.PolicyDocument);
    const statements: { Condition?: unknown; Action: string; Resource: string }[] = JSON.parse(text).Statement;
    expect(statements[0]?.Condition).toEqual(own);
    const open = statements.filter(({ Condition }) => !Condition).map(({ Action, Resource }) => [Action, Resource]);
    const isS3 = JSON.stringify(Properties.ServiceName).includes('.s3');
    expect([id, open]).toEqual([
      id,
      isS3
        ? [
            ['s3:GetObject', 'arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*'],
            ['s3:PutObject', 'arn:aws:s3:::cloudformation-custom-resource-response-eucentral1/*'],
          ]
        : [],
    ]);
  }
});

test('the guards of the account are set through a way out that is already there', () => {
  network.hasResource('Custom::AccountGuards', {
    Properties: { AccountId: '333333333333', PasswordMinLength: 12, PasswordMaxAgeDays: 90 },
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('privateSubnet1DefaultRoute')]),
  });
  network.hasResourceProperties('AWS::EC2::SnapshotBlockPublicAccess', { State: 'block-all-sharing' });
  network.hasResourceProperties('AWS::Lambda::Function', {
    Handler: 'handler.handler',
    Environment: Match.absent(),
    LoggingConfig: { LogGroup: Match.anyValue() },
    VpcConfig: Match.anyValue(),
  });
});

test('the guards may act on every resource only where AWS knows no narrower permission', () => {
  const statements = resources(network, 'AWS::IAM::ManagedPolicy').flatMap(([, { Properties }]) => {
    const document: { Statement: { Sid?: string; Action: string[]; Resource: unknown }[] } = JSON.parse(
      JSON.stringify(Properties.PolicyDocument),
    );
    return document.Statement;
  });
  const everywhere = statements.filter(({ Resource }) => Resource === '*').map(({ Sid }) => Sid);
  expect(everywhere).toEqual(['SetAccountGuards', 'LiveInTheVpc']);
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
});

test('follows the figures', () => {
  const template = templates(
    environment({}, { availabilityZones: 2, flowLogSeconds: 600, databasePort: 6432, auditRetentionDays: 400 }),
  ).network;
  template.resourceCountIs('AWS::EC2::Subnet', 10);
  template.resourceCountIs('AWS::NetworkFirewall::Firewall', 2);
  template.hasResourceProperties('AWS::EC2::FlowLog', { MaxAggregationInterval: 600 });
  template.hasResourceProperties('AWS::EC2::NetworkAclEntry', {
    RuleAction: 'deny',
    PortRange: { From: 6432, To: 6432 },
  });
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 400 });
});
