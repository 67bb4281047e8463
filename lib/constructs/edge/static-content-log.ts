import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/**
 * Makes the bucket in the environment's own Region that receives the logs of a CloudFront distribution.
 *
 * The one bucket with access lists: CloudFront's standard logs are delivered by them, and the newer delivery has to be set up in a Region outside
 * the EU. Nothing in it can be public all the same.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */
export function distributionLogBucket(
  scope: Construct,
  id: string,
  props: { readonly retentionDays: number; readonly accessLogs: s3.IBucket },
): s3.Bucket {
  const bucket = new s3.Bucket(scope, id, {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    lifecycleRules: [
      {
        id: 'replaced-versions-and-unfinished-uploads',
        enabled: true,
        expiration: Duration.days(props.retentionDays),
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof s3.CfnBucket)) {
    throw new Error(`bucket '${bucket.node.path}' has no bucket resource to send access logs from`);
  }
  // On the resource itself, so that the policy of the target is not edited from here
  resource.loggingConfiguration = {
    destinationBucketName: props.accessLogs.bucketName,
    logFilePrefix: 'static-content-log/',
  };
  return bucket;
}
