import { Aws, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { endpoints } from '../storage/data-key';
import type { TenantBuckets } from '../tenants/tenant-buckets';
import { BACKUP_PATH } from './backup-roles';

export interface DrillReaderProps {
  /** Bucket that all tenants share, a folder for each. */
  readonly bucket: s3.IBucket;
  /**
   * Where each tenant has a bucket of its own instead.
   *
   * @default - none has
   */
  readonly tenantBuckets?: TenantBuckets;
  /** Key of the files. */
  readonly key: kms.IKey;
  /** Who takes the role on. */
  readonly function: lambda.IFunction;
}

/** The 32 hexadecimal digits of a tenant's id, and what follows the fixed words in the name of a restored bucket. */
const TENANT = '${aws:PrincipalTag/tenant}';
const RESTORED = 'awsbackup-restore-test-${aws:PrincipalTag/restored}';

/**
 * A role that compares one restored bucket with the files of one tenant: both are tags of the session, so that a drill reaches no other. It reads what
 * was restored, and of what is live only the names and sizes.
 */
export class DrillReader extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: DrillReaderProps) {
    super(scope, id);
    const principal = new iam.ArnPrincipal(roleOf(props.function).roleArn).withConditions({
      StringLike: { 'aws:RequestTag/tenant': '?'.repeat(32), 'aws:RequestTag/restored': '?*' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant', 'restored'] },
    });
    this.role = new iam.Role(this, 'Role', {
      // The bucket of a tenant lists its files to no other role
      path: BACKUP_PATH,
      description: 'Compares a restored bucket with the files of one tenant',
      assumedBy: principal.withSessionTags(),
      managedPolicies: [new iam.ManagedPolicy(this, 'Policy', { statements: statements(Stack.of(this), props) })],
    }).withoutPolicyUpdates();
  }
}

function statements(stack: Stack, { bucket, key, tenantBuckets }: DrillReaderProps): iam.PolicyStatement[] {
  const own = { StringEquals: { 'aws:ResourceAccount': stack.account } };
  const restored = `arn:${Aws.PARTITION}:s3:::${RESTORED}`;
  return [
    new iam.PolicyStatement({
      sid: 'NamesOfTheTenant',
      actions: ['s3:ListBucket'],
      ...(tenantBuckets
        ? { resources: [tenantBuckets.arnOf(TENANT)], conditions: own }
        : { resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${TENANT}/*` } } }),
    }),
    new iam.PolicyStatement({
      sid: 'NamesOfTheRestored',
      actions: ['s3:ListBucket'],
      resources: [restored],
      conditions: own,
    }),
    new iam.PolicyStatement({
      sid: 'FilesOfTheRestored',
      actions: ['s3:GetObject'],
      resources: [`${restored}/*`],
      conditions: own,
    }),
    new iam.PolicyStatement({
      sid: 'KeyOfTheRestored',
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': endpoints(stack, 's3') },
        // The bucket or a file in it, as the key of the bucket or of the file is meant: nothing that is live
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': `${restored}*` },
      },
    }),
  ];
}

function roleOf({ node, role }: lambda.IFunction): iam.IRole {
  if (!role) {
    throw new Error(`function '${node.path}' has no role, expected one that may be let in`);
  }
  return role;
}
