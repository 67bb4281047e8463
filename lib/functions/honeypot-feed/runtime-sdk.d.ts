/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-wafv2' {
  interface IPSetName {
    Id: string;
    Name: string;
    Scope: 'REGIONAL';
  }

  export class WAFV2 {
    getIPSet(input: IPSetName): Promise<{ IPSet?: { Addresses?: string[] }; LockToken?: string }>;
    updateIPSet(input: IPSetName & { Addresses: string[]; LockToken: string; Description?: string }): Promise<unknown>;
  }
}
