import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { DatabaseSchema } from '../constructs/database/database-schema';
import { TenantDatabase } from '../constructs/database/tenant-database';
import { AccessLogBucket } from '../constructs/logging/access-log-bucket';
import { retentionOfAtLeast } from '../constructs/logging/log-retention';
import { TenantAccess } from '../constructs/tenants/tenant-access';
import { TenantBuckets } from '../constructs/tenants/tenant-buckets';
import { TenantCatalogue } from '../constructs/tenants/tenant-catalogue';
import { TenantExports } from '../constructs/tenants/tenant-exports';
import { TenantFiles } from '../constructs/tenants/tenant-files';
import { TenantProvisioner } from '../constructs/tenants/tenant-provisioner';
import type { EnvironmentStackProps } from './environment-stack-props';
import type { EnvironmentKeys } from './keys-stack';

export interface DataStackProps extends EnvironmentStackProps {
  /** VPC with isolated subnets for the database. */
  readonly vpc: ec2.IVpc;
  readonly keys: Pick<EnvironmentKeys, 'database' | 'files' | 'secrets' | 'logs'>;
  /**
   * Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write.
   *
   * @default - an access log bucket of this stack
   */
  readonly accessLogs?: s3.IBucket;
  /** Hears of schemas and tenants that could not be brought about. */
  readonly alerts: sns.ITopic;
}

/** Name of the role that the application runs as: the Data stack lets it in before it is there. */
export function applicationRoleName({ name }: EnvironmentStackProps['settings']): string {
  return `${name}-application`;
}

/** What tenants entrust to us: the database with its schema, the files, and the list of tenants. */
export class DataStack extends Stack {
  readonly database: TenantDatabase;
  readonly files: TenantFiles;
  /** Where each tenant has a bucket of its own; nobody reaches `files` then. */
  readonly tenantBuckets?: TenantBuckets;
  readonly exports: TenantExports;
  /** What the application becomes to work for one tenant. */
  readonly tenantAccess: TenantAccess;
  readonly catalogue: TenantCatalogue;
  readonly accessLogs: s3.IBucket;
  /** Where a tenant has something for itself. */
  readonly provisioner?: TenantProvisioner;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { figures, keys, settings } = props;

    this.accessLogs =
      props.accessLogs ?? new AccessLogBucket(this, 'AccessLogs', { retentionDays: figures.auditRetentionDays }).bucket;
    const each = { key: keys.files, minimumTls: figures.minimumTls, accessLogs: this.accessLogs };
    this.files = new TenantFiles(this, 'TenantFiles', each);
    if (figures.tenantFiles === 'bucket') {
      this.tenantBuckets = new TenantBuckets(this, 'TenantBuckets', each);
    }
    this.exports = new TenantExports(this, 'TenantExports', { ...each, ...figures.exports });
    this.database = new TenantDatabase(this, 'TenantDatabase', {
      vpc: props.vpc,
      key: keys.database,
      secretKey: keys.secrets,
      logKey: keys.logs,
      logRetention: retentionOfAtLeast(figures.auditRetentionDays),
      pitrDays: figures.pitrDays,
      minimumTls: figures.minimumTls,
      port: figures.databasePort,
      instances: settings.name === 'production' ? 2 : 1,
    });
    this.catalogue = new TenantCatalogue(this, 'TenantCatalogue', { key: keys.database, pitrDays: figures.pitrDays });
    this.tenantAccess = new TenantAccess(this, 'TenantAccess', {
      database: figures.tenancyMode === 'database' ? this.database : undefined,
      files: this.tenantBuckets ?? this.files.bucket,
      exports: this.exports.bucket,
      key: keys.files,
      applicationRoleName: applicationRoleName(settings),
    });
    this.provisioner = this.isolate(props);
  }

  /** How tenants are kept apart: what each gets for itself, and what holds inside the database. */
  private isolate({ alerts, figures, keys, settings, vpc }: DataStackProps): TenantProvisioner | undefined {
    const { catalogue, database, tenantBuckets: buckets } = this;
    const { tenancyMode: mode, tenantKey, auditRetentionDays: retentionDays } = figures;
    const { migrations: applicationMigrations } = settings.application;
    const each = { catalogue, tenantKey, applicationMigrations, vpc, logKey: keys.logs, retentionDays, alerts };
    const own = { buckets, tenantRole: this.tenantAccess.role, ...(mode === 'database' ? { database } : {}) };
    const isNeeded = mode === 'database' || buckets !== undefined;
    const maker = isNeeded ? new TenantProvisioner(this, 'TenantProvisioner', { ...each, ...own }) : undefined;
    const provisioner = mode === 'database' ? maker : undefined;
    new DatabaseSchema(this, 'Schema', { ...each, database, mode, provisioner, secretKey: keys.secrets });
    return maker;
  }
}
