import type { DatabaseReader } from '../../../lib/control/database';
import { type Fact, optionalTextIn, textIn } from '../../../lib/control/fact';
import { couldNotLook, type LiveOutcome, type ReadResult } from '../../../lib/control/live';

export type Rows = ReadResult<readonly Fact[]>;

/** Schemas of PostgreSQL itself, and of sessions that made something temporary. */
export const notOfSystem = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
/** What an extension brought belongs to its author. */
export const notOfExtension = (oid: string) =>
  `NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = ${oid} AND d.deptype = 'e')`;

const settingsQuery = 'SELECT mode, tenant_key, tenant_id::text AS tenant_id FROM tenancy.settings';

/** How a database says that it keeps tenants apart. */
export interface Tenancy {
  readonly mode: string;
  readonly key: string;
  /** The tenant that the whole database belongs to. */
  readonly tenant?: string;
}

export function readSettings(database: DatabaseReader): Promise<Rows> {
  return database.query(settingsQuery);
}

export function tenancyOf(settings: readonly Fact[]): Tenancy | undefined {
  const [row] = settings;
  return row && { mode: textIn(row, 'mode'), key: textIn(row, 'tenant_key'), tenant: optionalTextIn(row, 'tenant_id') };
}

/** Name of a relation or function as `schema.name`. */
export function nameOf(fact: Fact): string {
  return `${textIn(fact, 'schema')}.${textIn(fact, 'name')}`;
}

/** The reads that gave nothing: while there is one, nothing can be concluded. */
export function unread(database: string, reads: Readonly<Record<string, Rows>>): readonly LiveOutcome[] {
  return Object.entries(reads).flatMap(([name, read]): LiveOutcome[] =>
    read.ok
      ? []
      : [{ subject: database, type: 'PostgreSQL::Database', outcome: couldNotLook(`the query of ${name}`, read) }],
  );
}
