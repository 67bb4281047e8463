import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { BackupAlerts } from '../constructs/backup/backup-alerts';
import { BackupCheck } from '../constructs/backup/backup-check';
import { BackupPlans } from '../constructs/backup/backup-plans';
import { BackupVaults } from '../constructs/backup/backup-vaults';
import { RestoreDrill } from '../constructs/backup/restore-drill';
import type { TenantDatabase } from '../constructs/database/tenant-database';
import type { ErasureLedger } from '../constructs/tenants/erasure-ledger';
import type { TenantBuckets } from '../constructs/tenants/tenant-buckets';
import type { TenantCatalogue } from '../constructs/tenants/tenant-catalogue';
import type { TenantFiles } from '../constructs/tenants/tenant-files';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface BackupStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  readonly keys: Readonly<Record<'backup' | 'database' | 'files' | 'logs', kms.IKey>>;
  /** What is backed up. */
  readonly data: {
    readonly database: TenantDatabase;
    readonly files: TenantFiles;
    /** Where each tenant has a bucket of its own. */
    readonly tenantBuckets?: TenantBuckets;
    readonly catalogue: TenantCatalogue;
  };
  /** Who was erased, and must stay so in what is restored; backed up as well, for an account that is lost. */
  readonly ledger: ErasureLedger;
  readonly alerts: sns.ITopic;
}

/** Copies of what tenants entrust to us, out of everybody's reach, and the proof that they can be brought back. */
export class BackupStack extends Stack {
  readonly vaults: BackupVaults;
  readonly drill: RestoreDrill;

  constructor(scope: Construct, id: string, props: BackupStackProps) {
    super(scope, id, props);
    const { alerts, data, figures, keys, ledger, settings, vpc } = props;
    const { backups, pitrDays } = figures;
    const kept = [backups.dailyDays, backups.weeklyDays, pitrDays];
    const watching = { vpc, logKey: keys.logs, retentionDays: figures.auditRetentionDays, alerts };
    const { cluster } = data.database;
    const { bucket } = data.files;
    const { catalogue, tenantBuckets: buckets } = data;

    this.vaults = new BackupVaults(this, 'Vaults', {
      name: settings.name,
      key: keys.backup,
      minimumDays: Math.min(...kept),
      maximumDays: Math.max(...kept),
    });
    const { airGapped: copies, vault } = this.vaults;
    new BackupPlans(this, 'Plans', {
      ...backups,
      name: settings.name,
      vault,
      copies,
      databases: [cluster],
      buckets: [bucket, ledger.bucket],
      changingBuckets: buckets && { arn: buckets.arnOf('*'), tag: buckets.backupTag },
      pitrDays,
    });
    this.drill = new RestoreDrill(this, 'RestoreDrill', {
      ...watching,
      planName: `${settings.name}_restore_drill`,
      databases: [cluster],
      port: data.database.port,
      copies,
      everyDays: backups.drillDays,
      ledger,
      databaseKey: keys.database,
      catalogue,
      files: { bucket, key: keys.files, tenantBuckets: buckets },
    });
    new BackupCheck(this, 'BackupCheck', {
      ...watching,
      ...backups,
      stores: [cluster.clusterArn, bucket.bucketArn, ledger.bucket.bucketArn],
      tenants: buckets && { catalogue, buckets },
      vault,
      copies,
      key: keys.backup,
      drill: this.drill,
      namespace: `${settings.name}/Backup`,
    });
    new BackupAlerts(this, 'Alerts', { alerts });
  }
}
