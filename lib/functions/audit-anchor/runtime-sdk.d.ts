/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-s3' {
  export class S3 {
    constructor(configuration?: {
      credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
    });
    getObject(input: { Bucket: string; Key: string }): Promise<{ Body?: { transformToString(): Promise<string> } }>;
    listObjectsV2(input: {
      Bucket: string;
      Prefix: string;
      StartAfter?: string;
      ContinuationToken?: string;
    }): Promise<{ Contents?: { Key?: string }[]; NextContinuationToken?: string }>;
    putObject(input: {
      Bucket: string;
      ExpectedBucketOwner?: string;
      Key: string;
      Body: string;
      ContentType: string;
      ChecksumAlgorithm: 'SHA256';
      IfNoneMatch: '*';
    }): Promise<unknown>;
  }
}
