import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface PrivateBucketProps {
  /**
   * Key that encrypts the objects.
   *
   * @default - keys of S3 itself (SSE-S3, AES-256); the only kind that a target of server access logs may have
   */
  readonly key?: kms.IKey;
  /** Lowest TLS version that a request may use. */
  readonly minimumTls: '1.2' | '1.3';
  /**
   * Bucket that receives the server access logs. Its policy must already let `logging.s3.amazonaws.com` write: nothing is added to
   * it from here, because a policy that names this bucket would tie the two stacks together in a circle.
   *
   * @default - no server access logs
   */
  readonly accessLogs?: s3.IBucket;
  /** Start of the names of this bucket's access log objects, such as `tenant-files/`. */
  readonly accessLogPrefix?: string;
  /**
   * Days after which an object expires.
   *
   * @default - objects stay until somebody deletes them
   */
  readonly expireAfterDays?: number;
  /** Days for which a replaced or deleted object can be brought back; afterwards it is gone. */
  readonly keepReplacedDays: number;
  /** Days after which the parts of an upload that was never finished are removed. */
  readonly abortUploadAfterDays: number;
}

/**
 * Makes a bucket that nobody outside the account can reach and that never forgets an object by accident: no public access, no ACLs,
 * TLS only, versioned, no keys brought along by the caller, kept when its stack goes.
 *
 * @param scope construct that owns the bucket
 * @param id id of the bucket in that scope: part of its logical id, so changing it replaces the bucket
 */
export function privateBucket(scope: Construct, id: string, props: PrivateBucketProps): s3.Bucket {
  const bucket = new s3.Bucket(scope, id, {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    ...(props.key
      ? { encryption: s3.BucketEncryption.KMS, encryptionKey: props.key, bucketKeyEnabled: true }
      : { encryption: s3.BucketEncryption.S3_MANAGED }),
    // A caller's own key (SSE-C) leaves objects that the account cannot read, back up or hand out on request
    blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
    enforceSSL: true,
    minimumTLSVersion: Number(props.minimumTls),
    versioned: true,
    lifecycleRules: lifecycle(props),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  if (props.accessLogs) {
    sendAccessLogs(bucket, props.accessLogs, props.accessLogPrefix ?? '');
  }
  return bucket;
}

/** Written to the resource itself: the bucket construct would edit the policy of the target, from another stack and without naming the account. */
function sendAccessLogs(bucket: s3.Bucket, target: s3.IBucket, prefix: string): void {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof s3.CfnBucket)) {
    throw new Error(`bucket '${bucket.node.path}' has no bucket resource to send access logs from`);
  }
  resource.loggingConfiguration = { destinationBucketName: target.bucketName, logFilePrefix: prefix };
}

/** Without these rules a versioned bucket keeps every deleted object and every abandoned part for ever. */
function lifecycle(props: PrivateBucketProps): s3.LifecycleRule[] {
  return [
    {
      id: 'replaced-versions-and-unfinished-uploads',
      enabled: true,
      noncurrentVersionExpiration: Duration.days(props.keepReplacedDays),
      abortIncompleteMultipartUploadAfter: Duration.days(props.abortUploadAfterDays),
      // S3 takes either an age or the removal of delete markers that stand alone; expiry by age removes those too
      ...(props.expireAfterDays === undefined
        ? { expiredObjectDeleteMarker: true }
        : { expiration: Duration.days(props.expireAfterDays) }),
    },
  ];
}
