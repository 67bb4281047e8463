import type { ControlCases, DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const table = (columns: string) => [`CREATE TABLE app.partner (id uuid PRIMARY KEY, ${columns})`];
const check = (body: string) => [
  `CREATE OR REPLACE FUNCTION secure.is_gcm_blob(blob bytea) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT ${body} $f$`,
];

const database: readonly DatabaseCase[] = [
  {
    name: 'there is no type for encrypted fields',
    mode: 'rls',
    change: ['DROP DOMAIN secure.gcm_blob CASCADE'],
    expect: broken('missing'),
  },
  ...[
    'client_secret text',
    'totp_seed bytea',
    'refresh_token jsonb',
    'private_key text',
    'credentials text[]',
    '"clientSecret" text',
  ].map(
    (column): DatabaseCase => ({
      name: `a secret as it is: ${column}`,
      mode: 'rls',
      change: table(column),
      expect: broken('clearField', 'app.partner'),
    }),
  ),
  {
    name: 'a field that its comment calls highly sensitive, as it is',
    mode: 'database',
    change: [...table('health text'), "COMMENT ON COLUMN app.partner.health IS 'sensitivity: high'"],
    expect: broken('clearField', 'app.partner'),
  },
  {
    name: 'a number is no less sensitive',
    mode: 'rls',
    change: [...table('income integer'), "COMMENT ON COLUMN app.partner.income IS 'Sensitivity: high'"],
    expect: broken('clearField', 'app.partner'),
  },
  {
    name: 'a sensitive field as a digest, which nobody can read again',
    mode: 'rls',
    change: [...table('passport secure.token_digest'), "COMMENT ON COLUMN app.partner.passport IS 'sensitivity: high'"],
    expect: broken('clearField', 'app.partner'),
  },
  {
    name: 'fields in their envelopes, and what is said about secrets',
    mode: 'rls',
    change: [
      ...table(
        'health secure.gcm_blob, client_secret secure.gcm_blob, recovery_secret secure.token_digest, secret_id text, secret_rotated_at timestamptz, income text, secretary text',
      ),
      "COMMENT ON COLUMN app.partner.health IS 'sensitivity: high'",
      "COMMENT ON COLUMN app.partner.income IS 'sensitivity: low'",
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'the type has lost its check',
    mode: 'rls',
    change: ['ALTER DOMAIN secure.gcm_blob DROP CONSTRAINT is_gcm_blob'],
    expect: broken('toothless', 'secure.gcm_blob'),
  },
  {
    name: 'the check takes everything',
    mode: 'database',
    change: check('true'),
    expect: broken('toothless', 'secure.gcm_blob'),
  },
  {
    name: 'the check looks at the length alone, so text passes',
    mode: 'rls',
    change: check('octet_length(blob) >= 45'),
    expect: broken('toothless', 'secure.gcm_blob'),
  },
  {
    name: 'the check takes an empty nonce',
    mode: 'rls',
    change: check(
      "CASE WHEN octet_length(blob) < 45 THEN false ELSE get_byte(blob, 0) = 1 AND substring(blob FROM 2 FOR 16) <> decode(repeat('00', 16), 'hex') END",
    ),
    expect: broken('toothless', 'secure.gcm_blob'),
  },
];

export const cases: ControlCases = { compliant: {}, mutations: [], database };
