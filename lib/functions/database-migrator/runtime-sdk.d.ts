/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-secrets-manager' {
  export class SecretsManager {
    getSecretValue(input: { SecretId: string }): Promise<{ SecretString?: string }>;
  }
}
