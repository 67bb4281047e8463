import { type Fact, factsIn, flagIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { fires, type Trigger, triggerIn } from './application-tables';

/** Whether a role changes rows of tables that are not the audit log's own, as an application does. */
const worksForApplication = (
  role: string,
) => `EXISTS (SELECT FROM pg_class AS t JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
        WHERE t.relkind IN ('r', 'p') AND tn.nspname NOT IN ('audit', 'secure', 'tenancy', 'information_schema') AND tn.nspname !~ '^pg_'
          AND has_table_privilege(${role}, t.oid, 'INSERT, UPDATE, DELETE'))`;

/** Tables of the schema audit: who comes at them, and what fires when somebody does. */
export const GUARDED = `
SELECT format('%s.%s', n.nspname, c.relname) AS name, c.relispartition AS partition, c.relname = 'log' OR c.relispartition AS log,
  o.rolname::text AS owner, o.rolcanlogin OR o.rolsuper AS loose,
  ARRAY(SELECT r.rolname::text FROM pg_roles AS r WHERE NOT r.rolsuper AND r.oid <> c.relowner AND r.rolname !~ '^pg_'
    AND (has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE'))
    ORDER BY 1) AS writers,
  ARRAY(SELECT r.rolname::text FROM pg_roles AS r WHERE NOT r.rolsuper AND r.oid <> c.relowner AND r.rolname !~ '^pg_'
    AND (pg_has_role(r.oid, c.relowner, 'USAGE')
      OR (pg_has_role(r.oid, c.relowner, 'SET, MEMBER WITH ADMIN OPTION') AND ${worksForApplication('r.oid')})) ORDER BY 1) AS heirs,
  c.relpersistence <> 'p' AS unlogged, so.rolname::text AS schema_owner, n.nspowner <> c.relowner AS schema_elsewhere,
  ARRAY(SELECT w.rulename::text FROM pg_rewrite AS w WHERE w.ev_class = c.oid ORDER BY 1) AS rules,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', g.tgname, 'calls', format('%s.%s', pn.nspname, p.proname), 'events', g.tgtype, 'enabled', g.tgenabled,
      'partial', g.tgqual IS NOT NULL OR g.tgattr::text <> '', 'deferred', g.tginitdeferred, 'definition', pg_get_triggerdef(g.oid)) ORDER BY g.tgname), '[]')
    FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
    WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_roles AS o ON o.oid = c.relowner
  JOIN pg_roles AS so ON so.oid = n.nspowner
WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p', 'f') ORDER BY 1`;

/** Functions that remove what is over, and roles that may call them though they work for the application. */
export const REMOVERS = `
SELECT format('%s.%s', n.nspname, p.proname) AS name,
  ARRAY(SELECT r.rolname::text FROM pg_roles AS r WHERE NOT r.rolsuper AND r.oid <> p.proowner AND r.rolname !~ '^pg_'
    AND has_function_privilege(r.oid, p.oid, 'EXECUTE') AND ${worksForApplication('r.oid')} ORDER BY 1) AS callers
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'audit' AND p.proname IN ('apply_retention', 'drop_empty_partitions') ORDER BY 1`;

/** Functions that triggers of the audit log call; whatever else fires may change or drop an entry before it is written. */
const reviewed: readonly string[] = ['audit.refuse_change', 'audit.seal'];

const ROW_BEFORE = 1 + 2 + 8 + 16;
const TRUNCATE_BEFORE = 2 + 32;
const ROW_AFTER_INSERT = 1 + 4;

/** Judges what guards a table of the audit log, and who comes past it. */
export function judgeGuarded(row: Fact): readonly LiveOutcome[] {
  const triggers = factsIn(row, 'triggers').map((each) => ({
    ...triggerIn(each),
    isDeferred: flagIn(each, 'deferred'),
    definition: textIn(each, 'definition'),
  }));
  const refusing = triggers.filter(({ calls, isPartial }) => calls === 'audit.refuse_change' && !isPartial);
  const wanted: readonly (readonly [string, Trigger | undefined])[] = [
    ['UPDATE and DELETE', refusing.find((each) => fires(each, ROW_BEFORE))],
    ['TRUNCATE', refusing.find((each) => fires(each, TRUNCATE_BEFORE, 1))],
    ...(flagIn(row, 'log') ? [['the link of each batch', sealOf(triggers)] as const] : []),
  ];
  const writers = wordsIn(row, 'writers');
  const heirs = wordsIn(row, 'heirs');
  const beside = [
    ...triggers.filter(({ calls }) => !reviewed.includes(calls)).map(({ name }) => `trigger ${name}`),
    ...wordsIn(row, 'rules').map((rule) => `rule ${rule}`),
  ];
  const against: readonly Outcome[] = [
    ...wanted.flatMap(([what, trigger]) =>
      trigger?.enabled === 'A' ? [] : [finding(trigger ? 'skippable' : 'unguarded', undefined, { what })],
    ),
    ...(writers.length > 0 ? [finding('writable', undefined, { roles: writers.join(', ') })] : []),
    ...(heirs.length > 0 ? [finding('inherited', undefined, { roles: heirs.join(', '), owner: row.owner })] : []),
    ...beside.map((what) => finding('beside', undefined, { what })),
    ...(flagIn(row, 'unlogged') ? [finding('unlogged')] : []),
    ...(flagIn(row, 'schema_elsewhere') ? [finding('schemaElsewhere', undefined, { owner: row.schema_owner })] : []),
    ...(flagIn(row, 'loose') ? [finding('ownerSignsIn', undefined, { owner: row.owner })] : []),
  ];
  const observations = triggers.map(({ name, enabled }) => ({ property: name, value: enabled }));
  const subject = { subject: textIn(row, 'name'), type: 'PostgreSQL::Table', observations };
  return (against.length > 0 ? against : [satisfied]).map((outcome) => ({ ...subject, outcome }));
}

interface SealingTrigger extends Trigger {
  readonly isDeferred: boolean;
  readonly definition: string;
}

/** It fires for the first entry of each batch, and under no other condition. */
function sealOf(triggers: readonly SealingTrigger[]): Trigger | undefined {
  return triggers.find(
    (each) =>
      each.calls === 'audit.seal' &&
      fires(each, ROW_AFTER_INSERT, 2) &&
      each.isDeferred &&
      (!each.isPartial || / WHEN \(\(new\.id = new\.batch\)\) EXECUTE /.test(each.definition)),
  );
}

/** Whoever writes as the application does must not decide when what he did is forgotten. */
export function judgeRemover(row: Fact): LiveOutcome {
  const roles = wordsIn(row, 'callers');
  const outcome = roles.length > 0 ? finding('callable', undefined, { roles: roles.join(', ') }) : satisfied;
  return { subject: textIn(row, 'name'), type: 'PostgreSQL::Function', outcome };
}
