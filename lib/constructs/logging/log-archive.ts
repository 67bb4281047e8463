import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { refuseOldTls } from '../storage/service-written-bucket';

export interface LogArchiveProps {
  /** Key of the archived objects; its policy must let the writing services use it. */
  readonly key: kms.IKey;
  /** Bucket that receives the server access logs of the archive. It cannot be locked itself. */
  readonly accessLogs: s3.IBucket;
  /**
   * How long every object is locked, and kept, at least.
   *
   * @default Duration.days(731)
   */
  readonly retention?: Duration;
  /**
   * Lowest TLS version of callers that are no AWS service.
   *
   * @default '1.3'
   */
  readonly minimumTls?: '1.2' | '1.3';
  /**
   * Days for which a replaced or hidden object is kept beyond its lock.
   *
   * @default 1
   */
  readonly keepReplacedDays?: number;
}

/**
 * Keeps audit logs where nobody can change or delete them before their time: every object is locked in compliance mode, which
 * not even the root user can shorten. Afterwards the lifecycle removes it, so that logs are not kept for ever either; the
 * lifecycle waits a day longer than the lock, since both count from different moments.
 *
 * Mind before the first deployment: a bucket with locked objects can be deleted by nobody until the last lock has ended.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export class LogArchive extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: LogArchiveProps) {
    super(scope, id);
    const retention = props.retention ?? Duration.days(731);
    this.bucket = new s3.Bucket(this, 'Resource', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: s3.ObjectLockRetention.compliance(retention),
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: 'log-archive/',
      lifecycleRules: [
        {
          id: 'after-the-lock',
          expiration: Duration.days(retention.toDays() + 1),
          noncurrentVersionExpiration: Duration.days(props.keepReplacedDays ?? 1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    refuseOldTls(this.bucket, props.minimumTls ?? '1.3');
  }
}
