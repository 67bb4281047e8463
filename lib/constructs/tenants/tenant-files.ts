import { Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../storage/private-bucket';

export interface TenantFilesProps {
  /** Key that encrypts every object; uploads under any other key are refused. */
  readonly key: kms.IKey;
  /** Lowest TLS version that a request may use. */
  readonly minimumTls: '1.2' | '1.3';
  /** Bucket for server access logs, such as that of an `AccessLogBucket` in the same account and Region. */
  readonly accessLogs: s3.IBucket;
  /**
   * Days for which a replaced or deleted file can be brought back. A file that must be erased outlives its deletion by this long.
   *
   * @default 30
   */
  readonly keepReplacedDays?: number;
  /**
   * Days after which the parts of an unfinished upload are removed.
   *
   * @default 7
   */
  readonly abortUploadAfterDays?: number;
}

/**
 * Keeps the files that tenants upload: encrypted with one key of ours, reachable over TLS only, versioned, logged.
 *
 * The bucket has no reader by default. `TenantAccess` lets an application at the files of one tenant at a time, below a folder that is
 * named as the tenant is; `bucket.grantRead(...)` and its kin would let it at those of all.
 */
export class TenantFiles extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: TenantFilesProps) {
    super(scope, id);

    this.bucket = privateBucket(this, 'Bucket', {
      key: props.key,
      minimumTls: props.minimumTls,
      accessLogs: props.accessLogs,
      accessLogPrefix: 'tenant-files/',
      keepReplacedDays: props.keepReplacedDays ?? 30,
      abortUploadAfterDays: props.abortUploadAfterDays ?? 7,
    });
    refuseOtherEncryption(this.bucket, props.key);
    Tags.of(this.bucket).add('data-class', 'personal');
    Tags.of(this.bucket).add('retention', 'tenant-files');
  }
}

/**
 * The bucket's default encryption applies only where an upload does not name its own; these statements refuse the uploads that do.
 * `IfExists`: an upload without the header is let through and gets the default.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
function refuseOtherEncryption(bucket: s3.Bucket, key: kms.IKey): void {
  const refuse = (sid: string, conditions: Record<string, Record<string, string>>) =>
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions,
      }),
    );
  refuse('RefuseOtherAlgorithm', { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' } });
  refuse('RefuseOtherKey', {
    StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.keyArn },
  });
  refuse('RefuseKeyOfCaller', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } });
}
