import { ECR } from '@aws-sdk/client-ecr';
import { SNS } from '@aws-sdk/client-sns';
import { watchImageAge } from './watch';

const registry = new ECR();
const sns = new SNS();

/** Entry point of the function: one look, with the SDK of the runtime. */
export async function handler(): Promise<number> {
  return watchImageAge({
    registry,
    images: setting('IMAGES').split(','),
    days: Number(setting('DAYS')),
    report: async (subject, message) => {
      await sns.publish({ TopicArn: setting('TOPIC'), Subject: subject.slice(0, 100), Message: message });
    },
    now: () => new Date(),
  });
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
