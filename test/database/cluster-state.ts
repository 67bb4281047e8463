import type { Client } from 'pg';

/**
 * What all databases of a cluster share, put back row by row: a copy of its catalogue is kept in the maintenance database. That is a matter
 * of milliseconds, where a copy of the server's files would take seconds.
 */
export interface ClusterState {
  /** Puts back roles, memberships, rights, settings, `pg_hba.conf` and databases. Run in the maintenance database. */
  restore(client: Client): Promise<void>;
}

/** Catalogues with a key by which rows are told apart. */
const catalogues = [
  { name: 'pg_authid', where: 'true' },
  { name: 'pg_auth_members', where: 'true' },
  { name: 'pg_parameter_acl', where: 'true' },
  { name: 'pg_db_role_setting', where: 'setdatabase NOT IN (SELECT oid FROM pg_database WHERE datname = ANY ($1))' },
  { name: 'pg_shdepend', where: 'dbid = 0' },
  { name: 'pg_subscription', where: 'true' },
] as const;

const shared = ['datname', 'datdba', 'datistemplate', 'datallowconn', 'datconnlimit', 'datacl'] as const;

/**
 * Keeps the state of the cluster.
 *
 * @param client superuser in the maintenance database
 * @param except databases that the caller makes anew by itself
 */
export async function keepCluster(client: Client, except: readonly string[]): Promise<ClusterState> {
  await client.query('CREATE SCHEMA kept');
  for (const { name, where } of catalogues) {
    const condition = where.replace('$1', quoted(except));
    await client.query(`CREATE TABLE kept.${name} AS SELECT * FROM ${name} WHERE ${condition}`);
  }
  await client.query(
    `CREATE TABLE kept.pg_database AS SELECT ${shared.join(', ')} FROM pg_database WHERE datname <> ALL (${quoted(except)})`,
  );
  await client.query("CREATE TABLE kept.hba AS SELECT pg_read_file(current_setting('hba_file')) AS text");
  return { restore: (session) => restore(session, except) };
}

async function restore(client: Client, except: readonly string[]): Promise<void> {
  const { rows: made } = await client.query(
    `SELECT datname AS name FROM pg_database WHERE datname <> ALL ($1) AND datname NOT IN (SELECT datname FROM kept.pg_database)`,
    [except],
  );
  for (const { name } of made) {
    await client.query(`DROP DATABASE "${name}" WITH (FORCE)`);
  }
  for (const { name, where } of catalogues) {
    const condition = where.replace('$1', quoted(except));
    // As text: rows compare as wholes, whatever their types
    await client.query(
      `DELETE FROM ${name} AS now WHERE ${condition} AND now::text NOT IN (SELECT kept::text FROM kept.${name} AS kept)`,
    );
    await client.query(
      `INSERT INTO ${name} SELECT kept.* FROM kept.${name} AS kept WHERE kept::text NOT IN (SELECT now::text FROM ${name} AS now)`,
    );
  }
  await client.query(`
    UPDATE pg_database AS now SET (datdba, datistemplate, datallowconn, datconnlimit, datacl)
      = (kept.datdba, kept.datistemplate, kept.datallowconn, kept.datconnlimit, kept.datacl)
    FROM kept.pg_database AS kept
    WHERE kept.datname = now.datname AND (now.datdba, now.datistemplate, now.datallowconn, now.datconnlimit, now.datacl::text)
      IS DISTINCT FROM (kept.datdba, kept.datistemplate, kept.datallowconn, kept.datconnlimit, kept.datacl::text)`);
  await restoreSettings(client);
}

async function restoreSettings(client: Client): Promise<void> {
  const { rows } = await client.query(`
    SELECT pg_read_file(current_setting('hba_file')) <> kept.text AS lines, kept.text,
      EXISTS (SELECT FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf') AS settings
    FROM kept.hba AS kept`);
  const [changed] = rows;
  if (!changed.lines && !changed.settings) {
    return;
  }
  await client.query('ALTER SYSTEM RESET ALL');
  await client.query(
    `DO $do$ BEGIN EXECUTE format('COPY (SELECT unnest(%L::text[])) TO %L',
      (SELECT string_to_array(trim(trailing E'\\n' FROM text), E'\\n') FROM kept.hba), current_setting('hba_file')); END $do$`,
  );
  await reload(client);
}

/** Reads the settings again, and waits until sessions that begin have them. */
export async function reload(client: Client): Promise<void> {
  const { rows } = await client.query('SELECT pg_conf_load_time() AS before');
  await client.query('SELECT pg_reload_conf()');
  await untilLoaded(client, rows[0].before);
}

/** A session learns of new settings between two statements, after the server that starts sessions has. */
export async function untilLoaded(client: Client, before: Date): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const { rows } = await client.query('SELECT pg_conf_load_time() > $1 AS loaded', [before]);
    if (rows[0].loaded) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the server did not read its settings again within five seconds');
}

function quoted(names: readonly string[]): string {
  return `ARRAY[${names.map((name) => `'${name}'`).join(', ')}]::name[]`;
}
