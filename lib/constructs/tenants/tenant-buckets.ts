import { Aws, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { BACKUP_ROLES } from '../backup/backup-roles';
import { BREAK_GLASS_ROLE } from '../organization/guard-rail-principals';
import { EXPORTING_ROLES } from './tenant-export-session';
import { ERASING_ROLES } from './tenant-file-eraser';

export interface TenantBucketsProps {
  /** Key that encrypts every object; uploads under any other key are refused. */
  readonly key: kms.IKey;
  /** Lowest TLS version that a request may use. */
  readonly minimumTls: '1.2' | '1.3';
  /** Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write, such as that of an `AccessLogBucket`. */
  readonly accessLogs: s3.IBucket;
  /**
   * Days for which a replaced or deleted file can be brought back.
   *
   * @default 30
   */
  readonly keepReplacedDays?: number;
  /**
   * Days after which the parts of an unfinished upload are removed.
   *
   * @default 7
   */
  readonly abortUploadAfterDays?: number;
  /**
   * Patterns of ARNs of roles that reach the files of every tenant; all others are refused by each bucket, whatever their policies allow.
   *
   * @default - roles of backups, of erasure and of exports as this package makes them, and the permission set for emergencies
   */
  readonly admitted?: readonly string[];
}

/**
 * A bucket for the files of each tenant. No template names them, as tenants come and go: a `TenantProvisioner` makes each, named `prefix` and
 * the 32 hexadecimal digits of the tenant's id, and `TenantAccess` lets the application at one at a time.
 *
 * One is enough for an account, which holds 10,000 buckets, more on request:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html (claim cly-esign-org-bucket)
 */
export class TenantBuckets extends Construct {
  /**
   * Start of every bucket's name, with the account in it, so that no other account happens upon the same. Together with the tenant it has 58 of
   * the 63 characters that S3 takes.
   */
  readonly prefix = `tenant-files-${Aws.ACCOUNT_ID}-`;
  /** Tag of the buckets that shall have backups: those of tenants in use. A bucket loses it when its tenant is removed. */
  readonly backupTag = { key: 'backup', value: 'tenant-in-use' } as const;
  private readonly props: TenantBucketsProps;

  constructor(scope: Construct, id: string, props: TenantBucketsProps) {
    super(scope, id);
    this.props = props;
  }

  /** ARN of the bucket of one tenant, by the 32 digits of its id or a policy variable; `*` stands for all of them. */
  arnOf(tenant: string): string {
    return `arn:${Aws.PARTITION}:s3:::${this.prefix}${tenant}`;
  }

  /**
   * What the function that makes the buckets needs to know.
   *
   * @param tenantRole role that the application becomes to work for one tenant, such as that of `TenantAccess`
   */
  environment(tenantRole: iam.IRole): Record<string, string> {
    const { accessLogs, abortUploadAfterDays = 7, keepReplacedDays = 30, key, minimumTls } = this.props;
    const { admitted = [...BACKUP_ROLES, ...ERASING_ROLES, ...EXPORTING_ROLES, BREAK_GLASS_ROLE] } = this.props;
    return {
      BUCKET_PREFIX: this.prefix,
      BUCKET_ACCOUNT: Aws.ACCOUNT_ID,
      BUCKET_PARTITION: Aws.PARTITION,
      BUCKET_KEY: key.keyArn,
      BUCKET_MINIMUM_TLS: minimumTls,
      BUCKET_TENANT_ROLE: tenantRole.roleArn,
      BUCKET_ADMITTED: admitted.join(' '),
      BUCKET_ACCESS_LOGS: accessLogs.bucketName,
      BUCKET_KEEP_REPLACED_DAYS: String(keepReplacedDays),
      BUCKET_ABORT_UPLOAD_AFTER_DAYS: String(abortUploadAfterDays),
      BUCKET_BACKUP_TAG: this.backupTag.key,
      BUCKET_BACKUP_VALUE: this.backupTag.value,
    };
  }

  /** Lets an identity make the buckets and set them up, and neither read, write nor delete a file. */
  makeStatements(): iam.PolicyStatement[] {
    const { region } = Stack.of(this);
    return [
      new iam.PolicyStatement({
        sid: 'MakeTenantBuckets',
        actions: ['s3:CreateBucket'],
        resources: [this.arnOf('*')],
        conditions: { StringEquals: { 's3:LocationConstraint': region } },
      }),
      new iam.PolicyStatement({
        sid: 'SetUpTenantBuckets',
        actions: [
          's3:GetBucketPublicAccessBlock',
          's3:PutBucketLogging',
          's3:PutBucketOwnershipControls',
          's3:PutBucketPolicy',
          's3:PutBucketTagging',
          's3:PutBucketVersioning',
          's3:PutEncryptionConfiguration',
          's3:PutLifecycleConfiguration',
        ],
        resources: [this.arnOf('*')],
      }),
    ];
  }
}
