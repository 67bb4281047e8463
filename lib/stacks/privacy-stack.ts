import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { RequestProcess } from '../constructs/privacy/request-process';
import { ErasureLedger } from '../constructs/tenants/erasure-ledger';
import { KeyEraser } from '../constructs/tenants/key-eraser';
import { TenantErasure } from '../constructs/tenants/tenant-erasure';
import { TenantExport } from '../constructs/tenants/tenant-export';
import type { DataStack } from './data-stack';
import type { EnvironmentStackProps } from './environment-stack-props';
import type { IdentityStack } from './identity-stack';

export interface PrivacyStackProps extends EnvironmentStackProps {
  readonly vpc: ec2.IVpc;
  readonly keys: { readonly audit: kms.IKey; readonly files: kms.IKey; readonly logs: kms.IKey };
  /** Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write. */
  readonly accessLogs: s3.IBucket;
  /** Hears of what does not go on. */
  readonly alerts: sns.ITopic;
  readonly data: Pick<DataStack, 'database' | 'exports' | 'files' | 'tenantBuckets' | 'provisioner'>;
  readonly identity: Pick<IdentityStack, 'customers'>;
}

/** What is owed to the people whose data it is, and to customers who leave. */
export class PrivacyStack extends Stack {
  readonly erasure: TenantErasure;
  readonly export: TenantExport;
  /** Who was erased, for whoever looks into a restored copy. */
  readonly ledger: ErasureLedger;

  constructor(scope: Construct, id: string, props: PrivacyStackProps) {
    super(scope, id, props);
    const { alerts, data, figures, identity, keys, settings, vpc } = props;
    // Ids of accounts that are erased, and who answers for whom
    Tags.of(this).add('data-class', 'personal');
    const isShared = figures.tenancyMode === 'rls';
    const watching = { alerts, vpc, logKey: keys.logs, retentionDays: figures.auditRetentionDays };
    const process = { ...watching, keyRotation: Duration.days(figures.keyRotationDays) };
    this.ledger = new ErasureLedger(this, 'Ledger', {
      key: keys.audit,
      accessLogs: props.accessLogs,
      retentionDays: figures.auditRetentionDays,
      minimumTls: figures.minimumTls,
      keepReplacedDays: figures.pitrDays,
    });
    new KeyEraser(this, 'KeyEraser', { ...watching, database: data.database, ledger: this.ledger });
    this.erasure = new TenantErasure(this, 'Erasure', {
      ...process,
      ledger: this.ledger,
      name: `${settings.name}-tenant-erasure`,
      graceDays: figures.erasureGraceDays,
      customers: identity.customers.userPool,
      files: data.files.bucket,
      buckets: data.tenantBuckets,
      sharedDatabase: isShared ? data.database : undefined,
      provisioner: data.provisioner?.function,
    });
    new RequestProcess(this, 'Requests', {
      ...process,
      ...figures.requests,
      name: `${settings.name}-data-subject-request`,
      contact: settings.contacts.privacy,
      erasure: this.erasure.machine,
    });
    this.export = new TenantExport(this, 'Export', {
      ...process,
      name: `${settings.name}-tenant-export`,
      formats: figures.exports.formats,
      exports: data.exports.bucket,
      customers: identity.customers.userPool,
      database: data.database,
      shared: isShared ? { user: 'application', database: 'application' } : undefined,
      files: data.tenantBuckets ?? data.files.bucket,
      key: keys.files,
    });
  }
}
