import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Where the database is, and what its certificate is verified against. */
export interface DatabaseAddress {
  /** Name in the server's certificate. */
  readonly host: string;
  readonly port: number;
  /** Authorities that may have issued the server's certificate, PEM; no other is believed, those of the system neither. */
  readonly authorities: string;
}

/** User name and password of one session. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Reads the address from the environment, in the variables that PostgreSQL's own clients know. */
export function databaseAddress(environment: NodeJS.ProcessEnv): DatabaseAddress {
  return {
    host: setting(environment, 'PGHOST'),
    port: Number(setting(environment, 'PGPORT')),
    authorities: readFileSync(setting(environment, 'PGSSLROOTCERT'), 'utf8'),
  };
}

/**
 * Opens a session over TLS. The server must show a certificate for its host by one of the authorities (what PostgreSQL calls `verify-full`);
 * otherwise nothing is sent, the password least of all.
 */
export async function signIn(address: DatabaseAddress, database: string, credentials: Credentials): Promise<pg.Client> {
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    database,
    ...credentials,
    ssl: { ca: address.authorities, rejectUnauthorized: true },
    application_name: 'avouch',
    connectionTimeoutMillis: 20_000,
  });
  // A session that the server ends while nothing is asked of it must not end the process
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** @throws Error that names a variable that is not there */
export function setting(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value) {
    throw new Error(`the function has no ${name} in its environment, expected the one of its construct`);
  }
  return value;
}
