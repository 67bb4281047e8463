import { checkSettings, readEnvironment } from '../../lib/settings/check-settings';
import type { EnvironmentSettings } from '../../lib/settings/environment';
import { ENVIRONMENTS } from '../../lib/settings/environments';

const right = readEnvironment('production');

/** Settings as JavaScript or a parsed file would hand them over: with anything in them. */
function settings(changes: Record<string, unknown>): EnvironmentSettings {
  return Object.assign({}, right, changes);
}

test('every example environment is complete', () => {
  for (const name of Object.keys(ENVIRONMENTS)) {
    expect(readEnvironment(name).name).toBe(name);
  }
});

test('fails on an environment that does not exist, naming those that do', () => {
  expect(() => readEnvironment('prod')).toThrow(
    "environment is 'prod', expected one of development, staging, production",
  );
  expect(() => readEnvironment(undefined)).toThrow('environment is undefined');
});

test('fails on an environment that nobody described', () => {
  expect(() => readEnvironment('staging', { production: ENVIRONMENTS.production })).toThrow("'staging' is missing");
});

test('fails on two environments in one account, naming both', () => {
  const { account } = ENVIRONMENTS.production;
  const crowded = { ...ENVIRONMENTS, staging: { ...ENVIRONMENTS.staging, account } };
  expect(() => readEnvironment('production', crowded)).toThrow("also the account of 'staging'");
});

describe.each([
  ['account', ['', '12345678901', '1234567890123', 'abcdefghijkl', 123456789012]],
  ['region', ['', 'EU-CENTRAL-1', 'eu-central', 'eu-central-1a', 42, 'toString']],
  ['domainName', ['', 'example', 'https://app.example.com', 'App.example.com', '-a.example.com', '10.0.0.1']],
  [
    'vpcCidr',
    ['', '10.20.0.0', '10.20.0.1/16', '10.0.0.0/8', '10.20.0.0/24', '8.8.0.0/16', '::/16', '10.20/16', '300.0.0.0/16'],
  ],
])('%s', (name, values) => {
  test('fails by its name where it is missing', () => {
    expect(() => checkSettings(settings({ [name]: undefined }))).toThrow(
      new RegExp(`^environment 'production': ${name} is missing, expected .+: change ${name} in lib/settings/`),
    );
  });

  test.each(values)('fails by its name on %p', (value) => {
    expect(() => checkSettings(settings({ [name]: value }))).toThrow(`environment 'production': ${name} is`);
  });
});

describe.each(['security', 'privacy', 'operations'] as const)('contacts.%s', (name) => {
  test.each([undefined, '', 'security', 'a@b', 'a b@example.com', 'a@@example.com'])(
    'fails by its name on %p',
    (value) => {
      const contacts = { ...right.contacts, [name]: value };
      expect(() => checkSettings(settings({ contacts }))).toThrow(`contacts.${name} is`);
    },
  );
});

test('fails on missing contacts by every name at once', () => {
  expect(() => checkSettings(settings({ contacts: undefined }))).toThrow(
    /contacts\.security is missing.*\n.*contacts\.privacy is missing.*\n.*contacts\.operations is missing/,
  );
});

test.each([
  ['eu-west-2', 'London'],
  ['eu-central-2', 'Zurich'],
  ['us-east-1', 'Virginia'],
  ['eu-isoe-west-1', 'another partition'],
])('fails on %s (%s), naming it and the allowed Regions', (region) => {
  expect(() => checkSettings(settings({ region }))).toThrow(
    new RegExp(
      `region is '${region}', expected a Region inside the European Union: eu-central-1 \\(Frankfurt\\), .*eusc`,
    ),
  );
});

test.each(['172.16.0.0/16', '192.168.0.0/20', '10.255.240.0/20'])('accepts the private range %s', (vpcCidr) => {
  expect(checkSettings(settings({ vpcCidr })).vpcCidr).toBe(vpcCidr);
});

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe.each<[string, (value: unknown) => Record<string, unknown>, unknown[]]>([
  [
    'application.image',
    (image) => ({ image }),
    [undefined, 'nginx', 'docker.io/library/nginx:1.29', `nginx@${DIGEST}`],
  ],
  ['application.proxyImage', (proxyImage) => ({ proxyImage }), [undefined, '', `docker.io/nginx@${DIGEST.slice(1)}`]],
  [
    'application.databaseCertificates.path',
    (path) => ({ databaseCertificates: { path, sha256: '0'.repeat(64) } }),
    [undefined, 'bundle.pem', "/etc/a' || true; '"],
  ],
  [
    'application.databaseCertificates.sha256',
    (sha256) => ({ databaseCertificates: { path: '/bundle.pem', sha256 } }),
    [undefined, 'A'.repeat(64), '0'.repeat(63)],
  ],
  ['application.migrations', (migrations) => ({ migrations }), ['', '/etc', '../other', 'a/../../b', 'a b', ['a']]],
  ['application.healthPath', (healthPath) => ({ healthPath }), ['', 'health', '/health { }']],
  [
    'application.readers',
    (readers) => ({ readers }),
    ['*', ['*'], ['https://*.example.com'], ['https://example.com/x']],
  ],
])('%s', (name, change, values) => {
  test.each(values)('fails by its name on %p', (value) => {
    const application = { ...right.application, ...change(value) };
    expect(() => checkSettings(settings({ application }))).toThrow(`environment 'production': ${name} is`);
  });
});

test('fails on an application that nobody described by every name at once', () => {
  expect(() => checkSettings(settings({ application: undefined }))).toThrow(
    /application\.image is missing.*\n.*application\.proxyImage is missing.*\n.*databaseCertificates\.path is missing/,
  );
});

describe('what may be left out', () => {
  test('is accepted when it is not there', () => {
    const without = settings({ certificateMonitor: undefined, contentDelivery: undefined });
    expect(checkSettings(without)).toBe(without);
  });

  test.each(['https://crt.sh/', 'https://monitor.example.com:8443/logs/'])('the monitor may be %s', (address) => {
    expect(checkSettings(settings({ certificateMonitor: address })).certificateMonitor).toBe(address);
  });

  test.each(['', 'http://crt.sh/', 'https://crt.sh', 'https://crt.sh/?q=1', 'https://user@crt.sh/', 42])(
    'fails by its name on the monitor %p',
    (certificateMonitor) => {
      expect(() => checkSettings(settings({ certificateMonitor }))).toThrow(
        "environment 'production': certificateMonitor is",
      );
    },
  );

  test.each([
    ['certificateArn', 'arn:aws:acm:eu-central-1:333333333333:server/1'],
    ['certificateArn', 42],
    ['webAclArn', 'arn:aws:wafv2:eu-central-1:333333333333:regional/webacl/content/1'],
  ])('fails by its name on contentDelivery.%s %p', (name, value) => {
    const contentDelivery = { ...right.contentDelivery, [name]: value };
    expect(() => checkSettings(settings({ contentDelivery }))).toThrow(`contentDelivery.${name} is`);
  });

  const firm = { name: 'firm', host: 'firm.app.example.com', addresses: ['203.0.113.0/24', '2001:db8::/48'] };

  test('organisations may name addresses of both kinds', () => {
    expect(checkSettings(settings({ organisations: [firm] })).organisations).toEqual([firm]);
  });

  test.each([
    [[{ ...firm, addresses: [] }]],
    [[{ ...firm, addresses: ['203.0.113.1'] }]],
    [[{ ...firm, host: 'firm' }]],
    [[{ ...firm, name: 'The Firm' }]],
    [[firm, firm]],
    [[null]],
    ['firm'],
  ])('fails by its name on organisations %j', (organisations) => {
    expect(() => checkSettings(settings({ organisations }))).toThrow('organisations is');
  });
});

describe('delivery', () => {
  const named = (repository: unknown, environment: unknown) => () =>
    checkSettings(settings({ delivery: { repository, environment } }));

  test.each(['example/app', 'example@123456/app.web@456789'])('takes %s, and none at all', (repository) => {
    expect(named(repository, 'production')).not.toThrow();
    expect(() => checkSettings(settings({ delivery: undefined }))).not.toThrow();
  });

  test.each([
    'app',
    'example/*',
    'example/app:environment:production',
    'example@123456/app',
    'example/app@456789',
    'https://github.com/example/app',
    '',
    undefined,
    null,
    42,
  ])('fails by its name where the repository is %p', (repository) => {
    expect(named(repository, 'production')).toThrow(/delivery\.repository is .*, expected a repository on GitHub/);
  });

  test.each(['*', 'refs/heads/main', 'a:b', '', undefined])('fails where the environment is %p', (environment) => {
    expect(named('example/app', environment)).toThrow(/delivery\.environment .*a branch is none/);
  });
});
