import * as ipaddr from 'ipaddr.js';
import { oncePerText } from './remember';

/** Consecutive addresses of one family, both ends included, as numbers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Text that is no CIDR range: neither a pass nor a crash. */
export interface BadRange {
  readonly error: string;
}

/** Every IPv4 address. */
export const everyIpv4: AddressRange = { family: 4, first: 0n, last: (1n << 32n) - 1n };

/** Every IPv6 address. */
export const everyIpv6: AddressRange = { family: 6, first: 0n, last: (1n << 128n) - 1n };

/**
 * Reads `10.0.0.0/8` or `2001:db8::/32`. Bits below the prefix are ignored, as EC2 ignores them. Leading zeros, hexadecimal parts
 * and zones are refused: what they stand for depends on who reads them.
 */
export const parseRange: (text: string) => AddressRange | BadRange = oncePerText(readRange);

function readRange(text: string): AddressRange | BadRange {
  const bad = { error: `expected an address range such as 10.0.0.0/8 or 2001:db8::/32, got '${text}'` };
  const [address = '', prefix = '', ...rest] = text.split('/');
  const family = ipaddr.IPv4.isValidFourPartDecimal(address)
    ? 4
    : !address.includes('%') && ipaddr.IPv6.isValid(address)
      ? 6
      : undefined;
  const bits = family === 4 ? 32 : 128;
  if (family === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits) {
    return bad;
  }
  const size = 1n << BigInt(bits - Number(prefix));
  const number = toNumber(ipaddr.parse(address).toByteArray());
  const first = number - (number % size);
  return { family, first, last: first + size - 1n };
}

export function isRange(parsed: AddressRange | BadRange): parsed is AddressRange {
  return !('error' in parsed);
}

/** The same addresses in the fewest ranges: ordered, apart from each other, IPv4 first. */
export function unionOf(ranges: Iterable<AddressRange>): readonly AddressRange[] {
  const union: AddressRange[] = [];
  for (const range of [...ranges].sort(compare)) {
    const previous = union.at(-1);
    if (previous?.family === range.family && range.first <= previous.last + 1n) {
      union[union.length - 1] = { ...previous, last: later(previous.last, range.last) };
    } else {
      union.push(range);
    }
  }
  return union;
}

/** What is left of some ranges without the addresses of others. */
export function without(ranges: Iterable<AddressRange>, removed: Iterable<AddressRange>): readonly AddressRange[] {
  let left = unionOf(ranges);
  for (const hole of unionOf(removed)) {
    left = left.flatMap((range) => cut(range, hole));
  }
  return left;
}

/** The addresses that both have. */
export function common(one: Iterable<AddressRange>, other: Iterable<AddressRange>): readonly AddressRange[] {
  const mine = unionOf(one);
  return without(mine, without(mine, other));
}

/** Whether some ranges together hold every address of another. */
export function covers(ranges: Iterable<AddressRange>, whole: AddressRange): boolean {
  return without([whole], ranges).length === 0;
}

export function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

/** How many addresses some ranges hold together. */
export function sizeOf(ranges: Iterable<AddressRange>): bigint {
  return unionOf(ranges).reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

/** The part of some ranges that somebody on the internet may have. */
export function publicPart(ranges: Iterable<AddressRange>): readonly AddressRange[] {
  return without(ranges, privateRanges);
}

/**
 * Whether some ranges together admit the internet. Nobody's own network is larger than a /8 of IPv4 or a /32 of IPv6, so anything
 * beyond that admits strangers, however many rules it is split over and whichever addresses are left out.
 */
export function admitsInternet(ranges: Iterable<AddressRange>): boolean {
  const open = publicPart(ranges);
  const of = (family: 4 | 6) => sizeOf(open.filter((range) => range.family === family));
  return of(4) > 1n << 24n || of(6) > 1n << 96n;
}

/** A range as text: CIDR where it is one, first and last address otherwise. */
export function textOfRange({ family, first, last }: AddressRange): string {
  const bits = family === 4 ? 32 : 128;
  const address = (number: bigint) => ipaddr.fromByteArray(toBytes(number, bits / 8)).toString();
  const prefix = bits - (last - first + 1n).toString(2).length + 1;
  const size = 1n << BigInt(bits - prefix);
  return last - first + 1n === size && first % size === 0n
    ? `${address(first)}/${prefix}`
    : `${address(first)}-${address(last)}`;
}

/**
 * Addresses that no packet from the internet carries: private use, the shared space of carriers and VPCs, loopback, link-local and
 * unique local addresses.
 *
 * Sources: RFC 1918, RFC 6598, RFC 1122, RFC 3927, RFC 4193, RFC 4291
 */
const privateRanges: readonly AddressRange[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
]
  .map(parseRange)
  .filter(isRange);

function cut(range: AddressRange, hole: AddressRange): readonly AddressRange[] {
  if (!overlaps(range, hole)) {
    return [range];
  }
  const parts = [
    { ...range, last: hole.first - 1n },
    { ...range, first: hole.last + 1n },
  ];
  return parts.filter(({ first, last }) => first <= last);
}

function later(one: bigint, other: bigint): bigint {
  return [one, other].reduce((last, each) => (each > last ? each : last));
}

function compare(one: AddressRange, other: AddressRange): number {
  return one.family - other.family || (one.first < other.first ? -1 : one.first > other.first ? 1 : 0);
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function toBytes(number: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((number >> BigInt(8 * (length - 1 - index))) & 255n));
}
