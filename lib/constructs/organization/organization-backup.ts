import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { OrganizationPolicy } from './organization-policy';

export interface OrganizationBackupProps {
  /** Root, or organizational units, whose accounts are backed up. */
  readonly targets: readonly string[];
  /** Regions in which AWS Backup looks for what is tagged, and keeps the copies. */
  readonly regions: readonly string[];
  /** Name of the vault that each account has in each of these Regions. */
  readonly vaultName: string;
  /** Name of the role that each account has. */
  readonly backupRoleName: string;
  /** Days for which a copy is kept. */
  readonly days: number;
}

/**
 * Backs up, every night and in every account, whatever carries the tag `backup: organization`: the net below accounts that have no backup plan of their
 * own. No account can change or remove the plan.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html
 */
export class OrganizationBackup extends Construct {
  constructor(scope: Construct, id: string, props: OrganizationBackupProps) {
    super(scope, id);
    const assign = (value: unknown) => ({ '@@assign': value });
    new OrganizationPolicy(this, 'Policy', {
      name: 'backup',
      description: 'Nightly copies of whatever is tagged for it',
      type: 'BACKUP_POLICY',
      targets: props.targets,
      content: {
        plans: {
          organization: {
            regions: assign(props.regions),
            rules: {
              nightly: {
                schedule_expression: assign('cron(0 2 ? * * *)'),
                target_backup_vault_name: assign(props.vaultName),
                lifecycle: { delete_after_days: assign(String(props.days)) },
              },
            },
            selections: {
              tags: {
                tagged: {
                  // $account is Organizations' own placeholder
                  iam_role_arn: assign(`arn:${Stack.of(this).partition}:iam::$account:role/${props.backupRoleName}`),
                  tag_key: assign('backup'),
                  tag_value: assign(['organization']),
                },
              },
            },
          },
        },
      },
    });
  }
}
