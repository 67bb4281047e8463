import { type AddressRange, admitsInternet, isRange, parseRange } from '../../../lib/template/cidr';
import type { Node } from '../../../lib/template/node';
import type { Reference } from '../../../lib/template/reading';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Which way a rule lets traffic pass. */
export type Direction = 'Ingress' | 'Egress';

/** One rule of a security group, as far as the template says it. */
export interface Rule {
  readonly place: Node;
  readonly protocol: string;
  /** Undefined for one single port that only the deployment knows, such as that of a database's endpoint. */
  readonly ports?: PortRange;
  readonly peer: Peer;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Who is at the other end. A security group admits what carries it, inside the VPC or one that it is joined with. */
export type Peer =
  | { readonly kind: 'addresses'; readonly ranges: readonly AddressRange[]; readonly text: string }
  | { readonly kind: 'group'; readonly group?: Subject; readonly text: string };

/** Something of a rule that the template does not show. */
export interface Unseen {
  readonly reason: string;
  readonly property?: string;
}

export interface Rules {
  readonly rules: readonly Rule[];
  readonly unseen: readonly Unseen[];
  /** Whether the group itself lists a rule: only then EC2 leaves its own default egress rule out. */
  readonly listsSome: boolean;
}

const everyPort: PortRange = { from: 0, to: 65535 };

/** Protocol numbers and names that mean the same. */
const protocolNames: Readonly<Record<string, string>> = {
  '-1': 'all',
  '6': 'tcp',
  '17': 'udp',
  '1': 'icmp',
  '58': 'icmp',
  icmpv6: 'icmp',
};

/** All rules of a group in one direction: those in its own properties and those that other resources, of any stack, add to it. */
export function rulesOf(group: Subject, scope: Scope, direction: Direction): Rules {
  const inline = group.items(`SecurityGroup${direction}`);
  const own = inline.kind === 'known' ? inline.value : [];
  const added = scope.referring(group, `AWS::EC2::SecurityGroup${direction}`, 'GroupId').map(({ root }) => root);
  const unseen: Unseen[] = inline.kind === 'unresolved' ? [{ reason: inline.reason, property: inline.property }] : [];
  return { ...readRules([...own, ...added], group, unseen), listsSome: own.length > 0 };
}

/** Reads rules that stand by themselves, because their group is not in the templates. */
export function rulesAt(places: readonly Node[], owner: Subject): Rules {
  return { ...readRules(places, owner, []), listsSome: true };
}

function readRules(places: readonly Node[], owner: Subject, before: readonly Unseen[]) {
  const rules: Rule[] = [];
  const unseen: Unseen[] = [...before];
  for (const place of places) {
    const read = readRule(place);
    if ('reason' in read) {
      const { subject } = place;
      const { reason, property } = read;
      unseen.push(subject === owner ? read : { reason: `${subject.logicalId}: ${property ?? 'rule'}: ${reason}` });
    } else {
      rules.push(read);
    }
  }
  return { rules, unseen };
}

function readRule(place: Node): Rule | Unseen {
  const named = place.at('IpProtocol').text();
  if (named.kind !== 'known') {
    return { reason: named.kind === 'absent' ? 'the rule names no protocol' : named.reason, property: named.property };
  }
  const word = named.value.toLowerCase();
  const protocol = protocolNames[word] ?? word;
  const peer = peerOf(place);
  const ports = protocol === 'tcp' || protocol === 'udp' ? portsOf(place) : { ports: everyPort };
  if ('reason' in peer) {
    return peer;
  }
  return 'reason' in ports ? ports : { place, protocol, peer, ports: ports.ports };
}

/** EC2 takes a TCP or UDP rule without ports, or with -1, for every port. */
function portsOf(place: Node): { readonly ports?: PortRange } | Unseen {
  const from = place.at('FromPort');
  const to = place.at('ToPort');
  if (from.resolved.kind === 'reference' && to.resolved.kind === 'reference') {
    const one = from.pattern();
    const other = to.pattern();
    return one.kind === 'known' && other.kind === 'known' && one.value === other.value
      ? {}
      : { reason: 'only the deployment knows which ports it opens', property: from.path };
  }
  const low = from.number();
  const high = to.number();
  if (low.kind === 'unresolved' || high.kind === 'unresolved') {
    const open = low.kind === 'unresolved' ? low : high;
    return { reason: open.kind === 'unresolved' ? open.reason : '', property: open.property };
  }
  if (low.kind !== high.kind) {
    return { reason: 'it names one end of its ports only', property: from.path };
  }
  return low.kind === 'absent' || high.kind === 'absent' || low.value < 0 || high.value < 0
    ? { ports: everyPort }
    : { ports: { from: low.value, to: high.value } };
}

const groupSources = ['SourceSecurityGroupId', 'SourceSecurityGroupName', 'DestinationSecurityGroupId'] as const;
const prefixLists = ['SourcePrefixListId', 'DestinationPrefixListId'] as const;

function peerOf(place: Node): Peer | Unseen {
  for (const property of ['CidrIp', 'CidrIpv6']) {
    const cidr = place.at(property);
    if (cidr.resolved.kind !== 'absent') {
      return addressesAt(cidr);
    }
  }
  for (const property of prefixLists) {
    const list = place.at(property);
    if (list.resolved.kind !== 'absent') {
      return prefixListAt(list);
    }
  }
  for (const property of groupSources) {
    const source = place.at(property);
    if (source.resolved.kind !== 'absent') {
      const group = source.resolved.kind === 'reference' ? source.reference() : source.pattern();
      const subject = group.kind === 'known' && typeof group.value !== 'string' ? group.value.subject : undefined;
      return { kind: 'group', group: subject, text: subject?.logicalId ?? 'another security group' };
    }
  }
  return { reason: 'the rule names no other end', property: place.path || undefined };
}

/** The range of a VPC or a subnet stands for addresses inside, even where only the deployment knows which. */
function addressesAt(cidr: Node): Peer | Unseen {
  if (cidr.resolved.kind === 'reference') {
    const reference = cidr.reference();
    const ranges = reference.kind === 'known' ? insideOf(reference.value) : undefined;
    return ranges
      ? { kind: 'addresses', ranges, text: `the range of ${cidr.resolved.resource.logicalId}` }
      : { reason: 'which addresses it stands for is known only after deployment', property: cidr.path };
  }
  const text = cidr.text();
  if (text.kind !== 'known') {
    return { reason: text.kind === 'absent' ? 'no range' : text.reason, property: cidr.path };
  }
  const parsed = parseRange(text.value);
  return isRange(parsed)
    ? { kind: 'addresses', ranges: [parsed], text: text.value }
    : { reason: parsed.error, property: cidr.path };
}

/** The addresses behind a reference to the range of a VPC or a subnet; undefined where it refers to something else. */
export function insideOf({ subject, attribute }: Reference): readonly AddressRange[] | undefined {
  if (!/^AWS::EC2::(VPC|Subnet)$/.test(subject.type) || !attribute.includes('Cidr')) {
    return undefined;
  }
  const { resolved } = subject.at('CidrBlock');
  return resolved.kind === 'scalar' ? [parseRange(String(resolved.value))].filter(isRange) : [];
}

/** A prefix list of the templates holds what it lists; one of the account or of AWS is known by its number only. */
function prefixListAt(list: Node): Peer | Unseen {
  const reference = list.resolved.kind === 'reference' ? list.reference() : undefined;
  const held = reference?.kind === 'known' ? reference.value.subject : undefined;
  const entries = held?.type === 'AWS::EC2::PrefixList' ? held.items('Entries') : undefined;
  if (!held || entries?.kind !== 'known') {
    const text = list.pattern();
    return {
      reason: `what the prefix list ${text.kind === 'known' ? text.value : ''} holds is not in the templates`,
      property: list.path,
    };
  }
  const ranges: AddressRange[] = [];
  for (const entry of entries.value) {
    const peer = addressesAt(entry.at('Cidr'));
    if ('reason' in peer) {
      return { reason: `${held.logicalId}: ${peer.reason}`, property: list.path };
    }
    ranges.push(...(peer.kind === 'addresses' ? peer.ranges : []));
  }
  return { kind: 'addresses', ranges, text: `the prefix list ${held.logicalId}` };
}

/**
 * The ports that several rules together leave open to the internet, for one protocol. Ranges that only together make up the internet
 * count, whichever rules they are spread over.
 */
export function openPorts(rules: readonly Rule[], protocol: string): readonly PortRange[] {
  const relevant = rules.flatMap(({ ports, peer, ...rule }) =>
    ports && peer.kind === 'addresses' && (rule.protocol === protocol || rule.protocol === 'all')
      ? [{ ...ports, ranges: peer.ranges }]
      : [],
  );
  const starts = [...new Set(relevant.flatMap(({ from, to }) => [from, to + 1]))].sort((one, other) => one - other);
  const open: PortRange[] = [];
  starts.slice(0, -1).forEach((from, index) => {
    const to = (starts[index + 1] ?? from + 1) - 1;
    const here = relevant.filter((rule) => rule.from <= from && from <= rule.to);
    if (admitsInternet(here.flatMap(({ ranges }) => ranges))) {
      const previous = open.at(-1);
      const joins = previous !== undefined && previous.to + 1 === from;
      open.splice(joins ? -1 : open.length, joins ? 1 : 0, { from: joins ? previous.from : from, to });
    }
  });
  return open;
}

export function widthOf(ports: readonly PortRange[]): number {
  return ports.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** Ports as words: `tcp 22, 8000-8010`, or `every protocol and port`. */
export function textOfPorts(protocol: string, ports: readonly PortRange[]): string {
  const words = ports.map(({ from, to }) =>
    from === to ? `${from}` : from === 0 && to === 65535 ? 'every port' : `${from}-${to}`,
  );
  return protocol === 'all' ? 'every protocol and port' : `${protocol} ${words.join(', ')}`;
}
