import { CfnStackSet } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type BaselineProps, memberBaselineTemplate } from './member-baseline-template';

/** Bytes of a template that a stack set takes in its own text; a larger one would have to lie in a bucket. */
export const INLINE_TEMPLATE_BYTES = 51_200;

export interface MemberBaselineProps extends BaselineProps {
  /** Root, or organizational units, whose accounts get it: those of today and those that join. */
  readonly targets: readonly string[];
  /** Region that it is deployed to. */
  readonly region: string;
  /**
   * Whether the stack that deploys it is in a delegated administrator's account.
   *
   * @default false
   */
  readonly delegated?: boolean;
}

/**
 * Brings to every member account what each must have, through a stack set with permissions of the organization: an account that joins gets it by itself,
 * and one that leaves keeps it. The template holds no asset and no function, so nothing has to be bootstrapped in the account first.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 *
 * @throws Error where the template is larger than a stack set takes
 */
export class MemberBaseline extends Construct {
  constructor(scope: Construct, id: string, props: MemberBaselineProps) {
    super(scope, id);
    const templateBody = JSON.stringify(memberBaselineTemplate(props));
    const bytes = Buffer.byteLength(templateBody);
    if (bytes > INLINE_TEMPLATE_BYTES) {
      throw new Error(`the baseline has ${bytes} bytes, allowed in a stack set are ${INLINE_TEMPLATE_BYTES}: split it`);
    }
    new CfnStackSet(this, 'Resource', {
      stackSetName: 'member-baseline',
      description: 'What every account of the organization has',
      permissionModel: 'SERVICE_MANAGED',
      callAs: props.delegated ? 'DELEGATED_ADMIN' : 'SELF',
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
      managedExecution: { Active: true },
      capabilities: ['CAPABILITY_NAMED_IAM'],
      operationPreferences: { failureTolerancePercentage: 0, maxConcurrentPercentage: 25 },
      stackInstancesGroup: [
        { regions: [props.region], deploymentTargets: { organizationalUnitIds: [...props.targets] } },
      ],
      templateBody,
    });
  }
}
