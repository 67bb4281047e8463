import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { signInToDatabase } from '../database/database-sign-in';
import type { TenantDatabase } from '../database/tenant-database';
import type { TenantBuckets } from './tenant-buckets';

export interface TenantAccessProps {
  /**
   * Cluster in which each tenant has a database and a user of the name `tenant_` and the digits of its id.
   *
   * @default - tenants share a database, which this has no part in
   */
  readonly database?: TenantDatabase;
  /** Bucket whose first folder is the tenant's id, such as that of `TenantFiles`, or the buckets of which each tenant has one. */
  readonly files: s3.IBucket | TenantBuckets;
  /** Key of the files. Its policy must let identities of this account use it through S3. */
  readonly key: kms.IKey;
  /**
   * Bucket of exports, such as that of `TenantExports`: in the tenant's folder it asks for exports and fetches them, with links too.
   *
   * @default - it asks for none
   */
  readonly exports?: s3.IBucket;
  /** Name of the application's role in this account: the only one that may assume this one, and only for a tenant that it names. */
  readonly applicationRoleName: string;
}

/** 32 hexadecimal digits, as far as a pattern of IAM can say it. */
const TENANT = '?'.repeat(32);

const SESSION_TENANT = '${aws:PrincipalTag/tenant}';

const OBJECT_ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'];

/**
 * Lets the application at what is one tenant's, its database and its files. It assumes `role` with the session tag `tenant` (the 32 hexadecimal
 * digits of the id), and what it gets signs in to the database and reaches the folder or the bucket of that name and no other: a mistake in its
 * code meets the same wall as an attack. The application's own role needs `sts:AssumeRole` and `sts:TagSession` on the role, and nothing of S3.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (claims tdb-connection-bound, tdb-file-storage-scoped,
 * cly-esign-org-bucket)
 */
export class TenantAccess extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: TenantAccessProps) {
    super(scope, id);
    const { applicationRoleName, database, exports, files, key } = props;
    const statements = [
      ...(database ? [signInToDatabase(database, [`tenant_${SESSION_TENANT}`])] : []),
      ...('arnOf' in files ? ownBucket(files, Stack.of(this).account) : ownFolder(files)),
      ...(exports ? exportsOf(exports) : []),
      new iam.PolicyStatement({
        sid: 'KeyOfTheFiles',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key.keyArn],
      }),
    ];
    const application = Stack.of(this).formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: applicationRoleName,
    });
    // The application's role refers to this one, and a reference both ways cannot be deployed: so this one knows it by its name
    const principal = new iam.AccountRootPrincipal().withConditions({
      ArnEquals: { 'aws:PrincipalArn': application },
      StringLike: { 'aws:RequestTag/tenant': TENANT },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
    });
    this.role = new iam.Role(this, 'Role', {
      description: 'What is of the tenant that the session is tagged with',
      assumedBy: principal.withSessionTags(),
      managedPolicies: [new iam.ManagedPolicy(this, 'Policy', { statements })],
    }).withoutPolicyUpdates();
  }
}

function exportsOf(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'AskForExports',
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`${SESSION_TENANT}/requests/*`)],
    }),
    new iam.PolicyStatement({
      sid: 'FetchExports',
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(`${SESSION_TENANT}/exports/*`)],
    }),
    new iam.PolicyStatement({
      sid: 'FindExports',
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${SESSION_TENANT}/*` } },
    }),
  ];
}

function ownFolder(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'FilesOfTheTenant',
      actions: OBJECT_ACTIONS,
      resources: [bucket.arnForObjects(`${SESSION_TENANT}/*`)],
    }),
    new iam.PolicyStatement({
      sid: 'NamesOfTheTenant',
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${SESSION_TENANT}/*` } },
    }),
  ];
}

/** A bucket of the name in another account, which somebody made before the tenant came, is not the tenant's. */
function ownBucket(buckets: TenantBuckets, account: string): iam.PolicyStatement[] {
  const conditions = { StringEquals: { 'aws:ResourceAccount': account } };
  const bucket = buckets.arnOf(SESSION_TENANT);
  return [
    new iam.PolicyStatement({
      sid: 'FilesOfTheTenant',
      actions: OBJECT_ACTIONS,
      resources: [`${bucket}/*`],
      conditions,
    }),
    new iam.PolicyStatement({
      sid: 'NamesOfTheTenant',
      actions: ['s3:ListBucket'],
      resources: [bucket],
      conditions,
    }),
  ];
}
