import { Signer } from '@aws-sdk/rds-signer';
import type { Client } from 'pg';
import { type DatabaseAddress, signIn } from './sign-in';

/** Credentials of a session that a function has put on. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * Signs in as a role of the cluster, with a token that IAM lets this function sign for it: there is no password.
 *
 * @param credentials of whom the token is @default - of the function itself
 */
export function iamSignIn(
  address: DatabaseAddress,
  credentials?: SessionCredentials,
): (role: string, database: string) => Promise<Client> {
  const { host: hostname, port } = address;
  return async (role, database) => {
    const signer = new Signer({ hostname, port, username: role, ...(credentials && { credentials }) });
    const password = await signer.getAuthToken();
    return signIn(address, database, { user: role, password });
  };
}
