import type { Control } from '../control/control';
import { readingOperation } from './sdk-clients';

/** An IAM policy document, ready for `aws iam create-policy --policy-document`. */
export interface ReadOnlyPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: '*';
  }[];
}

/**
 * What an identity must be allowed so that `verify` sees everything: exactly the reads that the controls declare, and who it is.
 * Every action of these services is named in IAM as its operation is. They are allowed on every resource: most of them take
 * none, and a trail may belong to the organization's management account.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 *
 * @throws Error where a control declares what does more than read
 */
export function readOnlyPolicy(controls: readonly Control[]): ReadOnlyPolicy {
  const reads = ['sts:GetCallerIdentity', ...controls.flatMap(({ live }) => live?.reads ?? [])];
  const actions = reads.map((action) => {
    const { service, operation } = readingOperation(action);
    return `${service}:${operation}`;
  });
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'AvouchReadsTheAccount', Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource: '*' }],
  };
}
