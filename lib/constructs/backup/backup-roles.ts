import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Path of roles that work with backups: buckets that refuse everybody else admit them by it. */
export const BACKUP_PATH = '/backup/';

/**
 * Roles of AWS Backup by `aws:PrincipalArn`, for policies that refuse everybody else: those below, in whatever stack, and the one that AWS links to
 * the service.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles-AWSServiceRoleForBackup.html
 */
export const BACKUP_ROLES: readonly string[] = [
  `arn:*:iam::*:role${BACKUP_PATH}*`,
  'arn:*:iam::*:role/aws-service-role/backup.amazonaws.com/*',
];

/**
 * Role with which AWS Backup makes and copies backups. AWS keeps its policies in step with what its service calls: a policy of one's own
 * would fail at night, after a change that nobody here made.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html
 */
export function backupRole(scope: Construct, id: string): iam.Role {
  return serviceRole(scope, id, 'Makes and copies backups', [
    'service-role/AWSBackupServiceRolePolicyForBackup',
    'AWSBackupServiceRolePolicyForS3Backup',
  ]);
}

/** Role with which AWS Backup restores. Whoever makes backups has no need of it. */
export function restoreRole(scope: Construct, id: string): iam.Role {
  return serviceRole(scope, id, 'Restores backups', [
    'service-role/AWSBackupServiceRolePolicyForRestores',
    'AWSBackupServiceRolePolicyForS3Restore',
  ]);
}

function serviceRole(scope: Construct, id: string, description: string, policies: readonly string[]): iam.Role {
  return new iam.Role(scope, id, {
    path: BACKUP_PATH,
    description,
    // AWS Backup serves every account: it takes this role on for none but this one
    assumedBy: new iam.ServicePrincipal('backup.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    managedPolicies: policies.map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name)),
  });
}
