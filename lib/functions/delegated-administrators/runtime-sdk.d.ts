/** The call of the AWS SDK that only this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-cloudtrail' {
  export class CloudTrail {
    constructor(configuration?: { maxAttempts: number });
    registerOrganizationDelegatedAdmin(input: { MemberAccountId: string }): Promise<unknown>;
  }
}
