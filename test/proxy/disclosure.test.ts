import { proxyConfiguration } from '../../lib/constructs/proxy/reverse-proxy';
import type { Disclosure } from '../../lib/constructs/proxy/reverse-proxy-disclosure';
import { HOST, nginx, ORIGIN, openssl, RunningProxy } from './running-proxy';

const disclosure: Disclosure = {
  contact: 'security@example.com',
  subject: 'Security report',
  expires: '2027-11-15',
  languages: ['en', 'de'],
  safeHarbour: `Nobody who acts in good faith has to fear "legal action"; it's $promised & <kept> \\ '; }`,
  coordination: 'Please wait 90 days.',
  acknowledgeHours: 48,
  updateBusinessDays: 5,
  bounty: true,
};

const isMissing = nginx === undefined || openssl === undefined;
if (isMissing) {
  console.warn('skipped: no nginx (set NGINX_PATH) or no openssl found, so nobody asked for security.txt');
}

(isMissing ? describe.skip : describe)('what is published for whoever finds a weakness', () => {
  let proxy: RunningProxy;

  beforeAll(async () => {
    // Nothing listens on the port of the application: it is down
    proxy = await RunningProxy.start(9, { disclosure });
  }, 30_000);
  afterAll(async () => {
    await proxy?.stop();
  });

  test('security.txt is served while the application is down, as RFC 9116 writes it', async () => {
    expect((await proxy.ask('/')).status).toBe(502);
    const { status, headers, body } = await proxy.ask('/.well-known/security.txt');
    expect([status, headers['content-type'], headers['x-content-type-options']]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'nosniff',
    ]);
    expect(body.split('\n')).toEqual([
      'Contact: mailto:security@example.com?subject=Security%20report',
      'Expires: 2027-11-15T23:59:59Z',
      'Preferred-Languages: en, de',
      `Canonical: ${ORIGIN}/.well-known/security.txt`,
      `Policy: ${ORIGIN}/security-policy`,
      '',
    ]);
  });

  test('the policy is a page with all headers, and no word of it means anything to nginx or a browser', async () => {
    const { status, headers, body } = await proxy.ask('/security-policy');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(body).toContain('<h2>Safe harbour</h2>');
    expect(body).toContain('it&#39;s &#36;promised &#38; &#60;kept&#62; &#92; &#39;; &#125;');
    expect(body).toContain('within 48 hours');
    expect(body).toContain('within 5 business days');
    expect(body.match(/<li>/g)).toHaveLength(5);
  });

  test.each(['/.well-known/security.txt', '/security-policy'])('%s takes no writes', async (path) => {
    expect((await proxy.ask(path, { method: 'POST', headers: { origin: ORIGIN } })).status).toBe(405);
    expect((await proxy.ask(path, { method: 'POST' })).status).toBe(403);
    expect((await proxy.ask(path, { method: 'HEAD' })).status).toBe(200);
  });

  test('another host is told nothing', async () => {
    expect((await proxy.ask('/.well-known/security.txt', { headers: { host: 'other.example.com' } })).status).toBe(421);
  });
});

const configured = (over: Partial<Disclosure>) => () =>
  proxyConfiguration({
    domainName: HOST,
    minimumTls: '1.3',
    hstsSeconds: 31536000,
    strictCookies: true,
    trustedRange: '10.0.0.0/16',
    disclosure: { ...disclosure, ...over },
  });

test('bounties are promised by nobody who does not offer them', () => {
  expect(configured({ bounty: false })()).not.toMatch(/bount/i);
});

test.each([
  ['a contact that would end the file', { contact: "a@example.com'; return 200" }, /contact of the disclosure/],
  ['a contact with a second field', { contact: 'a@example.com\nContact: b@example.com' }, /contact of the disclosure/],
  ['a subject with a quote', { subject: "it's" }, /subject of the disclosure/],
  ['a day that is none', { expires: 'next year' }, /expires of the disclosure/],
  ['languages that are none', { languages: ['English, please'] }, /languages of the disclosure/],
  ['no language', { languages: [] }, /languages of the disclosure/],
  ['no safe harbour', { safeHarbour: ' ' }, /safeHarbour of the disclosure/],
  ['more words than nginx reads', { coordination: 'wait '.repeat(800) }, /at most 4000/],
])('refuses %s', (_name, over, message) => {
  expect(configured(over)).toThrow(message);
});
