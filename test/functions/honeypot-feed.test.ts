import { gzipSync } from 'node:zlib';
import { type FeedEvent, honeypotFeed } from '../../lib/functions/honeypot-feed/feed';
import { type IPSets, ipSetName } from '../../lib/functions/honeypot-feed/ip-set';

const name = (id: string) => ({ name: `set-${id}`, id });
const generations = {
  v4: { recent: name('recent4'), earlier: name('earlier4') },
  v6: { recent: name('recent6'), earlier: name('earlier6') },
};

/** IP sets with the lock that AWS WAF puts on each: whoever read an older version is refused. */
class Firewall implements IPSets {
  readonly addresses: Record<string, string[]> = { recent4: [], earlier4: [], recent6: [], earlier6: [] };
  readonly writes: string[] = [];
  /** Called before each write, as somebody else who is faster. */
  rival: () => void = () => undefined;
  private version = 0;

  async getIPSet({ Id: id }: { Id: string }) {
    return { IPSet: { Addresses: [...(this.addresses[id] ?? [])] }, LockToken: String(this.version) };
  }

  async updateIPSet({
    Id: id,
    Addresses: addresses,
    LockToken: lock,
  }: {
    Id: string;
    Addresses: string[];
    LockToken: string;
  }) {
    this.rival();
    if (lock !== String(this.version)) {
      throw Object.assign(new Error('somebody was faster'), { name: 'WAFOptimisticLockException' });
    }
    this.put(id, addresses);
    this.writes.push(id);
  }

  put(id: string, addresses: string[]): void {
    this.addresses[id] = addresses;
    this.version += 1;
  }
}

const feedOf = (sets: IPSets) => honeypotFeed({ sets, generations, pause: async () => undefined });

/** A decision as AWS WAF logs it, shortened. */
function decision(clientIp: string, headers: Record<string, string> = {}, over: object = {}): object {
  return {
    timestamp: 1_763_640_000_000,
    formatVersion: 1,
    webaclId: 'arn:aws:wafv2:eu-central-1:333333333333:regional/webacl/Application/1',
    terminatingRuleId: 'honeypot',
    terminatingRuleType: 'REGULAR',
    action: 'BLOCK',
    httpSourceName: 'ALB',
    httpRequest: {
      clientIp,
      country: 'DE',
      headers: Object.entries({ Host: 'app.example.com', ...headers }).map(([key, value]) => ({ name: key, value })),
      uri: '/wp-login.php',
      httpMethod: 'GET',
    },
    ...over,
  };
}

function delivery(...decisions: object[]): FeedEvent {
  return batch({
    messageType: 'DATA_MESSAGE',
    logEvents: decisions.map((each, id) => ({ id: String(id), message: JSON.stringify(each) })),
  });
}

function batch(content: object): FeedEvent {
  return { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
}

test('whoever called a decoy is kept out: one IPv4 address, the /64 of an IPv6 address', async () => {
  const firewall = new Firewall();

  await feedOf(firewall)(
    delivery(
      decision('198.51.100.7'),
      decision('2001:DB8:0:9::1'),
      decision('198.51.100.7'),
      decision('::ffff:203.0.113.9'),
    ),
  );

  expect(firewall.addresses).toEqual({
    recent4: ['198.51.100.7/32', '203.0.113.9/32'],
    recent6: ['2001:0db8:0000:0009:0000:0000:0000:0000/64'],
    earlier4: [],
    earlier6: [],
  });
});

test('one address is one entry, however it is written', async () => {
  const firewall = new Firewall();

  await feedOf(firewall)(delivery(decision('2001:db8::9:0:0:1'), decision('2001:db8:0:0:5::'), decision('::1')));

  expect(firewall.addresses.recent6).toEqual([
    '2001:0db8:0000:0000:0000:0000:0000:0000/64',
    '0000:0000:0000:0000:0000:0000:0000:0000/64',
  ]);
});

test('what is there already is not written again', async () => {
  const firewall = new Firewall();
  firewall.put('recent4', ['198.51.100.7/32']);

  await feedOf(firewall)(delivery(decision('198.51.100.7')));

  expect(firewall.writes).toEqual([]);
});

test.each(['cross-site', 'same-site', 'same-origin'])(
  'a browser that a page sent to a decoy (%s) does not lock its owner out',
  async (site) => {
    const firewall = new Firewall();

    await feedOf(firewall)(delivery(decision('198.51.100.7', { 'Sec-Fetch-Site': site })));
    expect(firewall.addresses.recent4).toEqual([]);

    await feedOf(firewall)(delivery(decision('198.51.100.7', { 'sec-fetch-site': 'none' })));
    expect(firewall.addresses.recent4).toEqual(['198.51.100.7/32']);
  },
);

test('other decisions teach nothing', async () => {
  const firewall = new Firewall();

  await feedOf(firewall)(
    delivery(
      decision('198.51.100.7', {}, { terminatingRuleId: 'limit-login' }),
      decision('198.51.100.8', {}, { action: 'ALLOW' }),
    ),
  );
  await feedOf(firewall)(
    batch({ messageType: 'CONTROL_MESSAGE', logEvents: [{ id: '', message: 'CWL CONTROL MESSAGE' }] }),
  );

  expect(firewall.writes).toEqual([]);
});

test('an address stays for at least one turn and goes with the second', async () => {
  const firewall = new Firewall();
  const feed = feedOf(firewall);
  await feed(delivery(decision('198.51.100.7'), decision('2001:db8::1')));

  await feed({ turn: true });
  expect([firewall.addresses.recent4, firewall.addresses.earlier4]).toEqual([[], ['198.51.100.7/32']]);
  expect(firewall.addresses.earlier6).toHaveLength(1);
  // Nobody is let out between the two writes
  expect(firewall.writes.slice(-4)).toEqual(['earlier4', 'recent4', 'earlier6', 'recent6']);

  await feed({ turn: true });
  expect(firewall.addresses).toEqual({ recent4: [], earlier4: [], recent6: [], earlier6: [] });
});

test('who is caught while the sets turn is not forgotten', async () => {
  const firewall = new Firewall();
  firewall.put('recent4', ['198.51.100.7/32']);
  firewall.rival = () => {
    firewall.rival = () => undefined;
    firewall.put('recent4', ['198.51.100.7/32', '198.51.100.8/32']);
  };

  await feedOf(firewall)({ turn: true });

  expect(firewall.addresses).toMatchObject({ recent4: ['198.51.100.8/32'], earlier4: ['198.51.100.7/32'] });
});

test('whoever is faster loses nothing: the change is made again on what is there then', async () => {
  const firewall = new Firewall();
  let rivals = 3;
  firewall.rival = () => {
    rivals -= 1;
    if (rivals >= 0) {
      firewall.put('recent4', [...(firewall.addresses.recent4 ?? []), `203.0.113.${rivals}/32`]);
    }
  };

  await feedOf(firewall)(delivery(decision('198.51.100.7')));

  expect(firewall.addresses.recent4).toEqual(['203.0.113.2/32', '203.0.113.1/32', '203.0.113.0/32', '198.51.100.7/32']);
});

test('a full set keeps the newest', async () => {
  const firewall = new Firewall();
  firewall.put(
    'recent4',
    Array.from({ length: 10_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}/32`),
  );

  await feedOf(firewall)(delivery(decision('198.51.100.7')));

  expect(firewall.addresses.recent4).toHaveLength(10_000);
  expect(firewall.addresses.recent4?.[0]).toBe('10.0.0.1/32');
  expect(firewall.addresses.recent4?.at(-1)).toBe('198.51.100.7/32');
});

test('fails when somebody is always faster, so that the event is tried again', async () => {
  const firewall = new Firewall();
  firewall.rival = () => firewall.put('earlier4', []);
  await expect(feedOf(firewall)(delivery(decision('198.51.100.7')))).rejects.toThrow('somebody was faster');
});

test('fails on what it cannot read, and when AWS refuses', async () => {
  const firewall = new Firewall();
  await expect(feedOf(firewall)(delivery(decision('not-an-address')))).rejects.toThrow(
    "names the client 'not-an-address', expected an IP address",
  );
  await expect(feedOf(firewall)(batch({ messageType: 'DATA_MESSAGE' }))).rejects.toThrow('has no logEvents');
  const denied = Object.assign(firewall, { getIPSet: () => Promise.reject(new Error('denied')) });
  await expect(feedOf(denied)(delivery(decision('198.51.100.7')))).rejects.toThrow('denied');
});

test('fails when a set is read without its lock', async () => {
  const sets: IPSets = { getIPSet: async () => ({}), updateIPSet: async () => ({}) };
  await expect(feedOf(sets)(delivery(decision('198.51.100.7')))).rejects.toThrow('without addresses or lock');
});

test('reads the name of a set as CloudFormation writes it, and nothing else', () => {
  expect(ipSetName('Recent-a1|1234|REGIONAL')).toEqual({ name: 'Recent-a1', id: '1234' });
  for (const wrong of [undefined, '', 'Recent', 'Recent|1234', 'Recent|1234|CLOUDFRONT']) {
    expect(() => ipSetName(wrong)).toThrow('expected its name, id and REGIONAL');
  }
});
