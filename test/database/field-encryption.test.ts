import { createCipheriv, createHash, randomBytes, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import type { Client } from 'pg';
import { verifyChain } from '../../lib/database/audit-chain';
import { type ApplicationUnderTest, conformance } from '../../lib/database/conformance';
import { FieldEncryption, type KeyService } from '../../lib/database/field-encryption';
import { keyOf, openEnvelope, sealEnvelope } from '../../lib/database/gcm-envelope';
import { auditedDatabase, otherTenant, tenant } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

const keyId = '00112233-4455-6677-8899-aabbccddeeff';
const key = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const nonce = Buffer.from('cafebabefacedbaddecaf888', 'hex');
const place = { tenant, field: 'app.client.contact' };

describe('the envelope', () => {
  test('a vector for other implementations', () => {
    expect(sealEnvelope(key, keyId, place, Buffer.from('ada@example.com'), nonce).toString('hex')).toBe(VECTOR);
    expect(openEnvelope(key, place, Buffer.from(VECTOR, 'hex')).toString()).toBe('ada@example.com');
    expect(keyOf(Buffer.from(VECTOR, 'hex'))).toBe(keyId);
  });

  test('Web Crypto, which shares no code with it, reads it', async () => {
    const bytes = Buffer.from(VECTOR, 'hex');
    const imported = await webcrypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
    const additionalData = Buffer.concat([bytes.subarray(0, 29), Buffer.from(`36:${tenant},18:app.client.contact,`)]);
    const clear = await webcrypto.subtle.decrypt(
      { name: 'AES-GCM', iv: nonce, additionalData },
      imported,
      bytes.subarray(29),
    );
    expect(Buffer.from(clear).toString()).toBe('ada@example.com');
  });

  test('no bit can be changed, and nothing opens elsewhere', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (value, at) => {
        const sealed = sealEnvelope(key, keyId, place, Buffer.from(value));
        const changed = Buffer.from(sealed);
        const bit = at % (changed.length * 8);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(openEnvelope(key, place, sealed).toString()).toBe(Buffer.from(value).toString());
        for (const [wrong, where, envelope] of [
          [key, place, changed],
          [key, { ...place, tenant: otherTenant }, sealed],
          [key, { ...place, field: 'app.client.notes' }, sealed],
          [randomBytes(32), place, sealed],
        ] as const) {
          expect(() => openEnvelope(wrong, where, envelope)).toThrow(/does not open|an envelope has version/);
        }
      }),
    );
  });

  test('what is no envelope says so, and repeats nothing', () => {
    expect(() => openEnvelope(key, place, Buffer.from('clear text'))).toThrow('an envelope has version 1 and 45 bytes');
    expect(() => sealEnvelope(key, 'no uuid', place, Buffer.from('x'))).toThrow('expected a UUID');
  });
});

const VECTOR =
  '0100112233445566778899aabbccddeeffcafebabefacedbaddecaf888ebc7c166cf022e76366738f31872e4c7ff3d691ed43d85f81c05d173d501a5';

/** KMS as its documentation has it: a wrapped key opens under the context that it was made with, and nothing else. */
function keyService(): KeyService & { calls: number; disabled: boolean } {
  const made = new Map<string, { readonly plaintext: Buffer; readonly context: string }>();
  const contextOf = (context: Record<string, string>) => JSON.stringify(Object.entries(context).sort());
  return {
    calls: 0,
    disabled: false,
    async generateDataKey({ EncryptionContext }) {
      const plaintext = randomBytes(32);
      const wrapped = randomBytes(184);
      made.set(wrapped.toString('hex'), { plaintext, context: contextOf(EncryptionContext) });
      return { Plaintext: plaintext, CiphertextBlob: wrapped };
    },
    async decrypt({ CiphertextBlob, EncryptionContext }) {
      this.calls += 1;
      const found = made.get(Buffer.from(CiphertextBlob).toString('hex'));
      if (this.disabled || found?.context !== contextOf(EncryptionContext)) {
        throw new Error('InvalidCiphertextException');
      }
      return { Plaintext: found.plaintext };
    },
  };
}

describe('fields under the key of a person, on a real database', () => {
  let server: TenancyServer;
  let application: Client;
  const ada = { ...place, subject: 'ada' };

  beforeAll(async () => {
    server = await startTenancy();
    await auditedDatabase(server, 'house');
    application = await server.signIn('application', 'house');
  }, 60_000);

  afterAll(() => server?.stop());

  /** One transaction of a tenant. */
  async function within<T>(work: () => Promise<T>, of = tenant): Promise<T> {
    await application.query('BEGIN');
    await application.query("SELECT set_config('app.tenant_id', $1, true), set_config('app.actor', 'anna', true)", [
      of,
    ]);
    const result = await work().catch(async (error) => {
      await application.query('ROLLBACK');
      throw error;
    });
    await application.query('COMMIT');
    return result;
  }

  test('erasing a person: the values of the log are unreadable, and its chain still holds', async () => {
    const kms = keyService();
    let now = 0;
    const fields = new FieldEncryption({
      kms,
      keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/any',
      now: () => now,
    });
    await within(async () => {
      const contact = await fields.encrypt(application, 'ada@example.com', ada);
      await application.query('INSERT INTO app.client (id, tenant_id, contact) VALUES (1, $1, $2)', [tenant, contact]);
    });
    const root = await server.connect('house');
    const { rows } = await root.query(
      "SELECT after ->> 'contact' AS contact FROM audit.log WHERE object = 'app.client'",
    );
    const logged = Buffer.from(String(rows[0]?.contact).replace('\\x', ''), 'hex');
    expect(await within(() => fields.decrypt(application, logged, ada))).toBe('ada@example.com');
    expect(
      (await root.query('SELECT log::text AS entry FROM audit.log')).rows.map(({ entry }) => entry).join(),
    ).not.toContain('ada@');

    await within(() => application.query("SELECT secure.forget_subject('ada')"));
    await root.query('SELECT erasure.destroy_keys(tenant, array_agg(key)) FROM erasure.asked_keys() GROUP BY tenant');
    await expect(within(() => fields.decrypt(application, logged, ada))).rejects.toThrow('is destroyed');
    now += 60_001;
    await expect(within(() => fields.encrypt(application, 'again', ada))).rejects.toThrow('is destroyed');
    const keeper = await server.signIn('audit_keeper', 'house');
    expect(await verifyChain(keeper, { retentionDays: 731, now: new Date() })).toMatchObject({ faults: [] });
  });

  test('one key per person, unwrapped once as long as it is remembered', async () => {
    const kms = keyService();
    let now = 0;
    const fields = new FieldEncryption({ kms, keyArn: 'arn', cacheMs: 1000, now: () => now });
    const bea = { ...place, subject: 'bea' };
    const [first, second] = await within(async () => [
      await fields.encrypt(application, 'a', bea),
      await fields.encrypt(application, 'a', bea),
    ]);
    expect(first?.equals(second ?? Buffer.alloc(0))).toBe(false);
    expect(keyOf(first ?? Buffer.alloc(0))).toBe(keyOf(second ?? Buffer.alloc(0)));
    expect(kms.calls).toBe(0);
    now = 1001;
    expect(await within(() => fields.decrypt(application, first ?? Buffer.alloc(0), bea))).toBe('a');
    expect(kms.calls).toBe(1);
    kms.disabled = true;
    now = 2002;
    await expect(within(() => fields.decrypt(application, first ?? Buffer.alloc(0), bea))).rejects.toThrow(
      'InvalidCiphertext',
    );
  });

  test('another tenant neither sees the key nor opens the value', async () => {
    const fields = new FieldEncryption({ kms: keyService(), keyArn: 'arn' });
    const cleo = { ...place, subject: 'cleo' };
    const sealed = await within(() => fields.encrypt(application, 'a', cleo));
    await expect(within(() => fields.decrypt(application, sealed, cleo), otherTenant)).rejects.toThrow(
      'not of this tenant',
    );
    await expect(
      within(() => fields.decrypt(application, sealed, { ...cleo, field: 'app.client.notes' })),
    ).rejects.toThrow('does not open');
  });

  test('an application that keeps every promise conforms', async () => {
    const fields = new FieldEncryption({ kms: keyService(), keyArn: 'arn' });
    const report = await conformance({
      hashPassword: async () => `$2b$12$${randomBytes(40).toString('hex').slice(0, 53)}`,
      issueToken: async () => {
        const token = randomBytes(32).toString('base64url');
        return { token, stored: createHash('sha256').update(token).digest() };
      },
      field: {
        encrypt: (value, where) => within(() => fields.encrypt(application, value, { ...where, subject: 'dora' })),
        decrypt: (blob, where) => within(() => fields.decrypt(application, blob, where)),
      },
      withoutTenant: () => application.query("SELECT current_setting('app.tenant_id')::uuid"),
    });
    expect(report.filter(({ holds }) => !holds)).toEqual([]);
    expect(report).toHaveLength(4);
  });
});

describe('an application that breaks a promise does not conform', () => {
  const fixed = Buffer.alloc(12, 7);
  const broken: readonly (readonly [string, ApplicationUnderTest, string])[] = [
    ['a cheap hash', { hashPassword: async () => `$2b$10$${'a'.repeat(53)}` }, 'bcrypt of cost 10'],
    ['another hash', { hashPassword: async () => 'sha256:abc' }, 'no bcrypt hash'],
    ['a salt for everybody', { hashPassword: async () => `$2b$12$${'a'.repeat(53)}` }, 'the same salt twice'],
    [
      'a token in the clear',
      { issueToken: async () => ({ token: 'x'.repeat(32), stored: Buffer.from('x'.repeat(32)) }) },
      'not the SHA-256 digest',
    ],
    [
      'a token to guess',
      { issueToken: async () => ({ token: '123456', stored: createHash('sha256').update('123456').digest() }) },
      'of 6 characters',
    ],
    [
      'one nonce for all',
      {
        field: {
          encrypt: async (value, where) => sealEnvelope(key, keyId, where, Buffer.from(value), fixed),
          decrypt: async (blob, where) => openEnvelope(key, where, blob).toString(),
        },
      },
      'the same nonce twice',
    ],
    [
      'a field that opens anywhere',
      {
        field: {
          encrypt: async (value) => sealEnvelope(key, keyId, place, Buffer.from(value)),
          decrypt: async (blob) => openEnvelope(key, place, blob).toString(),
        },
      },
      'the value opens in another field; it opens for another tenant',
    ],
    [
      'a cipher without a tag',
      {
        field: {
          encrypt: async (value) => createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(value),
          decrypt: async (blob) => createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(blob).toString(),
        },
      },
      'not the envelope of AES-256-GCM',
    ],
    ['queries of nobody', { withoutTenant: async () => [] }, 'was answered'],
  ];

  test.each(broken)('%s', async (_, application, found) => {
    const report = await conformance(application);
    expect(report).toMatchObject([{ holds: false, found: expect.stringContaining(found) }]);
  });
});
