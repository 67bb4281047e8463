/** The call of the AWS SDK that only this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-s3' {
  export interface S3 {
    listBuckets(input: {
      Prefix: string;
      MaxBuckets: number;
      ContinuationToken?: string;
    }): Promise<{ Buckets?: { Name?: string }[]; ContinuationToken?: string }>;
  }
}
