import type { JudgementContext } from '../../../lib/control/control';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { admitsInternet } from '../../../lib/template/cidr';
import type { Subject } from '../../../lib/template/subject';
import { attachedTo } from './attachments';
import { openPorts, type PortRange, type Rule, type Rules, textOfPorts, type Unseen, widthOf } from './group-rules';

/**
 * From so many ports on a rule is no choice of ports any more. Ranges that a caller without a fixed port needs (32768-65535 of ECS,
 * 1024-65535 of Kubernetes nodes) stay below.
 */
const practicallyEveryPort = 64_513;

/** More open ports than this towards the internet are no list of what may leave. */
const manyEgressPorts = 1024;

/** Judges what the rules of one security group together let in. */
export function judgeIngress(found: Rules, owner: Subject, context: JudgementContext): readonly Outcome[] {
  return [
    satisfied,
    ...unseenOutcomes(found.unseen),
    ...judgeInternet(found.rules, owner, context),
    ...found.rules.flatMap((rule) => judgeRule(rule, owner)),
  ];
}

function judgeInternet(rules: readonly Rule[], owner: Subject, context: JudgementContext): readonly Outcome[] {
  const allowed = context.figures.set('edge.publicPorts').map(Number);
  const open = ['tcp', 'udp'].map((protocol) => ({ protocol, ports: openPorts(rules, protocol) }));
  const closed = open.flatMap(({ protocol, ports }) => {
    const beyond = ports.filter(({ from, to }) => widthOf([{ from, to }]) > 1 || !allowed.includes(from));
    return beyond.length > 0 ? [textOfPorts(protocol, beyond)] : [];
  });
  const words = [...closed, ...otherProtocols(rules)];
  if (words.length > 0) {
    return [finding('openToInternet', undefined, { ports: words.join(', ') })];
  }
  const edge = open.filter(({ ports }) => ports.length > 0).map(({ protocol, ports }) => textOfPorts(protocol, ports));
  return [
    ...rules
      .filter(({ ports, peer }) => !ports && peer.kind === 'addresses' && admitsInternet(peer.ranges))
      .map(hidden),
    ...(edge.length > 0 ? judgeEdge(edge.join(', '), owner, context) : []),
  ];
}

function hidden({ place }: Rule): Outcome {
  return notAssessed('it opens a port to the internet that only the deployment knows', place.at('FromPort').path);
}

/** Protocols without ports, ICMP aside: a host must hear that a packet was too big for the way. */
function otherProtocols(rules: readonly Rule[]): readonly string[] {
  const known = ['tcp', 'udp', 'icmp', 'all'];
  return rules
    .filter(
      ({ protocol, peer }) => !known.includes(protocol) && peer.kind === 'addresses' && admitsInternet(peer.ranges),
    )
    .map(({ protocol }) => `protocol ${protocol}`);
}

function judgeEdge(ports: string, owner: Subject, { scope }: JudgementContext): readonly Outcome[] {
  const attached = owner.type === 'AWS::EC2::SecurityGroup' ? attachedTo(owner, scope) : { balancers: [], others: [] };
  const [other] = attached.others;
  if (other) {
    return [finding('openBehindEdge', undefined, { ports, attached: other.logicalId })];
  }
  if (attached.balancers.length === 0) {
    return [notAssessed(`it opens ${ports} to the internet, and what carries it is not in the templates`)];
  }
  return attached.balancers.map((balancer) => {
    // Both generations of load balancers face the internet unless they are told otherwise: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    const scheme = balancer.text('Scheme');
    return scheme.kind === 'unresolved'
      ? notAssessed(`whether ${balancer.logicalId} faces the internet is not known: ${scheme.reason}`)
      : scheme.kind === 'absent' || scheme.value === 'internet-facing'
        ? satisfied
        : finding('openBehindEdge', undefined, { ports, attached: balancer.logicalId });
  });
}

/** What one rule opens to sources that are not the internet. Members of a group may reach each other as they like. */
function judgeRule({ ports, peer, protocol }: Rule, owner: Subject): readonly Outcome[] {
  const isInternet = peer.kind === 'addresses' && admitsInternet(peer.ranges);
  const isSelf = peer.kind === 'group' && peer.group === owner;
  if (!ports || protocol === 'icmp' || isInternet || isSelf) {
    return [];
  }
  const width = protocol === 'tcp' || protocol === 'udp' ? widthOf([ports]) : 65_536;
  if (protocol === 'all' || width >= practicallyEveryPort) {
    return [finding('everyPort', undefined, { source: peer.text })];
  }
  return peer.kind === 'addresses' && width > 1
    ? [finding('portRange', undefined, { ports: textOfPorts(protocol, [ports]), source: peer.text })]
    : [];
}

/**
 * Judges what the rules of one security group together let out. Without a rule in the group itself EC2 adds one that lets everything
 * out; rules that stand beside it do not take that one away.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
 */
export function judgeEgress({ rules, unseen, listsSome }: Rules): readonly Outcome[] {
  if (!listsSome && unseen.length === 0) {
    return [finding('defaultEgress', 'SecurityGroupEgress')];
  }
  const open = ['tcp', 'udp']
    .map((protocol) => ({ protocol, ports: openPorts(rules, protocol) }))
    .filter(({ ports }) => widthOf(ports) > manyEgressPorts);
  const isAll = rules.some((rule) => rule.protocol === 'all') && open.some(({ ports }) => isEvery(ports));
  const words = isAll
    ? 'every protocol and port'
    : open.map(({ protocol, ports }) => textOfPorts(protocol, ports)).join(', ');
  return [...unseenOutcomes(unseen), ...(open.length > 0 ? [finding('openEgress', undefined, { ports: words })] : [])];
}

function isEvery([first]: readonly PortRange[]): boolean {
  return first?.from === 0 && first.to === 65535;
}

function unseenOutcomes(unseen: readonly Unseen[]): readonly Outcome[] {
  return unseen.map(({ reason, property }) => notAssessed(reason, property));
}
