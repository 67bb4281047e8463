import { Construct } from 'constructs';
import { BREAK_GLASS_ROLE, DEPLOYING_ROLES, except, type GuardRailDocument, guardRail } from './guard-rail-principals';
import { OrganizationPolicy } from './organization-policy';

export interface DeliveryGuardRailsProps {
  /** Each environment that a pipeline deploys: its name, its account, and the name of the pipeline's role there. */
  readonly environments: readonly { readonly name: string; readonly account: string; readonly roleName: string }[];
}

/**
 * Keeps deployments to the pipeline, one policy for each account that has one: nobody else changes a stack, takes on the roles of the CDK that do,
 * or touches the pipeline's own role. In an emergency somebody may, and that is looked at afterwards; bootstrapping is done so too.
 *
 * Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export class DeliveryGuardRails extends Construct {
  constructor(scope: Construct, id: string, props: DeliveryGuardRailsProps) {
    super(scope, id);
    for (const { name, account, roleName } of props.environments) {
      new OrganizationPolicy(this, name, {
        name: `delivery-${name}`,
        description: `Only the pipeline of ${name} deploys to it`,
        type: 'SERVICE_CONTROL_POLICY',
        targets: [account],
        content: pipelineOnly(roleName),
      });
    }
  }
}

const role = (name: string) => `arn:*:iam::*:role/${name}`;

/** Roles of the bootstrap through which a deployment comes; whoever publishes for it writes what is deployed. */
const TAKEN_ON = ['deploy', 'file-publishing', 'image-publishing'].map((work) => role(`cdk-*-${work}-role-*`));

/** What changes stacks, stack sets and the types and hooks of CloudFormation. */
const DEPLOYS = ['Activate', 'Cancel', 'Continue', 'Create', 'Deactivate', 'Delete', 'Execute', 'Import']
  .concat('Publish', 'Register', 'Rollback', 'Set', 'Stop', 'Update')
  .map((verb) => `cloudformation:${verb}*`);

/** What makes, opens or ends the pipeline's role and its trust. */
const OPENS = [
  'AttachRolePolicy',
  'CreateRole',
  'DeleteRole*',
  'DetachRolePolicy',
  'PutRole*',
  'UpdateAssumeRolePolicy',
  'UpdateRole*',
]
  .concat('AddClientIDToOpenIDConnectProvider', 'CreateOpenIDConnectProvider', 'DeleteOpenIDConnectProvider')
  .concat('RemoveClientIDFromOpenIDConnectProvider', 'UpdateOpenIDConnectProviderThumbprint')
  .map((action) => `iam:${action}`);

function pipelineOnly(roleName: string): GuardRailDocument {
  const [deployRole = ''] = TAKEN_ON;
  return guardRail(
    {
      Sid: 'DeployThroughRolesOfTheCdk',
      Effect: 'Deny',
      Action: DEPLOYS,
      Resource: '*',
      // A parent stack makes its nested ones with the role that executes it
      Condition: except(BREAK_GLASS_ROLE, deployRole, ...DEPLOYING_ROLES),
    },
    {
      Sid: 'OnlyThePipelineTakesThemOn',
      Effect: 'Deny',
      Action: ['sts:AssumeRole'],
      Resource: TAKEN_ON,
      Condition: except(BREAK_GLASS_ROLE, role(roleName)),
    },
    {
      Sid: 'KeepThePipeline',
      Effect: 'Deny',
      Action: OPENS,
      Resource: [...TAKEN_ON, role(roleName), 'arn:*:iam::*:oidc-provider/*'],
      Condition: except(BREAK_GLASS_ROLE, ...DEPLOYING_ROLES),
    },
  );
}
