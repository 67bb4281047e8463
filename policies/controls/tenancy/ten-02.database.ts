import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, flagIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import { doors } from './allowed-extensions';
import {
  nameOf,
  notOfExtension,
  notOfSystem,
  type Rows,
  readSettings,
  type Tenancy,
  tenancyOf,
  unread,
} from './tenancy-facts';

/** What the cluster says about who may connect where, and a database about whose rows it takes. */
export interface DedicationFacts {
  readonly database: string;
  readonly settings: Rows;
  readonly databases: Rows;
  readonly roles: Rows;
  readonly columns: Rows;
  readonly extensions: Rows;
}

const queries = {
  databases: `
    SELECT datname AS name, pg_get_userbyid(datdba) = 'rdsadmin' AS service,
      has_database_privilege('public', oid, 'CONNECT') AS open
    FROM pg_database WHERE datallowconn ORDER BY 1`,
  /**
   * Roles that sign in and may change rows of a table here, by their own rights or by those of a role that they can put on: what applications
   * run as. Whoever puts on an owner changes tables and is no application; superusers are another control's matter.
   */
  roles: `
    WITH tables AS (
      SELECT c.oid, c.relowner, c.relacl FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND ${notOfSystem} AND ${notOfExtension('c.oid')}
    ), writing AS (
      SELECT DISTINCT a.grantee FROM tables AS t,
        LATERAL (
          SELECT * FROM aclexplode(t.relacl)
          UNION ALL SELECT x.* FROM pg_attribute AS k, aclexplode(k.attacl) AS x WHERE k.attrelid = t.oid
        ) AS a
      WHERE a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE') AND a.grantee NOT IN (SELECT relowner FROM tables)
    )
    SELECT r.rolname AS name,
      ARRAY(
        SELECT d.datname FROM pg_database AS d
        WHERE d.datallowconn AND has_database_privilege(r.oid, d.oid, 'CONNECT') ORDER BY 1
      ) AS databases
    FROM pg_roles AS r
    WHERE r.rolcanlogin AND NOT r.rolsuper AND (
      EXISTS (SELECT FROM tables AS t WHERE has_table_privilege(r.oid, t.oid, 'INSERT, UPDATE, DELETE'))
      OR EXISTS (SELECT FROM writing AS w WHERE w.grantee = 0 OR pg_has_role(r.oid, w.grantee, 'USAGE, SET'))
    ) ORDER BY 1`,
  columns: `
    SELECT n.nspname AS schema, c.relname AS name, a.attname AS column,
      ARRAY(
        SELECT pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint AS k
        WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.convalidated ORDER BY 1
      ) AS checks,
      has_table_privilege('public', c.oid, 'INSERT, UPDATE') OR EXISTS (
        SELECT FROM (
          SELECT * FROM aclexplode(c.relacl) UNION ALL SELECT x.* FROM pg_attribute AS k, aclexplode(k.attacl) AS x WHERE k.attrelid = c.oid
        ) AS g
        WHERE g.grantee <> c.relowner AND g.privilege_type IN ('INSERT', 'UPDATE')
      ) AS written
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT a.attisdropped AND ${notOfSystem} AND ${notOfExtension('c.oid')}
      AND a.attname IN ('tenant_id', 'organization_id', (SELECT tenant_key FROM tenancy.settings))
    ORDER BY 1, 2, 3`,
  /** A subscription takes rows from elsewhere, past every role. */
  extensions: `
    SELECT extname::text AS name FROM pg_extension
    UNION ALL SELECT 'subscription ' || s.subname FROM pg_subscription AS s JOIN pg_database AS d ON d.oid = s.subdbid
    WHERE d.datname = current_database() ORDER BY 1`,
};

/** TEN-02 in a running cluster, seen from the database of one tenant. */
export const databaseHalf: DatabaseHalf<DedicationFacts> = {
  expects: 'any-number',
  collect: async (database) => ({
    database: database.name,
    settings: await readSettings(database),
    databases: await database.query(queries.databases),
    roles: await database.query(queries.roles),
    columns: await database.query(queries.columns),
    extensions: await database.query(queries.extensions),
  }),
  judge: ({ database, ...reads }, { figures }) => {
    const whole = { subject: database, type: 'PostgreSQL::Database' };
    const { settings, databases, roles, columns, extensions } = reads;
    if (!settings.ok || !databases.ok || !roles.ok || !columns.ok || !extensions.ok) {
      return unread(database, { ...reads });
    }
    if (figures.choice('tenancy.mode') !== 'database') {
      return [{ ...whole, outcome: notApplicable('tenants may share a database by this profile') }];
    }
    const tenancy = tenancyOf(settings.value);
    if (!tenancy) {
      return [{ ...whole, outcome: finding('missing') }];
    }
    return [
      { ...whole, outcome: judgeMode(tenancy) },
      ...extensions.value.map((each) => ({ ...whole, outcome: judgeExtension(textIn(each, 'name')) })),
      ...databases.value.map(
        (each): LiveOutcome => ({
          subject: textIn(each, 'name'),
          type: 'PostgreSQL::Database',
          outcome: judgeDoor(each),
        }),
      ),
      ...roles.value.map(
        (role): LiveOutcome => ({
          subject: `role ${textIn(role, 'name')}`,
          type: 'PostgreSQL::Role',
          outcome: judgeRole(role, figures),
          observations: [{ property: 'databases', value: wordsIn(role, 'databases') }],
        }),
      ),
      ...columns.value.map(
        (column): LiveOutcome => ({
          subject: nameOf(column),
          type: 'PostgreSQL::Table',
          outcome: judgeColumn(column, tenancy),
        }),
      ),
    ];
  },
};

function judgeMode({ mode }: Tenancy): Outcome {
  return mode === 'database' ? satisfied : finding('weakerMode', undefined, { mode, promised: 'database' });
}

function judgeExtension(extension: string): Outcome {
  return doors.includes(extension) || extension.startsWith('subscription ')
    ? finding('door', undefined, { extension })
    : satisfied;
}

/** Into its own database Amazon RDS lets nobody. */
function judgeDoor(database: Fact): Outcome {
  if (flagIn(database, 'service')) {
    return notApplicable('it belongs to the service');
  }
  return flagIn(database, 'open') ? finding('openDatabase') : satisfied;
}

function judgeRole(role: Fact, figures: Figures): Outcome {
  const databases = wordsIn(role, 'databases');
  const promised = figures.number('tenancy.databasesPerConnection');
  return databases.length > promised
    ? finding('severalDatabases', undefined, { count: databases.length, promised, databases: databases.join(', ') })
    : satisfied;
}

/** A column for the tenant is none for several where a constraint takes the one that the database belongs to. */
function judgeColumn(column: Fact, { tenant }: Tenancy): Outcome {
  if (!flagIn(column, 'written')) {
    return notApplicable('no role of the application writes rows into it');
  }
  const name = textIn(column, 'column');
  return wordsIn(column, 'checks').includes(`(${name} = '${tenant}'::uuid)`)
    ? satisfied
    : finding('sharedTable', undefined, { column: name });
}
