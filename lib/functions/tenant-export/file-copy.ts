import { createHash } from 'node:crypto';
import type { S3 } from '@aws-sdk/client-s3';
import type { ExportPlace } from './export-place';
import type { CopiedFile, FileExport } from './files';
import { inTurns } from './in-turns';

export type CopyCalls = Pick<
  S3,
  | 'listObjectsV2'
  | 'copyObject'
  | 'createMultipartUpload'
  | 'uploadPartCopy'
  | 'completeMultipartUpload'
  | 'abortMultipartUpload'
>;

/**
 * Bytes of a file that S3 copies in one call, at most 5 GB, and of each part of a larger one.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
const MOST = 4 * 1024 ** 3;
const PART = 1024 ** 3;
const PARTS_AT_ONCE = 16;

/** Where the files of one tenant lie. */
export class FileSource {
  /** @param at bucket, and the folder of the tenant where others use the bucket too */
  constructor(
    readonly client: CopyCalls,
    readonly at: { readonly bucket: string; readonly prefix: string },
    readonly target: { readonly bucket: string; readonly account: string },
  ) {}

  /** The next page of files, in order of their names. */
  async list(after?: string, Prefix = this.at.prefix) {
    const { bucket: Bucket } = this.at;
    const { account: ExpectedBucketOwner } = this.target;
    const page = await this.client.listObjectsV2({ Bucket, ExpectedBucketOwner, Prefix, StartAfter: after });
    const files = (page.Contents ?? []).map(({ Key: key, Size: bytes, ETag: tag }): ListedFile => {
      if (key === undefined || bytes === undefined || tag === undefined) {
        throw new Error(`bucket '${Bucket}' was listed with a file without name, size or tag, expected all three`);
      }
      return { key, bytes, tag };
    });
    return { files, isLast: page.NextContinuationToken === undefined };
  }

  /** One file, as it is now. */
  async find(key: string): Promise<ListedFile | undefined> {
    const { files } = await this.list(undefined, key);
    return files.find((file) => file.key === key);
  }
}

type Work = Pick<FileExport, 'source'> & { readonly place: Pick<ExportPlace, 'keyOf'> };

/** A file as it was listed. */
export interface ListedFile {
  readonly key: string;
  readonly bytes: number;
  /** Changes with what is in it. */
  readonly tag: string;
}

/** Times that a copy is begun of a file that others keep writing anew. */
const ATTEMPTS = 3;

/** @returns undefined where the file is not there any more: then it is the tenant's no longer */
export async function copyFile(work: Work, listed: ListedFile): Promise<CopiedFile | undefined> {
  const name = `files/${listed.key.slice(work.source.at.prefix.length)}`;
  let file = listed;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return file.bytes <= MOST ? await copyWhole(work, file, name) : await copyInParts(work, file, name);
    } catch (error) {
      const problem = error instanceof Error ? error.name : '';
      if (['NoSuchKey', 'NotFound'].includes(problem)) {
        return undefined;
      }
      if (problem !== 'PreconditionFailed' || attempt === ATTEMPTS) {
        throw error;
      }
    }
    const found = await work.source.find(file.key);
    if (!found) {
      return undefined;
    }
    file = found;
  }
}

async function copyWhole({ place, source }: Work, file: ListedFile, name: string): Promise<CopiedFile> {
  const { CopyObjectResult: copied } = await source.client.copyObject({
    ...to(source),
    Key: place.keyOf(name),
    ...from(source, file),
    ChecksumAlgorithm: 'SHA256',
    TaggingDirective: 'REPLACE',
  });
  return { name, bytes: file.bytes, sha256: digestOf(copied?.ChecksumSHA256).toString('hex') };
}

async function copyInParts({ place, source }: Work, file: ListedFile, name: string): Promise<CopiedFile> {
  const { client } = source;
  const object = { ...to(source), Key: place.keyOf(name) };
  const kind = { ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' } as const;
  const { UploadId = '' } = await client.createMultipartUpload({ ...object, ...kind });
  try {
    const starts = Array.from({ length: Math.ceil(file.bytes / PART) }, (_, at) => at * PART);
    const Parts = await inTurns(starts, PARTS_AT_ONCE, async (start, at) => {
      const PartNumber = at + 1;
      const CopySourceRange = `bytes=${start}-${Math.min(start + PART, file.bytes) - 1}`;
      const input = { ...object, UploadId, PartNumber, ...from(source, file), CopySourceRange };
      const { CopyPartResult: { ETag = '', ChecksumSHA256 = '' } = {} } = await client.uploadPartCopy(input);
      return { PartNumber, ETag, ChecksumSHA256 };
    });
    const digests = Parts.map(({ ChecksumSHA256 }) => digestOf(ChecksumSHA256));
    await client.completeMultipartUpload({ ...object, UploadId, MultipartUpload: { Parts: [...Parts] } });
    const sha256 = createHash('sha256').update(Buffer.concat(digests)).digest('hex');
    return { name, bytes: file.bytes, sha256, partBytes: PART };
  } catch (error) {
    await client.abortMultipartUpload({ ...object, UploadId });
    throw error;
  }
}

function to({ target }: FileSource) {
  return { Bucket: target.bucket, ExpectedBucketOwner: target.account };
}

function from({ at, target }: FileSource, { key, tag }: ListedFile) {
  return {
    CopySourceIfMatch: tag,
    CopySource: `${at.bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    ExpectedSourceBucketOwner: target.account,
  };
}

function digestOf(base64: string | undefined): Buffer {
  const digest = Buffer.from(base64 ?? '', 'base64');
  if (digest.length !== 32) {
    throw new Error('S3 copied a file and gave no SHA-256 of it, expected 32 bytes');
  }
  return digest;
}
