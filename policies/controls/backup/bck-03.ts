import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { residencyRegions } from '../parameters';
import { backupSeparateKey } from './backup-figures';
import { judgeCopies } from './copy-targets';
import { rulesOf, vaultTypes } from './plan-rules';
import { judgeVaultGuard, judgeVaultKey } from './vault-protection';

const databases = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'];

/** BCK-03: where backups lie, under which key, and that nobody can take them away. */
export const control = defineControl({
  id: 'bck-03',
  title:
    'Every backup is encrypted with a key of its own, locked against everybody, and copied away from the production server',
  family: 'backup',
  claims: [
    'cfeu-backup-encrypted',
    'cfeu-backup-separate-keys',
    'tdb-backup-encrypted',
    'tdb-backup-offserver',
    'clvr-backups-files-s3',
    'clvr-backup-s3-sse',
  ],
  doesNotProve:
    'That a copy arrived and under which key it lies (the deployed daily check looks), that AWS stores vaults in S3 (AWS does not say where; it is not your bucket), and who may use the key of backups: its policy is judged by key-01. A backup of Aurora that was not copied yet lies under the key of its database.',
  parameters: { 'backup.separateKey': backupSeparateKey, 'residency.regions': residencyRegions },
  messages: {
    missing: {
      violation: 'no backup vault is deployed, so nothing keeps the promise of protected backups',
      fix: 'deploy a locked vault with a key of its own, and one that backups are copied to',
    },
    clearSource: {
      violation:
        'database {name} is not encrypted, and so are the backups that AWS Backup makes of it: {property} is {value}',
      fix: 'restore it from an encrypted snapshot copy; the key of a vault does not encrypt backups of databases',
    },
    platformKey: {
      violation: 'vault {name} is encrypted with a key that AWS owns or manages: {property} is {value}',
      fix: 'set encryptionKey to a customer-managed key that encrypts backups only',
    },
    sharedKey: {
      violation: 'vault {name} is encrypted with the key of live data, that of {store}',
      fix: 'give backups a key that encrypts nothing else',
    },
    unlocked: {
      violation: 'vault {name} has no lock: whoever administers the account can empty it',
      fix: 'set lockConfiguration with minRetention, maxRetention and changeableFor',
    },
    governance: {
      violation:
        'the lock of vault {name} can be taken off at any time: {property} is {value}, which is governance mode',
      fix: 'set changeableFor to 3 days or more: the lock is final afterwards',
    },
    lateLock: {
      violation: 'the lock of vault {name} can be taken off for {days} days, more than {longest} ({property})',
      fix: 'set changeableFor to {longest} days or less: the lock is final afterwards',
    },
    deletable: {
      violation:
        'the policy of vault {name} lets backups be deleted or shortened until its lock is final: nothing denies {action} to everybody',
      fix: 'deny backup:DeleteRecoveryPoint and backup:UpdateRecoveryPointLifecycle to every principal',
    },
    defaultVault: {
      violation:
        'rule {rule} of plan {name} keeps backups in the vault Default, which has no lock and no key of its own',
      fix: 'name a locked vault',
    },
    noCopy: {
      violation:
        'rule {rule} of plan {name} copies nothing: its backups lie beside the production server, those of Aurora under its key',
      fix: 'add a copy action into an air-gapped vault, or into a locked one in another account or Region',
    },
    sameVault: {
      violation: 'rule {rule} of plan {name} copies into the vault that the backup is in already',
      fix: 'copy into another vault, air-gapped or in another account or Region',
    },
    notAway: {
      violation:
        'rule {rule} of plan {name} copies into vault {vault} of the same account and Region: who loses one loses both',
      fix: 'copy into an air-gapped vault, or into a locked one in another account or Region',
    },
    copyLeaves: {
      violation: 'rule {rule} of plan {name} copies backups to {region}, promised are {promised}',
      fix: 'copy into a vault of a promised Region',
    },
  },
  template: {
    judges: ['AWS::Backup::BackupPlan', ...vaultTypes, ...databases],
    expects: 'at-least-one',
    expected: vaultTypes,
    judge: (subject, { figures, scope }) => {
      if (databases.includes(subject.type)) {
        return judgeSource(subject);
      }
      if (subject.type === 'AWS::Backup::BackupPlan') {
        return decide(rulesOf(subject), {
          known: (rules) => [
            satisfied,
            ...rules.flatMap((rule) => judgeCopies(rule, scope, figures.set('residency.regions'))),
          ],
          absent: () => notApplicable('it has no rule: bck-02 says so'),
        });
      }
      const key = figures.flag('backup.separateKey') ? judgeVaultKey(subject, scope) : [satisfied];
      return [...key, ...judgeVaultGuard(subject)];
    },
  },
});

/** Backups of databases are encrypted as the database is: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html */
function judgeSource(database: Subject): Outcome | readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance') {
    if (database.at('DBClusterIdentifier').state() === 'known') {
      return notApplicable('its cluster decides how it is stored');
    }
    if (['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'].some((of) => database.at(of).state() === 'known')) {
      return notApplicable('it repeats another database, which is backed up in its place');
    }
  }
  return decide(database.bool('StorageEncrypted'), {
    known: (isEncrypted) => (isEncrypted ? satisfied : finding('clearSource')),
    absent: () => finding('clearSource'),
  });
}
