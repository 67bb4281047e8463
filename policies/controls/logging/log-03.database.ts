import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, factsIn, flagIn, textIn, wordsIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';
import { answers, fires, type Rows, type Trigger, triggerIn, unread } from './application-tables';
import { FUNCTIONS, judgeFunctions, type ReviewedFunction } from './audit-functions';

/** What a database says of its audit chain and of what guards it. */
interface ChainFacts {
  readonly database: string;
  readonly guarded: Rows;
  readonly links: Rows;
  readonly functions: Rows;
}

const queries = {
  guarded: `
SELECT format('%s.%s', n.nspname, c.relname) AS name, c.relispartition AS partition, c.relname = 'log' OR c.relispartition AS log,
  o.rolname::text AS owner, o.rolcanlogin OR o.rolsuper AS loose,
  ARRAY(SELECT r.rolname::text FROM pg_roles AS r WHERE NOT r.rolsuper AND r.oid <> c.relowner AND r.rolname !~ '^pg_'
    AND (has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE'))
    ORDER BY 1) AS writers,
  ARRAY(SELECT r.rolname::text FROM pg_auth_members AS m JOIN pg_roles AS r ON r.oid = m.member
    WHERE m.roleid = c.relowner AND NOT r.rolsuper
      AND (m.inherit_option OR (m.set_option AND EXISTS (SELECT FROM pg_class AS t JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
        WHERE t.relkind IN ('r', 'p') AND tn.nspname NOT IN ('audit', 'secure', 'tenancy', 'information_schema') AND tn.nspname !~ '^pg_'
          AND has_table_privilege(r.oid, t.oid, 'INSERT, UPDATE, DELETE')))) ORDER BY 1) AS heirs,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', g.tgname, 'calls', format('%s.%s', pn.nspname, p.proname), 'events', g.tgtype, 'enabled', g.tgenabled,
      'partial', g.tgqual IS NOT NULL OR g.tgattr::text <> '', 'deferred', g.tginitdeferred, 'given', encode(g.tgargs, 'escape')) ORDER BY g.tgname), '[]')
    FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
    WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_roles AS o ON o.oid = c.relowner
WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p') ORDER BY 1`,
  links: `
SELECT (SELECT count(*) FROM audit.link)::text AS count, coalesce((SELECT min(seq) FROM audit.link), 0)::text AS first,
  coalesce((SELECT max(seq) FROM audit.link), 0)::text AS last, (SELECT max(seq) FROM audit.checkpoint)::text AS begun`,
  functions: FUNCTIONS,
};

const tables = ['audit.chain', 'audit.checkpoint', 'audit.link', 'audit.log'];

/** Functions that chain and guard entries, as they were reviewed. */
const guards: Readonly<Record<string, ReviewedFunction>> = {
  'audit.refuse_change': { body: '00c2341970d283af466b38f70ccfe3ce882a1b8d8bd8f2a533187ebd7d4dbb59', definer: false },
  'audit.seal': { body: 'c0f3feb1e7a9460d88988a3d39e23701547693529e257b37f7ac3d0728c8fcdf', definer: true },
  'audit.canonical': { body: 'ced58fe06e53d904563b4c05225fe74830b40f7f36a7905889f051a4ff178960', definer: false },
  'audit.protect_partition': {
    body: 'a408026403b468c70d07621250f5c9cf29dc33423cc64afe28961228b5a08e44',
    definer: false,
  },
  'audit.apply_retention': { body: 'e8f09810510813c929d80516979885d49e005bfdc07627775b0622ed2b1248f7', definer: true },
  'audit.drop_empty_partitions': {
    body: 'fc074bdc447e609cf7b6ecfb7fb6716925ea671db437668c25b0140aeb7f3480',
    definer: true,
  },
};

/** LOG-03 in a running database: nobody changes what is written, and what is written is chained without a gap. */
export const databaseHalf: DatabaseHalf<ChainFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({ database: database.name, ...(await answers(database, queries)) }),
  judge: ({ database, guarded, links, functions }) => {
    if (guarded.ok && !tables.every((name) => guarded.value.some((row) => row.name === name))) {
      return [{ subject: database, type: 'PostgreSQL::Database', outcome: finding('missing') }];
    }
    const failed = Object.entries({ guarded, links, functions }).flatMap(([what, read]) =>
      read.ok ? [] : [unread(database, what, read)],
    );
    if (!guarded.ok || !links.ok || !functions.ok) {
      return failed;
    }
    return [
      ...guarded.value.flatMap(judgeTable),
      ...judgeFunctions(functions.value, guards),
      ...links.value.map(judgeLinks),
    ];
  },
};

const ROW_BEFORE = 1 + 2 + 8 + 16;
const TRUNCATE_BEFORE = 2 + 32;
const ROW_AFTER_INSERT = 1 + 4;

function judgeTable(row: Fact): readonly LiveOutcome[] {
  const triggers = factsIn(row, 'triggers').map((each) => ({ ...triggerIn(each), deferred: flagIn(each, 'deferred') }));
  const refusing = triggers.filter(({ calls, isPartial }) => calls === 'audit.refuse_change' && !isPartial);
  const wanted: readonly (readonly [string, Trigger | undefined])[] = [
    ['UPDATE and DELETE', refusing.find((each) => fires(each, ROW_BEFORE))],
    ['TRUNCATE', refusing.find((each) => fires(each, TRUNCATE_BEFORE, 1))],
    ...(flagIn(row, 'log') ? [['the link of each entry', sealOf(triggers)] as const] : []),
  ];
  const writers = wordsIn(row, 'writers');
  const heirs = wordsIn(row, 'heirs');
  const against: readonly Outcome[] = [
    ...wanted.flatMap(([what, trigger]) =>
      trigger?.enabled === 'A' ? [] : [finding(trigger ? 'skippable' : 'unguarded', undefined, { what })],
    ),
    ...(writers.length > 0 ? [finding('writable', undefined, { roles: writers.join(', ') })] : []),
    ...(heirs.length > 0 ? [finding('inherited', undefined, { roles: heirs.join(', '), owner: row.owner })] : []),
    ...(flagIn(row, 'loose') ? [finding('ownerSignsIn', undefined, { owner: row.owner })] : []),
  ];
  const observations = triggers.map(({ name, enabled }) => ({ property: name, value: enabled }));
  const subject = { subject: textIn(row, 'name'), type: 'PostgreSQL::Table', observations };
  return (against.length > 0 ? against : [satisfied]).map((outcome) => ({ ...subject, outcome }));
}

function sealOf(triggers: readonly (Trigger & { readonly deferred: boolean })[]): Trigger | undefined {
  return triggers.find(
    (each) => each.calls === 'audit.seal' && fires(each, ROW_AFTER_INSERT, 2) && !each.isPartial && each.deferred,
  );
}

/** Numbers are given without gaps: as many links as numbers since where the chain begins. */
function judgeLinks(row: Fact): LiveOutcome {
  const [count, first, last, begun] = ['count', 'first', 'last', 'begun'].map((name) => Number(textIn(row, name)));
  const isWhole = count === 0 || (first === Number(begun) + 1 && Number(last) - Number(first) + 1 === count);
  const outcome = isWhole ? satisfied : finding('gap', undefined, { count, first, last, begun });
  return { subject: 'audit.link', type: 'PostgreSQL::Table', outcome };
}
