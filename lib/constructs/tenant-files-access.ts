import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface TenantFilesAccessProps {
  /** Bucket whose first folder is the tenant's id, such as that of `TenantFiles`. */
  readonly bucket: s3.IBucket;
  /** Key of the bucket. Its policy must let identities of this account use it through S3. */
  readonly key: kms.IKey;
  /** Name of the application's role in this account: the only one that may assume this one, and only for a tenant that it names. */
  readonly applicationRoleName: string;
}

/** A UUID, as far as a pattern of IAM can say it. */
const UUID = '????????-????-????-????-????????????';

/**
 * Lets the application at the files of one tenant at a time. It assumes `role` with the session tag `tenant`, and what it gets reaches the
 * folder of that name and no other: a mistake in its code meets the same wall as an attack. The application's own role needs
 * `sts:AssumeRole` and `sts:TagSession` on the role, and nothing of S3.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html (claim tdb-file-storage-scoped)
 */
export class TenantFilesAccess extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: TenantFilesAccessProps) {
    super(scope, id);
    const { applicationRoleName, bucket, key } = props;
    const folder = '${aws:PrincipalTag/tenant}';
    const statements = [
      new iam.PolicyStatement({
        sid: 'FilesOfTheTenant',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        resources: [bucket.arnForObjects(`${folder}/*`)],
      }),
      new iam.PolicyStatement({
        sid: 'NamesOfTheTenant',
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${folder}/*` } },
      }),
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
      StringLike: { 'aws:RequestTag/tenant': UUID },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
    });
    this.role = new iam.Role(this, 'Role', {
      description: 'Files of the tenant that the session is tagged with',
      assumedBy: principal.withSessionTags(),
      managedPolicies: [new iam.ManagedPolicy(this, 'Policy', { statements })],
    }).withoutPolicyUpdates();
  }
}
