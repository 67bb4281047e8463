import { ACM } from '@aws-sdk/client-acm';
import { SNS } from '@aws-sdk/client-sns';
import { SSM } from '@aws-sdk/client-ssm';
import { ownSerials } from './own-certificates';
import { watchCertificates } from './watch';

const acm = new ACM();
const sns = new SNS();
const ssm = new SSM();

/** Entry point of the function: one look, with the SDK of the runtime. */
export async function handler(): Promise<number> {
  const parameter = setting('KNOWN');
  return watchCertificates({
    domainName: setting('DOMAIN_NAME'),
    monitor: setting('MONITOR'),
    ownSerials: () => ownSerials(acm, setting('CERTIFICATES').split(',')),
    recall: async () => (await ssm.getParameter({ Name: parameter })).Parameter?.Value ?? '[]',
    remember: async (text) => {
      const kind = { Type: 'String', Tier: 'Intelligent-Tiering', Overwrite: true } as const;
      await ssm.putParameter({ Name: parameter, Value: text, ...kind });
    },
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
