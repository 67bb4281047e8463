import { type ClientBase, escapeIdentifier } from 'pg';

/** Who may connect to every database that holds data of tenants: whoever changes the schema, and whoever audits. */
const EVERYWHERE = ['migrator', 'auditor'];

/**
 * Makes a database that belongs to `schema_owner` and that only the named roles can connect to. Run again it finishes what was begun.
 *
 * PostgreSQL lets everybody connect to a new database. So it is made closed, and opened once only the named roles may.
 *
 * @param provisioner session of the role `provisioner`, in the maintenance database
 * @param roles who may connect, beside the migrator and the auditor
 */
export async function createDatabase(
  provisioner: ClientBase,
  database: string,
  roles: readonly string[],
): Promise<void> {
  const name = escapeIdentifier(database);
  const { rowCount } = await provisioner.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) {
    await provisioner.query(
      `CREATE DATABASE ${name} OWNER schema_owner TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false`,
    );
  }
  await asOwner(provisioner, async () => {
    await provisioner.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    const connecting = [...EVERYWHERE, ...roles].map((role) => escapeIdentifier(role)).join(', ');
    await provisioner.query(`GRANT CONNECT ON DATABASE ${name} TO ${connecting}`);
    await provisioner.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  });
}

/** What only the owner of a database may do to it. */
export async function asOwner<T>(provisioner: ClientBase, work: () => Promise<T>): Promise<T> {
  await provisioner.query('SET ROLE schema_owner');
  try {
    return await work();
  } finally {
    await provisioner.query('RESET ROLE');
  }
}
