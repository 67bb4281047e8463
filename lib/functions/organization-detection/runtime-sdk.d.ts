/** Calls of the AWS SDK that only this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-securityhub' {
  interface Linking {
    RegionLinkingMode: 'SPECIFIED_REGIONS' | 'NO_REGIONS';
    Regions?: string[];
  }

  export class SecurityHub {
    constructor(configuration?: { maxAttempts: number });
    listFindingAggregators(
      input: Record<string, never>,
    ): Promise<{ FindingAggregators?: { FindingAggregatorArn?: string }[] }>;
    createFindingAggregator(input: Linking): Promise<unknown>;
    updateFindingAggregator(input: Linking & { FindingAggregatorArn: string }): Promise<unknown>;
  }
}
