import type { Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

const CLOUDFRONT = new iam.ServicePrincipal('cloudfront.amazonaws.com');

/** A bucket as the origin of a distribution, and nothing but that: the CDK's own would write a statement of its making into the key. */
class BucketOrigin extends cloudfront.OriginBase {
  // That of the CDK is open to its own classes only
  constructor(bucket: s3.IBucket, props: cloudfront.OriginProps) {
    super(bucket.bucketRegionalDomainName, props);
  }

  protected override renderS3OriginConfig(): cloudfront.CfnDistribution.S3OriginConfigProperty {
    // Empty where access control is by signature, as it is here
    return { originAccessIdentity: '' };
  }
}

/** Makes a bucket an origin whose requests CloudFront signs, so that the bucket stays closed to everybody else. */
export function signedOrigin(scope: Construct, bucket: s3.IBucket): cloudfront.IOrigin {
  const control = new cloudfront.S3OriginAccessControl(scope, 'AccessControl', {
    signing: cloudfront.Signing.SIGV4_ALWAYS,
  });
  return new BucketOrigin(bucket, { originAccessControlId: control.originAccessControlId });
}

/** Lets one distribution read a bucket. */
export function letDistributionRead(bucket: s3.IBucket, distribution: cloudfront.Distribution): void {
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'DeliverContent',
      principals: [CLOUDFRONT],
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { StringEquals: { 'aws:SourceArn': distribution.distributionArn } },
    }),
  );
}

/**
 * Lets the distributions of this account decrypt what they deliver. Not one by name: the distribution needs the bucket, the bucket its key,
 * and the key would need the distribution.
 */
export function distributionReader(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DecryptContent',
    principals: [CLOUDFRONT],
    actions: ['kms:Decrypt'],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: {
        'aws:SourceArn': stack.formatArn({
          service: 'cloudfront',
          region: '',
          resource: 'distribution',
          resourceName: '*',
        }),
      },
    },
  });
}
