import { spawnSync } from 'node:child_process';
import { proxyIsUp } from '../../lib/constructs/proxy/reverse-proxy-start';
import { CarelessApplication } from './application';
import { type Answer, HOST, nginx, ORIGIN, openssl, READER, RunningProxy } from './running-proxy';

const missing = [nginx === undefined ? 'nginx (set NGINX_PATH)' : '', openssl === undefined ? 'openssl' : ''].filter(
  (each) => each !== '',
);
if (missing.length > 0) {
  console.warn(`skipped: no ${missing.join(' and no ')} found, so the reverse proxy was not run`);
}

const STATUSES = [200, 201, 301, 302, 400, 401, 403, 404, 405, 409, 418, 422, 429, 451, 500, 502, 503, 511, 599];
const LEAKS = /SELECT|password|\/srv\/app|nginx\/\d|Careless/;

function one(answer: Answer, name: string): string {
  const value = answer.headers[name];
  if (typeof value !== 'string') {
    throw new Error(`${name} came ${value === undefined ? 'not at all' : 'more than once'} with ${answer.status}`);
  }
  return value;
}

/** Each exactly once: node joins a header that comes twice with a comma, so exact values prove it. */
function expectHardened(answer: Answer): void {
  expect(one(answer, 'strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
  const csp = one(answer, 'content-security-policy');
  expect(csp).toMatch(
    /^default-src 'self'; script-src 'self' 'nonce-[0-9a-f]{32}'; style-src 'self' 'nonce-[0-9a-f]{32}';/,
  );
  expect(csp).toMatch(/frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default;/);
  expect(csp).not.toContain('*');
  expect(one(answer, 'x-content-type-options')).toBe('nosniff');
  expect(one(answer, 'x-frame-options')).toBe('DENY');
  expect(one(answer, 'referrer-policy')).toBe('strict-origin-when-cross-origin');
  expect(one(answer, 'permissions-policy')).toContain('geolocation=()');
  expect(one(answer, 'cross-origin-opener-policy')).toBe('same-origin');
  expect(one(answer, 'cross-origin-resource-policy')).toBe('same-origin');
  expect(answer.headers.server).toBe('nginx');
  for (const revealing of ['x-powered-by', 'x-debug-token', 'x-accel-redirect', 'access-control-allow-credentials']) {
    expect(answer.headers[revealing]).toBeUndefined();
  }
}

function expectStrictCookies(answer: Answer): void {
  const cookies = answer.headers['set-cookie'];
  expect(cookies).toHaveLength(4);
  for (const cookie of Array.isArray(cookies) ? cookies : []) {
    const flags = cookie.split(';').map((part) => part.trim().toLowerCase());
    for (const flag of ['secure', 'httponly', 'samesite=strict']) {
      expect(flags.filter((each) => each === flag)).toEqual([flag]);
    }
    expect(flags.filter((each) => each.startsWith('samesite'))).toEqual(['samesite=strict']);
  }
}

(missing.length > 0 ? describe.skip : describe)('the reverse proxy', () => {
  const application = new CarelessApplication();
  let proxy: RunningProxy;

  beforeAll(async () => {
    proxy = await RunningProxy.start(await application.listen());
  }, 30_000);
  beforeEach(() => application.seen.splice(0));
  afterAll(async () => {
    await proxy?.stop();
    await application.close();
  });

  describe.each(STATUSES)('where the application answers %i', (status) => {
    test.each(['/status', '/api/status'])('hardens it below %s', async (path) => {
      const answer = await proxy.ask(`${path}/${status}`);
      expect(answer.status).toBe(status);
      expectHardened(answer);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      if (status < 400) {
        expectStrictCookies(answer);
      } else {
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(answer.body).not.toMatch(LEAKS);
        expect(answer.headers['content-type']).toBe(path === '/status' ? 'text/html' : 'application/json');
        expect(answer.body).toContain(path === '/status' ? `Error ${status}` : `"status":${status}`);
      }
    });
  });

  test('an error of the API is JSON', async () => {
    const { body } = await proxy.ask('/api/status/500');
    expect(JSON.parse(body)).toEqual({ status: 500, error: 'request failed' });
  });

  test('an application that dies is a bad gateway without a word about it', async () => {
    const answer = await proxy.ask('/dies');
    expect(answer.status).toBe(502);
    expectHardened(answer);
    expect(answer.body).toContain('Error 502');
  });

  test('the nonce of each answer is new, and the application was told it', async () => {
    const nonces = await Promise.all([proxy.ask('/'), proxy.ask('/'), proxy.ask('/')]).then((answers) =>
      answers.map((answer) => /'nonce-([0-9a-f]{32})'/.exec(one(answer, 'content-security-policy'))?.[1]),
    );
    expect(new Set(nonces).size).toBe(3);
    expect(application.seen.map(({ headers }) => headers['x-csp-nonce']).sort()).toEqual([...nonces].sort());
  });

  describe('what nginx refuses by itself is as hardened as the rest', () => {
    const own = (headers: Record<string, string> = {}) => ({ origin: ORIGIN, ...headers });

    test.each([
      ['a body that is too large', 413, '/upload', { method: 'POST', headers: own(), body: Buffer.alloc(2 * 2 ** 20) }],
      [
        'an API body that is too large',
        413,
        '/api/x',
        { method: 'POST', headers: own({ 'content-type': 'application/json' }), body: Buffer.alloc(300 * 1024) },
      ],
      ['an address that is too long', 414, `/${'a'.repeat(9000)}`, {}],
      ['headers that are too large', 431, '/', { headers: { 'x-long': 'a'.repeat(9000) } }],
      ['another host', 421, '/', { headers: { host: 'evil.example.net' } }],
      ['an unknown method', 405, '/', { method: 'PROPFIND', headers: own() }],
      ['TRACE', 405, '/', { method: 'TRACE', headers: own() }],
      [
        'a form to the API',
        415,
        '/api/x',
        { method: 'POST', headers: own({ 'content-type': 'text/plain' }), body: '{}' },
      ],
      ['an API body of no type', 415, '/api/x', { method: 'PUT', headers: own(), body: '{}' }],
      [
        'two types at once',
        415,
        '/API/x',
        { method: 'POST', headers: own({ 'content-type': 'text/plain, application/json' }) },
      ],
    ])('%s: %i', async (_, status, path, ask) => {
      const answer = await proxy.ask(path, ask);
      expect(answer.status).toBe(status);
      expectHardened(answer);
      expect(answer.body).not.toMatch(/<center>|nginx/);
      expect(application.seen).toEqual([]);
    });

    test('the error pages themselves: 404', async () => {
      const answer = await proxy.ask('/-/error');
      expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('Error 404')]);
      expectHardened(answer);
    });

    test.each(['GET / HTTP/3.0', 'get / HTTP/1.1', 'CONNECT evil.example.net:443 HTTP/1.1'])('%s', async (line) => {
      const answer = await proxy.raw(`${line}\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|405|505) /);
      expect(answer).toMatch(/\r\nX-Frame-Options: DENY\r\n/);
      expect(answer).not.toMatch(/<center>/);
    });

    test('a request that is none: 400', async () => {
      const answer = await proxy.raw('GET / HTTP/1.1\r\n\r\n');
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toMatch(/\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n/);
      expect(answer).toMatch(/\r\nContent-Security-Policy: default-src 'self'/);
      expect(answer).toContain('<p>Error 400</p>');
    });
  });

  test.each([
    '//admin',
    '/a//admin',
    '/a/../admin',
    '/./admin',
    '/a%2fadmin',
    '/a%2Fadmin',
    '/a%5cadmin',
    '/%2e%2e/admin',
    '/%61pi%252fx',
    '/a\\admin',
    '/a/..;/admin',
    '/;x/admin',
    '/a%00',
  ])('refuses %s, which nginx and an application could read differently', async (path) => {
    const answer = await proxy.raw(`GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/\r\nX-Frame-Options: DENY\r\n/);
    expect(answer).not.toMatch(/<center>/);
    expect(application.seen).toEqual([]);
  });

  test.each(['/a?next=//b/../c%2f', '/a%20b', '/a.b/c..d', '/%C3%A4'])('lets %s through as it is', async (path) => {
    expect((await proxy.ask(path)).status).toBe(200);
    expect(application.seen.map(({ url }) => url)).toEqual([path]);
  });

  describe('forged requests', () => {
    const json = { 'content-type': 'application/json' };
    const forged: [string, Record<string, string>][] = [
      ['another site', { origin: 'https://evil.example.net' }],
      ['a site whose name begins like ours', { origin: `${ORIGIN}.evil.net` }],
      ['a site whose name ends like ours', { origin: `https://evil-${HOST}` }],
      ['our name in clear text', { origin: `http://${HOST}` }],
      ['our name on another port', { origin: `${ORIGIN}:8443` }],
      ['an origin that is hidden', { origin: 'null' }],
      ['a reader, who may not write', { origin: READER }],
      ['another site, with our name as the referrer', { origin: 'https://evil.example.net', referer: `${ORIGIN}/` }],
      ['our origin from another site', { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }],
      ['another site that hides its origin', { 'sec-fetch-site': 'cross-site' }],
      ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
      ['a page of another site', { referer: 'https://evil.example.net/' }],
      ['a page whose name begins like ours', { referer: `${ORIGIN}.evil.net/` }],
      ['a page whose name has another letter for our dot', { referer: 'https://app-example.com/' }],
      ['a page that names us in its query', { referer: `https://evil.example.net/?${ORIGIN}/` }],
      ['nobody', {}],
    ];

    test.each(
      forged.flatMap(([name, headers]) => ['POST', 'PUT', 'PATCH', 'DELETE'].map((m) => [m, name, headers] as const)),
    )('%s from %s is refused', async (method, _, headers) => {
      const answer = await proxy.ask('/api/x', { method, headers: { ...json, ...headers } });
      expect(answer.status).toBe(403);
      expectHardened(answer);
      expect(application.seen).toEqual([]);
    });

    test.each<[string, Record<string, string>]>([
      ['our origin', { origin: ORIGIN }],
      ['our origin, and the browser agrees', { origin: ORIGIN, 'sec-fetch-site': 'same-origin' }],
      ['a browser that says same-origin', { 'sec-fetch-site': 'same-origin' }],
      ['a person who typed it', { 'sec-fetch-site': 'none' }],
      ['one of our pages', { referer: `${ORIGIN}/form?x=1` }],
    ])('a write from %s passes', async (_, headers) => {
      const answer = await proxy.ask('/api/x', { method: 'POST', headers: { ...json, ...headers }, body: '{"a":1}' });
      expect(answer.status).toBe(200);
      expect(application.seen.map(({ method, body }) => [method, body])).toEqual([['POST', '{"a":1}']]);
    });

    test('reading needs no origin, and a method that hides in a header stays behind', async () => {
      const headers = {
        origin: 'https://evil.example.net',
        'x-http-method-override': 'DELETE',
        'x-original-url': '/admin',
      };
      expect((await proxy.ask('/', { headers })).status).toBe(200);
      expect(application.seen[0]?.headers).not.toHaveProperty('x-http-method-override');
      expect(application.seen[0]?.headers).not.toHaveProperty('x-original-url');
    });
  });

  describe('WebSockets', () => {
    const upgrade = (headers: string) =>
      `GET /live HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;

    test('opens for our own pages, hardened, and carries what is said', async () => {
      const answer = await proxy.raw(`${upgrade(`Origin: ${ORIGIN}\r\n`)}hello`, /hello$/);
      expect(answer).toMatch(/^HTTP\/1\.1 101 /);
      expect(answer).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
      expect(answer).toMatch(/hello$/);
      expect(answer).toMatch(/\r\nStrict-Transport-Security: /);
      expect(answer).toMatch(/\r\nSet-Cookie: socket=1; Secure; HttpOnly; SameSite=Strict\r\n/);
    });

    test.each(['Origin: https://evil.example.net\r\n', 'Origin: null\r\n', `Origin: ${READER}\r\n`, ''])(
      'stays shut for another origin: %p',
      async (headers) => {
        const answer = await proxy.raw(upgrade(headers), /Error 403/);
        expect(answer).toMatch(/^HTTP\/1\.1 403 /);
        expect(application.seen).toEqual([]);
      },
    );

    test('no other protocol is upgraded to', async () => {
      const headers = {
        upgrade: 'h2c',
        connection: 'Upgrade, HTTP2-Settings',
        'http2-settings': 'AAA',
        origin: ORIGIN,
      };
      expect((await proxy.ask('/', { headers })).status).toBe(200);
      expect(application.seen[0]?.headers.upgrade).toBeUndefined();
    });
  });

  describe('other origins', () => {
    test('a reader is answered by its exact name, and never with credentials', async () => {
      const answer = await proxy.ask('/', { headers: { origin: READER } });
      expect(one(answer, 'access-control-allow-origin')).toBe(READER);
      expect(one(answer, 'vary')).toContain('Origin');
      expectHardened(answer);
    });

    test.each(['https://evil.example.net', `${READER}.evil.net`, 'http://status.example.com', 'null', ORIGIN])(
      '%s may not read',
      async (origin) => {
        const answer = await proxy.ask('/status/404', { headers: { origin } });
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      },
    );

    test('a preflight is answered here, for readers alone, and promises reading alone', async () => {
      const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-evil' };
      const good = await proxy.ask('/api/x', { method: 'OPTIONS', headers: { origin: READER, ...preflight } });
      expect(good.status).toBe(204);
      expect(one(good, 'access-control-allow-origin')).toBe(READER);
      expect(one(good, 'access-control-allow-methods')).toBe('GET, HEAD');
      expectHardened(good);
      const bad = await proxy.ask('/api/x', {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example.net', ...preflight },
      });
      expect(bad.status).toBe(403);
      expect(bad.headers['access-control-allow-methods']).toBeUndefined();
      expect(application.seen).toEqual([]);
    });
  });

  describe('two requests in one', () => {
    const head = `Host: ${HOST}\r\nOrigin: ${ORIGIN}\r\nContent-Type: application/json\r\n`;
    const inner = `GET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;

    test.each([
      ['both lengths', `Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
      ['two lengths', `Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`],
      ['an encoding that only looks chunked', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`],
      ['two encodings', `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${inner}`],
      ['a length with a sign', `Content-Length: +0\r\n\r\n${inner}`],
      ['a space before the colon', `Content-Length : 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
      ['a chunk without a size', `Transfer-Encoding: chunked\r\n\r\nzz\r\n${inner}`],
    ])('%s: refused, and the connection ends', async (_, rest) => {
      const answer = await proxy.raw(`POST /api/x HTTP/1.1\r\n${head}${rest}`);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /);
      expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      expect(answer).toMatch(/\r\nX-Content-Type-Options: nosniff\r\n/);
      expect(answer).not.toMatch(/<center>/);
      expect(application.seen).toEqual([]);
    });

    test('a chunked body arrives whole, with one length', async () => {
      const answer = await proxy.raw([
        `POST /api/x HTTP/1.1\r\n${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n`,
        '4\r\n":1}\r\n0\r\n\r\n',
      ]);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(
        application.seen.map(({ body: text, headers }) => [
          text,
          headers['content-length'],
          headers['transfer-encoding'],
        ]),
      ).toEqual([['{"a":1}', '7', undefined]]);
    });

    test('no two requests share a connection to the application', async () => {
      await Promise.all([proxy.ask('/a'), proxy.ask('/b'), proxy.ask('/c')]);
      expect(application.seen.map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'close']);
    });

    test('a header with an underscore, which some read as a hyphen, stays behind', async () => {
      await proxy.ask('/', { headers: { x_forwarded_proto: 'http', 'X-Csp-Nonce': 'mine' } });
      expect(application.seen[0]?.headers).not.toHaveProperty('x_forwarded_proto');
      expect(application.seen[0]?.headers['x-csp-nonce']).toMatch(/^[0-9a-f]{32}$/);
    });
  });

  test('the client is the right-most hop, and nothing that it claims to be', async () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 198.51.100.7', 'x-real-ip': '6.6.6.6', forwarded: 'for=6.6.6.6' };
    await proxy.ask('/', { headers: { ...headers, 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.net' } });
    expect(application.seen[0]?.headers).toMatchObject({
      host: HOST,
      'x-forwarded-for': '198.51.100.7',
      'x-real-ip': '198.51.100.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': HOST,
    });
    expect(application.seen[0]?.headers.forwarded).toBeUndefined();
  });

  test('the client is the right-most hop even where that looks like one of ours', async () => {
    await proxy.ask('/', { headers: { 'x-forwarded-for': '6.6.6.6, 127.0.0.9' } });
    expect(application.seen[0]?.headers['x-real-ip']).toBe('127.0.0.9');
  });

  test('the log is JSON and holds no query, cookie, referrer or token, not even of failed requests', async () => {
    const headers = { cookie: 'session=topsecret', referer: `${ORIGIN}/?topsecret`, authorization: 'Bearer topsecret' };
    await proxy.ask('/signed?token=topsecret', { headers: { ...headers, 'x-forwarded-for': '198.51.100.8' } });
    await proxy.ask('/dies?token=topsecret', { headers });
    await proxy.ask('/status/500?token=topsecret', { headers });
    await proxy.ask('/forged?token=topsecret', { method: 'POST', headers: { ...headers, origin: 'null' } });
    const lines = proxy.log().trim().split('\n');
    expect(proxy.log()).not.toContain('topsecret');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        client: '198.51.100.8',
        path: '/signed',
        method: 'GET',
        status: '200',
        tls: 'TLSv1.3',
      }),
    );
  });

  test('the load balancer, which knows no host name, is told how the application is', async () => {
    const answer = await proxy.ask('/health', { headers: { host: '10.20.1.1:8443' } });
    expect(answer.status).toBe(200);
    expectHardened(answer);
    const outside = await proxy.ask('/health', { headers: { host: '10.20.1.1', 'x-forwarded-for': '198.51.100.7' } });
    expect(outside.status).toBe(403);
  });

  test('fails to shake hands below TLS 1.3', async () => {
    await expect(proxy.connect({ maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version|alert/i);
    const socket = await proxy.connect({});
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  });

  test('the health check of its container knows whether it is up', () => {
    const check = (port: number) => spawnSync('/bin/sh', ['-c', proxyIsUp(port)]).status;
    expect(check(proxy.port)).toBe(0);
    expect(check(1)).toBe(1);
  });

  test('speaks nothing in clear text', async () => {
    const answer = await fetch(`http://127.0.0.1:${proxy.port}/`, { redirect: 'manual' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toMatch(LEAKS);
  });
});

(missing.length > 0 ? describe.skip : describe)('a reverse proxy under other figures', () => {
  const application = new CarelessApplication();
  let proxy: RunningProxy;

  beforeAll(async () => {
    proxy = await RunningProxy.start(await application.listen(), {
      minimumTls: '1.2',
      hstsSeconds: 600,
      strictCookies: false,
      readers: [],
      apiPath: '/v1',
      endpoints: [
        { method: 'GET', path: '/v1/invoices/{id}' },
        { method: 'POST', path: '/v1/invoices' },
      ],
    });
  }, 30_000);
  afterAll(async () => {
    await proxy?.stop();
    await application.close();
  });

  test('speaks TLS 1.2 with forward secrecy, and nothing older', async () => {
    const socket = await proxy.connect({ maxVersion: 'TLSv1.2' });
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual(['TLSv1.2', expect.stringMatching(/^ECDHE-/)]);
    socket.destroy();
    await expect(proxy.connect({ maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' })).rejects.toThrow();
    await expect(proxy.connect({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  test('keeps the flags that the application chose, and adds Secure', async () => {
    const answer = await proxy.ask('/');
    expect(answer.headers['set-cookie']).toEqual([
      'session=1; Secure',
      expect.stringMatching(/^cross=2;(?=.*SameSite=None)(?=.*Secure)/i),
      expect.stringMatching(/^loose=3;(?=.*samesite=lax)(?=.*secure)/i),
      expect.stringMatching(/^__Host-id=4;(?=.*HttpOnly)(?=.*Secure)/i),
    ]);
    expect(one(answer, 'strict-transport-security')).toBe('max-age=600; includeSubDomains');
  });

  test.each([
    ['GET', '/v1/invoices/7', 200],
    ['GET', '/V1/invoices/7', 404],
    ['GET', '/v1/invoices/7/lines', 404],
    ['GET', '/v1/invoices', 404],
    ['POST', '/v1/invoices', 200],
    ['DELETE', '/v1/invoices/7', 404],
    ['GET', '/elsewhere', 200],
  ])('%s %s, with a list of operations: %i', async (method, path, status) => {
    const headers = { origin: ORIGIN, 'content-type': 'application/json' };
    expect((await proxy.ask(path, { method, headers })).status).toBe(status);
  });
});
