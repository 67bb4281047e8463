import {
  BREAK_GLASS_ROLE,
  DEPLOYING_ROLES,
  DETECTING_ROLES,
  EVERY_USER,
  except,
  GUARDING_ROLES,
  type GuardRailDocument,
  guardRail,
  MEMBER_ROLES,
  ROOT_USER,
} from './guard-rail-principals';

/** What an IAM user needs to register a second factor, before there is one. */
const REGISTER_SECOND_FACTOR = [
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:ListVirtualMFADevices',
  'iam:ResyncMFADevice',
  'sts:GetSessionToken',
];

/**
 * Nobody works as the root user, no IAM user without a second factor, nobody makes IAM users, leaves the organization, or changes the roles that
 * the other guard-rails spare.
 *
 * The second factor is asked of IAM users alone. `BoolIfExists`, because a request with an access key has no
 * `aws:MultiFactorAuthPresent` at all, and a plain `Bool` would never match it. And not of roles: those of services, and sessions of Identity
 * Center, which asks for the second factor when people sign in, do not carry it either.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
export function identityGuardRail(): GuardRailDocument {
  return guardRail(
    {
      Sid: 'NobodyIsRoot',
      Effect: 'Deny',
      Action: ['*'],
      Resource: '*',
      Condition: { ArnLike: { 'aws:PrincipalArn': ROOT_USER } },
    },
    {
      Sid: 'UsersNeedSecondFactor',
      Effect: 'Deny',
      NotAction: REGISTER_SECOND_FACTOR,
      Resource: '*',
      Condition: {
        ArnLike: { 'aws:PrincipalArn': EVERY_USER },
        BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
      },
    },
    {
      Sid: 'NoUsersNoLongLivedKeys',
      Effect: 'Deny',
      Action: [
        'iam:CreateAccessKey',
        'iam:CreateLoginProfile',
        'iam:CreateServiceSpecificCredential',
        'iam:CreateUser',
        'iam:UpdateLoginProfile',
        'iam:UploadSigningCertificate',
      ],
      Resource: '*',
      Condition: except(BREAK_GLASS_ROLE),
    },
    {
      Sid: 'StayInOrganization',
      Effect: 'Deny',
      Action: ['account:CloseAccount', 'organizations:LeaveOrganization'],
      Resource: '*',
    },
    {
      Sid: 'KeepSparedRoles',
      Effect: 'Deny',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
      ],
      Resource: [...DEPLOYING_ROLES, ...GUARDING_ROLES, ...DETECTING_ROLES, ...MEMBER_ROLES],
      Condition: except(BREAK_GLASS_ROLE, ...DEPLOYING_ROLES),
    },
  );
}
