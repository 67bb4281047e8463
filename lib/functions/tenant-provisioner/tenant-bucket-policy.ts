/** What the policy of a tenant's bucket goes by. */
export interface TenantBucketRules {
  /** Partition of the account, such as `aws`. */
  readonly partition: string;
  /** ARN of the key that encrypts every object. */
  readonly key: string;
  /** Lowest TLS version that a request may use. */
  readonly minimumTls: string;
}

/**
 * The policy of a bucket that holds files of one tenant. It allows nothing, as identities of the account have their own policies: it refuses
 * clear text, old TLS and uploads under any key but ours. Of a tenant that is removed it refuses all use: nobody reads, writes or lists, and
 * only whoever may change the policy can erase.
 *
 * @param bucket name
 */
export function tenantBucketPolicy(bucket: string, use: 'open' | 'closed', rules: TenantBucketRules): string {
  const arn = `arn:${rules.partition}:s3:::${bucket}`;
  const objects = `${arn}/*`;
  const refuse = (
    Sid: string,
    Action: string | readonly string[],
    Resource: string | readonly string[],
    Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ) => ({ Sid, Effect: 'Deny', Principal: '*', Action, Resource, ...(Condition ? { Condition } : {}) });
  const everything = [arn, objects];
  const lists = ['s3:ListBucket', 's3:ListBucketMultipartUploads', 's3:ListBucketVersions'];
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
        ? [refuse('RefuseFilesOfRemovedTenant', 's3:*', objects), refuse('RefuseNamesOfRemovedTenant', lists, arn)]
        : []),
    ],
  });
}
