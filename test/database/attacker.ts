import type { Client, DatabaseError } from 'pg';
import { tenantA, tenantB } from './sample-application';
import type { TenancyServer } from './tenancy-server';

/** Stands in every text of tenant B, and in nothing else. */
export const marker = 'secret-of-b';
export const clientA = 'aaaaaaaa-0000-4000-8000-000000000001';
export const clientB = 'bbbbbbbb-0000-4000-8000-000000000001';
/** An amount that only tenant B has. */
const amountB = '4242424242';
const hash = `$2b$12$${'a'.repeat(53)}`;

/** Everything that came back over the connection, whether asked for or not. */
export interface Loot {
  readonly rows: readonly unknown[];
  /** What was sent by COPY. */
  readonly copied: string;
  readonly notices: readonly string[];
  /** SQLSTATE of the first statement that failed; the statements after it did not run. */
  readonly refused?: string;
  readonly error?: string;
}

const seeds = (tenant: string, client: string, word: string, cents: string) => [
  `SELECT tenancy.enter('${tenant}', 'seed')`,
  `INSERT INTO app.client (tenant_id, id, name, email) VALUES ('${tenant}', '${client}', '${word}', '${word}@example.org')`,
  `INSERT INTO app.note (tenant_id, client_id, body) VALUES ('${tenant}', '${client}', '${word} body')`,
  `INSERT INTO app.trust_entry (tenant_id, client_id, cents) VALUES ('${tenant}', '${client}', ${cents})`,
  `INSERT INTO app.credential (tenant_id, user_id, password_hash) VALUES ('${tenant}', '${client}', '${hash}')`,
];
export const seedsOfA = seeds(tenantA, clientA, 'word-of-a', '100');
export const seedsOfB = seeds(tenantB, clientB, marker, amountB);

export async function inTransaction(client: Client, statements: readonly string[]): Promise<void> {
  for (const statement of ['BEGIN', ...statements, 'COMMIT']) {
    await client.query(statement);
  }
}

/**
 * Runs statements as a request of tenant A would, had somebody smuggled them in: in its transaction, on its session. The transaction is
 * committed, so that what was changed stays changed.
 */
export async function attack(client: Client, statements: readonly string[], tenant = tenantA): Promise<Loot> {
  const rows: unknown[] = [];
  const notices: string[] = [];
  let copied = '';
  const hear = ({ message, detail }: { message?: string; detail?: string }) => notices.push(`${message} ${detail}`);
  const take = ({ chunk }: { chunk: Buffer }) => {
    copied += chunk.toString('utf8');
  };
  // The driver hands what COPY sends to nobody, and has no type for where it comes from
  const connection: NodeJS.EventEmitter = Reflect.get(client, 'connection');
  client.on('notice', hear);
  connection.on('copyData', take);
  try {
    await client.query('BEGIN');
    await client.query('SELECT tenancy.enter($1, $2)', [tenant, 'mallory']);
    for (const statement of statements) {
      const answers = await client.query(statement);
      rows.push(...[answers].flat().flatMap((answer) => answer.rows));
    }
    await client.query('COMMIT');
    return { rows, copied, notices };
  } catch (error) {
    await client.query('ROLLBACK');
    const { code, message, detail, hint, where } = error as DatabaseError;
    return { rows, copied, notices, refused: code ?? 'unknown', error: [message, detail, hint, where].join(' ') };
  } finally {
    client.off('notice', hear);
    connection.off('copyData', take);
  }
}

/** Whether anything of tenant B is in it. */
export function isLooted(loot: Loot): boolean {
  const text = JSON.stringify(loot);
  return text.includes(marker) || text.includes(amountB) || text.includes(clientB.slice(0, 13));
}

/** A digest of all rows that belong to a tenant, or that were made to, as the superuser sees them. */
export async function digestOfTenant(server: TenancyServer, database: string, tenant: string): Promise<string> {
  const superuser = await server.connect(database);
  const { rows } = await superuser.query(
    `SELECT md5(string_agg(line, '|' ORDER BY line)) AS digest FROM (
      ${['client', 'note', 'trust_entry', 'credential']
        .map((table) => `SELECT t::text AS line FROM app.${table} AS t WHERE tenant_id = $1`)
        .join(' UNION ALL ')}
    ) AS lines`,
    [tenant],
  );
  await superuser.end();
  return rows[0].digest;
}
