import { isIP } from 'node:net';
import { tenantId } from './tenant-names';

/** For whom a transaction works: what the activity log says of everything in it. */
export interface TenantContext {
  /** Id of the tenant, a UUID in lower case. */
  readonly tenantId: string;
  /** The person or service, by the name that the log shall show. */
  readonly actor: string;
  /**
   * Address of the client, IPv4 or IPv6, without a port.
   *
   * @default - the log shows the address of the database session
   */
  readonly clientAddress?: string;
  /** @default - the log shows the name of the database session */
  readonly userAgent?: string;
  /** @default - none */
  readonly requestId?: string;
}

/** A client of `pg` 8.23 or later, its own or one of a pool, which nobody else uses meanwhile. */
export interface TransactionClient {
  query(sql: string): Promise<unknown>;
  escapeLiteral(text: string): string;
  /** `I` outside of a transaction, `T` in one, `E` in one that failed. */
  getTransactionStatus(): string | null;
  end(): Promise<void>;
}

/** A transaction that changes nothing and sees the database as it was at one moment, whatever others commit meanwhile. */
export interface ConsistentReading {
  /**
   * The moment of another such transaction, which is still open: what `pg_export_snapshot()` returned in it.
   *
   * @default - that of the first statement
   */
  readonly snapshot?: string;
}

/** Clients whose transaction is under way, known before the server has answered. */
const busy = new WeakSet<TransactionClient>();

/**
 * Runs the work of one tenant in a transaction: what the promises of the database stand on, without a round trip of its own. `BEGIN` and
 * `tenancy.enter` travel as one message; the values in it are checked or quoted first, whoever sent them.
 *
 * Everything that the work asks of the client must be awaited in it. Where it fails, its error is thrown on and nothing of it stays; a client
 * that cannot be brought out of its transaction is ended, so that a pool hands it to nobody.
 *
 * @param reading for work that only reads, and all of it as of one moment
 * @returns what the work returns, once it is committed
 * @throws Error if a value is none that the database takes, if the client is in a transaction already, if the work ended its transaction by
 * itself, or if it went on after a statement that failed; and whatever the work or PostgreSQL throws
 */
export async function inTenantTransaction<Client extends TransactionClient, Result>(
  client: Client,
  context: TenantContext,
  work: (client: Client) => Promise<Result>,
  reading?: ConsistentReading,
): Promise<Result> {
  const begin = `${beginning(client, reading)}; ${entering(client, context)}`;
  if (busy.has(client) || (client.getTransactionStatus() ?? 'I') !== 'I') {
    throw new Error(
      'the client is in a transaction already, which is of one tenant: end it first, or use another client',
    );
  }
  busy.add(client);
  try {
    await client.query(begin);
    const result = await work(client);
    await commit(client);
    return result;
  } catch (error) {
    await leave(client);
    throw error;
  } finally {
    busy.delete(client);
  }
}

async function commit(client: TransactionClient): Promise<void> {
  const status = client.getTransactionStatus();
  if (status === 'I') {
    throw new Error(
      'the work ended its transaction by itself: take COMMIT and ROLLBACK out of it, and throw to undo it',
    );
  }
  // PostgreSQL answers the COMMIT of a failed transaction with success, and undoes it
  const { command } = (await client.query('COMMIT')) as { readonly command?: string };
  if (command !== 'COMMIT') {
    throw new Error('a statement of the work failed and its error was not passed on: nothing was committed');
  }
}

/** Asked of every client, whatever it says of itself: of one that gave up waiting, the `BEGIN` may still be on its way. */
async function leave(client: TransactionClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
  } catch {
    await client.end().catch(() => undefined);
  }
}

function beginning(client: TransactionClient, reading?: ConsistentReading): string {
  if (!reading) {
    return 'BEGIN';
  }
  const { snapshot } = reading;
  const own = 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY';
  return snapshot === undefined ? own : `${own}; SET TRANSACTION SNAPSHOT ${literal(client, 'snapshot', snapshot)}`;
}

function entering(client: TransactionClient, context: TenantContext): string {
  const { actor, clientAddress, requestId, userAgent } = context;
  tenantId(context.tenantId);
  if (!actor) {
    throw new Error('actor is missing, expected the person or service that the transaction works for');
  }
  if (clientAddress !== undefined && (isIP(clientAddress) === 0 || clientAddress.includes('%'))) {
    throw new Error(`clientAddress is '${clientAddress}', expected an IPv4 or IPv6 address without port or zone`);
  }
  const values = Object.entries({ tenantId: context.tenantId, actor, clientAddress, userAgent, requestId });
  const literals = values.map(([name, value]) => (value === undefined ? 'NULL' : literal(client, name, value)));
  return `SELECT tenancy.enter(${literals.join(', ')})`;
}

function literal(client: TransactionClient, name: string, value: unknown): string {
  if (typeof value !== 'string') {
    throw new Error(`${name} is a ${typeof value}, expected a text`);
  }
  // It would end the message in the middle
  if (value.includes('\0')) {
    throw new Error(`${name} holds a NUL character, which no text in PostgreSQL may: take it out`);
  }
  return client.escapeLiteral(value);
}
