import fc from 'fast-check';
import { entropy, findSecrets, isPlaceholder, mask } from '../../lib/control/secret-patterns';

const key = ['AKIA', 'QYZ7XW3NP5RTVB2C'].join('');

describe('findings of secrets', () => {
  test('never hold the secret', () => {
    const secrets = [
      ['export PGPASSWORD=', 'c0rrect-horse-battery'],
      ['redis://:', 'c0rrect-horse', '@cache:6379'],
      ['-----BEGIN PRIVATE KEY-----\\n', 'MIIEowIBAAKCAQEAx3F0b7q2Vd9LmN8pQrStUvWxYz0123456789'],
      ['ghp_', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5'],
    ] as const;
    for (const [before, secret, after = ''] of secrets) {
      const found = findSecrets(`before ${before}${secret}${after} after`);
      expect(found).toHaveLength(1);
      expect(JSON.stringify(found)).not.toContain(secret.slice(0, 8));
    }
  });

  test('show what tells the kind, and the length', () => {
    expect(findSecrets(key)).toEqual([{ kind: 'an AWS access key id', masked: 'AKIA… (20 characters)' }]);
    expect(mask('abc')).toBe('… (3 characters)');
  });

  test.each([
    ['the key id of the documentation', 'AKIAIOSFODNN7EXAMPLE'],
    ['a key id inside a longer word', `x${key}`],
    ['a header without a key', '-----BEGIN PRIVATE KEY-----'],
    ['a reference', 'password={{resolve:secretsmanager:app:SecretString:password}}'],
    ['a hole', `postgres://app:\${Password}@db/app`],
    ['a variable', 'PGPASSWORD=$DB_PASSWORD_1234'],
    ['code', 'const password = readPassword1(secret); token: request.headers2'],
    ['a placeholder', 'password: changeme123, api_key: your_api_key_goes_here_1234'],
    ['an address without a password', 'https://user@example.com:8080/a'],
    ['the digest of an asset', 'asset.2b1c9f0e8a7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a392817aabbccdd.zip'],
    [
      'the analytics of CDK',
      'v2:deflate64:H4sIAAAAAAAA/zPSMzTUM1BMLC/WTU7J1s3JTNKrDi5JTM7WcU7LC0otzi8tSk6t1XHOzyspys/JSS3SCUotLskvStWpBQBm5dGbRQAAAA==',
    ],
  ])('leave out %s', (_name, text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  test('take time in proportion to the text, however hostile it is', () => {
    const pieces = [
      '://',
      'a://a:',
      'eyJ',
      'password=',
      'secret_access_key    ',
      'xoxb-',
      '-----BEGIN PRIVATE KEY-----',
      'a+',
    ];
    for (const piece of pieces) {
      const text = piece.repeat(2_000_000 / piece.length);
      // Of the processor, not of the clock: others may be at work as well
      const start = process.cpuUsage();
      findSecrets(text);
      const { user } = process.cpuUsage(start);
      expect({ piece, isQuick: user < 2_000_000 }).toEqual({ piece, isQuick: true });
    }
  });

  test('are the same whatever stands around them', () => {
    const around = fc.stringMatching(/^[ -@[-`{-~]*$/);
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(findSecrets(`${before}\n${key}\n${after}`)).toContainEqual({
          kind: 'an AWS access key id',
          masked: 'AKIA… (20 characters)',
        });
      }),
    );
  });
});

test('a name that compiled code sets to itself is no secret, and the same name elsewhere is', () => {
  expect(findSecrets('exports.authMD5Password = authMD5Password;')).toEqual([]);
  expect(findSecrets("password = 'authMD5Password'")).toHaveLength(1);
  expect(findSecrets('theirPassword = authMD5Password9')).toHaveLength(1);
});

test('entropy grows with the variety of characters', () => {
  expect(entropy('aaaaaaaa')).toBe(0);
  expect(entropy('abababab')).toBe(1);
  expect(entropy('abcdefgh')).toBe(3);
});

test.each(['xxxxxxxx', '********', `\${Password}`, '<password>', 'changeme', '$PASSWORD'])(
  '%s is a placeholder',
  (text) => {
    expect(isPlaceholder(text)).toBe(true);
  },
);
