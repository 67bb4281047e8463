import { CfnStackSet } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Bytes of a template that a stack set takes in its own text; a larger one would have to lie in a bucket.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const INLINE_TEMPLATE_BYTES = 51_200;

export interface OrganizationStackSetProps {
  /** Name of the stack set, and of what each account shows. */
  readonly name: string;
  readonly description: string;
  /** The template itself, as plain data: it runs in accounts of which nothing is known. */
  readonly template: object;
  /**
   * Values of the template's parameters, which may be known only to a deployment.
   *
   * @default - it has none
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Root, or organizational units, whose accounts get it: those of today and those that join. The management account never does. */
  readonly targets: readonly string[];
  /** Regions that it is deployed to, one after the other in this order. */
  readonly regions: readonly string[];
  /**
   * Whether the stack that deploys it is in a delegated administrator's account.
   *
   * @default false
   */
  readonly delegated?: boolean;
  /**
   * ARNs of stack sets that an account which joins gets first.
   *
   * @default - none
   */
  readonly after?: readonly string[];
}

/**
 * A stack set with permissions of the organization: an account that joins gets it by itself, and one that leaves keeps what it has. The first account that
 * refuses it stops the others, so that nobody takes a half for the whole. The template holds no asset, so nothing has to be bootstrapped in an account first.
 *
 * A list of accounts to spare would hold for today's only: automatic deployments do not look at it. Whom a template spares, it says itself, by conditions.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 *
 * @throws Error where the template is larger than a stack set takes
 */
export function organizationStackSet(scope: Construct, id: string, props: OrganizationStackSetProps): CfnStackSet {
  const templateBody = JSON.stringify(props.template);
  const bytes = Buffer.byteLength(templateBody);
  if (bytes > INLINE_TEMPLATE_BYTES) {
    throw new Error(
      `the template of stack set '${props.name}' has ${bytes} bytes, allowed in a stack set are ${INLINE_TEMPLATE_BYTES}: split it`,
    );
  }
  const severalRegions = props.regions.length > 1;
  return new CfnStackSet(scope, id, {
    stackSetName: props.name,
    description: props.description,
    permissionModel: 'SERVICE_MANAGED',
    callAs: props.delegated ? 'DELEGATED_ADMIN' : 'SELF',
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true, dependsOn: props.after && [...props.after] },
    managedExecution: { Active: true },
    capabilities: ['CAPABILITY_NAMED_IAM'],
    operationPreferences: {
      failureTolerancePercentage: 0,
      maxConcurrentPercentage: 25,
      ...(severalRegions ? { regionConcurrencyType: 'SEQUENTIAL', regionOrder: [...props.regions] } : {}),
    },
    parameters:
      props.parameters &&
      Object.entries(props.parameters).map(([parameterKey, parameterValue]) => ({ parameterKey, parameterValue })),
    stackInstancesGroup: [
      { regions: [...props.regions], deploymentTargets: { organizationalUnitIds: [...props.targets] } },
    ],
    templateBody,
  });
}
