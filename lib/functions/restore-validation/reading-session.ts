import { S3 } from '@aws-sdk/client-s3';
import type { STS } from '@aws-sdk/client-sts';
import type { ReadingSession } from './files';

/**
 * Takes on the role that reads files, for one restored bucket and one tenant: both are tags of the session, by which its policy goes.
 *
 * @throws Error if STS gives no credentials
 */
export async function filesAs(
  sts: Pick<STS, 'assumeRole'>,
  RoleArn: string,
  { tenant, restored }: ReadingSession,
): Promise<S3> {
  const { Credentials: given } = await sts.assumeRole({
    RoleArn,
    RoleSessionName: 'restore-drill',
    DurationSeconds: 900,
    Tags: [
      { Key: 'tenant', Value: tenant },
      { Key: 'restored', Value: restored },
    ],
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken) {
    throw new Error(`role '${RoleArn}' was taken on without credentials, expected all three parts of them`);
  }
  return new S3({ credentials: { accessKeyId, secretAccessKey, sessionToken } });
}
