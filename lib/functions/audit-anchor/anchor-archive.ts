import { LANES } from '../../database/audit-link';
import type { Anchor } from '../../database/audit-report';

/** The operations of S3 that keep anchors. */
export interface ObjectStore {
  getObject(input: { Bucket: string; Key: string }): Promise<{ Body?: { transformToString(): Promise<string> } }>;
  listObjectsV2(input: {
    Bucket: string;
    Prefix: string;
    StartAfter?: string;
    ContinuationToken?: string;
  }): Promise<{ Contents?: { Key?: string }[]; NextContinuationToken?: string }>;
  putObject(input: {
    Bucket: string;
    Key: string;
    Body: string;
    ContentType: string;
    ChecksumAlgorithm: 'SHA256';
    IfNoneMatch: '*';
  }): Promise<unknown>;
}

/**
 * Anchors in a bucket that locks every object. The key follows from database and time alone, so a second run in the same slot finds the first
 * one's anchor, and none is overwritten.
 */
export class AnchorArchive {
  constructor(
    private readonly store: ObjectStore,
    private readonly bucket: string,
    /** Minutes from one slot to the next. */
    private readonly minutes: number,
  ) {}

  /** The newest anchor of a database, or undefined where there is none yet. */
  async newest(database: string, now: Date): Promise<Anchor | undefined> {
    const prefix = prefixOf(database);
    // Keys sort by time: the last days almost always hold the newest, and the whole history is read only where they do not
    const recent = `${prefix}${new Date(now.getTime() - 3 * 86_400_000).toISOString().slice(0, 10)}`;
    const key = (await this.lastKey(prefix, recent)) ?? (await this.lastKey(prefix));
    if (key === undefined) {
      return undefined;
    }
    const { Body } = await this.store.getObject({ Bucket: this.bucket, Key: key });
    return anchorIn((await Body?.transformToString()) ?? '', key);
  }

  /** @returns whether it was kept; false where the slot has one already */
  async keep(anchor: Anchor): Promise<boolean> {
    try {
      await this.store.putObject({
        Bucket: this.bucket,
        Key: `${prefixOf(anchor.database)}${this.slot(anchor.at)}.json`,
        Body: `${JSON.stringify(anchor)}\n`,
        ContentType: 'application/json',
        // S3 takes no object into a locked bucket without a checksum
        ChecksumAlgorithm: 'SHA256',
        IfNoneMatch: '*',
      });
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'PreconditionFailed') {
        return false;
      }
      throw error;
    }
  }

  private slot(at: string): string {
    const length = this.minutes * 60_000;
    const begun = new Date(Math.floor(Date.parse(at) / length) * length);
    return begun.toISOString().slice(0, 16).replace(':', '-');
  }

  private async lastKey(prefix: string, after?: string): Promise<string | undefined> {
    let last: string | undefined;
    let next: string | undefined;
    do {
      const page = await this.store.listObjectsV2({
        Bucket: this.bucket,
        Prefix: prefix,
        ...(next === undefined ? { StartAfter: after } : { ContinuationToken: next }),
      });
      last = page.Contents?.at(-1)?.Key ?? last;
      next = page.NextContinuationToken;
    } while (next !== undefined);
    return last;
  }
}

/** Names of databases may hold anything: a slash in one must not reach into another's anchors. */
function prefixOf(database: string): string {
  return `anchors/${encodeURIComponent(database)}/`;
}

function anchorIn(text: string, key: string): Anchor {
  const anchor = JSON.parse(text) as Anchor;
  const isHead = ({ seq, hash }: Anchor['heads'][number]) => Number.isSafeInteger(seq) && /^[0-9a-f]{64}$/.test(hash);
  // An anchor of fewer lanes would compare fewer
  if (anchor.version !== 3 || anchor.heads?.length !== LANES || !anchor.heads.every(isHead)) {
    throw new Error(`'${key}' is no anchor of version 3`);
  }
  return anchor;
}
