import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { SNS } from '@aws-sdk/client-sns';
import { sweepLogGroups } from './sweep';

const logs = new CloudWatchLogs();
const sns = new SNS();

/** Entry point of the function: one sweep, with the SDK of the runtime. */
export async function handler(): Promise<number> {
  const topic = process.env.TOPIC;
  if (!topic) {
    throw new Error('the function has no TOPIC in its environment, expected the one of its construct');
  }
  return sweepLogGroups({
    logs,
    report: async (subject, message) => {
      await sns.publish({ TopicArn: topic, Subject: subject.slice(0, 100), Message: message });
    },
  });
}
