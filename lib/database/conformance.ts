import { createHash } from 'node:crypto';

/** What an application says of one promise, checked against what its own code does. */
export interface ConformanceResult {
  /** The claim that an application attests with it. */
  readonly claim: string;
  readonly holds: boolean;
  /** What was found; never a password, token or value. */
  readonly found: string;
}

/** The application's own functions, as its production code calls them. */
export interface ApplicationUnderTest {
  /**
   * Turns a password into what is stored.
   *
   * @default - it stores none: Cognito holds them
   */
  readonly hashPassword?: (password: string) => Promise<string>;
  /**
   * Issues a token: what the caller is given once, and what is stored.
   *
   * @default - it issues none
   */
  readonly issueToken?: () => Promise<{ readonly token: string; readonly stored: Uint8Array }>;
  /** Encrypts and decrypts the value of a sensitive field. */
  readonly field?: {
    encrypt(value: string, place: { readonly tenant: string; readonly field: string }): Promise<Uint8Array>;
    decrypt(blob: Uint8Array, place: { readonly tenant: string; readonly field: string }): Promise<string>;
  };
  /** Runs a query the way a request's code does, but without having entered a tenant. */
  readonly withoutTenant?: () => Promise<unknown>;
  /**
   * A session of a database that all of its migrations have been through, as `schema_owner` or `auditor`; a client of `pg` is one.
   *
   * @default - nobody looks at its tables
   */
  readonly migrated?: {
    query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
  };
}

export interface ConformanceOptions {
  /**
   * Lowest cost of bcrypt.
   *
   * @default 12
   */
  readonly bcryptCost?: number;
}

const CANARY = 'canary: not a secret of anybody';
const PLACE = { tenant: '00000000-0000-4000-8000-00000000000a', field: 'app.client.contact' };

/** Runs the checks for everything that the application names. Part of its test suite: whoever attests a claim attaches the results. */
export async function conformance(
  application: ApplicationUnderTest,
  { bcryptCost = 12 }: ConformanceOptions = {},
): Promise<readonly ConformanceResult[]> {
  const { hashPassword, issueToken, field, withoutTenant, migrated } = application;
  return [
    ...(hashPassword ? [await checkPasswords(hashPassword, bcryptCost)] : []),
    ...(issueToken ? [await checkTokens(issueToken)] : []),
    ...(field ? [await checkField(field)] : []),
    ...(withoutTenant ? [await checkTenancy(withoutTenant)] : []),
    ...(migrated ? [await checkPeriods(migrated)] : []),
  ];
}

async function checkPasswords(hash: (password: string) => Promise<string>, floor: number): Promise<ConformanceResult> {
  const claim = 'cfeu-bcrypt-12';
  const [first, second] = [await hash(CANARY), await hash(CANARY)];
  const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(first)?.[1]);
  if (!(cost >= floor)) {
    return { claim, holds: false, found: Number.isNaN(cost) ? 'no bcrypt hash' : `bcrypt of cost ${cost}` };
  }
  return first === second
    ? { claim, holds: false, found: 'the same salt twice' }
    : { claim, holds: true, found: `bcrypt of cost ${cost}, with a salt of its own` };
}

async function checkTokens(issue: NonNullable<ApplicationUnderTest['issueToken']>): Promise<ConformanceResult> {
  const claim = 'tdb-api-tokens-hashed';
  const [first, second] = [await issue(), await issue()];
  const digest = createHash('sha256').update(first.token).digest();
  if (!digest.equals(Buffer.from(first.stored))) {
    return { claim, holds: false, found: 'what is stored is not the SHA-256 digest of the token' };
  }
  // A digest without a salt protects only what nobody can guess: 128 bits are 22 characters of base64url
  if (first.token.length < 22 || first.token === second.token) {
    return { claim, holds: false, found: `a token of ${first.token.length} characters, or the same twice` };
  }
  return { claim, holds: true, found: 'a SHA-256 digest of a token that nobody guesses' };
}

async function checkField(field: NonNullable<ApplicationUnderTest['field']>): Promise<ConformanceResult> {
  const claim = 'cfeu-credentials-aesgcm';
  const [first, second] = [await field.encrypt(CANARY, PLACE), await field.encrypt(CANARY, PLACE)];
  const bytes = Buffer.from(first);
  const changed = Buffer.from(first);
  changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
  const opens = async (blob: Uint8Array, place = PLACE) =>
    field.decrypt(blob, place).then(
      (value) => value === CANARY,
      () => false,
    );
  const faults = [
    bytes[0] !== 1 || bytes.length !== 45 + CANARY.length ? 'not the envelope of AES-256-GCM' : '',
    bytes.includes(CANARY) ? 'the value in the clear' : '',
    bytes.equals(Buffer.from(second)) ? 'the same nonce twice' : '',
    (await opens(first)) ? '' : 'its own value does not open',
    (await opens(changed)) ? 'a changed value opens' : '',
    (await opens(first, { ...PLACE, field: 'app.client.other' })) ? 'the value opens in another field' : '',
    (await opens(first, { ...PLACE, tenant: '00000000-0000-4000-8000-00000000000b' }))
      ? 'it opens for another tenant'
      : '',
  ].filter((fault) => fault !== '');
  return { claim, holds: faults.length === 0, found: faults.join('; ') || 'AES-256-GCM, bound to tenant and field' };
}

async function checkTenancy(query: () => Promise<unknown>): Promise<ConformanceResult> {
  const claim = 'cfeu-queries-user-scoped';
  return query().then(
    () => ({ claim, holds: false, found: 'a query without a tenant was answered' }),
    () => ({ claim, holds: true, found: 'a query without a tenant is refused' }),
  );
}

async function checkPeriods(session: NonNullable<ApplicationUnderTest['migrated']>): Promise<ConformanceResult> {
  const claim = 'clvr-retention-rules-documented';
  const { rows } = await session.query('SELECT retention.without_period() AS name');
  const names = rows.map(({ name }) => String(name));
  return names.length > 0
    ? {
        claim,
        holds: false,
        found: `no period for ${names.join(', ')}: call retention.keep or retention.keep_while_active`,
      }
    : { claim, holds: true, found: 'every table says how long its rows are kept' };
}
