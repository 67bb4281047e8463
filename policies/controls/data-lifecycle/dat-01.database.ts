import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, factsIn, flagIn, optionalTextIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import { fires, triggerIn } from '../logging/application-tables';
import { FUNCTIONS, judgeFunctions } from '../logging/audit-functions';
import {
  notOfExtension,
  notOfSystem,
  type Rows,
  readSettings,
  type Tenancy,
  tenancyOf,
  unread,
} from '../tenancy/tenancy-facts';
import { tiesToTenant } from '../tenancy/tenant-condition';
import { reviewed } from './retention-functions';
import { type RowRule, rowRuleOf, rowRulesOf, rowRulesWithout } from './row-schedule';

/** What a database says of how long its rows are kept, and of what keeps that. */
interface PeriodFacts {
  readonly database: string;
  readonly settings: Rows;
  readonly guarded: Rows;
  readonly tables: Rows;
  readonly periods: Rows;
  readonly overdue: Rows;
  readonly functions: Rows;
  readonly callers: Rows;
}

/** Roles that may change rows of a table: neither its owner nor superusers. */
const writers = `ARRAY(SELECT r.rolname::text FROM pg_roles AS r WHERE NOT r.rolsuper AND r.oid <> c.relowner AND r.rolname !~ '^pg_'
    AND (has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE'))
    ORDER BY 1)`;

/** The tables that hold the rows of a table: itself, or its partitions. */
const leaves = `(SELECT c.oid WHERE c.relkind <> 'p' UNION ALL SELECT t.relid FROM pg_partition_tree(c.oid) AS t WHERE t.isleaf AND c.relkind = 'p')`;

const queries = {
  guarded: `
SELECT format('%s.%s', n.nspname, c.relname) AS name, o.rolcanlogin OR o.rolsuper AS loose, ${writers} AS writers,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', g.tgname, 'calls', format('%s.%s', pn.nspname, p.proname), 'events', g.tgtype, 'enabled', g.tgenabled,
      'partial', g.tgqual IS NOT NULL OR g.tgattr::text <> '') ORDER BY g.tgname), '[]')
    FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
    WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_roles AS o ON o.oid = c.relowner
WHERE n.nspname = 'retention' AND c.relkind IN ('r', 'p') ORDER BY 1`,
  /** Unnoted: the table or its partitions to which rows of a new tenant may come without being noted. */
  tables: `
SELECT format('%s.%s', n.nspname, c.relname) AS name, ${writers} AS writers,
  EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = s.tenant_key AND a.attnum > 0 AND NOT a.attisdropped) AS keyed,
  ARRAY(SELECT part.oid::regclass::text
    FROM (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid)) AS part
    WHERE NOT EXISTS (
      SELECT FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
      WHERE g.tgrelid = part.oid AND pn.nspname = 'retention' AND p.proname = 'note_tenant' AND g.tgenabled = 'A' AND g.tgqual IS NULL
        AND g.tgtype & 7 = 5 AND g.tgargs = convert_to(s.tenant_key, 'UTF8') || '\\x00'::bytea
    ) ORDER BY 1) AS unnoted,
  ARRAY(SELECT part.oid::regclass::text FROM ${leaves} AS part ORDER BY 1) AS swept,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('part', part.oid::regclass::text, 'name', p.polname, 'permissive', p.polpermissive,
      'command', p.polcmd, 'visible', pg_get_expr(p.polqual, p.polrelid)) ORDER BY part.oid, p.polname), '[]')
    FROM ${leaves} AS part JOIN pg_policy AS p ON p.polrelid = part.oid WHERE p.polroles && ARRAY[0, c.relowner]) AS policies,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', f.conname, 'with', format('%s.%s', tn.nspname, t.relname)) ORDER BY f.conname), '[]')
    FROM pg_constraint AS f JOIN pg_class AS t ON t.oid = f.confrelid JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
    WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confdeltype = 'c') AS cascades
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, tenancy.settings AS s
WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND ${notOfSystem} AND ${notOfExtension('c.oid')}
  AND n.nspname NOT IN ('audit', 'retention', 'tenancy') ORDER BY 1`,
  periods: `
SELECT DISTINCT ON (p.kept) format('%s.%s', n.nspname, c.relname) AS name, p.clock::text AS clock, p.days, p.reason
FROM retention.period AS p JOIN pg_class AS c ON c.oid = p.kept JOIN pg_namespace AS n ON n.oid = c.relnamespace ORDER BY p.kept, p.id DESC`,
  /** A day of grace: the sweep comes around more than once within it. */
  overdue:
    'SELECT kept AS name, overdue::text AS overdue, undated::text AS undated, ahead::text AS ahead FROM retention.overdue(1) ORDER BY 1',
  functions: FUNCTIONS,
  callers: `
SELECT format('%s.%s', n.nspname, p.proname) AS name,
  ARRAY(SELECT r.rolname::text FROM pg_roles AS r WHERE NOT r.rolsuper AND r.oid <> p.proowner AND r.rolname !~ '^pg_'
    AND has_function_privilege(r.oid, p.oid, 'EXECUTE') ORDER BY 1) AS callers
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = 'retention' ORDER BY 1`,
};

/** DAT-01 in a running database: every table says how long its rows are kept, as the schedule does, and none is there past it. */
export const databaseHalf: DatabaseHalf<PeriodFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({
    database: database.name,
    settings: await readSettings(database),
    guarded: await database.query(queries.guarded),
    tables: await database.query(queries.tables),
    periods: await database.query(queries.periods),
    overdue: await database.query(queries.overdue),
    functions: await database.query(queries.functions),
    callers: await database.query(queries.callers),
  }),
  judge: ({ database, ...reads }, { figures }) => {
    const { settings, guarded, tables, periods, overdue, functions, callers } = reads;
    if (guarded.ok && !guarded.value.some(({ name }) => name === 'retention.period')) {
      return [{ subject: database, type: 'PostgreSQL::Database', outcome: finding('noPeriods') }];
    }
    if (!settings.ok || !guarded.ok || !tables.ok || !periods.ok || !overdue.ok || !functions.ok || !callers.ok) {
      return unread(database, { ...reads });
    }
    const rules = rowRulesOf(figures.set('retention.rows'));
    const tenancy = tenancyOf(settings.value);
    if (!tenancy) {
      return [{ subject: database, type: 'PostgreSQL::Database', outcome: finding('noPeriods') }];
    }
    const kept = new Map(periods.value.map((row) => [textIn(row, 'name'), periodIn(row)]));
    const names = tables.value.map((row) => textIn(row, 'name'));
    const running = new Set(tables.value.flatMap((row) => wordsIn(row, 'writers')));
    return [
      ...tables.value.flatMap((row) => judgeTable(row, { rules, kept, tenancy })),
      ...overdue.value.flatMap(judgeCount),
      ...rowRulesWithout(names, rules).map(
        ({ id, table }): LiveOutcome => ({
          subject: table,
          type: 'PostgreSQL::Table',
          outcome: finding('tableGone', undefined, { rule: id }),
        }),
      ),
      ...guarded.value.flatMap(judgeGuarded),
      ...judgeFunctions(functions.value, reviewed),
      ...callers.value.flatMap((row) => judgeCallers(row, running)),
    ];
  },
};

type Keep = RowRule['keep'];

function periodIn(row: Fact): Keep {
  return optionalTextIn(row, 'clock') === undefined ? 'while-active' : Number(row.days);
}

interface Periods {
  readonly rules: readonly RowRule[];
  readonly kept: ReadonlyMap<string, Keep>;
  readonly tenancy: Tenancy;
}

function judgeTable(row: Fact, { rules, kept, tenancy }: Periods): readonly LiveOutcome[] {
  const name = textIn(row, 'name');
  const subject = { subject: name, type: 'PostgreSQL::Table' };
  const keep = kept.get(name);
  if (keep === undefined && wordsIn(row, 'writers').length === 0 && !flagIn(row, 'keyed')) {
    return [
      { ...subject, outcome: notApplicable('nobody but its owner can change it, and its rows belong to no tenant') },
    ];
  }
  const observations = [{ property: 'period', value: keep ?? 'none' }];
  if (keep === undefined) {
    return [{ ...subject, outcome: finding('noPeriod'), observations }];
  }
  const unnoted = tenancy.mode === 'rls' && keep !== 'while-active' ? wordsIn(row, 'unnoted') : [];
  const against: readonly Outcome[] = [
    ...judgePeriod(name, keep, rules),
    ...(unnoted.length > 0 ? [finding('unnoted', undefined, { parts: unnoted.join(', ') })] : []),
    ...(keep === 'while-active' ? [] : judgeVisible(row, tenancy)),
    ...factsIn(row, 'cascades').flatMap((each) => judgeCascade(each, keep, kept)),
  ];
  return (against.length > 0 ? against : [satisfied]).map((outcome) => ({ ...subject, outcome, observations }));
}

function judgePeriod(name: string, keep: Keep, rules: readonly RowRule[]): readonly Outcome[] {
  const rule = rowRuleOf(name, rules);
  if (!rule) {
    return [finding('unscheduledRows', undefined, { kept: inWords(keep) })];
  }
  return rule.keep === keep
    ? []
    : [finding('otherPeriod', undefined, { kept: inWords(keep), promised: inWords(rule.keep), rule: rule.id })];
}

function inWords(keep: Keep): string {
  return keep === 'while-active' ? 'as long as the account is in use' : `${keep} days`;
}

/** Policies bind whoever deletes: a row that it cannot see stays for ever, and is not even counted. */
function judgeVisible(row: Fact, tenancy: Tenancy): readonly Outcome[] {
  const policies = factsIn(row, 'policies');
  return wordsIn(row, 'swept').flatMap((part) => {
    const own = policies.filter((policy) => policy.part === part && policy.command !== 'a');
    const hiding = own.filter(
      (policy) => !flagIn(policy, 'permissive') && !tiesToTenant(textIn(policy, 'visible'), tenancy),
    );
    const isOpen = own.some(
      (policy) => flagIn(policy, 'permissive') && policy.command === '*' && policy.visible === 'true',
    );
    return [
      ...hiding.map((policy) => finding('hidden', undefined, { part, why: `policy ${textIn(policy, 'name')}` })),
      ...(isOpen ? [] : [finding('hidden', undefined, { part, why: 'no policy shows all of them to the owner' })]),
    ];
  });
}

/** What is deleted by age must not take along what is kept for longer. */
function judgeCascade(constraint: Fact, keep: Keep, kept: ReadonlyMap<string, Keep>): readonly Outcome[] {
  const other = textIn(constraint, 'with');
  const days = kept.get(other);
  const isLonger = typeof days === 'number' && (keep === 'while-active' || keep > days);
  return isLonger
    ? [finding('cascades', undefined, { other, constraint: textIn(constraint, 'name'), days, kept: inWords(keep) })]
    : [];
}

function judgeCount(row: Fact): readonly LiveOutcome[] {
  return (['overdue', 'undated', 'ahead'] as const).flatMap((message): readonly LiveOutcome[] => {
    const count = textIn(row, message);
    const outcome = count === '0' ? satisfied : finding(message, undefined, { count });
    const observations = [{ property: message, value: count }];
    return [{ subject: textIn(row, 'name'), type: 'PostgreSQL::Table', outcome, observations }];
  });
}

const ROW_BEFORE = 1 + 2 + 8 + 16;
const TRUNCATE_BEFORE = 2 + 32;

function judgeGuarded(row: Fact): readonly LiveOutcome[] {
  const refusing = factsIn(row, 'triggers')
    .map(triggerIn)
    .filter(({ calls, isPartial, enabled }) => calls === 'retention.refuse_change' && !isPartial && enabled === 'A');
  const isGuarded =
    refusing.some((each) => fires(each, ROW_BEFORE)) && refusing.some((each) => fires(each, TRUNCATE_BEFORE, 1));
  const roles = wordsIn(row, 'writers');
  const against: readonly Outcome[] = [
    ...(isGuarded ? [] : [finding('unguardedPeriods')]),
    ...(roles.length > 0 || flagIn(row, 'loose')
      ? [finding('writablePeriods', undefined, { roles: roles.join(', ') || 'an owner that signs in' })]
      : []),
  ];
  const subject = { subject: textIn(row, 'name'), type: 'PostgreSQL::Table' };
  return (against.length > 0 ? against : [satisfied]).map((outcome) => ({ ...subject, outcome }));
}

/** Whoever changes rows as the application does must not decide how long any are kept. */
function judgeCallers(row: Fact, running: ReadonlySet<string>): readonly LiveOutcome[] {
  const roles = wordsIn(row, 'callers').filter((role) => running.has(role));
  const outcome = roles.length > 0 ? finding('callable', undefined, { roles: roles.join(', ') }) : satisfied;
  return [{ subject: textIn(row, 'name'), type: 'PostgreSQL::Function', outcome }];
}
