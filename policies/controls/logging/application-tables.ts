import type { DatabaseReader } from '../../../lib/control/database';
import { type Fact, factsIn, flagIn, optionalTextIn, textIn, wordsIn } from '../../../lib/control/fact';
import { couldNotLook, type FailedRead, type LiveOutcome, type ReadResult } from '../../../lib/control/live';

export type Rows = ReadResult<readonly Fact[]>;

/** A table of somebody's own: not one of PostgreSQL or of the audit log. */
export interface Table {
  /** `schema.table`. */
  readonly name: string;
  readonly comment: string;
  readonly isPartition: boolean;
  /** Roles that may change rows: no superusers, and its owner only where that signs in. */
  readonly writers: readonly string[];
  readonly columns: readonly Column[];
  readonly triggers: readonly Trigger[];
  readonly indexes: readonly Index[];
}

export interface Column {
  readonly name: string;
  /** The name as lower-case words with `_` between them, however it is written: `passwordHash` is `password_hash`. */
  readonly words: string;
  /** `schema.type`; that of the domain where it is one. */
  readonly type: string;
  /** Type behind the domain, or the type itself. */
  readonly stored: string;
  /** Letter of `pg_type.typcategory`: S text, D time, B truth. */
  readonly category: string;
  readonly isRequired: boolean;
  readonly comment: string;
}

export interface Trigger {
  readonly name: string;
  /** `schema.function`. */
  readonly calls: string;
  /** Bits of `pg_trigger.tgtype`: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate. */
  readonly events: number;
  /** `A` always, `O` unless in replica mode, `D` off, `R` in replica mode alone. */
  readonly enabled: string;
  /** Whether it fires for some columns or rows only. */
  readonly isPartial: boolean;
  /** Arguments, separated by a backslash and three zeros. */
  readonly given: string;
  /** Name under which it sees all rows of the statement as they were, and as they are; '' where it does not. */
  readonly oldRows: string;
  readonly newRows: string;
}

export interface Index {
  readonly columns: readonly string[];
  /** Whether no two rows are alike in all of these columns. */
  readonly isUnique: boolean;
}

/** Asks for all of it at once: one answer, from one moment. */
export const TABLES = `
SELECT format('%s.%s', n.nspname, c.relname) AS name, coalesce(obj_description(c.oid, 'pg_class'), '') AS comment, c.relispartition AS partition,
  ARRAY(SELECT r.rolname::text FROM pg_roles AS r
    WHERE NOT r.rolsuper AND (r.oid <> c.relowner OR r.rolcanlogin) AND r.rolname !~ '^pg_'
      AND (has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE'))
    ORDER BY 1) AS writers,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', a.attname, 'type', format('%s.%s', tn.nspname, t.typname), 'stored', coalesce(b.typname, t.typname), 'category', t.typcategory,
      'required', a.attnotnull OR t.typnotnull, 'comment', coalesce(col_description(c.oid, a.attnum), '')) ORDER BY a.attnum), '[]')
    FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid JOIN pg_namespace AS tn ON tn.oid = t.typnamespace
    LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', g.tgname, 'calls', format('%s.%s', pn.nspname, p.proname), 'events', g.tgtype, 'enabled', g.tgenabled,
      'partial', g.tgqual IS NOT NULL OR g.tgattr::text <> '', 'given', encode(g.tgargs, 'escape'), 'old', g.tgoldtable, 'new', g.tgnewtable) ORDER BY g.tgname), '[]')
    FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
    WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS triggers,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'unique', i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL,
      'columns', (SELECT jsonb_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))) ORDER BY i.indexrelid), '[]')
    FROM pg_index AS i WHERE i.indrelid = c.oid) AS indexes
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'audit')
ORDER BY 1`;

/** Reads the answer to `TABLES`. */
export function tablesIn(rows: readonly Fact[]): readonly Table[] {
  return rows.map((row) => ({
    name: textIn(row, 'name'),
    comment: optionalTextIn(row, 'comment') ?? '',
    isPartition: flagIn(row, 'partition'),
    writers: wordsIn(row, 'writers'),
    columns: factsIn(row, 'columns').map((column) => ({
      name: textIn(column, 'name'),
      words: wordsOf(textIn(column, 'name')),
      type: textIn(column, 'type'),
      stored: textIn(column, 'stored'),
      category: textIn(column, 'category'),
      isRequired: flagIn(column, 'required'),
      comment: optionalTextIn(column, 'comment') ?? '',
    })),
    triggers: factsIn(row, 'triggers').map(triggerIn),
    indexes: factsIn(row, 'indexes').map((index) => ({
      columns: wordsIn(index, 'columns'),
      isUnique: flagIn(index, 'unique'),
    })),
  }));
}

/** A name as lower-case words with `_` between them: `chatMessage` and `Chat-Message` are `chat_message`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toLowerCase();
}

export function triggerIn(trigger: Fact): Trigger {
  return {
    name: textIn(trigger, 'name'),
    calls: textIn(trigger, 'calls'),
    events: Number(trigger.events),
    enabled: textIn(trigger, 'enabled'),
    isPartial: flagIn(trigger, 'partial'),
    given: optionalTextIn(trigger, 'given') ?? '',
    oldRows: optionalTextIn(trigger, 'old') ?? '',
    newRows: optionalTextIn(trigger, 'new') ?? '',
  };
}

/** Whether a trigger is of a kind: all of these bits, and of `without` none. */
export function fires({ events }: Trigger, bits: number, without = 0): boolean {
  return (events & bits) === bits && (events & without) === 0;
}

/** Names in an array as PostgreSQL writes it: `{id,"odd name"}`. */
export function namesIn(array: string): readonly string[] {
  const list = /^\{(.*)\}$/.exec(array)?.[1] ?? '';
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Words behind a mark in a comment, such as `audit exempt: rebuilt every night`. Less than ten letters are no reason. */
export function reasonIn(comment: string, mark: string): string | undefined {
  const reason = new RegExp(`(?:^|\\n)\\s*${mark}: *(\\S.{9,})`).exec(comment)?.[1];
  return reason?.trim();
}

/** A query that gave nothing. */
export function unread(database: string, what: string, read: FailedRead): LiveOutcome {
  return { subject: database, type: 'PostgreSQL::Database', outcome: couldNotLook(what, read) };
}

/** Answers to several queries by their names. */
export async function answers<Name extends string>(
  database: DatabaseReader,
  queries: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, Rows>>> {
  const entries: (readonly [string, Rows])[] = [];
  for (const [name, sql] of Object.entries<string>(queries)) {
    entries.push([name, await database.query(sql)]);
  }
  return Object.fromEntries(entries) as Readonly<Record<Name, Rows>>;
}
