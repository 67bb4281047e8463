import type { S3 } from '@aws-sdk/client-s3';
import type { CheckResult } from './integrity';

/** Start of the names of what AWS Backup restores for a test. */
export const RESTORED = 'awsbackup-restore-test-';

/** Whose files a session reads that looks at the copy alone. */
const NOBODY = '0'.repeat(32);

/** Files are compared up to so many; a bucket with more is compared in part, and the evidence says so. */
const MOST = 100_000;

/** Files of which one byte is read, spread over all of them. */
const SAMPLE = 25;

/** What S3 says of a file that it has and does not give out. Anything else is no answer, and asked again. */
const REFUSED = /^(AccessDenied|KMS\.|NoSuchKey|InvalidObjectState)/;

/** A session of the role that reads: it reaches one restored bucket, and what is live of one tenant. */
export interface ReadingSession {
  /** The 32 hexadecimal digits of the tenant's id. */
  readonly tenant: string;
  /** What follows the fixed words in the name of the restored bucket. */
  readonly restored: string;
}

type Files = Pick<S3, 'listObjectsV2' | 'getObject'>;

export interface FilesToCompare {
  readonly filesAs: (session: ReadingSession) => Promise<Files>;
  /** Start of the name of every bucket of a tenant, where each has one; otherwise they share one, with a folder for each. */
  readonly bucketPrefix?: string;
  /** Names of the buckets. */
  readonly source: string;
  readonly restored: string;
  /** Key that the files must lie under, by ARN. */
  readonly key: string;
  /** Files that did not change since this time must be in the copy. */
  readonly settled: Date;
  /** A whole number from 0 on, below the limit. */
  readonly below: (limit: number) => number;
}

interface Listing {
  readonly files: ReadonlyMap<string, { readonly size: number; readonly changed: Date }>;
  /** Whether the bucket has no more of them. */
  readonly isWhole: boolean;
}

/**
 * Compares the files of one tenant in a restored bucket with those that are live, by names and sizes, and reads one byte of some. Contents of live files are
 * not read, and names go nowhere: they may say something of a person. A file that was deleted since is in the copy and no longer live, which is no
 * fault. Where tenants share a bucket, one of those that the copy holds is drawn.
 *
 * @returns what was found; where there was nothing to compare that is a failure, as nothing was shown
 */
export async function judgeFiles(given: FilesToCompare): Promise<readonly CheckResult[]> {
  const place = await placeOf(given);
  if (!place) {
    const check = 'there are files to compare';
    return [{ store: given.restored, check, outcome: 'failed', found: 'no folder of a tenant' }];
  }
  const s3 = await given.filesAs({ tenant: place.tenant, restored: tagOf(given) });
  const source = await listed(s3, given.source, place.folder);
  const restored = await listed(s3, given.restored, place.folder);
  const last = restored.isWhole ? undefined : [...restored.files.keys()].at(-1);
  const compared = [...source.files].filter(
    ([name, { changed }]) => changed < given.settled && (last === undefined || isUpTo(name, last)),
  );
  const missing = compared.filter(([name]) => !restored.files.has(name));
  const resized = compared.filter(([name, { size }]) => (restored.files.get(name)?.size ?? size) !== size);
  const whole = source.isWhole && restored.isWhole ? '' : `, the first ${MOST} of more`;
  const result = (check: string, isPassed: boolean, found: string): CheckResult => ({
    store: given.restored,
    check,
    outcome: isPassed ? 'passed' : 'failed',
    found,
  });
  return [
    result('there are files to compare', compared.length > 0, `${compared.length} from before the backup${whole}`),
    result('every file is there', missing.length === 0, `${missing.length} of ${compared.length} missing`),
    result('every file has its size', resized.length === 0, `${resized.length} of ${compared.length} differ`),
    ...(await judgeSample(s3, given, restored, result)),
  ];
}

async function judgeSample(
  s3: Files,
  { restored: bucket, key }: FilesToCompare,
  { files }: Listing,
  result: (check: string, isPassed: boolean, found: string) => CheckResult,
): Promise<readonly CheckResult[]> {
  // Of an empty file no byte can be asked for
  const names = [...files].filter(([, { size }]) => size > 0).map(([name]) => name);
  const count = Math.min(SAMPLE, names.length);
  const sample = Array.from({ length: count }, (_, index) => names[Math.floor((index * names.length) / count)] ?? '');
  let unreadable = '';
  let foreign = 0;
  for (const Key of sample) {
    try {
      const { Body: body, SSEKMSKeyId } = await s3.getObject({ Bucket: bucket, Key, Range: 'bytes=0-0' });
      const bytes = await body?.transformToByteArray();
      unreadable ||= bytes?.length === 1 ? '' : `a file of ${bytes?.length ?? 0} bytes`;
      foreign += SSEKMSKeyId === key ? 0 : 1;
    } catch (error) {
      if (!(error instanceof Error && REFUSED.test(error.name))) {
        throw error;
      }
      unreadable ||= error.name;
    }
  }
  return [
    result('a sample can be read', unreadable === '', unreadable || `${count} files`),
    result('the sample lies under our key', foreign === 0, `${foreign} of ${count} under another`),
  ];
}

/** Whose files are compared, and the folder that they lie in; undefined where the copy holds those of nobody. */
async function placeOf(given: FilesToCompare): Promise<{ tenant: string; folder?: string } | undefined> {
  const { bucketPrefix, source } = given;
  if (bucketPrefix !== undefined && source.startsWith(bucketPrefix)) {
    return { tenant: source.slice(bucketPrefix.length) };
  }
  const s3 = await given.filesAs({ tenant: NOBODY, restored: tagOf(given) });
  const tenants: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.listObjectsV2({ Bucket: given.restored, Delimiter: '/', ContinuationToken });
    const folders = (page.CommonPrefixes ?? []).map(({ Prefix }) => /^([0-9a-f]{32})\/$/.exec(Prefix ?? '')?.[1] ?? '');
    tenants.push(...folders.filter((tenant) => tenant !== ''));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  const tenant = tenants[given.below(Math.max(tenants.length, 1))];
  return tenant === undefined ? undefined : { tenant, folder: `${tenant}/` };
}

function tagOf({ restored }: FilesToCompare): string {
  return restored.slice(RESTORED.length);
}

async function listed(s3: Files, Bucket: string, Prefix?: string): Promise<Listing> {
  const files = new Map<string, { size: number; changed: Date }>();
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.listObjectsV2({ Bucket, Prefix, ContinuationToken });
    for (const { Key: name, Size: size, LastModified: changed } of page.Contents ?? []) {
      if (name === undefined || size === undefined || changed === undefined) {
        throw new Error(`bucket '${Bucket}' was listed with a file without name, size or time, expected all three`);
      }
      files.set(name, { size, changed });
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined && files.size < MOST);
  return { files, isWhole: ContinuationToken === undefined };
}

/** In the order of S3's lists: byte by byte. */
function isUpTo(name: string, last: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(last)) <= 0;
}
