/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-s3' {
  /** A bucket, and the account that it must belong to. */
  export interface OwnBucket {
    Bucket: string;
    ExpectedBucketOwner: string;
  }

  export interface S3 {
    createBucket(input: {
      Bucket: string;
      ObjectOwnership: 'BucketOwnerEnforced';
      CreateBucketConfiguration: { LocationConstraint: string };
    }): Promise<unknown>;
    getPublicAccessBlock(input: OwnBucket): Promise<{
      PublicAccessBlockConfiguration?: {
        BlockPublicAcls?: boolean;
        IgnorePublicAcls?: boolean;
        BlockPublicPolicy?: boolean;
        RestrictPublicBuckets?: boolean;
      };
    }>;
    putBucketPolicy(input: OwnBucket & { Policy: string }): Promise<unknown>;
    putBucketEncryption(
      input: OwnBucket & {
        ServerSideEncryptionConfiguration: {
          Rules: {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms'; KMSMasterKeyID: string };
            BucketKeyEnabled: true;
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] };
          }[];
        };
      },
    ): Promise<unknown>;
    putBucketVersioning(input: OwnBucket & { VersioningConfiguration: { Status: 'Enabled' } }): Promise<unknown>;
    putBucketLifecycleConfiguration(
      input: OwnBucket & {
        LifecycleConfiguration: {
          Rules: {
            ID: string;
            Status: 'Enabled';
            Filter: { Prefix: '' };
            NoncurrentVersionExpiration: { NoncurrentDays: number };
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: number };
            Expiration: { ExpiredObjectDeleteMarker: true };
          }[];
        };
      },
    ): Promise<unknown>;
    putBucketLogging(
      input: OwnBucket & {
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket: string; TargetPrefix: string } };
      },
    ): Promise<unknown>;
    putBucketTagging(input: OwnBucket & { Tagging: { TagSet: { Key: string; Value: string }[] } }): Promise<unknown>;
  }
}
