import * as fc from 'fast-check';
import {
  type AddressRange,
  admitsInternet,
  common,
  covers,
  everyIpv4,
  everyIpv6,
  isRange,
  overlaps,
  parseRange,
  publicPart,
  sizeOf,
  textOfRange,
  unionOf,
  without,
} from '../../lib/template/cidr';

function range(text: string): AddressRange {
  const parsed = parseRange(text);
  if (!isRange(parsed)) {
    throw new Error(parsed.error);
  }
  return parsed;
}

/** Tries a property on many inputs; throws with the smallest that breaks it. */
const always = <T>(property: fc.IProperty<T>): void => fc.assert(property);

const ranges = (...texts: string[]) => texts.map(range);

describe('reading a range', () => {
  test.each(['0.0.0.0/0', '10.0.0.0/8', '192.0.2.7/32', '::/0', '2001:db8::/32', '::1/128'])(
    '%s is read and written back',
    (text) => {
      expect(textOfRange(range(text))).toBe(text);
    },
  );

  test('bits below the prefix are ignored', () => {
    expect(range('10.1.2.3/8')).toEqual(range('10.0.0.0/8'));
  });

  test.each([
    '',
    'anywhere',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '010.0.0.0/8',
    '0x0.0.0.0/0',
    '10/8',
    '0.0.0.0/0 ',
    '::/129',
    'fe80::1%eth0/64',
    'Vpc.CidrBlock',
  ])('fails with an error, not a crash, on %j', (text) => {
    expect(parseRange(text)).toEqual({ error: expect.stringContaining(`got '${text}'`) });
  });

  test('no text makes it crash', () => {
    const texts = fc.oneof(fc.string(), fc.webUrl(), fc.ipV4(), fc.ipV6());
    always(
      fc.property(texts, (text) => {
        const parsed = parseRange(text);
        expect(isRange(parsed) ? parsed.first <= parsed.last : parsed.error.length > 0).toBe(true);
      }),
    );
  });
});

describe('the internet', () => {
  test.each([
    [['0.0.0.0/0']],
    [['::/0']],
    [['0.0.0.0/1', '128.0.0.0/1']],
    [['0.0.0.0/1']],
    [['2000::/3']],
    [['::/1', '8000::/1']],
    [['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2']],
  ])('is admitted by %j', (texts) => {
    expect(admitsInternet(ranges(...texts))).toBe(true);
  });

  test.each([
    [[]],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
    [['10.0.0.0/8', '11.0.0.0/9', '11.128.0.0/9']],
    [['203.0.113.0/24']],
    [['2001:db8::/32']],
  ])('is not admitted by %j', (texts) => {
    expect(admitsInternet(ranges(...texts))).toBe(false);
  });

  test('an own public address is public all the same, and a private one is not', () => {
    expect(publicPart(ranges('203.0.113.7/32', '10.1.0.0/16')).map(textOfRange)).toEqual(['203.0.113.7/32']);
    expect(publicPart(ranges('10.0.0.0/7')).map(textOfRange)).toEqual(['11.0.0.0/8']);
    expect(publicPart(ranges('fd00::/8', '172.31.0.0/16', '100.64.0.0/10'))).toEqual([]);
  });

  test('is admitted by every /8 but one, and by many small ranges that lie apart', () => {
    expect(admitsInternet(ranges(...Array.from({ length: 255 }, (_, index) => `${index}.0.0.0/8`)))).toBe(true);
    const apart = Array.from(
      { length: 300 },
      (_, index) => `${64 + Math.floor(index / 100)}.${(index % 100) * 2}.0.0/16`,
    );
    expect(admitsInternet(ranges(...apart))).toBe(true);
    expect(admitsInternet(ranges(...apart.slice(0, 256)))).toBe(false);
  });

  test('two halves cover the whole, one does not', () => {
    expect(covers(ranges('0.0.0.0/1', '128.0.0.0/1'), everyIpv4)).toBe(true);
    expect(covers(ranges('0.0.0.0/1', '128.0.0.0/2'), everyIpv4)).toBe(false);
    expect(covers(ranges('0.0.0.0/0'), everyIpv6)).toBe(false);
  });
});

describe('the arithmetic', () => {
  // Small prefixes of few addresses, so that ranges meet, nest and touch often enough to matter.
  const some = fc
    .record({ start: fc.nat(63), prefix: fc.integer({ min: 26, max: 32 }) })
    .map(({ start, prefix }) => range(`198.51.100.${start}/${prefix}`));
  const lists = fc.array(some, { maxLength: 8 });
  const addresses = Array.from({ length: 64 }, (_, index) => range(`198.51.100.${index}/32`));
  const holds = (list: readonly AddressRange[], address: AddressRange) => list.some((each) => overlaps(each, address));

  test('a union holds exactly the addresses of its parts, in ranges that lie apart', () => {
    always(
      fc.property(lists, (list) => {
        const union = unionOf(list);
        expect(addresses.filter((address) => holds(union, address))).toEqual(
          addresses.filter((address) => holds(list, address)),
        );
        expect(union.every((each, index) => index === 0 || each.first > (union[index - 1]?.last ?? 0n) + 1n)).toBe(
          true,
        );
        expect(sizeOf(list)).toBe(BigInt(addresses.filter((address) => holds(list, address)).length));
      }),
    );
  });

  test('what is without and what is common are exactly that', () => {
    always(
      fc.property(lists, lists, (one, other) => {
        for (const address of addresses) {
          expect(holds(without(one, other), address)).toBe(holds(one, address) && !holds(other, address));
          expect(holds(common(one, other), address)).toBe(holds(one, address) && holds(other, address));
        }
      }),
    );
  });

  test('splitting a range into its halves changes nothing, in either family', () => {
    const wide = fc.oneof(
      fc.record({ address: fc.ipV4(), prefix: fc.integer({ min: 0, max: 31 }) }),
      fc.record({ address: fc.ipV6(), prefix: fc.integer({ min: 0, max: 127 }) }),
    );
    always(
      fc.property(fc.array(wide, { minLength: 1, maxLength: 6 }), (list) => {
        const whole = list.map(({ address, prefix }) => range(`${address}/${prefix}`));
        const halves = whole.flatMap((each) => {
          const middle = (each.first + each.last) / 2n;
          return [
            { ...each, last: middle },
            { ...each, first: middle + 1n },
          ];
        });
        expect(unionOf(halves)).toEqual(unionOf(whole));
        expect(admitsInternet(halves)).toBe(admitsInternet(whole));
        expect(halves.map(textOfRange).map(range)).toEqual(halves);
      }),
    );
  });

  test('what is public and what is not make up the whole', () => {
    always(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const whole = range(`${address}/${prefix}`);
        const open = publicPart([whole]);
        expect(sizeOf(open) + sizeOf(without([whole], open))).toBe(sizeOf([whole]));
      }),
    );
  });
});
