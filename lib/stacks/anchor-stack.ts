import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AuditAnchor } from '../constructs/database/audit-anchor';
import type { TenantDatabase } from '../constructs/database/tenant-database';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface AnchorStackProps extends EnvironmentStackProps {
  readonly database: TenantDatabase;
  readonly vpc: ec2.IVpc;
  readonly keys: { readonly audit: kms.IKey; readonly logs: kms.IKey };
  /** Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write. */
  readonly accessLogs: s3.IBucket;
  /** Hears of a chain that is broken, and of an anchor that was not made. */
  readonly alerts: sns.ITopic;
}

/** What keeps the audit log inside the database honest, out of the database's reach. */
export class AnchorStack extends Stack {
  constructor(scope: Construct, id: string, props: AnchorStackProps) {
    super(scope, id, props);
    const { accessLogs, alerts, database, figures, keys, vpc } = props;
    new AuditAnchor(this, 'AuditAnchor', {
      accessLogs,
      alerts,
      database,
      vpc,
      key: keys.audit,
      logKey: keys.logs,
      retentionDays: figures.auditRetentionDays,
      everyMinutes: figures.auditAnchorMinutes,
      keepReplacedDays: figures.pitrDays,
      minimumTls: figures.minimumTls,
    });
  }
}
