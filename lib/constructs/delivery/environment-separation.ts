import { Construct } from 'constructs';
import { guardRail } from '../organization/guard-rail-principals';
import { OrganizationPolicy } from '../organization/organization-policy';

export interface EnvironmentSeparationProps {
  /** Name and account of each environment. */
  readonly environments: readonly { readonly name: string; readonly account: string }[];
}

/**
 * Keeps environments apart: nobody in the account of one reaches a resource in that of another, whatever both accounts' policies allow. One policy for each
 * environment, attached to its account, because each must reach its own.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
 */
export class EnvironmentSeparation extends Construct {
  constructor(scope: Construct, id: string, props: EnvironmentSeparationProps) {
    super(scope, id);
    for (const { name, account } of props.environments) {
      const others = props.environments.map((each) => each.account).filter((each) => each !== account);
      new OrganizationPolicy(this, name, {
        name: `environment-${name}`,
        description: `Keeps ${name} apart from every other environment`,
        type: 'SERVICE_CONTROL_POLICY',
        targets: [account],
        content: guardRail({
          Sid: 'StayInEnvironment',
          Effect: 'Deny',
          Action: ['*'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceAccount': others } },
        }),
      });
    }
  }
}
