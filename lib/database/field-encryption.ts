import { randomUUID } from 'node:crypto';
import { type FieldPlace, keyOf, openEnvelope, sealEnvelope } from './gcm-envelope';

/** The two operations of AWS KMS that are needed; an instance of `KMS` of `@aws-sdk/client-kms` is one. */
export interface KeyService {
  generateDataKey(input: {
    KeyId: string;
    KeySpec: 'AES_256';
    EncryptionContext: Record<string, string>;
  }): Promise<{ Plaintext?: Uint8Array; CiphertextBlob?: Uint8Array }>;
  decrypt(input: {
    KeyId: string;
    CiphertextBlob: Uint8Array;
    EncryptionContext: Record<string, string>;
  }): Promise<{ Plaintext?: Uint8Array }>;
}

/** A session inside a transaction that `tenancy.enter` has begun: only keys of its tenant are seen. */
export interface KeySession {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: Record<string, unknown>[] }>;
}

export interface FieldEncryptionOptions {
  readonly kms: KeyService;
  /** ARN of the KMS key that wraps the data keys. */
  readonly keyArn: string;
  /**
   * How long an unwrapped key stays in memory. A destroyed one opens nothing at once all the same: its row is asked for each value.
   *
   * @default 60000
   */
  readonly cacheMs?: number;
  /** @default Date.now */
  readonly now?: () => number;
}

/** Whose value it is and where it belongs. */
export interface PersonalField extends FieldPlace {
  /** The person, in the application's own words: what erasure names. */
  readonly subject: string;
}

/**
 * Encrypts single fields under one data key per person, which KMS wraps and `secure.subject_key` holds. `secure.forget_subject` asks for
 * its destruction, minutes after which everything under it is unreadable, also in the audit log and in every copy that is restored.
 *
 * KMS binds the data key to tenant and person by its encryption context; the envelope binds each value to tenant and field.
 */
export class FieldEncryption {
  private readonly unwrapped = new Map<string, { readonly key: Uint8Array; readonly until: number }>();

  constructor(private readonly options: FieldEncryptionOptions) {}

  /** @returns what a column of the type `secure.gcm_blob` takes */
  async encrypt(session: KeySession, value: string, place: PersonalField): Promise<Buffer> {
    const { id, key } = await this.keyFor(session, place);
    return sealEnvelope(key, id, place, Buffer.from(value, 'utf8'));
  }

  /** @throws Error if the key was destroyed, or the value belongs elsewhere or was changed */
  async decrypt(session: KeySession, blob: Uint8Array, place: FieldPlace): Promise<string> {
    const id = keyOf(blob);
    const { rows } = await session.query('SELECT subject, wrapped FROM secure.subject_key WHERE id = $1', [id]);
    const row = rows[0];
    if (!(row?.wrapped instanceof Uint8Array)) {
      this.unwrapped.delete(id);
      throw new Error(`the key of ${place.field} is ${row ? 'destroyed' : 'not of this tenant'}`);
    }
    const key = await this.unwrap(id, row.wrapped, { tenant: place.tenant, subject: String(row.subject) });
    return openEnvelope(key, place, blob).toString('utf8');
  }

  private async keyFor(session: KeySession, place: PersonalField): Promise<{ id: string; key: Uint8Array }> {
    const context = { tenant: place.tenant, subject: place.subject };
    const existing = await stored(session, place);
    if (existing) {
      return { id: existing.id, key: await this.unwrap(existing.id, existing.wrapped, context) };
    }
    const made = await this.options.kms.generateDataKey({
      KeyId: this.options.keyArn,
      KeySpec: 'AES_256',
      EncryptionContext: context,
    });
    const id = randomUUID();
    await session.query(
      `INSERT INTO secure.subject_key (id, tenant_id, subject, wrapped) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id, subject) DO NOTHING`,
      [id, place.tenant, place.subject, Buffer.from(bytesOf(made.CiphertextBlob))],
    );
    // Whoever was first made the key that counts
    const counts = await stored(session, place);
    if (!counts) {
      throw new Error('a key was made and is not there: the session sees another tenant');
    }
    return counts.id === id
      ? { id, key: this.keep(id, bytesOf(made.Plaintext)) }
      : { id: counts.id, key: await this.unwrap(counts.id, counts.wrapped, context) };
  }

  private async unwrap(id: string, wrapped: Uint8Array, context: Record<string, string>): Promise<Uint8Array> {
    const known = this.unwrapped.get(id);
    if (known && known.until > this.now()) {
      return known.key;
    }
    const { keyArn, kms } = this.options;
    const opened = await kms.decrypt({ KeyId: keyArn, CiphertextBlob: wrapped, EncryptionContext: context });
    return this.keep(id, bytesOf(opened.Plaintext));
  }

  private keep(id: string, key: Uint8Array): Uint8Array {
    const now = this.now();
    for (const [each, { until }] of this.unwrapped) {
      if (until <= now) {
        this.unwrapped.delete(each);
      }
    }
    this.unwrapped.set(id, { key, until: now + (this.options.cacheMs ?? 60_000) });
    return key;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

async function stored(session: KeySession, place: PersonalField) {
  const { rows } = await session.query(
    'SELECT id, wrapped FROM secure.subject_key WHERE tenant_id = $1 AND subject = $2',
    [place.tenant, place.subject],
  );
  const row = rows[0];
  if (!row) {
    return undefined;
  }
  if (!(row.wrapped instanceof Uint8Array)) {
    throw new Error(
      'the key of this person is destroyed, and there will be no other: use another name for a new person',
    );
  }
  return { id: String(row.id), wrapped: row.wrapped };
}

function bytesOf(bytes: Uint8Array | undefined): Uint8Array {
  if (!bytes) {
    throw new Error('KMS answered without a key');
  }
  return bytes;
}
