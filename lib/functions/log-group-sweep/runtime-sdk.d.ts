/** The calls of the AWS SDK that this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-cloudwatch-logs' {
  export class CloudWatchLogs {
    describeLogGroups(input: { nextToken?: string; limit?: number }): Promise<{
      logGroups?: { logGroupName?: string; logGroupArn?: string; kmsKeyId?: string; retentionInDays?: number }[];
      nextToken?: string;
    }>;
    listTagsForResource(input: { resourceArn: string }): Promise<{ tags?: Record<string, string> }>;
  }
}
