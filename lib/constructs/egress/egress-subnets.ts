/** Addresses of a /28, the smallest subnet that a VPC takes. */
const size = 16;

/**
 * The smallest subnets that a VPC takes, cut from the last sixteenth of its range, which the three tiers leave free.
 *
 * @param cidr IPv4 range of the VPC, /16 to /20
 * @param index 0 to 15
 */
export function smallSubnet(cidr: string, index: number): string {
  const [address = '', prefix = ''] = cidr.split('/');
  const first = address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
  const whole = 2 ** (32 - Number(prefix));
  const start = first - (first % whole) + (whole / 16) * 15 + index * size;
  return `${[24, 16, 8, 0].map((bits) => Math.floor(start / 2 ** bits) % 256).join('.')}/28`;
}
