import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SSM } from '@aws-sdk/client-ssm';
import { alertProbe } from './probe';

const { PARAMETER = '', NAMESPACE = '', METRIC = '' } = process.env;
const cloudWatch = new CloudWatch();
const ssm = new SSM();

/** Entry point of the function: the probe with the SDK of the runtime. */
export const handler = alertProbe({
  parameter: PARAMETER,
  call: async (value) => {
    await ssm.putParameter({
      Name: PARAMETER,
      Value: value,
      Type: 'String',
      Tier: 'Intelligent-Tiering',
      Overwrite: true,
    });
  },
  measure: async (seconds, at) => {
    await cloudWatch.putMetricData({
      Namespace: NAMESPACE,
      MetricData: [{ MetricName: METRIC, Value: seconds, Unit: 'Seconds', Timestamp: at }],
    });
  },
  now: () => new Date(),
});
