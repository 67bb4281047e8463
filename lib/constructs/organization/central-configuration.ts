import { Stack } from 'aws-cdk-lib';
import * as securityhub from 'aws-cdk-lib/aws-securityhub';
import { Construct, type IDependable } from 'constructs';
import { STANDARDS } from '../detection/detection-features';

export interface CentralConfigurationProps {
  /** Root of the organization, whose accounts all get the policy: those of today and those that join. */
  readonly rootId: string;
  /** Gathers the findings (`CentralDetection`): its Regions are those that are configured. */
  readonly findings: IDependable;
}

/** Checks that are off everywhere, and why. Every other one is on, those that AWS adds later too. */
const DISABLED: Readonly<Record<string, string>> = {
  'Macie.1': 'Macie is not used: nothing that is published promises that objects are searched for personal data',
  'Macie.2': 'the same',
};

/**
 * Configures Security Hub in every account of the organization from one: a policy with the standards that `ThreatDetection` has, for the root. Accounts that are there become members by it, and can change nothing of it themselves.
 *
 * The stack must be in the account that is delegated administrator, and in the home Region. That account has a hub since it was named, so none
 * is made here. Security Hub takes the parts in this order alone: where findings are gathered, then central configuration, then a
 * policy, then whom it binds.
 *
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/start-central-configuration.html
 */
export class CentralConfiguration extends Construct {
  constructor(scope: Construct, id: string, props: CentralConfigurationProps) {
    super(scope, id);
    const { partition, region } = Stack.of(this);
    const central = new securityhub.CfnOrganizationConfiguration(this, 'Resource', {
      configurationType: 'CENTRAL',
      // Both are for local configuration, and refused with any other value here
      autoEnable: false,
      autoEnableStandards: 'NONE',
    });
    central.node.addDependency(props.findings);
    const policy = new securityhub.CfnConfigurationPolicy(this, 'Policy', {
      name: 'every-account',
      description: 'What Security Hub checks in every account of the organization',
      configurationPolicy: {
        securityHub: {
          serviceEnabled: true,
          enabledStandardIdentifiers: Object.values(STANDARDS).map(
            (standard) => `arn:${partition}:securityhub:${region}::standards/${standard}`,
          ),
          securityControlsConfiguration: { disabledSecurityControlIdentifiers: Object.keys(DISABLED) },
        },
      },
    });
    policy.addResourceDependency(central);
    new securityhub.CfnPolicyAssociation(this, 'EveryAccount', {
      configurationPolicyId: policy.attrId,
      targetType: 'ROOT',
      targetId: props.rootId,
    });
  }
}
