import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { AccessLogBucket } from '../constructs/access-log-bucket';
import { retentionOfAtLeast } from '../constructs/log-retention';
import { TenantDatabase } from '../constructs/tenant-database';
import { TenantFiles } from '../constructs/tenant-files';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface DataStackProps extends EnvironmentStackProps {
  /** VPC with isolated subnets for the database. */
  readonly vpc: ec2.IVpc;
  readonly keys: {
    readonly database: kms.IKey;
    readonly files: kms.IKey;
    readonly secrets: kms.IKey;
    readonly logs: kms.IKey;
  };
  /**
   * Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write.
   *
   * @default - an access log bucket of this stack
   */
  readonly accessLogs?: s3.IBucket;
}

/** What tenants entrust to us: the database and the files. */
export class DataStack extends Stack {
  readonly database: TenantDatabase;
  readonly files: TenantFiles;
  readonly accessLogs: s3.IBucket;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { figures, keys, settings } = props;

    this.accessLogs =
      props.accessLogs ?? new AccessLogBucket(this, 'AccessLogs', { retentionDays: figures.auditRetentionDays }).bucket;
    this.files = new TenantFiles(this, 'TenantFiles', {
      key: keys.files,
      minimumTls: figures.minimumTls,
      accessLogs: this.accessLogs,
    });
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
  }
}
