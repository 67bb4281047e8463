import type { Template } from './template';

const partitions: readonly (readonly [RegExp, string, string])[] = [
  [/^cn-/, 'aws-cn', 'amazonaws.com.cn'],
  [/^us-gov-/, 'aws-us-gov', 'amazonaws.com'],
  [/^eusc-/, 'aws-eusc', 'amazonaws.eu'],
  [/^us-iso-/, 'aws-iso', 'c2s.ic.gov'],
  [/^us-isob-/, 'aws-iso-b', 'sc2s.sgov.gov'],
  [/^eu-isoe-/, 'aws-iso-e', 'cloud.adc-e.uk'],
  [/^us-isof-/, 'aws-iso-f', 'csp.hci.ic.gov'],
];

/**
 * Value of a pseudo parameter where the template's deployment says it, or undefined.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
 */
export function pseudoParameter(template: Template, name: string): string | undefined {
  const { region, account, stackName } = template.origin;
  switch (name) {
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return account;
    case 'AWS::StackName':
      return stackName;
    case 'AWS::Partition':
      return region && (partitionOf(region)?.[1] ?? 'aws');
    case 'AWS::URLSuffix':
      return region && (partitionOf(region)?.[2] ?? 'amazonaws.com');
    default:
      return undefined;
  }
}

function partitionOf(region: string) {
  return partitions.find(([pattern]) => pattern.test(region));
}
