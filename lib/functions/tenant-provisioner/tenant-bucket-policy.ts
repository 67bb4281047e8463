/** What the policy of a tenant's bucket goes by. */
export interface TenantBucketRules {
  /** Partition of the account, such as `aws`. */
  readonly partition: string;
  /** ARN of the key that encrypts every object. */
  readonly key: string;
  /** Lowest TLS version that a request may use. */
  readonly minimumTls: string;
  /** ARN of the role whose sessions, tagged with the tenant's 32 digits as `tenant`, reach the files. */
  readonly tenantRole: string;
  /** Patterns of ARNs of roles that reach the files of every tenant, such as those of backups. */
  readonly admitted: readonly string[];
}

/**
 * The policy of a bucket that holds files of one tenant. It allows nothing, as identities of the account have their own policies: it refuses
 * clear text, old TLS, uploads under any key but ours, and everybody but sessions for this tenant and the roles that are admitted: whoever may do
 * anything with S3 in this account still reads no file. Of a tenant that is removed it refuses all use: nobody reads, writes or lists, and only
 * whoever may change the policy can erase.
 *
 * A session answers to `aws:PrincipalArn` with the ARN of its role:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 *
 * @param bucket name
 * @param tenant 32 hexadecimal digits of the tenant's id
 */
export function tenantBucketPolicy(
  bucket: string,
  tenant: string,
  use: 'open' | 'closed',
  rules: TenantBucketRules,
): string {
  const arn = `arn:${rules.partition}:s3:::${bucket}`;
  const objects = `${arn}/*`;
  const refuse = (
    Sid: string,
    Action: string | readonly string[],
    Resource: string | readonly string[],
    Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>,
  ) => ({ Sid, Effect: 'Deny', Principal: '*', Action, Resource, ...(Condition ? { Condition } : {}) });
  const everything = [arn, objects];
  const lists = ['s3:ListBucket', 's3:ListBucketMultipartUploads', 's3:ListBucketVersions'];
  // The rest of what is done to the bucket itself stays open: whoever made it sets it up again
  const refuseUse = (whom: string, condition?: Parameters<typeof refuse>[3]) => [
    refuse(`RefuseFiles${whom}`, 's3:*', objects, condition),
    refuse(`RefuseNames${whom}`, lists, arn, condition),
  ];
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      refuse('RefuseClearText', 's3:*', everything, { Bool: { 'aws:SecureTransport': 'false' } }),
      refuse('RefuseOldTls', 's3:*', everything, { NumericLessThan: { 's3:TlsVersion': rules.minimumTls } }),
      refuse('RefuseOtherAlgorithm', 's3:PutObject', objects, {
        StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      }),
      refuse('RefuseOtherKey', 's3:PutObject', objects, {
        StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': rules.key },
      }),
      refuse('RefuseKeyOfCaller', 's3:PutObject', objects, {
        Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' },
      }),
      ...(use === 'closed'
        ? refuseUse('OfRemovedTenant')
        : [
            ...refuseUse('ToOthers', { ArnNotLike: { 'aws:PrincipalArn': [rules.tenantRole, ...rules.admitted] } }),
            ...refuseUse('ToOtherTenants', {
              ArnEquals: { 'aws:PrincipalArn': rules.tenantRole },
              StringNotEquals: { 'aws:PrincipalTag/tenant': tenant },
            }),
          ]),
    ],
  });
}
