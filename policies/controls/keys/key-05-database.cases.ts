import type { DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const table = (columns: string) => [`CREATE TABLE app.login (id uuid PRIMARY KEY, ${columns})`];

export const databaseCases: readonly DatabaseCase[] = [
  {
    name: 'there is no type for passwords',
    mode: 'rls',
    change: ['DROP SCHEMA secure CASCADE'],
    expect: broken('missing'),
  },
  ...[
    'password text',
    'password_hash text',
    'user_password varchar(60)',
    'passwd bytea',
    'pwd_hash jsonb',
    'pin text',
    'passwords_password text[]',
    '"passwordHash" text',
    'pw_hash text',
    'passcode text',
    'pin int',
    'otp_code bigint',
  ].map(
    (column): DatabaseCase => ({
      name: `a password in a column of its own type: ${column}`,
      mode: 'rls',
      change: table(column),
      expect: broken('clearPassword', 'app.login'),
    }),
  ),
  {
    name: 'a password under a cipher that can be turned back',
    mode: 'database',
    change: table('password secure.gcm_blob'),
    expect: broken('clearPassword', 'app.login'),
  },
  ...[
    'api_key text',
    '"apiKey" text',
    'apikey text',
    'token uuid[]',
    'refresh_token text',
    'totp_seed text',
    'mfa_secret bytea',
    'recovery_codes text[]',
    'client_secret text',
  ].map(
    (column): DatabaseCase => ({
      name: `a token as it is: ${column}`,
      mode: 'rls',
      change: table(column),
      expect: broken('clearToken', 'app.login'),
    }),
  ),
  {
    name: 'what is said about a credential is none',
    mode: 'rls',
    change: table(
      'password_changed_at timestamptz, password_attempts int, has_totp boolean, token_id uuid, token_prefix text, mfa_type text, pinned text, keyword text, monkey text',
    ),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'every credential in its type',
    mode: 'database',
    change: table(
      'password secure.bcrypt_hash, api_key secure.token_digest, totp_secret secure.gcm_blob, recovery_code secure.bcrypt_hash',
    ),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'the type of passwords has lost its check',
    mode: 'rls',
    change: ['ALTER DOMAIN secure.bcrypt_hash DROP CONSTRAINT is_bcrypt_hash'],
    expect: broken('toothless', 'secure.bcrypt_hash'),
  },
  {
    name: 'the check was never made on what is stored',
    mode: 'rls',
    change: [
      'ALTER DOMAIN secure.token_digest DROP CONSTRAINT is_token_digest',
      'ALTER DOMAIN secure.token_digest ADD CONSTRAINT is_token_digest CHECK (secure.is_token_digest(VALUE)) NOT VALID',
    ],
    expect: broken('toothless', 'secure.token_digest'),
  },
  {
    name: 'the check is called beside something that is always true',
    mode: 'rls',
    change: [
      'ALTER DOMAIN secure.token_digest DROP CONSTRAINT is_token_digest',
      'ALTER DOMAIN secure.token_digest ADD CONSTRAINT is_token_digest CHECK (secure.is_token_digest(VALUE) OR true)',
    ],
    expect: broken('toothless', 'secure.token_digest'),
  },
  {
    name: 'the check of passwords takes a cheap hash',
    mode: 'database',
    change: [
      "CREATE OR REPLACE FUNCTION secure.is_bcrypt_hash(hash text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT hash ~ '^\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}$' AND substring(hash FROM 5 FOR 2)::integer BETWEEN 10 AND 31 $f$",
    ],
    expect: broken('toothless', 'secure.bcrypt_hash'),
  },
  {
    name: 'the check of passwords takes everything',
    mode: 'rls',
    change: [
      'CREATE OR REPLACE FUNCTION secure.is_bcrypt_hash(hash text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT true $f$',
    ],
    expect: broken('toothless', 'secure.bcrypt_hash'),
  },
  {
    name: 'the check takes nothing, so somebody will go around it',
    mode: 'rls',
    change: [
      'CREATE OR REPLACE FUNCTION secure.is_token_digest(digest bytea) RETURNS boolean LANGUAGE sql IMMUTABLE AS $f$ SELECT false $f$',
    ],
    expect: broken('toothless', 'secure.token_digest'),
  },
  {
    name: 'cost 12 where 13 is promised',
    mode: 'rls',
    change: [],
    figures: { 'auth.bcryptCost': 13 },
    expect: broken('toothless', 'secure.bcrypt_hash'),
  },
];
