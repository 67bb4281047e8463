/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-ecr' {
  export class ECR {
    describeImages(input: {
      registryId: string;
      repositoryName: string;
      imageIds: { imageDigest: string }[];
    }): Promise<{ imageDetails?: { imageDigest?: string; imagePushedAt?: Date }[] }>;
  }
}
