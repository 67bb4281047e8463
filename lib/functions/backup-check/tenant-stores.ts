import type { S3 } from '@aws-sdk/client-s3';
import type { TenantCatalogue } from '../tenant-provisioner/tenant-catalogue';

/** Where the stores of tenants are looked up, and how they are called. */
export interface Tenants {
  readonly catalogue: Pick<TenantCatalogue, 'every'>;
  readonly buckets: Pick<S3, 'listBuckets'>;
  /** Start of the name of every bucket of a tenant. */
  readonly bucketPrefix: string;
  /** Start of the ARN of a bucket, up to and with `:::`. */
  readonly bucketArn: string;
}

/** Stores of tenants, by ARN. */
export interface TenantStores {
  /** Buckets of the tenants that are in use, and since when each is. */
  readonly ready: readonly { readonly store: string; readonly since: Date }[];
  /** Buckets named as those of tenants are, which the catalogue knows nothing of. */
  readonly unknown: readonly string[];
}

/**
 * Asks both sides: the catalogue, which tenants there are, and S3, which buckets. An empty catalogue beside buckets of tenants is not
 * the absence of tenants. Buckets of removed tenants are known and get no more backups.
 */
export async function tenantStores(tenants: Tenants): Promise<TenantStores> {
  const arnOf = (bucket: string) => `${tenants.bucketArn}${bucket}`;
  const records = await tenants.catalogue.every();
  const known = new Set(records.map(({ bucket }) => bucket));
  return {
    ready: records.flatMap(({ bucket, status, since, readySince = since }) =>
      bucket !== undefined && status === 'ready' ? [{ store: arnOf(bucket), since: new Date(readySince) }] : [],
    ),
    unknown: (await everyBucket(tenants)).filter((name) => !known.has(name)).map(arnOf),
  };
}

async function everyBucket({ buckets, bucketPrefix }: Tenants): Promise<readonly string[]> {
  const found: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await buckets.listBuckets({ Prefix: bucketPrefix, MaxBuckets: 1000, ContinuationToken });
    found.push(...(page.Buckets ?? []).map(({ Name }) => Name ?? '').filter((name) => name.startsWith(bucketPrefix)));
    ContinuationToken = page.ContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}
