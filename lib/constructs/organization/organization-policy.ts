import { Stack } from 'aws-cdk-lib';
import * as organizations from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';

/**
 * Characters that Organizations takes of each kind of policy, white space included.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const POLICY_CHARACTERS = {
  SERVICE_CONTROL_POLICY: 5_120,
  RESOURCE_CONTROL_POLICY: 5_120,
  DECLARATIVE_POLICY_EC2: 10_000,
  BACKUP_POLICY: 10_000,
} as const;

export interface OrganizationPolicyProps {
  /** Name that administrators see. */
  readonly name: string;
  /** What it is there for, in at most 512 characters. */
  readonly description: string;
  readonly type: keyof typeof POLICY_CHARACTERS;
  /** The policy itself; plain data, so that its size is known. */
  readonly content: object;
  /** Roots, organizational units and accounts that it binds. Each takes five service control policies at most, FullAWSAccess included. */
  readonly targets: readonly string[];
}

/**
 * One policy of an organization. It binds every member account below its targets, but never the management account, and never roles
 * that are linked to a service.
 *
 * @throws Error where the policy is larger than Organizations takes, or holds values that only a deployment knows
 */
export class OrganizationPolicy extends Construct {
  constructor(scope: Construct, id: string, props: OrganizationPolicyProps) {
    super(scope, id);
    const { name, description, type, content, targets } = props;
    const size = JSON.stringify(content).length;
    if (size > POLICY_CHARACTERS[type]) {
      throw new Error(
        `policy '${name}' has ${size} characters, allowed of ${type} are ${POLICY_CHARACTERS[type]}: split it`,
      );
    }
    if (JSON.stringify(Stack.of(this).resolve(content)) !== JSON.stringify(content)) {
      throw new Error(`policy '${name}' holds values that only a deployment knows: write them out`);
    }
    new organizations.CfnPolicy(this, 'Resource', { name, description, type, content, targetIds: [...targets] });
  }
}
