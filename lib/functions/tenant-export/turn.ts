import { createHash } from 'node:crypto';
import type { S3 } from '@aws-sdk/client-s3';

export interface TurnPlace {
  readonly client: Pick<S3, 'putObject' | 'getObject' | 'deleteObject'>;
  readonly bucket: string;
  readonly account: string;
  readonly digits: string;
}

/**
 * Takes the turn of a tenant: one export at a time. S3 itself decides between two that ask at once. One whose run must be over, because no run is
 * longer, gives way.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 *
 * @param hours for which a run may last
 * @returns whether it is this export's turn
 */
export async function takeTurn(place: TurnPlace, id: string, now: Date, hours: number): Promise<boolean> {
  const body = Buffer.from(JSON.stringify({ export: id, since: now.toISOString() }));
  const put = (condition: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string }) =>
    unlessTaken(() =>
      place.client.putObject({
        ...objectOf(place),
        ...condition,
        Body: body,
        ContentType: 'application/json',
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
      }),
    );
  if (await put({ IfNoneMatch: '*' })) {
    return true;
  }
  const present = await whoseTurn(place);
  if (!present || present.id === id) {
    return present?.id === id;
  }
  const isOver = Date.parse(present.since) + hours * 3_600_000 < now.getTime();
  return isOver && present.tag !== undefined && put({ IfMatch: present.tag });
}

/** Gives the turn back, if it is this export's. */
export async function giveTurnBack(place: TurnPlace, id: string): Promise<void> {
  const present = await whoseTurn(place);
  if (present?.id === id) {
    await place.client.deleteObject(objectOf(place));
  }
}

async function whoseTurn(place: TurnPlace) {
  try {
    const { Body: body, ETag: tag } = await place.client.getObject(objectOf(place));
    const { export: id, since } = JSON.parse((await body?.transformToString()) ?? '{}');
    return { id: String(id), since: String(since), tag };
  } catch (error) {
    if (isNamed(error, ['NoSuchKey'])) {
      return undefined;
    }
    throw error;
  }
}

async function unlessTaken(put: () => Promise<unknown>): Promise<boolean> {
  try {
    await put();
    return true;
  } catch (error) {
    if (isNamed(error, ['PreconditionFailed', 'ConditionalRequestConflict'])) {
      return false;
    }
    throw error;
  }
}

function objectOf({ bucket, account, digits }: TurnPlace) {
  return { Bucket: bucket, ExpectedBucketOwner: account, Key: `${digits}/running.json` };
}

function isNamed(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
