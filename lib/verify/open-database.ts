import { Client } from 'pg';
import { InputError } from '../control/input-error';
import { databaseTarget, parseDatabaseAddress } from './database-address';
import { failedQuery, sqlState } from './failed-query';
import { PostgresReader } from './postgres-reader';

export interface DatabaseProps {
  /** `postgresql://ROLE@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE`. */
  readonly url: string;
  /** Password, where the address carries none: an authentication token of RDS is one too. @default - none */
  readonly password?: string;
  /** Time of the run. @default - the moment of the call */
  readonly now?: Date;
  /** Milliseconds that connecting, and each statement, may take. @default 20000 */
  readonly timeout?: number;
}

/**
 * Opens a database over TLS whose server is verified in full, whatever the environment says. Everything that it runs only reads. The
 * caller closes it.
 *
 * @throws InputError where the address asks for less, nobody answers, the server cannot be verified, or the login is refused
 */
export async function openDatabase(props: DatabaseProps): Promise<PostgresReader> {
  const { now = new Date(), timeout = 20_000 } = props;
  const address = parseDatabaseAddress(props.url);
  const { host, port, user, name, authorities: ca } = address;
  const password = address.password ?? props.password;
  if (password === undefined || password === '') {
    throw new InputError(`database '${name}' at ${host}: no password for role '${user}': set PGPASSWORD`);
  }
  const client = new Client({
    host,
    port,
    user,
    password,
    database: name,
    // Said in full: NODE_TLS_REJECT_UNAUTHORIZED and PGSSLMODE must not weaken it
    ssl: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    application_name: 'avouch verify',
    connectionTimeoutMillis: timeout,
    query_timeout: 2 * timeout,
  });
  // A server that ends the session while nothing runs says so by an event; the next query fails of itself
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new InputError(`database '${name}' at ${host}:${port}: ${unopened(error, user).replaceAll(password, '***')}`);
  }
  return new PostgresReader(client, name, databaseTarget(address), now, timeout);
}

const unverified = /^(ERR_TLS_CERT|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;

function unopened(error: unknown, user: string): string {
  const code = sqlState(error);
  const { message } = failedQuery(error);
  if (unverified.test(code)) {
    return `the server could not be verified: ${message}: name the host as its certificate does, and the authority in sslrootcert`;
  }
  if (/^(28|42501)/.test(code)) {
    return `role '${user}' was refused: ${message}: check its password and its right to connect`;
  }
  return code === '3D000'
    ? `there is no such database: ${message}: name one that is there`
    : `no session could be opened: ${message}: check host, port and network, and that the server speaks TLS`;
}
