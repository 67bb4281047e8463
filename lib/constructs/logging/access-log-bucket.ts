import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../storage/private-bucket';

export interface AccessLogBucketProps {
  /** Days for which an access log is kept. */
  readonly retentionDays: number;
}

/**
 * Receives the server access logs of the buckets of one account and Region: who asked for which object, and what S3 answered.
 *
 * Encrypted with keys of S3 itself: S3 delivers no access logs into a bucket whose default is a KMS key, and none into one with a
 * default Object Lock retention. TLS is required, and 1.2 is the floor here whatever the floor elsewhere: S3 itself is the writer, nobody
 * documents which version it uses, and a refused delivery is a silent gap in the record.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogBucket extends Construct {
  readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);

    const bucket = privateBucket(this, 'Bucket', {
      minimumTls: '1.2',
      expireAfterDays: props.retentionDays,
      keepReplacedDays: 1,
      abortUploadAfterDays: 1,
    });
    // Names the account and not each source bucket, so that buckets of other stacks can log here without a circle of stacks
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AccessLogDelivery',
        principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.bucket = bucket;
  }
}
