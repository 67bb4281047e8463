import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, flagIn, optionalTextIn, textIn } from '../../../lib/control/fact';
import { couldNotLook, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

const queries = {
  /** What sessions start with: of a role, of a database, of a role in a database, of every session. */
  defaults: `SELECT coalesce(r.rolname, 'every role') AS role, coalesce(d.datname, 'every database') AS database, split_part(c, '=', 1) AS name,
      CASE WHEN c ~ '^search_path=' THEN substr(c, 13) ELSE '' END AS path
    FROM pg_db_role_setting AS s LEFT JOIN pg_roles AS r ON r.oid = s.setrole LEFT JOIN pg_database AS d ON d.oid = s.setdatabase, unnest(s.setconfig) AS c
    WHERE s.setdatabase = 0 OR d.datname = current_database() ORDER BY 1, 2, 3`,
  own: "SELECT coalesce(current_setting('app.tenant_id', true), '') AS tenant, coalesce(current_setting('app.actor', true), '') AS actor",
  /** Every function that says for whom the transaction works, in its body or in the settings that it runs with. */
  functions: `SELECT name, body, definer, sets, public, at_login FROM (
      SELECT format('%I.%I', n.nspname, p.proname) AS name, coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body, p.prosecdef AS definer,
        coalesce((SELECT string_agg(c, ', ') FROM unnest(p.proconfig) AS c WHERE c ~* '^app\\.tenant_id='), '') AS sets,
        has_function_privilege('public', p.oid, 'EXECUTE') AS public,
        EXISTS (SELECT FROM pg_event_trigger AS e WHERE e.evtfoid = p.oid AND e.evtevent = 'login' AND e.evtenabled <> 'D') AS at_login
      FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
      WHERE n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema' AND p.prokind <> 'a'
    ) AS each
    WHERE body ~* 'set_config\\s*\\([^;]*app\\.tenant_id|\\mset\\s+((session|local)\\s+)?"?app\\.tenant_id"?\\s*(=|to\\M)' OR sets <> ''
      OR (at_login AND body ~* 'set_config|\\mset\\M')
    ORDER BY 1`,
  largeObjects: 'SELECT count(*)::int AS number FROM pg_largeobject_metadata',
} as const;

type Query = keyof typeof queries;
type ContextFacts = Readonly<Record<Query, ReadResult<readonly Fact[]>>> & { readonly database: string };

/** The one function that names the tenant of a transaction. */
const entrance = 'tenancy.enter';
/** Settings that decide whose rows a session sees, or as whom it runs, beside the tenant itself. */
const weighty = /^(role|row_security|search_path|session_replication_role|session_authorization)$/;

/** TEN-04 in a running database: only `tenancy.enter` says for which tenant a transaction works, and no session starts with one. */
export const databaseHalf: DatabaseHalf<ContextFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({
    database: database.name,
    defaults: await database.query(queries.defaults),
    own: await database.query(queries.own),
    functions: await database.query(queries.functions),
    largeObjects: await database.query(queries.largeObjects),
  }),
  judge: (facts) => {
    const { database, defaults, own, functions, largeObjects } = facts;
    if (!defaults.ok || !own.ok || !functions.ok || !largeObjects.ok) {
      return (Object.keys(queries) as Query[]).flatMap((name) => {
        const read = facts[name];
        const at = { subject: database, type: 'PostgreSQL::Database' };
        return read.ok ? [] : [{ ...at, outcome: couldNotLook(name, read) }];
      });
    }
    if (!functions.value.some((row) => textIn(row, 'name') === entrance)) {
      return [];
    }
    return [
      ...functions.value.map(judgeFunction),
      ...defaults.value.flatMap(judgeDefault),
      ...[...own.value.map(judgeOwn), ...largeObjects.value.map(judgeLargeObjects)].map((outcome) => ({
        subject: database,
        type: 'PostgreSQL::Database',
        outcome,
      })),
    ];
  },
};

function judgeFunction(row: Fact): LiveOutcome {
  const name = textIn(row, 'name');
  const body = textIn(row, 'body');
  const at = {
    subject: name,
    type: 'PostgreSQL::Function',
    observations: [{ property: 'definer', value: row.definer }],
  };
  if (flagIn(row, 'at_login')) {
    return { ...at, outcome: notAssessed('it runs as each session begins, and what it sets there cannot be told') };
  }
  if (name !== entrance || optionalTextIn(row, 'sets') !== undefined) {
    return { ...at, outcome: finding('anotherEntrance') };
  }
  if (!/set_config\s*\(\s*'app\.tenant_id'\s*,[^;]*,\s*true\s*\)/i.test(body) || lasts(body)) {
    return { ...at, outcome: finding('lastingTenant') };
  }
  return { ...at, outcome: flagIn(row, 'public') ? finding('openEntrance') : satisfied };
}

/** Whether some statement sets the tenant beyond the end of the transaction: SET without LOCAL, or set_config with anything but true. */
function lasts(body: string): boolean {
  const calls = [...body.matchAll(/set_config\s*\(\s*'app\.(?:tenant_id|actor)'([^;]*)/gi)];
  return (
    calls.some(([, rest = '']) => /,\s*false\s*\)/i.test(rest) || !/,\s*true\s*\)\s*$/i.test(rest)) ||
    /\bset\s+(session\s+)?"?app\.(tenant_id|actor)\b/i.test(body)
  );
}

/** Schemas that the path names, none of which somebody else may put things into by habit of PostgreSQL. */
function isOwnPath(path: string): boolean {
  const places = path.split(',').map((place) => place.trim().replaceAll('"', ''));
  return places.every((place) => !['public', '$user', ''].includes(place) && !/^pg_(?!catalog$)/.test(place));
}

function judgeDefault(row: Fact): readonly LiveOutcome[] {
  const setting = textIn(row, 'name');
  const at = { subject: `role ${textIn(row, 'role')}`, type: 'PostgreSQL::Role' };
  const values = { setting, database: textIn(row, 'database') };
  if (/^app\./i.test(setting)) {
    return [{ ...at, outcome: finding('defaultTenant', undefined, values) }];
  }
  const isHarmless = setting === 'search_path' && isOwnPath(textIn(row, 'path'));
  return weighty.test(setting) && !isHarmless ? [{ ...at, outcome: finding('weightyDefault', undefined, values) }] : [];
}

/** What the session that looks was given: by the file of the server, which no catalogue shows. */
function judgeOwn(row: Fact): Outcome {
  return optionalTextIn(row, 'tenant') === undefined && optionalTextIn(row, 'actor') === undefined
    ? satisfied
    : finding('tenantFromServer');
}

function judgeLargeObjects(row: Fact): Outcome {
  return row.number === 0 ? satisfied : finding('largeObjects', undefined, { number: row.number });
}
