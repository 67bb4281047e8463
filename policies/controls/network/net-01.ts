import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { networkAzs } from '../parameters';
import { placedIn } from './attachments';
import { roadsFrom } from './reachability';

type Judge = (subject: Subject, context: JudgementContext) => Outcome | readonly Outcome[];

const joined: Judge = ({ type }) => finding('joined', undefined, { kind: type.replace('AWS::', '') });

const judges: Readonly<Record<string, Judge>> = {
  'AWS::EC2::VPC': judgeZones,
  'AWS::EC2::Subnet': (subnet, context) => [...judgeAddresses(subnet), ...judgePlacement(subnet, context)],
  'AWS::EC2::Instance': judgeInstance,
  'AWS::EC2::LaunchTemplate': (template) => [
    satisfied,
    ...interfaces(template.at('LaunchTemplateData.NetworkInterfaces')).flatMap(judgeInterface),
  ],
  'AWS::EC2::EIP': (address) =>
    address.at('InstanceId').state() === 'absent' ? satisfied : finding('publicAddress', 'InstanceId'),
  'AWS::EC2::EIPAssociation': judgeAssociation,
  'AWS::ECS::Service': judgeService,
  'AWS::EC2::VPCBlockPublicAccessOptions': (options) =>
    decide(options.text('InternetGatewayBlockMode'), {
      known: (mode) => (/^block-(ingress|bidirectional)$/.test(mode) ? satisfied : finding('notBlocked')),
      absent: () => finding('notBlocked'),
    }),
  'AWS::EC2::VPCBlockPublicAccessExclusion': (exclusion) =>
    exclusion.at('VpcId').state() === 'absent' ? satisfied : finding('excludedVpc', 'VpcId'),
  'AWS::EC2::VPCPeeringConnection': joined,
  'AWS::EC2::TransitGatewayAttachment': joined,
  'AWS::EC2::TransitGatewayVpcAttachment': joined,
  'AWS::EC2::TransitGatewayPeeringAttachment': joined,
  'AWS::NetworkManager::VpcAttachment': joined,
};

/** NET-01: the walls of an environment's network. */
export const control = defineControl({
  id: 'net-01',
  title:
    'Each environment has a VPC of its own that is joined with no other, and only its public subnets face the internet',
  family: 'network',
  claims: ['cly-vpc-isolated', 'clvr-primary-infra'],
  doesNotProve:
    'That everything lies in a VPC: S3, Cognito and DynamoDB have none and are reached through endpoints, and a function needs one only to reach what lies inside. Nor that public access is blocked for the whole account where another stack or a person settles it, and that no default VPC is left over.',
  runbook: 'isolate-network',
  parameters: { 'network.azs': networkAzs },
  messages: {
    missing: {
      violation: 'no VPC is deployed, so nothing keeps the promise of an isolated network',
      fix: 'deploy a VPC for the environment',
    },
    fewZones: {
      violation: 'the subnets of {name} lie in {zones} availability zones, promised are {promised}',
      fix: 'spread the subnets over more availability zones',
    },
    publicByDefault: {
      violation: 'subnet {name} gives whatever starts in it a public address: {property} is {value}',
      fix: 'set mapPublicIpOnLaunch: false',
    },
    workloadInPublicSubnet: {
      violation: 'subnet {name} has a route to an internet gateway and holds {workload}',
      fix: 'leave public subnets to load balancers and NAT gateways, and place the rest in private or isolated ones',
    },
    publicAddress: {
      violation: '{name} puts a public address on a machine: {property}',
      fix: 'let traffic in through a load balancer and out through a NAT gateway',
    },
    defaultVpc: {
      violation: '{name} names no subnet, so it starts in the default VPC',
      fix: 'name a private subnet of the VPC of the environment',
    },
    joined: {
      violation: '{name} joins the VPC with another network ({kind})',
      fix: 'remove it: environments are connected by nothing; reach a single service through an interface endpoint',
    },
    notBlocked: {
      violation: '{name} does not block public access to VPCs: {property} is {value}',
      fix: 'set internetGatewayBlockMode to block-ingress or block-bidirectional',
    },
    excludedVpc: {
      violation: '{name} exempts a whole VPC from the block on public access',
      fix: 'exempt the public subnets one by one',
    },
  },
  template: {
    judges: Object.keys(judges),
    expects: 'at-least-one',
    expected: ['AWS::EC2::VPC'],
    judge: (subject, context) => judges[subject.type]?.(subject, context) ?? notAssessed('nothing judges this type'),
  },
});

function judgeZones(vpc: Subject, { figures, scope }: JudgementContext): Outcome | readonly Outcome[] {
  const subnets = scope.referring(vpc, 'AWS::EC2::Subnet', 'VpcId');
  if (subnets.length === 0) {
    return notAssessed('its subnets are not in the templates');
  }
  const promised = figures.number('network.azs');
  const zones = new Set<string>();
  const unseen: string[] = [];
  for (const subnet of subnets) {
    const zone = subnet.at(
      subnet.at('AvailabilityZone').resolved.kind === 'absent' ? 'AvailabilityZoneId' : 'AvailabilityZone',
    );
    const named = zone.pattern();
    if (named.kind === 'known') {
      zones.add(named.value);
    } else {
      unseen.push(subnet.logicalId);
    }
  }
  if (zones.size >= promised) {
    return satisfied;
  }
  return unseen.length > 0
    ? notAssessed(`the availability zones of ${unseen.join(', ')} are not known`)
    : finding('fewZones', undefined, { zones: zones.size, promised });
}

/** Off unless asked for: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-subnet.html */
function judgeAddresses(subnet: Subject): readonly Outcome[] {
  return decide(subnet.bool('MapPublicIpOnLaunch'), {
    known: (on) => (on ? finding('publicByDefault') : satisfied),
    absent: () => satisfied,
  });
}

function judgePlacement(subnet: Subject, { scope }: JudgementContext): readonly Outcome[] {
  const [workload] = placedIn(subnet, scope);
  if (!workload) {
    return [];
  }
  const { open, unseen } = roadsFrom(subnet, scope);
  return open.length > 0
    ? [finding('workloadInPublicSubnet', undefined, { workload: workload.logicalId })]
    : unseen.map((reason) => notAssessed(reason));
}

/** A machine without a subnet of its own starts in the default VPC: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
function judgeInstance(machine: Subject): readonly Outcome[] {
  const own = interfaces(machine.at('NetworkInterfaces'));
  const isPlaced =
    machine.at('SubnetId').state() !== 'absent' ||
    machine.at('LaunchTemplate').state() !== 'absent' ||
    own.some((each) => ['SubnetId', 'NetworkInterfaceId'].some((property) => each.at(property).state() !== 'absent'));
  return [...(isPlaced ? [satisfied] : [finding('defaultVpc')]), ...own.flatMap(judgeInterface)];
}

function interfaces(list: Node): readonly Node[] {
  const items = list.items();
  return items.kind === 'known' ? items.value : items.kind === 'unresolved' ? [list] : [];
}

/** Without it the subnet decides, which is judged by itself. */
function judgeInterface(place: Node): readonly Outcome[] {
  return decide(place.at('AssociatePublicIpAddress').bool(), {
    known: (on) => (on ? finding('publicAddress') : satisfied),
    absent: () => satisfied,
  });
}

function judgeAssociation(association: Subject): Outcome {
  return association.at('InstanceId').state() === 'absent' && association.at('NetworkInterfaceId').state() === 'absent'
    ? satisfied
    : finding(
        'publicAddress',
        association.at('InstanceId').resolved.kind === 'absent' ? 'NetworkInterfaceId' : 'InstanceId',
      );
}

/** A task has no public address unless asked for: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
function judgeService(service: Subject): readonly Outcome[] {
  return decide(service.text('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp'), {
    known: (word) => (word === 'DISABLED' ? satisfied : finding('publicAddress')),
    absent: () => satisfied,
  });
}
