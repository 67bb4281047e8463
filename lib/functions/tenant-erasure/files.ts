import type { S3, StoredVersion } from '@aws-sdk/client-s3';
import { Unfinished } from './unfinished';

/** The calls that erase files. Nothing of it reads one. */
export type FileCalls = Pick<
  S3,
  'listObjectVersions' | 'deleteObjects' | 'listMultipartUploads' | 'abortMultipartUpload' | 'deleteBucket'
>;

/** Where files of a tenant lie: a folder in the bucket of all, or the whole of a bucket of its own, which goes with them. */
export interface FilePlace {
  readonly bucket: string;
  /** `<digits>/`; the whole bucket where there is none. */
  readonly prefix?: string;
}

export interface TenantFilesErasure {
  readonly client: FileCalls;
  /** Account that each bucket must belong to. */
  readonly account: string;
  /** Whether there is time for another page. */
  hasTime(): boolean;
}

/**
 * Erases every version, delete marker and unfinished upload in a place; a bucket of the tenant's own is deleted at the end. Without the bucket
 * there is nothing to do.
 *
 * @returns how many were erased
 * @throws Unfinished where there was no time for all, and Error where S3 refused one, naming its error and not the file
 */
export async function eraseFiles(place: FilePlace, erasure: TenantFilesErasure): Promise<number> {
  return unlessGone(0, async () => {
    let erased = 0;
    for await (const versions of versionPages(place, erasure)) {
      mustHaveTime(erasure);
      await deleteVersions(place, versions, erasure);
      erased += versions.length;
    }
    for await (const uploads of uploadPages(place, erasure)) {
      for (const { Key = '', UploadId = '' } of uploads) {
        mustHaveTime(erasure);
        await erasure.client.abortMultipartUpload({ ...owned(place, erasure), Key, UploadId });
        erased += 1;
      }
    }
    if (place.prefix === undefined) {
      await erasure.client.deleteBucket(owned(place, erasure));
    }
    return erased;
  });
}

/** Versions, delete markers and unfinished uploads that are still in a place, at least: the first page of each is counted. */
export async function remainingFiles(place: FilePlace, erasure: Omit<TenantFilesErasure, 'hasTime'>): Promise<number> {
  return unlessGone(0, async () => {
    const versions = await versionPages(place, erasure).next();
    const uploads = await uploadPages(place, erasure).next();
    return (versions.value?.length ?? 0) + (uploads.value?.length ?? 0);
  });
}

async function deleteVersions(
  place: FilePlace,
  versions: readonly StoredVersion[],
  { client, account }: Pick<TenantFilesErasure, 'client' | 'account'>,
): Promise<void> {
  const { Errors: errors = [] } = await client.deleteObjects({
    ...owned(place, { account }),
    Delete: { Quiet: true, Objects: versions.map(({ Key = '', VersionId = '' }) => ({ Key, VersionId })) },
  });
  const [first] = errors;
  if (first) {
    throw new Error(
      `${errors.length} files in ${place.bucket} could not be erased: ${first.Code ?? 'without a reason'}`,
    );
  }
}

type Reading = Pick<TenantFilesErasure, 'client' | 'account'>;

/** What is erased in between moves up: each page is the first of what is left. */
async function* versionPages(place: FilePlace, erasure: Reading): AsyncGenerator<readonly StoredVersion[], undefined> {
  for (;;) {
    const page = await erasure.client.listObjectVersions({ ...owned(place, erasure), Prefix: place.prefix ?? '' });
    const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (versions.length === 0) {
      return;
    }
    yield versions;
  }
}

async function* uploadPages(place: FilePlace, erasure: Reading) {
  for (;;) {
    const { Uploads: uploads = [] } = await erasure.client.listMultipartUploads({
      ...owned(place, erasure),
      Prefix: place.prefix ?? '',
    });
    if (uploads.length === 0) {
      return;
    }
    yield uploads;
  }
}

function owned({ bucket }: FilePlace, { account }: Pick<TenantFilesErasure, 'account'>) {
  return { Bucket: bucket, ExpectedBucketOwner: account };
}

function mustHaveTime({ hasTime }: Pick<TenantFilesErasure, 'hasTime'>): void {
  if (!hasTime()) {
    throw new Unfinished('files are left for the next run');
  }
}

async function unlessGone<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucket') {
      return otherwise;
    }
    throw error;
  }
}
