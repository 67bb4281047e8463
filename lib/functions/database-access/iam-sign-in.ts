import { Signer } from '@aws-sdk/rds-signer';
import type { Client } from 'pg';
import { type DatabaseAddress, signIn } from './sign-in';

/** Signs in as a role of the cluster, with a token that IAM lets this function sign for it: there is no password. */
export function iamSignIn(address: DatabaseAddress): (role: string, database: string) => Promise<Client> {
  const { host: hostname, port } = address;
  return async (role, database) => {
    const password = await new Signer({ hostname, port, username: role }).getAuthToken();
    return signIn(address, database, { user: role, password });
  };
}
