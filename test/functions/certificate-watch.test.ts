import { createServer, type RequestListener, type Server } from 'node:http';
import { ownSerials } from '../../lib/functions/certificate-watch/own-certificates';
import { watchCertificates } from '../../lib/functions/certificate-watch/watch';

/** A certificate as crt.sh answers. */
function entry(serial: string, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    issuer_ca_id: 286236,
    issuer_name: 'C=US, O=Example CA, CN=Example CA R1',
    common_name: 'app.example.com',
    name_value: 'app.example.com\nwww.app.example.com',
    id: 12345678901,
    entry_timestamp: '2026-11-01T10:00:00.123',
    not_before: '2026-11-01T09:00:00',
    not_after: '2027-02-01T09:00:00',
    serial_number: serial,
    result_count: 2,
    ...over,
  };
}

let server: Server;
let asked: URLSearchParams[];
let answer: RequestListener;
let monitor: string;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://monitor').searchParams);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  monitor = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

/** Answers by the name asked for; other names have no certificates. */
function serve(byName: Record<string, unknown>): void {
  answer = (request, response) => {
    const name = new URL(request.url ?? '/', 'http://monitor').searchParams.get('q') ?? '';
    response.setHeader('content-type', 'application/json').end(JSON.stringify(byName[name] ?? []));
  };
}

/** A watch with a memory; `own` are the serial numbers that we use. */
function watch(own: string[], over: Partial<Parameters<typeof watchCertificates>[0]> = {}) {
  const reports: [string, string][] = [];
  const memory = { text: '[]' };
  const look = () =>
    watchCertificates({
      domainName: 'app.example.com',
      monitor,
      ownSerials: async () => new Set(own),
      recall: async () => memory.text,
      remember: async (text) => {
        memory.text = text;
      },
      report: async (subject, message) => {
        reports.push([subject, message]);
      },
      now: () => new Date('2026-11-20T12:00:00Z'),
      ...over,
    });
  return { look, reports, memory };
}

test('asks for the domain, what is below it and the wildcard beside it, and only for what is valid', async () => {
  serve({});
  await watch([]).look();
  expect(asked.map((query) => query.get('q'))).toEqual(['app.example.com', '%.app.example.com', '*.example.com']);
  expect(asked.map((query) => [query.get('output'), query.get('exclude')])).toEqual(Array(3).fill(['json', 'expired']));
});

test('our own certificate is no news', async () => {
  serve({ 'app.example.com': [entry('0a1b2c'), entry('0A1B2C')] });
  const { look, reports } = watch(['a1b2c']);
  expect(await look()).toBe(0);
  expect(reports).toEqual([]);
});

test('a certificate that is not ours is reported once, with all that is needed to have it revoked', async () => {
  serve({
    'app.example.com': [entry('0bad')],
    '*.example.com': [entry('0bad'), entry('02', { name_value: '*.example.com' })],
  });
  const { look, reports } = watch(['1']);

  expect(await look()).toBe(2);
  expect(reports).toHaveLength(1);
  const [subject, message] = reports[0] ?? ['', ''];
  expect(subject).toBe('Certificate for app.example.com that is not ours');
  for (const part of [
    'app.example.com, www.app.example.com',
    '*.example.com',
    'CN=Example CA R1',
    'Serial number: bad',
    '2027-02-01T09:00:00',
  ]) {
    expect(message).toContain(part);
  }

  expect(await look()).toBe(0);
  expect(reports).toHaveLength(1);
});

test('a certificate of ours that was renewed since stays ours', async () => {
  serve({ 'app.example.com': [entry('0a')] });
  const { look, reports, memory } = watch(['a']);
  await look();

  serve({ 'app.example.com': [entry('0a'), entry('0b')] });
  const renewed = watch(['b'], { recall: async () => memory.text });
  expect(await renewed.look()).toBe(0);
  expect([...reports, ...renewed.reports]).toEqual([]);
});

test('what has ended is forgotten', async () => {
  serve({
    'app.example.com': [
      entry('0a', { not_after: '2026-11-19T23:59:59' }),
      entry('0b', { not_after: '2026-11-20T00:00:00' }),
    ],
  });
  const { look, memory } = watch(['a', 'b']);
  await look();
  expect(JSON.parse(memory.text)).toEqual([[expect.stringMatching(/^[0-9a-f]{16}$/), '2026-11-20']]);
});

test('a flood is counted, not listed', async () => {
  serve({ 'app.example.com': Array.from({ length: 25 }, (_, index) => entry(`f${index}`)) });
  const { look, reports } = watch([]);
  expect(await look()).toBe(25);
  expect(reports[0]?.[1].match(/Serial number/g)).toHaveLength(20);
  expect(reports[0]?.[1]).toContain('And 5 more.');
});

test('fails without remembering when the report fails, so that it is made again', async () => {
  serve({ 'app.example.com': [entry('0bad')] });
  const { look, memory } = watch([], { report: () => Promise.reject(new Error('topic is gone')) });
  await expect(look()).rejects.toThrow('topic is gone');
  expect(memory.text).toBe('[]');
});

test('fails when there is more than the memory holds', async () => {
  serve({ 'app.example.com': Array.from({ length: 300 }, (_, index) => entry(`f${index}`)) });
  await expect(watch([]).look()).rejects.toThrow('expected at most 8192: watch fewer names');
});

describe('fails when it could not look, instead of finding nothing', () => {
  const plain =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_, response) => {
      response.writeHead(status, headers).end(body);
    };
  test.each<[string, RequestListener, RegExp | string]>([
    ['the monitor is overloaded', plain(503, '[]'), 'status 503'],
    ['a page comes instead of data', plain(200, '<html></html>'), /JSON|Unexpected token/],
    ['no list comes', plain(200, '{"error":"slow down"}'), 'answered with no list'],
    ['the monitor sends elsewhere', plain(302, '', { location: 'http://127.0.0.1:1/' }), /fetch failed|redirect/],
    ['the connection breaks', (request) => request.socket.destroy(), 'fetch failed'],
    ['a certificate has no number', plain(200, JSON.stringify([entry('')])), "left 'serial_number' out"],
    ['a certificate is no object', plain(200, '[null]'), "left 'serial_number' out"],
    ['a certificate has no end', plain(200, JSON.stringify([entry('1', { not_after: null })])), "left 'not_after' out"],
  ])('%s', async (_, listener, reason) => {
    answer = listener;
    const { look, reports, memory } = watch([]);
    await expect(look()).rejects.toThrow(reason);
    expect([reports, memory.text]).toEqual([[], '[]']);
  });
});

test('reads the numbers of the certificates that are named', async () => {
  const numbers: Record<string, string> = { one: '0F:AB:01', two: '00:00:1c' };
  const describeCertificate = async ({ CertificateArn: arn }: { CertificateArn: string }) => ({
    Certificate: { Serial: numbers[arn] },
  });
  expect(await ownSerials({ describeCertificate }, ['one', 'two'])).toEqual(new Set(['fab01', '1c']));
  await expect(ownSerials({ describeCertificate }, ['one', 'pending'])).rejects.toThrow(
    "certificate 'pending' has no serial number",
  );
});
