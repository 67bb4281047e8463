import type { S3 } from '@aws-sdk/client-s3';

/** What somebody asked for, and for whom. */
export interface ExportRequest {
  /** Id of the tenant, a UUID in lower case. */
  readonly tenant: string;
  readonly digits: string;
  /** Id of whoever asked, as the application knows it. */
  readonly by: string;
}

/**
 * The tenant of a request: the folder that the request lies in. Only a session of that tenant can have put it there, so nothing inside the request
 * is asked whose data it is about.
 *
 * @throws Error if it lies anywhere else
 */
export function tenantOfRequest(key: string): { readonly tenant: string; readonly digits: string } {
  const [, digits] = /^([0-9a-f]{32})\/requests\/[\w-]{1,100}\.json$/.exec(key) ?? [];
  if (digits === undefined) {
    throw new Error(
      `the request lies at '${key}', expected <32 hexadecimal digits of the tenant's id>/requests/<name>.json`,
    );
  }
  return { digits, tenant: tenantOf(digits) };
}

/**
 * Reads a request in a session of its tenant.
 *
 * @throws Error if it is not there, or does not say who asked
 */
export async function readRequest(
  client: Pick<S3, 'getObject'>,
  place: { readonly bucket: string; readonly account: string },
  key: string,
): Promise<ExportRequest> {
  const whose = tenantOfRequest(key);
  const { Body: body } = await client.getObject({
    Bucket: place.bucket,
    ExpectedBucketOwner: place.account,
    Key: key,
  });
  const text = (await body?.transformToString()) ?? '';
  const by = byOf(text);
  if (by === undefined) {
    throw new Error('the request does not say who asked, expected {"by": "<id of the person>"} of 1 to 200 characters');
  }
  return { ...whose, by };
}

function byOf(text: string): string | undefined {
  try {
    const { by } = JSON.parse(text);
    return typeof by === 'string' && /^[^\p{Cc}]{1,200}$/u.test(by) ? by : undefined;
  } catch {
    return undefined;
  }
}

/** Id of the tenant whose digits these are. */
export function tenantOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
