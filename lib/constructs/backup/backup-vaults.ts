import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface BackupVaultsProps {
  /** Start of the vaults' names, such as `production`: letters, digits and hyphens. */
  readonly name: string;
  /** Key of both vaults. It should encrypt nothing that is live, and its policy must let AWS Backup hold grants. */
  readonly key: kms.IKey;
  /** Fewest days for which anything is kept that goes into the vaults, 7 or more. */
  readonly minimumDays: number;
  /** Most days for which anything is kept. */
  readonly maximumDays: number;
  /**
   * Time in which the lock of the first vault may still be taken off, 3 days or more; afterwards nobody can, AWS included.
   *
   * @default Duration.days(3)
   */
  readonly changeableFor?: Duration;
}

/**
 * Two vaults that nobody can empty: one where backups are made, and an air-gapped one that they are copied to.
 *
 * The air-gapped vault lies in an account of AWS itself, in the same Region: whoever takes over this account, or loses its servers, cannot
 * reach what is in it, and no data leaves the Region. The copy matters for the key too: AWS Backup leaves a backup of Aurora under the key of
 * the database, whatever the vault's key is; only the copy takes the key of its vault.
 *
 * Both are locked in compliance mode, the air-gapped one from its first moment. A backup that is to be kept for a shorter or a longer time than the
 * bounds fails. What must be erased earlier is erased by destroying its key.
 *
 * Sources: https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html,
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html and
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
 *
 * @throws if the bounds are none that both vaults accept
 */
export class BackupVaults extends Construct {
  /** Where backups are made. */
  readonly vault: backup.IBackupVault;
  /** Where they are copied to. */
  readonly airGapped: backup.IBackupVault;

  constructor(scope: Construct, id: string, props: BackupVaultsProps) {
    super(scope, id);
    check(props);
    const { minimumDays, maximumDays } = props;
    this.vault = new backup.BackupVault(this, 'Vault', {
      backupVaultName: `${props.name}-backups`,
      encryptionKey: props.key,
      accessPolicy: refuseWeakening(Stack.of(this)),
      lockConfiguration: {
        // CDK asks for a span between both
        minRetention: Duration.days(Math.min(minimumDays, maximumDays - 1)),
        maxRetention: Duration.days(maximumDays),
        changeableFor: props.changeableFor ?? Duration.days(3),
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const airGapped = new backup.CfnLogicallyAirGappedBackupVault(this, 'AirGapped', {
      backupVaultName: `${props.name}-air-gapped`,
      encryptionKeyArn: props.key.keyArn,
      minRetentionDays: minimumDays,
      maxRetentionDays: maximumDays,
    });
    airGapped.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.airGapped = backup.BackupVault.fromBackupVaultArn(this, 'AirGappedVault', airGapped.attrBackupVaultArn);
  }
}

/**
 * Nobody deletes a backup or shortens its life, not even before the lock is final. The policy itself can be changed by a deployment only.
 * AWS Backup's own expiry is not held up by it.
 */
function refuseWeakening(stack: Stack): iam.PolicyDocument {
  const deny = (sid: string, actions: string[], conditions?: Record<string, Record<string, string>>) =>
    new iam.PolicyStatement({
      sid,
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions,
      resources: ['*'],
      conditions,
    });
  const deployment = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: 'cdk-*-cfn-exec-role-*',
  });
  return new iam.PolicyDocument({
    statements: [
      deny('KeepBackups', [
        'backup:DeleteBackupVault',
        'backup:DeleteRecoveryPoint',
        'backup:DisassociateRecoveryPoint',
        'backup:UpdateRecoveryPointLifecycle',
      ]),
      deny(
        'LeaveItToDeployments',
        [
          'backup:DeleteBackupVaultAccessPolicy',
          'backup:DeleteBackupVaultLockConfiguration',
          'backup:PutBackupVaultAccessPolicy',
          'backup:PutBackupVaultLockConfiguration',
        ],
        { ArnNotLike: { 'aws:PrincipalArn': deployment } },
      ),
    ],
  });
}

function check({ name, minimumDays, maximumDays, changeableFor }: BackupVaultsProps): void {
  const place = `vaults '${name}'`;
  if (!/^[a-zA-Z0-9-]{2,35}$/.test(name)) {
    throw new Error(`${place}: expected a name of 2 to 35 letters, digits and hyphens: choose another name`);
  }
  if (!Number.isInteger(minimumDays) || minimumDays < 7) {
    throw new Error(
      `${place}: the shortest retention is ${minimumDays} days, but an air-gapped vault keeps everything for 7 whole days or more: keep backups longer`,
    );
  }
  if (!Number.isInteger(maximumDays) || maximumDays < minimumDays || maximumDays > 36_500) {
    throw new Error(
      `${place}: the longest retention is ${maximumDays} days, expected ${minimumDays} to 36500: change the retention of the backups`,
    );
  }
  if (changeableFor !== undefined && changeableFor.toDays() < 3) {
    throw new Error(
      `${place}: the lock is changeable for ${changeableFor.toDays()} days, but AWS Backup makes none final before 3: raise changeableFor`,
    );
  }
}
