import fc from 'fast-check';
import type { Client } from 'pg';
import { act, auditedDatabase, tenant } from './audited-database';
import { startTenancy, type TenancyServer } from './tenancy-server';

// A real server, beside everything else that the machine runs
jest.setTimeout(60_000);

let server: TenancyServer;
let application: Client;
let root: Client;

beforeAll(async () => {
  // As the parameter group of the cluster sets it
  server = await startTenancy({
    settings: { log_error_verbosity: 'terse', log_min_error_statement: 'panic', log_statement: 'none' },
  });
  await auditedDatabase(server, 'house');
  application = await server.signIn('application', 'house');
  root = await server.connect('house');
}, 60_000);

afterAll(() => server?.stop());

const is = async (type: string, literal: string): Promise<boolean> => {
  try {
    await root.query(`SELECT ${literal}::${type}`);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: '23514' });
    return false;
  }
};
const hex = (bytes: number, pair = 'ab') => `'\\x${pair.repeat(bytes)}'`;

describe('types of credentials', () => {
  test.each([
    ['2b of cost 12', `'$2b$12$${'a'.repeat(53)}'`, true],
    ['2y of cost 14', `'$2y$14$${'a'.repeat(53)}'`, true],
    ['cost 11', `'$2b$11$${'a'.repeat(53)}'`, false],
    ['cost 04', `'$2a$04$${'a'.repeat(53)}'`, false],
    ['cost 32, which nobody can make', `'$2b$32$${'a'.repeat(53)}'`, false],
    ['the broken 2x', `'$2x$12$${'a'.repeat(53)}'`, false],
    ['a character short', `'$2b$12$${'a'.repeat(52)}'`, false],
    ['a line after it', `E'$2b$12$${'a'.repeat(53)}\\n'`, false],
    ['clear text', "'correct horse battery staple'", false],
    ['nothing', "''", false],
    ['MD5', "md5('x')", false],
  ])('a password is a bcrypt hash: %s', async (_, literal, expected) => {
    expect(await is('secure.bcrypt_hash', literal)).toBe(expected);
  });

  test.each([
    ['secure.token_digest', hex(32), true],
    ['secure.token_digest', hex(31), false],
    ['secure.token_digest', hex(64), false],
    ['secure.gcm_blob', `'\\x01${'ab'.repeat(44)}'`, true],
    ['secure.gcm_blob', `'\\x01${'ab'.repeat(43)}'`, false],
    ['secure.gcm_blob', `'\\x02${'ab'.repeat(60)}'`, false],
    ['secure.gcm_blob', `'\\x01${'00'.repeat(16)}${'ab'.repeat(28)}'`, false],
    ['secure.gcm_blob', `'\\x01${'ab'.repeat(16)}${'00'.repeat(12)}${'ab'.repeat(16)}'`, false],
    ['secure.gcm_blob', "convert_to('a seed of a second factor, stored as it is by mistake', 'UTF8')", false],
    ['secure.gcm_blob', "''", false],
    ['secure.chat_nonce', hex(24), true],
    ['secure.chat_nonce', hex(12), false],
    ['secure.chat_nonce', hex(24, '00'), false],
    ['secure.chat_ciphertext', hex(17), true],
    ['secure.chat_ciphertext', hex(16), false],
    ['secure.chat_algorithm', "'XC20P'", true],
    ['secure.chat_algorithm', "'A256GCM'", false],
  ])('%s takes %s: %s', async (type, literal, expected) => {
    expect(await is(type, literal)).toBe(expected);
  });
});

describe('what is refused is not repeated', () => {
  test('neither the error nor the log of the server holds the value or its row', async () => {
    const rejected = await act(application, [
      "INSERT INTO app.account (id, login, password_hash) VALUES (7, 'canary-login', 'canary-password')",
    ]).then(
      () => undefined,
      (error: Error) => error,
    );
    expect(JSON.stringify({ ...rejected, message: rejected?.message })).not.toContain('canary');
    expect(rejected).toMatchObject({ message: expect.stringContaining('is_bcrypt_hash') });
    await expect(
      act(application, [
        `INSERT INTO app.client (id, tenant_id, notes) VALUES (7, '${tenant}', 'canary 4111 1111 1111 1111')`,
      ]),
    ).rejects.toMatchObject({ message: 'column notes of app.client would hold a card number', detail: undefined });
    expect(server.log()).toContain('would hold a card number');
    expect(server.log()).not.toMatch(/canary|4111/);
  });
});

/** Digits that pass, made from any beginning. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * 2;
    return total + (index % 2 === 1 ? Number(digit) : doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));

/** Beginnings and lengths that schemes issue. */
const schemes = fc
  .constantFrom<readonly [string, number]>(
    ['4', 16],
    ['4', 13],
    ['4', 19],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['2720', 16],
    ['34', 15],
    ['37', 15],
    ['36', 14],
    ['300', 14],
    ['38', 16],
    ['3528', 16],
    ['3589', 16],
    ['6011', 16],
    ['65', 16],
    ['644', 16],
    ['62', 16],
    ['62', 19],
    ['5018', 16],
    ['6304', 13],
    ['6759', 19],
    ['9792', 16],
  )
  .chain(([start, length]) => digits(length - start.length - 1).map((rest) => withCheckDigit(start + rest)));

describe('card numbers', () => {
  const holds = async (values: readonly string[], what = 'holds_card_number'): Promise<boolean[]> => {
    const { rows } = await root.query(
      `SELECT secure.${what}(v) AS found FROM unnest($1::text[]) WITH ORDINALITY AS u (v, n) ORDER BY n`,
      [values],
    );
    return rows.map(({ found }) => found);
  };

  test('any number of any scheme is found, however it is grouped and whatever stands around it', async () => {
    const separators = fc.constantFrom('', ' ', '-', '.', ' - ', '\u00a0', '–');
    const surroundings = fc.constantFrom(
      ['', ''],
      ['card ', ' 12/27'],
      ['x', 'y'],
      ['(', ')'],
      ['12 ', ' 123'],
      ['2026-11-29 ', ' 100.00'],
      ['"', '"'],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(schemes, separators, surroundings, fc.integer({ min: 3, max: 6 })), {
          minLength: 50,
          maxLength: 50,
        }),
        async (cases) => {
          const texts = cases.map(([number, separator, [before, after], size]) => {
            const groups = number.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
            return `${before}${groups.join(separator)}${separator === '' && /\d/.test(after[0] ?? '') ? ' ' : ''}${after}`;
          });
          expect((await holds(texts)).map((found, index) => found || texts[index])).toEqual(texts.map(() => true));
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  test('one wrong digit is no card number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(schemes, fc.nat(12), fc.integer({ min: 1, max: 9 })), { minLength: 50, maxLength: 50 }),
        async (cases) => {
          const wrong = cases.map(([number, place, by]) => {
            const at = Math.min(place, number.length - 1);
            return `${number.slice(0, at)}${(Number(number[at]) + by) % 10}${number.slice(at + 1)}`;
          });
          expect(new Set(await holds(wrong, 'passes_luhn'))).toEqual(new Set([false]));
        },
      ),
      { numRuns: 20 },
    );
  });

  test.each([
    'DE89 3704 0044 0532 0130 00',
    '+49 170 1234567',
    '41111111-1111-4111-8111-111111111111',
    '2026-11-29T09:52:05.123456+00:00',
    '1732873925123',
    'order 4111 of 2026',
    '0000000000000000',
    '4111111111111112',
    '411111111111111141111111111111114111',
  ])('%s is none', async (text) => {
    expect(await holds([text])).toEqual([false]);
  });

  test.each([
    ["notes = 'pay 4111-1111-1111-1111'"],
    ["name = '4111111111111111'"],
    [`details = '{"card": "5500 0000 0000 0004"}'`],
    [`details = '{"card": 378282246310005}'`],
    [`details = '{"deep": [{"4111111111111111": true}]}'`],
  ])('refused in a row, in any column: %s', async (assignment) => {
    await act(application, [`INSERT INTO app.client (id, tenant_id) VALUES (50, '${tenant}') ON CONFLICT DO NOTHING`]);
    await expect(act(application, [`UPDATE app.client SET ${assignment} WHERE id = 50`])).rejects.toMatchObject({
      code: '23514',
    });
    await root.query("SET session_replication_role = replica; SET app.actor = 'replica'");
    await expect(root.query(`UPDATE app.client SET ${assignment} WHERE id = 50`)).rejects.toMatchObject({
      code: '23514',
    });
    await root.query('SET session_replication_role = DEFAULT');
  });

  test('columns added later are guarded too, and bytes are not read as digits', async () => {
    await root.query('ALTER TABLE app.client ADD COLUMN memo text');
    const blob = `'\\x01${'41'.repeat(60)}'`;
    await act(application, [`INSERT INTO app.client (id, tenant_id, contact) VALUES (60, '${tenant}', ${blob})`]);
    await expect(act(application, ["UPDATE app.client SET memo = '4111111111111111' WHERE id = 60"])).rejects.toThrow(
      'column memo',
    );
  });
});

describe('keys of persons', () => {
  const key = '10000000-0000-4000-8000-000000000001';

  beforeAll(() =>
    act(application, [
      `INSERT INTO secure.subject_key (id, tenant_id, subject, wrapped) VALUES ('${key}', '${tenant}', 'ada', ${hex(96)})`,
    ]),
  );

  test.each([
    "UPDATE secure.subject_key SET wrapped = '\\x00'",
    'DELETE FROM secure.subject_key',
    'TRUNCATE secure.subject_key',
  ])('the application may not: %s', async (statement) => {
    await expect(act(application, [statement])).rejects.toMatchObject({ code: '42501' });
  });

  test.each([
    `UPDATE secure.subject_key SET wrapped = ${hex(97)}`,
    'DELETE FROM secure.subject_key',
    'TRUNCATE secure.subject_key',
  ])('nor the superuser: %s', async (statement) => {
    await expect(act(root, [statement])).rejects.toThrow('a subject key can only be destroyed');
  });

  test('of another tenant none is seen, made or destroyed', async () => {
    const of = '00000000-0000-4000-8000-00000000000b';
    await application.query('BEGIN');
    await application.query("SELECT set_config('app.tenant_id', $1, true), set_config('app.actor', 'eve', true)", [of]);
    expect((await application.query('SELECT FROM secure.subject_key')).rowCount).toBe(0);
    expect((await application.query("SELECT secure.forget_subject('ada') AS asked")).rows).toEqual([{ asked: false }]);
    await expect(
      application.query(
        `INSERT INTO secure.subject_key (id, tenant_id, subject, wrapped) VALUES (gen_random_uuid(), '${tenant}', 'x', ${hex(96)})`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
    await application.query('ROLLBACK');
  });

  test('are destroyed by the eraser once somebody asked, who stands on the record; undone with the transaction that asked', async () => {
    const asked = 'SELECT key, tenant FROM erasure.asked_keys()';
    await server.letSignIn('tenant_eraser');
    const eraser = await server.signIn('tenant_eraser', 'house');
    await application.query('BEGIN');
    await application.query("SELECT tenancy.enter($1, 'ada')", [tenant]);
    await application.query("SELECT secure.forget_subject('ada')");
    await application.query('ROLLBACK');
    expect((await eraser.query(asked)).rows).toEqual([]);
    await act(application, ["SELECT secure.forget_subject('ada')", "SELECT secure.forget_subject('ada')"]);
    expect((await eraser.query(asked)).rows).toEqual([{ key, tenant }]);
    expect((await root.query('SELECT wrapped FROM secure.subject_key')).rows).toEqual([
      { wrapped: expect.any(Buffer) },
    ]);
    for (const statement of ['SELECT * FROM erasure.asked_keys()', 'SELECT * FROM secure.key_to_destroy']) {
      await expect(act(application, [statement])).rejects.toMatchObject({ code: '42501' });
    }
    await expect(act(application, [`SELECT erasure.destroy_keys('${tenant}')`])).rejects.toMatchObject({
      code: '42501',
    });
    await eraser.query('SELECT erasure.destroy_keys($1, $2)', [tenant, [key]]);
    expect((await eraser.query(asked)).rows).toEqual([]);
    await eraser.end();
  });

  test('destroyed once it is gone for good, on the record, and the record never held it', async () => {
    const { rows } = await root.query('SELECT wrapped, destroyed_at FROM secure.subject_key');
    expect(rows).toEqual([{ wrapped: null, destroyed_at: expect.any(Date) }]);
    const log = await root.query(
      "SELECT action, actor, before, after FROM audit.log WHERE object LIKE 'secure.%key%' ORDER BY id",
    );
    expect(log.rows.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      expect.stringMatching(/^insert /),
      expect.stringMatching(/^insert /),
      'update tenant_eraser',
      'delete tenant_eraser',
    ]);
    expect(JSON.stringify(log.rows)).not.toContain('abab');
  });
});
