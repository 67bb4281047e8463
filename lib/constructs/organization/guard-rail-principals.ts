/**
 * Principals as guard-rails know them, by `aws:PrincipalArn`: for a session that is the ARN of its role, with its path. The partition is
 * left open, so that one text serves every partition.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const role = (name: string) => `arn:*:iam::*:role/${name}`;

/** Name of the permission set for emergencies. */
export const BREAK_GLASS = 'BreakGlass';

/**
 * Sessions of the permission set for emergencies. Nobody can make a role with such a path: it is reserved for Identity Center.
 *
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export const BREAK_GLASS_ROLE = role(`aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${BREAK_GLASS}_*`);

/** Roles through which CloudFormation deploys: of the CDK's bootstrap, and of stack sets. */
export const DEPLOYING_ROLES = [role('cdk-*-cfn-exec-role-*'), role('stacksets-exec-*')];

/** The functions that set the guards of an account while they are deployed: of an environment, and of a member (`MemberGuards`). */
export const GUARDING_ROLES = [role('*AccountGuardsRole*'), role('organization-guards')];

/** Roles that a stack set brings to every account. */
export const MEMBER_ROLES = [role('organization-*')];

/** The function that switches detection on in every account while it is deployed. */
export const DETECTING_ROLES = [role('*CentralDetectionRole*')];

export const ROOT_USER = 'arn:*:iam::*:root';

export const EVERY_USER = 'arn:*:iam::*:user/*';

/** Condition block that leaves out some principals. */
export function except(...patterns: readonly string[]): { readonly ArnNotLike: Readonly<Record<string, unknown>> } {
  return { ArnNotLike: { 'aws:PrincipalArn': patterns } };
}

export interface GuardRailStatement {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Principal?: '*';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface GuardRailDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly GuardRailStatement[];
}

export function guardRail(...Statement: readonly GuardRailStatement[]): GuardRailDocument {
  return { Version: '2012-10-17', Statement };
}
