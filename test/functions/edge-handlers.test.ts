import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Every call that reached the SDK of the runtime, which exists in Lambda only. */
const calls: [string, unknown][] = [];

function answering(answers: Record<string, unknown>) {
  return class {
    constructor() {
      for (const [name, answer] of Object.entries(answers)) {
        Object.assign(this, {
          [name]: async (input: unknown) => {
            calls.push([name, input]);
            return answer;
          },
        });
      }
    }
  };
}

jest.mock(
  '@aws-sdk/client-wafv2',
  () => ({ WAFV2: answering({ getIPSet: { IPSet: { Addresses: [] }, LockToken: 'lock' }, updateIPSet: {} }) }),
  { virtual: true },
);
jest.mock(
  '@aws-sdk/client-acm',
  () => ({ ACM: answering({ describeCertificate: { Certificate: { Serial: '0a:01' } } }) }),
  { virtual: true },
);
jest.mock(
  '@aws-sdk/client-ssm',
  () => ({ SSM: answering({ getParameter: { Parameter: { Value: '[]' } }, putParameter: {} }) }),
  { virtual: true },
);
jest.mock('@aws-sdk/client-sns', () => ({ SNS: answering({ publish: {} }) }), { virtual: true });

/** Loaded anew by each test: a function reads its environment when it starts. */
const feed = () =>
  jest.requireActual<typeof import('../../lib/functions/honeypot-feed/handler')>(
    '../../lib/functions/honeypot-feed/handler',
  );
const watch = () =>
  jest.requireActual<typeof import('../../lib/functions/certificate-watch/handler')>(
    '../../lib/functions/certificate-watch/handler',
  );

const environment = { ...process.env };

beforeEach(() => {
  calls.length = 0;
  jest.resetModules();
});

afterEach(() => {
  process.env = { ...environment };
});

test('the honeypot feed writes to the set that its environment names', async () => {
  Object.assign(process.env, {
    RECENT_V4: 'RecentV4-a|1|REGIONAL',
    EARLIER_V4: 'EarlierV4-a|2|REGIONAL',
    RECENT_V6: 'RecentV6-a|3|REGIONAL',
    EARLIER_V6: 'EarlierV6-a|4|REGIONAL',
  });
  const { handler } = feed();
  const message = JSON.stringify({
    action: 'BLOCK',
    terminatingRuleId: 'honeypot',
    httpRequest: { clientIp: '198.51.100.7', headers: [] },
  });

  await handler({
    awslogs: {
      data: gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message }] })).toString('base64'),
    },
  });

  const set = { Name: 'RecentV4-a', Id: '1', Scope: 'REGIONAL' };
  expect(calls).toEqual([
    ['getIPSet', set],
    ['updateIPSet', { ...set, Addresses: ['198.51.100.7/32'], LockToken: 'lock' }],
  ]);
});

test('fails at the start where a set is not named', () => {
  expect(feed).toThrow("an IP set is named 'undefined'");
});

test('the certificate watch asks, reports and remembers with what its environment names', async () => {
  const entry = {
    serial_number: '0bad',
    issuer_name: 'CN=Example CA R1',
    name_value: 'app.example.com',
    not_before: '2026-11-01T09:00:00',
    not_after: '2999-02-01T09:00:00',
  };
  const server = createServer((_, response) =>
    response.end(JSON.stringify([entry, { ...entry, serial_number: 'a01' }])),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  Object.assign(process.env, {
    DOMAIN_NAME: 'app.example.com',
    MONITOR: `http://127.0.0.1:${port}/`,
    CERTIFICATES: 'arn:one',
    KNOWN: 'known',
    TOPIC: 'arn:topic',
  });
  const { handler } = watch();

  expect(await handler()).toBe(1);
  await new Promise((resolve) => server.close(resolve));

  expect(calls.map(([name]) => name)).toEqual(['getParameter', 'describeCertificate', 'publish', 'putParameter']);
  expect(calls[1]?.[1]).toEqual({ CertificateArn: 'arn:one' });
  expect(calls[2]?.[1]).toMatchObject({
    TopicArn: 'arn:topic',
    Message: expect.stringContaining('Serial number: bad'),
  });
  expect(calls[3]?.[1]).toMatchObject({ Name: 'known', Type: 'String', Overwrite: true });
});

test('fails where the environment of the watch leaves something out', async () => {
  const { handler } = watch();
  await expect(handler()).rejects.toThrow('has no KNOWN in its environment');
});
