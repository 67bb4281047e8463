import { S3 } from '@aws-sdk/client-s3';
import type { STS } from '@aws-sdk/client-sts';
import type { SessionCredentials } from '../database-access/iam-sign-in';

/** A session of one tenant. */
export interface TenantSession {
  readonly credentials: SessionCredentials;
  readonly s3: S3;
}

/**
 * Takes on the role that exports, for one tenant: it is a tag of the session, by which the policy of the role goes. The session lasts longer than
 * the function may run.
 *
 * @throws Error if STS gives no credentials
 */
export async function sessionOf(
  sts: Pick<STS, 'assumeRole'>,
  RoleArn: string,
  tenantDigits: string,
): Promise<TenantSession> {
  const { Credentials: given } = await sts.assumeRole({
    RoleArn,
    RoleSessionName: 'tenant-export',
    DurationSeconds: 3600,
    Tags: [{ Key: 'tenant', Value: tenantDigits }],
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken) {
    throw new Error(`role '${RoleArn}' was taken on without credentials, expected all three parts of them`);
  }
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return { credentials, s3: new S3({ credentials }) };
}
