/** The call of the AWS SDK that only this function makes. The SDK itself comes with Lambda's Node.js runtime and is not bundled. */

declare module '@aws-sdk/client-cloudwatch' {
  export class CloudWatch {
    putMetricData(input: {
      Namespace: string;
      MetricData: { MetricName: string; Value: number; Unit: 'Seconds'; Timestamp: Date }[];
    }): Promise<unknown>;
  }
}
