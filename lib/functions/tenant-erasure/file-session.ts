import { S3 } from '@aws-sdk/client-s3';
import type { STS } from '@aws-sdk/client-sts';

/**
 * Takes on the role that erases files, for one tenant: it is a tag of the session, by which its policy goes. The session lasts longer than the
 * function may run.
 *
 * @throws Error if STS gives no credentials
 */
export async function filesOf(sts: Pick<STS, 'assumeRole'>, RoleArn: string, tenantDigits: string): Promise<S3> {
  const { Credentials: given } = await sts.assumeRole({
    RoleArn,
    RoleSessionName: 'tenant-erasure',
    DurationSeconds: 3600,
    Tags: [{ Key: 'tenant', Value: tenantDigits }],
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken) {
    throw new Error(`role '${RoleArn}' was taken on without credentials, expected all three parts of them`);
  }
  return new S3({ credentials: { accessKeyId, secretAccessKey, sessionToken } });
}
