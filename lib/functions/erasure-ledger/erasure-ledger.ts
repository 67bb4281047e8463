import { tenantId } from '../../database/tenant-names';

/** What was erased: a tenant with all that it had, or the key of one of its people. Ids that say nothing to anybody else. */
export interface Erased {
  /** Id of the tenant, a UUID in lower case. */
  readonly tenant: string;
  /** Id of the key, a UUID in lower case; without one, all of the tenant. */
  readonly key?: string;
}

/** Writes down an erasure, before it is done. */
export type RecordErasure = (erased: Erased) => Promise<void>;

interface LedgerBucket<Calls> {
  readonly client: Calls;
  readonly bucket: string;
  /** Account that the bucket must belong to. */
  readonly account: string;
}

interface Writing {
  putObject(input: {
    Bucket: string;
    ExpectedBucketOwner: string;
    Key: string;
    Body: string;
    ContentType: string;
    ChecksumAlgorithm: 'SHA256';
    IfNoneMatch: '*';
  }): Promise<unknown>;
}

interface Reading {
  listObjectVersions(input: {
    Bucket: string;
    ExpectedBucketOwner: string;
    Prefix: string;
    KeyMarker?: string;
    VersionIdMarker?: string;
  }): Promise<{ Versions?: { Key?: string }[]; NextKeyMarker?: string; NextVersionIdMarker?: string }>;
}

const FOLDER = 'erased/';
const ENTRY =
  /^erased\/(?:tenants\/([0-9a-f]{32})|keys\/([0-9a-f]{32})\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/;

/**
 * Writes into the ledger who was erased: a bucket that locks every object, which nothing that restores a database reaches, and in which nobody takes
 * an entry back before its time. An entry is all in its name; the content is for people. One that stands there already stays as it is.
 *
 * @throws Error on an id that is no UUID, and whatever S3 refuses: what cannot be recorded must not be erased
 */
export async function recordErasure(ledger: LedgerBucket<Writing>, erased: Erased, at: Date): Promise<void> {
  const digits = tenantId(erased.tenant);
  const name = erased.key === undefined ? `${FOLDER}tenants/${digits}` : `${FOLDER}keys/${digits}/${erased.key}`;
  entryOf(name);
  try {
    await ledger.client.putObject({
      Bucket: ledger.bucket,
      ExpectedBucketOwner: ledger.account,
      Key: name,
      Body: `${JSON.stringify({ version: 1, ...erased, at: at.toISOString() })}\n`,
      ContentType: 'application/json',
      // S3 takes no object into a locked bucket without a checksum
      ChecksumAlgorithm: 'SHA256',
      IfNoneMatch: '*',
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'PreconditionFailed')) {
      throw error;
    }
  }
}

/**
 * All that the ledger holds, without repetitions. Versions are listed, not objects: a delete marker hides an object, and cannot hide a version that
 * is locked.
 *
 * @throws Error where a name is no entry: what cannot be read could be somebody who must stay erased
 */
export async function everyErasure(ledger: LedgerBucket<Reading>): Promise<readonly Erased[]> {
  const found = new Map<string, Erased>();
  let after: { KeyMarker?: string; VersionIdMarker?: string } = {};
  do {
    const page = await ledger.client.listObjectVersions({
      Bucket: ledger.bucket,
      ExpectedBucketOwner: ledger.account,
      Prefix: FOLDER,
      ...after,
    });
    for (const { Key: name = '' } of page.Versions ?? []) {
      found.set(name, entryOf(name));
    }
    after = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  } while (after.KeyMarker !== undefined);
  return [...found.values()];
}

function entryOf(name: string): Erased {
  const [, whole, digits = whole, key] = ENTRY.exec(name) ?? [];
  if (digits === undefined) {
    throw new Error(
      `'${name}' is no entry of the ledger of erasures, expected erased/tenants/<tenant> or erased/keys/<tenant>/<key>`,
    );
  }
  const tenant = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return key === undefined ? { tenant } : { tenant, key };
}
