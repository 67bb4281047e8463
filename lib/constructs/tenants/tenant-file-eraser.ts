import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { TenantBuckets } from './tenant-buckets';

export interface TenantFileEraserProps {
  /** Bucket in which each tenant has a folder, or the buckets of which each has one. */
  readonly files: s3.IBucket | TenantBuckets;
  /** Role of the function that takes this one on. */
  readonly trusted: iam.IRole;
}

const PATH = '/erasure/';

/** Roles that erase files, by `aws:PrincipalArn`: the bucket of a tenant refuses everybody whom it does not know. */
export const ERASING_ROLES: readonly string[] = [`arn:*:iam::*:role${PATH}*`];

/** The 32 hexadecimal digits of a tenant's id. */
const TENANT = '${aws:PrincipalTag/tenant}';

/**
 * A role that erases the files of one tenant in every version, and reads none: the tenant is a tag of the session, so that a mistake in the code
 * that erases meets the same wall as an attack.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export class TenantFileEraser extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, { files, trusted }: TenantFileEraserProps) {
    super(scope, id);
    const principal = new iam.ArnPrincipal(trusted.roleArn).withConditions({
      StringLike: { 'aws:RequestTag/tenant': '?'.repeat(32) },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
    });
    const statements = 'arnOf' in files ? ownBucket(files, Stack.of(this).account) : ownFolder(files);
    this.role = new iam.Role(this, 'Role', {
      path: PATH,
      description: 'Erases the files of the tenant that the session is tagged with',
      assumedBy: principal.withSessionTags(),
      managedPolicies: [new iam.ManagedPolicy(this, 'Policy', { statements })],
    }).withoutPolicyUpdates();
  }
}

const ERASE = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:DeleteObjectVersion'];
const FIND = ['s3:ListBucketMultipartUploads', 's3:ListBucketVersions'];

function ownFolder(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ sid: 'EraseFiles', actions: ERASE, resources: [bucket.arnForObjects(`${TENANT}/*`)] }),
    new iam.PolicyStatement({
      sid: 'FindFiles',
      actions: FIND,
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${TENANT}/*` } },
    }),
  ];
}

function ownBucket(buckets: TenantBuckets, account: string): iam.PolicyStatement[] {
  const conditions = { StringEquals: { 'aws:ResourceAccount': account } };
  const bucket = buckets.arnOf(TENANT);
  return [
    new iam.PolicyStatement({ sid: 'EraseFiles', actions: ERASE, resources: [`${bucket}/*`], conditions }),
    new iam.PolicyStatement({
      sid: 'FindFiles',
      actions: [...FIND, 's3:DeleteBucket'],
      resources: [bucket],
      conditions,
    }),
  ];
}
