/** The call of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-inspector2' {
  export class Inspector2 {
    enable(input: {
      accountIds: string[];
      resourceTypes: string[];
    }): Promise<{ failedAccounts?: { accountId?: string; errorCode?: string; errorMessage?: string }[] }>;
  }
}
