import pg from 'pg';
import type { Query } from './integrity';

/** How to reach a database cluster. */
export interface Access {
  /** Name that the server's certificate must carry. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Certificates of the authorities that may have issued the server's, PEM. */
  readonly ca: string;
}

const PATIENCE = { connectionTimeoutMillis: 10_000, statement_timeout: 240_000 };

/**
 * Does some work in one database, over TLS that verifies the server and its name.
 *
 * @throws if the server cannot be reached, is not who it says, or refuses the password
 */
export async function inDatabase<T>(access: Access, database: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await open(access, database);
  try {
    return await work(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows);
  } finally {
    await client.end();
  }
}

/**
 * Opens a session that works as one of the roles that the administrator holds, from its start: `RESET ROLE` leads back to this role.
 *
 * @throws as `inDatabase` does, and where the administrator does not hold the role
 */
export function openAs(access: Access, role: string, database: string): Promise<pg.Client> {
  return open(access, database, `-c role=${role}`);
}

async function open(access: Access, database: string, options?: string): Promise<pg.Client> {
  const { host, port, user, password, ca } = access;
  // With a list of authorities of our own pg verifies the chain, and the name against `host`
  const client = new pg.Client({ host, port, user, password, database, options, ssl: { ca }, ...PATIENCE });
  // A connection that breaks rejects what is asked of it; the event itself must not end the process
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
