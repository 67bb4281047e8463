/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-s3' {
  /** An object as a list names it. */
  export interface ListedObject {
    Key?: string;
    Size?: number;
    ETag?: string;
  }

  export interface S3 {
    putObject(
      input: OwnBucket & {
        Key: string;
        Body: Uint8Array;
        ContentType: string;
        ChecksumSHA256: string;
        IfNoneMatch?: '*';
        IfMatch?: string;
      },
    ): Promise<unknown>;
    getObject(
      input: OwnBucket & { Key: string },
    ): Promise<{ Body?: { transformToString(): Promise<string> }; ETag?: string }>;
    deleteObject(input: OwnBucket & { Key: string }): Promise<unknown>;
    listObjectsV2(
      input: OwnBucket & { Prefix: string; StartAfter?: string; ContinuationToken?: string },
    ): Promise<{ Contents?: ListedObject[]; NextContinuationToken?: string }>;
    copyObject(
      input: OwnBucket & {
        Key: string;
        CopySource: string;
        CopySourceIfMatch: string;
        ExpectedSourceBucketOwner: string;
        ChecksumAlgorithm: 'SHA256';
        TaggingDirective: 'REPLACE';
      },
    ): Promise<{ CopyObjectResult?: { ChecksumSHA256?: string } }>;
    createMultipartUpload(
      input: OwnBucket & { Key: string; ChecksumAlgorithm: 'SHA256'; ChecksumType: 'COMPOSITE' },
    ): Promise<{ UploadId?: string }>;
    uploadPartCopy(
      input: OwnBucket & {
        Key: string;
        UploadId: string;
        PartNumber: number;
        CopySource: string;
        CopySourceRange: string;
        CopySourceIfMatch: string;
        ExpectedSourceBucketOwner: string;
      },
    ): Promise<{ CopyPartResult?: { ETag?: string; ChecksumSHA256?: string } }>;
    completeMultipartUpload(
      input: OwnBucket & {
        Key: string;
        UploadId: string;
        MultipartUpload: { Parts: { PartNumber: number; ETag: string; ChecksumSHA256: string }[] };
      },
    ): Promise<unknown>;
    abortMultipartUpload(input: OwnBucket & { Key: string; UploadId: string }): Promise<unknown>;
  }
}

declare module '@aws-sdk/client-cognito-identity-provider' {
  export interface CognitoIdentityProvider {
    listUsersInGroup(input: { UserPoolId: string; GroupName: string; Limit: number; NextToken?: string }): Promise<{
      Users?: {
        Username?: string;
        UserStatus?: string;
        Enabled?: boolean;
        UserCreateDate?: Date;
        UserLastModifiedDate?: Date;
        Attributes?: { Name?: string; Value?: string }[];
      }[];
      NextToken?: string;
    }>;
  }
}

declare module '@aws-sdk/client-sfn' {
  export class SFN {
    sendTaskSuccess(input: { taskToken: string; output: string }): Promise<unknown>;
    sendTaskFailure(input: { taskToken: string; error: string; cause: string }): Promise<unknown>;
  }
}
