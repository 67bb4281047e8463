import type { DatabaseHalf } from '../../../lib/control/database';
import { textIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { DEFINERS, judgeFunction, lentRights } from './borrowed-rights';
import { judgeRelations } from './protected-relations';
import { handsOf, judgeRole, ROLES, writersOf } from './session-roles';
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

/** What the catalogue of a database says about who may reach which row. */
export interface IsolationFacts {
  readonly database: string;
  readonly settings: Rows;
  readonly relations: Rows;
  readonly policies: Rows;
  readonly foreignKeys: Rows;
  readonly roles: Rows;
  readonly functions: Rows;
}

const grantee = (oid: string) => `CASE ${oid} WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(${oid}) END`;

const queries = {
  relations: `
    SELECT c.oid::text AS id, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
      pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
      EXISTS (SELECT FROM unnest(c.reloptions) AS o WHERE o ~* '^security_invoker=(t|tr|tru|true|on|y|ye|yes|1)$') AS invoker,
      ARRAY(SELECT w.rulename::text FROM pg_rewrite AS w WHERE w.ev_class = c.oid AND w.ev_type <> '1' ORDER BY 1) AS rules,
      ARRAY(
        SELECT DISTINCT ${grantee('a.grantee')} || ' ' || a.privilege_type
        FROM (
          SELECT * FROM aclexplode(c.relacl)
          UNION ALL SELECT x.* FROM pg_attribute AS t, aclexplode(t.attacl) AS x WHERE t.attrelid = c.oid
        ) AS a WHERE a.grantee <> c.relowner ORDER BY 1
      ) AS grants,
      format_type(k.atttypid, k.atttypmod) AS key_type, k.attnotnull AS key_not_null,
      EXISTS (
        SELECT FROM pg_index AS i
        WHERE i.indrelid = c.oid AND i.indkey[0] = k.attnum AND i.indisvalid AND i.indpred IS NULL
      ) AS key_indexed
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute AS k ON k.attrelid = c.oid AND NOT k.attisdropped AND k.attnum > 0
      AND k.attname = (SELECT tenant_key FROM tenancy.settings)
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND ${notOfSystem} AND ${notOfExtension('c.oid')}
    ORDER BY 2, 3`,
  policies: `
    SELECT polrelid::text AS id, polname AS name, polpermissive AS permissive, polcmd::text AS command,
      ARRAY(SELECT ${grantee('r')} FROM unnest(polroles) AS r ORDER BY 1) AS roles,
      pg_get_expr(polqual, polrelid) AS visible, pg_get_expr(polwithcheck, polrelid) AS written
    FROM pg_policy ORDER BY 1, 2`,
  foreignKeys: `
    SELECT f.conrelid::text AS id, f.confrelid::text AS to_id, f.conname AS name,
      EXISTS (
        SELECT FROM unnest(f.conkey, f.confkey) AS pair (own, other)
        JOIN pg_attribute AS o ON o.attrelid = f.conrelid AND o.attnum = pair.own
        JOIN pg_attribute AS t ON t.attrelid = f.confrelid AND t.attnum = pair.other
        WHERE o.attname = s.tenant_key AND t.attname = s.tenant_key
      ) AS with_tenant
    FROM pg_constraint AS f, tenancy.settings AS s WHERE f.contype = 'f' AND f.conparentid = 0 ORDER BY 1, 3`,
  roles: ROLES,
  functions: DEFINERS,
};

/** TEN-01 in a running database, by its catalogue alone: no row of a tenant is looked at. */
export const databaseHalf: DatabaseHalf<IsolationFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({
    database: database.name,
    settings: await readSettings(database),
    relations: await database.query(queries.relations),
    policies: await database.query(queries.policies),
    foreignKeys: await database.query(queries.foreignKeys),
    roles: await database.query(queries.roles),
    functions: await database.query(queries.functions),
  }),
  judge: ({ database, ...reads }, { figures }) => {
    const failed = unread(database, { ...reads });
    const { settings, relations, policies, foreignKeys, roles, functions } = reads;
    if (!settings.ok || !relations.ok || !policies.ok || !foreignKeys.ok || !roles.ok || !functions.ok) {
      return failed;
    }
    const tenancy = tenancyOf(settings.value);
    if (!tenancy) {
      return [];
    }
    const writers = writersOf(relations.value, roles.value);
    const hands = handsOf(writers, roles.value);
    return [
      { subject: database, type: 'PostgreSQL::Database', outcome: judgeTenancy(tenancy, figures) },
      ...judgeRelations({
        tenancy,
        hands,
        lent: lentRights(relations.value, functions.value, hands),
        relations: relations.value,
        policies: policies.value,
        foreignKeys: foreignKeys.value,
      }),
      ...roles.value.map(
        (role): LiveOutcome => ({
          subject: `role ${textIn(role, 'name')}`,
          type: 'PostgreSQL::Role',
          outcome: judgeRole(role, writers),
        }),
      ),
      ...functions.value.map(
        (each): LiveOutcome => ({
          subject: nameOf(each),
          type: 'PostgreSQL::Function',
          outcome: judgeFunction(each),
        }),
      ),
    ];
  },
};

function judgeTenancy({ mode, key }: Tenancy, figures: Figures): Outcome {
  const promised = { mode: figures.choice('tenancy.mode'), key: figures.choice('tenancy.key') };
  if (mode === 'rls' && promised.mode === 'database') {
    return finding('weakerMode', undefined, { mode, promised: promised.mode });
  }
  if (mode === 'rls' && key !== promised.key) {
    return finding('otherKey', undefined, { key, promised: promised.key });
  }
  return mode === 'rls' || mode === 'database'
    ? satisfied
    : notAssessed(`the mode ${mode} is not known to this control`);
}
