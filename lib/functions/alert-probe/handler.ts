import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SSM } from '@aws-sdk/client-ssm';
import { alertProbe } from './probe';

const { PARAMETER = '', ALERTS_PARAMETER = '', ALERTS_TOPIC = '', HEARD_PARAMETER = '', NAMESPACE = '' } = process.env;
const cloudWatch = new CloudWatch();
const ssm = new SSM();

const write = async (parameter: string, value: string) => {
  await ssm.putParameter({
    Name: parameter,
    Value: value,
    Type: 'String',
    Tier: 'Intelligent-Tiering',
    Overwrite: true,
  });
};

/** Entry point of the function: the probe with the SDK of the runtime. */
export const handler = alertProbe({
  ways: [{ parameter: PARAMETER }, { parameter: ALERTS_PARAMETER, topic: ALERTS_TOPIC }],
  call: write,
  recall: async () => (await ssm.getParameter({ Name: HEARD_PARAMETER })).Parameter?.Value ?? '',
  remember: (value) => write(HEARD_PARAMETER, value),
  measure: async ({ name, seconds, topic }, at) => {
    await cloudWatch.putMetricData({
      Namespace: NAMESPACE,
      MetricData: [
        {
          MetricName: name,
          Dimensions: topic === undefined ? [] : [{ Name: 'Topic', Value: topic }],
          Value: seconds,
          Unit: 'Seconds',
          Timestamp: at,
        },
      ],
    });
  },
  now: () => new Date(),
});
