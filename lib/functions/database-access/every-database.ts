/** A session that asks, and can be ended; a client of `pg` is one. */
export interface EndingSession {
  query(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
  end(): Promise<void>;
}

/** Holds nobody's data, or is not ours to enter. */
const MAINTENANCE = ['postgres', 'rdsadmin'];

/**
 * Names of the databases of the cluster that hold somebody's data. Asked for anew each time: a new tenant's is not forgotten.
 *
 * @param connect opens a session in the maintenance database
 */
export async function everyDatabase(connect: (database: string) => Promise<EndingSession>): Promise<readonly string[]> {
  const session = await connect('postgres');
  try {
    const { rows } = await session.query(
      'SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> ALL ($1) ORDER BY datname',
      [MAINTENANCE],
    );
    return rows.map(({ datname }) => String(datname));
  } finally {
    await session.end();
  }
}
