import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, flagIn, optionalTextIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { judgeRelations, writersOf } from './protected-relations';
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
      coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false) AS invoker,
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
  roles: `
    WITH used AS (
      SELECT relowner AS role, true AS owns FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${notOfSystem} AND ${notOfExtension('c.oid')}
      UNION SELECT a.grantee, false FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a
      WHERE a.grantee NOT IN (0, c.relowner) AND ${notOfSystem} AND ${notOfExtension('c.oid')}
    )
    SELECT r.rolname AS name, r.oid = 10 AS service, r.rolcanlogin AS logs_in, r.rolsuper AS super, r.rolbypassrls AS bypass,
      ARRAY(SELECT DISTINCT pg_get_userbyid(role) FROM used WHERE NOT owns AND pg_has_role(r.oid, role, 'USAGE') ORDER BY 1) AS uses,
      ARRAY(SELECT DISTINCT pg_get_userbyid(role) FROM used WHERE owns AND pg_has_role(r.oid, role, 'SET') ORDER BY 1) AS owners,
      ARRAY(
        SELECT m.rolname FROM pg_roles AS m
        WHERE m.rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
          AND pg_has_role(r.oid, m.oid, 'MEMBER') ORDER BY 1
      ) AS server
    FROM pg_roles AS r WHERE r.rolname !~ '^pg_' ORDER BY 1`,
  functions: `
    SELECT n.nspname AS schema, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
      pg_get_userbyid(p.proowner) AS owner, o.rolsuper OR o.rolbypassrls AS passes_over,
      (SELECT split_part(c, '=', 2) FROM unnest(p.proconfig) AS c WHERE c LIKE 'search_path=%') AS path,
      has_function_privilege('public', p.oid, 'EXECUTE') AND p.prorettype <> 'trigger'::regtype AS by_everybody
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_roles AS o ON o.oid = p.proowner
    WHERE p.prosecdef AND ${notOfSystem} AND ${notOfExtension('p.oid')} ORDER BY 1, 2`,
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
    const writers = writersOf(relations.value);
    return [
      { subject: database, type: 'PostgreSQL::Database', outcome: judgeTenancy(tenancy, figures) },
      ...judgeRelations({
        tenancy,
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
          outcome: judgeDefiner(each),
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

/** Whoever the server itself belongs to (oid 10: on Amazon RDS the service's own `rdsadmin`) is nobody whom anybody can take it from. */
function judgeRole(role: Fact, writers: ReadonlySet<string>): Outcome {
  if (flagIn(role, 'service')) {
    return notApplicable('the server belongs to it');
  }
  const attribute = flagIn(role, 'super')
    ? 'it is a superuser'
    : flagIn(role, 'bypass')
      ? 'BYPASSRLS'
      : wordsIn(role, 'server').map((name) => `it is a member of ${name}`)[0];
  if (attribute !== undefined) {
    return finding('passesOver', undefined, { attribute });
  }
  const name = textIn(role, 'name');
  const uses = [name, ...wordsIn(role, 'uses')].some((each) => writers.has(each));
  const owners = wordsIn(role, 'owners').filter((owner) => owner !== name || flagIn(role, 'logs_in'));
  return owners.length > 0 && (uses || owners.includes(name))
    ? finding('becomesOwner', undefined, { owners: owners.join(', ') })
    : satisfied;
}

/** A name without a schema is looked up along the path: whoever can put something there runs code with the owner's rights. */
function judgeDefiner(each: Fact): Outcome {
  const path = optionalTextIn(each, 'path');
  const places = (path ?? '').split(',').map((place) => place.trim().replaceAll('"', ''));
  const fault = flagIn(each, 'passes_over')
    ? 'is owned by a role that passes over row-level security'
    : path === undefined
      ? 'looks names up where its caller says'
      : places.some((place) => place === 'public' || place === '$user')
        ? `looks names up in ${path}`
        : flagIn(each, 'by_everybody')
          ? 'everybody may execute it'
          : undefined;
  return fault === undefined ? satisfied : finding('definer', undefined, { owner: textIn(each, 'owner'), fault });
}
