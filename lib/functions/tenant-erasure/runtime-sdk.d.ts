/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-s3' {
  /** A version of an object, or a delete marker. */
  export interface StoredVersion {
    Key?: string;
    VersionId?: string;
  }

  export interface S3 {
    listObjectVersions(input: OwnBucket & { Prefix: string; KeyMarker?: string; VersionIdMarker?: string }): Promise<{
      Versions?: StoredVersion[];
      DeleteMarkers?: StoredVersion[];
      NextKeyMarker?: string;
      NextVersionIdMarker?: string;
    }>;
    deleteObjects(
      input: OwnBucket & { Delete: { Quiet: true; Objects: { Key: string; VersionId: string }[] } },
    ): Promise<{ Errors?: { Code?: string }[] }>;
    listMultipartUploads(
      input: OwnBucket & { Prefix: string },
    ): Promise<{ Uploads?: { Key?: string; UploadId?: string }[] }>;
    abortMultipartUpload(input: OwnBucket & { Key: string; UploadId: string }): Promise<unknown>;
    deleteBucket(input: OwnBucket): Promise<unknown>;
  }
}

declare module '@aws-sdk/client-cognito-identity-provider' {
  /** An account of a user pool. */
  interface Account {
    UserPoolId: string;
    Username: string;
  }

  export class CognitoIdentityProvider {
    listUsersInGroup(input: {
      UserPoolId: string;
      GroupName: string;
      Limit: number;
    }): Promise<{ Users?: { Username?: string }[] }>;
    adminListGroupsForUser(input: Account & { Limit: number }): Promise<{ Groups?: { GroupName?: string }[] }>;
    adminRemoveUserFromGroup(input: Account & { GroupName: string }): Promise<unknown>;
    adminDeleteUser(input: Account): Promise<unknown>;
  }
}
