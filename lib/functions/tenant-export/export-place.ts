import { createHash } from 'node:crypto';
import type { S3 } from '@aws-sdk/client-s3';

/** The calls with which an export is written. None of them takes anything of an export away. */
export type PlaceCalls = Pick<S3, 'putObject' | 'getObject' | 'listObjectsV2'>;

/** What lies in an export: name below its folder, size, and SHA-256 in hexadecimal digits. */
export interface Written {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where one export of one tenant lies. */
export interface ExportFolder {
  readonly bucket: string;
  /** Account that the bucket must belong to. */
  readonly account: string;
  /** The 32 hexadecimal digits of the tenant's id. */
  readonly digits: string;
  /** Name of the export. */
  readonly id: string;
}

/** Last object of an export: without it, what lies there is none. */
export const MANIFEST = 'manifest.json';

/** The folder of one export. */
export class ExportPlace {
  constructor(
    private readonly client: PlaceCalls,
    private readonly folder: ExportFolder,
  ) {}

  /** Name of an object in the bucket. */
  keyOf(name: string): string {
    return `${this.folder.digits}/exports/${this.folder.id}/${name}`;
  }

  /**
   * Writes an object, or writes it anew. S3 refuses it where what arrived is not what was sent.
   *
   * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
   */
  async write(name: string, body: Buffer, type = 'application/json'): Promise<Written> {
    const digest = createHash('sha256').update(body);
    const sha256 = digest.copy().digest('hex');
    await this.client.putObject({
      ...this.owned(),
      Key: this.keyOf(name),
      Body: body,
      ContentType: type,
      ChecksumSHA256: digest.digest('base64'),
    });
    return { name, bytes: body.length, sha256 };
  }

  async writeJson(name: string, value: unknown): Promise<Written> {
    return this.write(name, Buffer.from(`${JSON.stringify(value, null, 1)}\n`));
  }

  /** @throws Error if there is none */
  async read(name: string): Promise<Buffer> {
    const { Body: body } = await this.client.getObject({ ...this.owned(), Key: this.keyOf(name) });
    return Buffer.from((await body?.transformToString()) ?? '');
  }

  /** Names and sizes of all that lies below a part of the export, as S3 has them, in order. */
  async *list(below = ''): AsyncGenerator<{ readonly name: string; readonly bytes: number }> {
    const whole = this.keyOf('');
    let ContinuationToken: string | undefined;
    do {
      const page = await this.client.listObjectsV2({ ...this.owned(), Prefix: this.keyOf(below), ContinuationToken });
      for (const { Key: key = '', Size: bytes = -1 } of page.Contents ?? []) {
        yield { name: key.slice(whole.length), bytes };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  private owned() {
    return { Bucket: this.folder.bucket, ExpectedBucketOwner: this.folder.account };
  }
}
