import { proxyConfiguration, type ReverseProxyProps } from '../../lib/constructs/proxy/reverse-proxy';

const right: ReverseProxyProps = {
  domainName: 'app.example.com',
  minimumTls: '1.3',
  hstsSeconds: 31536000,
  strictCookies: true,
  trustedRange: '10.20.0.0/16',
};

test.each<[string, Partial<ReverseProxyProps>]>([
  ['domainName', { domainName: 'app.example.com; include /etc/passwd' }],
  ['domainName', { domainName: '*.example.com' }],
  ['trustedRange', { trustedRange: '0.0.0.0' }],
  ['readers', { readers: ['*'] }],
  ['readers', { readers: ['https://*.example.com'] }],
  ['readers', { readers: ['http://status.example.com'] }],
  ['readers', { readers: ['https://status.example.com/path'] }],
  ['readers', { readers: ['https://status.example.com"; default $http_origin; "x'] }],
  ['endpoints', { endpoints: [{ method: 'GET', path: '/api/{id}(.*)' }] }],
  ['trustedTypes', { trustedTypes: ["'none'"] }],
  ['apiPath', { apiPath: '/api { return 200; }' }],
  ['healthPath', { healthPath: 'health' }],
  ['directory', { directory: '/run/proxy;' }],
  ['address', { address: 'localhost' }],
  ['hstsSeconds', { hstsSeconds: 0 }],
  ['port', { port: 84.43 }],
  ['applicationPort', { applicationPort: Number.NaN }],
])('fails on a wrong %s, naming it and what to change', (name, change) => {
  expect(() => proxyConfiguration({ ...right, ...change })).toThrow(
    new RegExp(`^${name} of the proxy is .+, expected .+: change ${name}$`),
  );
});

test('only the top of the file adds headers to answers and requests: a block with one of its own would lose the others', () => {
  const lines = proxyConfiguration(right).split('\n');
  const added = lines.filter((line) => /^\s*(add_header|proxy_set_header|proxy_hide_header) /.test(line));
  expect(added.length).toBeGreaterThan(40);
  expect(added.filter((line) => !/^ {2}\S/.test(line))).toEqual([]);
  expect(added.filter((line) => line.includes('add_header') && !line.endsWith(' always;'))).toEqual([]);
});
