import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { signInToDatabase } from '../database/database-sign-in';
import type { TenantDatabase } from '../database/tenant-database';
import type { TenantBuckets } from './tenant-buckets';

export interface TenantExportSessionProps {
  readonly database: TenantDatabase;
  /**
   * User of the application in a database that all tenants share.
   *
   * @default - each tenant has a database, and a user of the name `tenant_` and the digits of its id
   */
  readonly sharedUser?: string;
  /** Bucket in which each tenant has a folder, or the buckets of which each has one. */
  readonly files: s3.IBucket | TenantBuckets;
  readonly exports: s3.IBucket;
  /** Key of the files and the exports. */
  readonly key: kms.IKey;
  /** Role of the function that takes this one on. */
  readonly trusted: iam.IRole;
}

const PATH = '/export/';

/** Roles that export, by `aws:PrincipalArn`: the bucket of a tenant refuses everybody whom it does not know. */
export const EXPORTING_ROLES: readonly string[] = [`arn:*:iam::*:role${PATH}*`];

/** The 32 hexadecimal digits of a tenant's id. */
const TENANT = '${aws:PrincipalTag/tenant}';

/**
 * A role that reads what is of one tenant, rows and files, and writes it into the folder of that tenant in the bucket of exports, of which it takes
 * nothing away. The tenant is a tag of the session: an export that was asked for by one cannot come upon what is another's.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export class TenantExportSession extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: TenantExportSessionProps) {
    super(scope, id);
    const { database, exports, files, key, sharedUser, trusted } = props;
    const principal = new iam.ArnPrincipal(trusted.roleArn).withConditions({
      StringLike: { 'aws:RequestTag/tenant': '?'.repeat(32) },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
    });
    this.role = new iam.Role(this, 'Role', {
      path: PATH,
      description: 'Exports what is of the tenant that the session is tagged with',
      assumedBy: principal.withSessionTags(),
      managedPolicies: [
        new iam.ManagedPolicy(this, 'Policy', {
          statements: [
            signInToDatabase(database, [sharedUser ?? `tenant_${TENANT}`]),
            ...('arnOf' in files ? ownBucket(files, Stack.of(this).account) : ownFolder(files)),
            ...intoFolder(exports),
            new iam.PolicyStatement({
              sid: 'KeyOfTheFiles',
              actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
              resources: [key.keyArn],
            }),
          ],
        }),
      ],
    }).withoutPolicyUpdates();
  }
}

function ownFolder(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [readIn('Files', bucket.arnForObjects(`${TENANT}/*`)), listIn('Files', bucket)];
}

function ownBucket(buckets: TenantBuckets, account: string): iam.PolicyStatement[] {
  const conditions = { StringEquals: { 'aws:ResourceAccount': account } };
  const bucket = buckets.arnOf(TENANT);
  return [
    new iam.PolicyStatement({ sid: 'ReadFiles', actions: ['s3:GetObject'], resources: [`${bucket}/*`], conditions }),
    new iam.PolicyStatement({ sid: 'NameFiles', actions: ['s3:ListBucket'], resources: [bucket], conditions }),
  ];
}

function intoFolder(exports: s3.IBucket): iam.PolicyStatement[] {
  const turn = exports.arnForObjects(`${TENANT}/running.json`);
  return [
    readIn('Exports', exports.arnForObjects(`${TENANT}/*`)),
    listIn('Exports', exports),
    new iam.PolicyStatement({
      sid: 'WriteExports',
      actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
      resources: [exports.arnForObjects(`${TENANT}/exports/*`), turn],
    }),
    new iam.PolicyStatement({ sid: 'GiveTurnBack', actions: ['s3:DeleteObject'], resources: [turn] }),
  ];
}

function readIn(what: string, objects: string): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid: `Read${what}`, actions: ['s3:GetObject'], resources: [objects] });
}

function listIn(what: string, bucket: s3.IBucket): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: `Name${what}`,
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': `${TENANT}/*` } },
  });
}
