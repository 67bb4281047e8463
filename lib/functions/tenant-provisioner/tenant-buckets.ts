import type { OwnBucket, S3 } from '@aws-sdk/client-s3';
import { tenantId } from '../../database/tenant-names';
import { type TenantBucketRules, tenantBucketPolicy } from './tenant-bucket-policy';

/** The calls that bring about and close buckets. Nothing of it reads or deletes a file. */
export type BucketCalls = Pick<
  S3,
  | 'createBucket'
  | 'getPublicAccessBlock'
  | 'putBucketPolicy'
  | 'putBucketEncryption'
  | 'putBucketVersioning'
  | 'putBucketLifecycleConfiguration'
  | 'putBucketLogging'
  | 'putBucketTagging'
>;

export interface TenantBucketSettings extends TenantBucketRules {
  /** Start of every bucket's name: the 32 hexadecimal digits of the tenant's id follow. */
  readonly prefix: string;
  /** Account that each bucket must belong to. */
  readonly account: string;
  readonly region: string;
  /** Bucket that receives the server access logs. */
  readonly accessLogs: string;
  /** Days for which a replaced or deleted file can be brought back. */
  readonly keepReplacedDays: number;
  /** Days after which the parts of an unfinished upload are removed. */
  readonly abortUploadAfterDays: number;
  /** Tag by which the plans of backups take a bucket. */
  readonly backupTag: { readonly key: string; readonly value: string };
}

/** The buckets of tenants: one for each, with everything that the shared one has. Names follow from ids, so nothing has to be looked up. */
export class TenantBuckets {
  private readonly client: BucketCalls;
  private readonly settings: TenantBucketSettings;

  constructor(client: BucketCalls, settings: TenantBucketSettings) {
    this.client = client;
    this.settings = settings;
  }

  /** @throws Error if the tenant is no UUID in lower case */
  nameOf(tenant: string): string {
    return `${this.settings.prefix}${tenantId(tenant)}`;
  }

  /**
   * Makes the bucket of a tenant, or finishes what was begun. Every step can be repeated.
   *
   * @throws Error if the name belongs to another account, or the bucket does not block public access
   */
  async open(tenant: string): Promise<void> {
    const { client, settings } = this;
    const Bucket = this.nameOf(tenant);
    await this.create(Bucket);
    const bucket = { Bucket, ExpectedBucketOwner: settings.account };
    await this.refusePublic(bucket);
    await client.putBucketPolicy({ ...bucket, Policy: tenantBucketPolicy(Bucket, tenantId(tenant), 'open', settings) });
    await client.putBucketEncryption({
      ...bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: settings.key },
            BucketKeyEnabled: true,
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
          },
        ],
      },
    });
    await client.putBucketVersioning({ ...bucket, VersioningConfiguration: { Status: 'Enabled' } });
    await client.putBucketLifecycleConfiguration({ ...bucket, LifecycleConfiguration: { Rules: [this.lifecycle()] } });
    await client.putBucketLogging({
      ...bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket: settings.accessLogs, TargetPrefix: `${Bucket}/` } },
    });
    await this.tag(bucket, tenant, { [this.settings.backupTag.key]: this.settings.backupTag.value });
  }

  /**
   * Refuses all use of a tenant's bucket, and leaves what lies in it: erasing is work of its own. Without a bucket there is nothing to do.
   *
   * The plans that make backups go by a tag, which is taken away first: every backup of a bucket that lets nobody in would fail. Backups that
   * were made stay until their time is over.
   */
  async close(tenant: string): Promise<{ readonly toErase?: string }> {
    const Bucket = this.nameOf(tenant);
    const bucket = { Bucket, ExpectedBucketOwner: this.settings.account };
    try {
      await this.tag(bucket, tenant);
      await this.client.putBucketPolicy({
        ...bucket,
        Policy: tenantBucketPolicy(Bucket, tenantId(tenant), 'closed', this.settings),
      });
      return { toErase: Bucket };
    } catch (error) {
      if (isNamed(error, 'NoSuchBucket')) {
        return {};
      }
      throw error;
    }
  }

  /** All tags of a bucket: those that are not named are taken away. */
  private async tag(bucket: OwnBucket, tenant: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const tags = { 'data-class': 'personal', retention: 'tenant-files', tenant: tenantId(tenant), ...more };
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await this.client.putBucketTagging({ ...bucket, Tagging: { TagSet } });
  }

  private async create(Bucket: string): Promise<void> {
    try {
      await this.client.createBucket({
        Bucket,
        ObjectOwnership: 'BucketOwnerEnforced',
        CreateBucketConfiguration: { LocationConstraint: this.settings.region },
      });
    } catch (error) {
      if (isNamed(error, 'BucketAlreadyExists')) {
        throw new Error(`bucket ${Bucket} belongs to another account: whose it is must be found out before it is used`);
      }
      if (!isNamed(error, 'BucketAlreadyOwnedByYou')) {
        throw error;
      }
    }
  }

  /**
   * Looked at and not set: a new bucket blocks public access by itself, and a role that may set the blocks may take them away too.
   *
   * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
   */
  private async refusePublic(bucket: OwnBucket): Promise<void> {
    const { PublicAccessBlockConfiguration: found = {} } = await this.client.getPublicAccessBlock(bucket);
    const wanted = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'] as const;
    const missing = wanted.filter((name) => found[name] !== true);
    if (missing.length > 0) {
      throw new Error(
        `bucket ${bucket.Bucket} lacks ${missing.join(', ')}: switch all four blocks of public access on`,
      );
    }
  }

  private lifecycle() {
    const { abortUploadAfterDays, keepReplacedDays } = this.settings;
    return {
      ID: 'replaced-versions-and-unfinished-uploads',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      NoncurrentVersionExpiration: { NoncurrentDays: keepReplacedDays },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadAfterDays },
      Expiration: { ExpiredObjectDeleteMarker: true },
    } as const;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
