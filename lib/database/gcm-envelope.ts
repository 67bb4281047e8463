import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Where a value belongs: it opens nowhere else. */
export interface FieldPlace {
  /** UUID of the tenant. */
  readonly tenant: string;
  /** `schema.table.column`. */
  readonly field: string;
}

const VERSION = 1;
const KEY_ID = { from: 1, bytes: 16 } as const;
const NONCE = { from: 17, bytes: 12 } as const;
const HEAD = 29;
const TAG = 16;

/**
 * AES-256-GCM in the envelope that `secure.gcm_blob` takes: version (1 byte), id of the key (16), nonce (12), ciphertext, tag (16). The version, the id
 * of the key, the tenant and the field are authenticated with it.
 *
 * A nonce must never come twice under one key. Random ones of 96 bits are safe for 2^32 values of a key (NIST SP 800-38D, 8.3).
 *
 * @param key 32 bytes
 * @param keyId UUID of the key
 * @param nonce 12 bytes @default - random ones
 */
export function sealEnvelope(
  key: Uint8Array,
  keyId: string,
  place: FieldPlace,
  value: Uint8Array,
  nonce: Uint8Array = randomBytes(NONCE.bytes),
): Buffer {
  const head = Buffer.concat([Buffer.of(VERSION), uuidBytes(keyId), nonce]);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(associatedData(head, place));
  return Buffer.concat([head, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

/**
 * @throws Error if the envelope was made under another key, for another tenant or field, or was changed; it never repeats the value
 */
export function openEnvelope(key: Uint8Array, place: FieldPlace, envelope: Uint8Array): Buffer {
  const bytes = checked(envelope);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(NONCE.from, HEAD), { authTagLength: TAG });
  decipher.setAAD(associatedData(bytes.subarray(0, HEAD), place));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEAD, bytes.length - TAG)), decipher.final()]);
  } catch {
    throw new Error(`the value of ${place.field} does not open: it is of another key, tenant or field, or was changed`);
  }
}

/** UUID of the key that an envelope was made under. */
export function keyOf(envelope: Uint8Array): string {
  const id = checked(envelope).toString('hex', KEY_ID.from, KEY_ID.from + KEY_ID.bytes);
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function checked(envelope: Uint8Array): Buffer {
  const bytes = Buffer.from(envelope);
  if (bytes.length < HEAD + TAG || bytes[0] !== VERSION) {
    throw new Error(`an envelope has version ${VERSION} and ${HEAD + TAG} bytes or more, got ${bytes.length} bytes`);
  }
  return bytes;
}

function uuidBytes(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  if (bytes.length !== KEY_ID.bytes) {
    throw new Error(`the id of a key is '${id}', expected a UUID`);
  }
  return bytes;
}

/** Lengths in front: no tenant and field together read like another pair. */
function associatedData(head: Uint8Array, { tenant, field }: FieldPlace): Buffer {
  const texts = [tenant, field].map((text) => `${Buffer.byteLength(text)}:${text},`);
  return Buffer.concat([head, Buffer.from(texts.join(''), 'utf8')]);
}
