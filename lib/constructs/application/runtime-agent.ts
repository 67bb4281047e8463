import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Accounts of AWS that hold the agent which GuardDuty puts beside each task, by Region. The European Sovereign Cloud is not in the
 * list: nothing is let in there for an agent whose place is not documented.
 *
 * Source: https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring-ecr-repository-gdu-agent.html
 */
const ACCOUNTS: Readonly<Record<string, string>> = {
  'eu-central-1': '323658145986',
  'eu-north-1': '591436053604',
  'eu-south-1': '266869475730',
  'eu-south-2': '919611009337',
  'eu-west-1': '694911143906',
  'eu-west-3': '665651866788',
};

/** What pulling an image takes. */
export const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** ARNs of the repository from which tasks pull GuardDuty's agent in the Region of the stack; none where it is not known. */
export function runtimeAgentRepositories(scope: Construct): readonly string[] {
  const stack = Stack.of(scope);
  const account = ACCOUNTS[stack.region];
  const resourceName = 'aws-guardduty-agent-fargate';
  return account === undefined
    ? []
    : [stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName })];
}
