import {
  type AddressRange,
  common,
  everyIpv4,
  everyIpv6,
  isRange,
  parseRange,
  publicPart,
  without,
} from '../../../lib/template/cidr';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { insideOf } from './group-rules';

interface Entry {
  readonly number: number;
  readonly allows: boolean;
  readonly ranges: readonly AddressRange[];
}

/** The network access lists of a subnet that the templates hold; without one its VPC's default list admits everything. */
export function accessListsOf(subnet: Subject, scope: Scope): readonly (Subject | string)[] {
  return scope.referring(subnet, 'AWS::EC2::SubnetNetworkAclAssociation', 'SubnetId').map((association) => {
    const list = association.reference('NetworkAclId');
    return list.kind === 'known'
      ? list.value.subject
      : `the access list of ${subnet.logicalId} is not in the templates`;
  });
}

/**
 * The public addresses that an access list lets in to a TCP port. The entry with the lowest number that matches decides, and what no
 * entry matches is refused, so a list that opens nothing needs no entry that denies.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 * @returns a reason, as text, where an entry cannot be read
 */
export function publicThrough(list: Subject, scope: Scope, port: number): readonly AddressRange[] | string {
  const entries: Entry[] = [];
  for (const found of scope.referring(list, 'AWS::EC2::NetworkAclEntry', 'NetworkAclId')) {
    const entry = entryFor(found, port);
    if (typeof entry === 'string') {
      return `${found.logicalId}: ${entry}`;
    }
    if (entry) {
      entries.push(entry);
    }
  }
  let undecided: readonly AddressRange[] = [everyIpv4, everyIpv6];
  const admitted: AddressRange[] = [];
  for (const { allows, ranges } of entries.sort((one, other) => one.number - other.number)) {
    if (allows) {
      admitted.push(...common(undecided, ranges));
    }
    undecided = without(undecided, ranges);
  }
  return publicPart(admitted);
}

/** What an entry says of incoming traffic to the port; undefined where it says nothing, text where it cannot be read. */
function entryFor(entry: Subject, port: number): Entry | undefined | string {
  const leaves = entry.bool('Egress');
  if (leaves.kind === 'unresolved') {
    return leaves.reason;
  }
  // Incoming is what an entry is without Egress: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-networkaclentry.html
  if (leaves.kind === 'known' && leaves.value) {
    return undefined;
  }
  const matches = matchesPort(entry, port);
  if (matches !== true) {
    return matches === false ? undefined : matches;
  }
  const number = entry.number('RuleNumber');
  const action = entry.text('RuleAction');
  const ranges = rangesOf(entry);
  if (number.kind !== 'known' || action.kind !== 'known' || !/^(allow|deny)$/i.test(action.value)) {
    return 'its number or its action is not known';
  }
  return typeof ranges === 'string' ? ranges : { number: number.value, allows: /^allow$/i.test(action.value), ranges };
}

function matchesPort(entry: Subject, port: number): boolean | string {
  const protocol = entry.number('Protocol');
  if (protocol.kind !== 'known') {
    return 'its protocol is not known';
  }
  if (protocol.value !== 6) {
    return protocol.value === -1;
  }
  const from = entry.number('PortRange.From');
  const to = entry.number('PortRange.To');
  return from.kind === 'known' && to.kind === 'known'
    ? from.value <= port && port <= to.value
    : 'its ports are not known';
}

function rangesOf(entry: Subject): readonly AddressRange[] | string {
  const property = entry.at('CidrBlock').resolved.kind === 'absent' ? 'Ipv6CidrBlock' : 'CidrBlock';
  const place = entry.at(property);
  if (place.resolved.kind === 'reference') {
    const reference = place.reference();
    const inside = reference.kind === 'known' ? insideOf(reference.value) : undefined;
    return inside ?? 'which addresses it stands for is known only after deployment';
  }
  const text = place.text();
  if (text.kind !== 'known') {
    return 'its addresses are not known';
  }
  const range = parseRange(text.value);
  return isRange(range) ? [range] : range.error;
}
