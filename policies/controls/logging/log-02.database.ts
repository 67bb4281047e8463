import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, flagIn, textIn } from '../../../lib/control/fact';
import type { LiveOutcome } from '../../../lib/control/live';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import {
  answers,
  fires,
  namesIn,
  type Rows,
  reasonIn,
  TABLES,
  type Table,
  tablesIn,
  unread,
} from './application-tables';
import { FUNCTIONS, judgeFunctions, type ReviewedFunction } from './audit-functions';

/** What a database says of its activity log and of the tables that it watches. */
interface ActivityFacts {
  readonly database: string;
  readonly log: Rows;
  readonly tables: Rows;
  readonly functions: Rows;
}

const queries = {
  log: `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required
FROM pg_attribute AS a WHERE a.attrelid = to_regclass('audit.log') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  tables: TABLES,
  functions: FUNCTIONS,
};

/** What an entry must be able to say: column, type, and whether no entry is without it. */
const fields: readonly (readonly [name: string, type: string, required: boolean])[] = [
  ['at', 'timestamp with time zone', true],
  ['actor', 'text', true],
  ['client_address', 'inet', true],
  ['user_agent', 'text', true],
  ['action', 'text', true],
  ['object', 'text', true],
  ['object_key', 'jsonb', false],
  ['changed', 'text[]', false],
  ['before', 'jsonb', false],
  ['after', 'jsonb', false],
];

/** Functions that write entries, as they were reviewed. */
const writers: Readonly<Record<string, ReviewedFunction>> = {
  'audit.first_entry': { body: '447a41309ff6a8d4cca039b9a7ff5e72234c59ae19a218e99cc672f53bf2f695', definer: false },
  'audit.write_entry': { body: '5ce3670cb2b1a23d3ec602102620c3833c8b12dc46fd0c3571a420f277b19861', definer: false },
  'audit.on_change': { body: '415e51585de77399e7da3ff51fd6b609950e2627bcb7a30956d6b58e4e3562d4', definer: true },
  'audit.refuse_replication': {
    body: '8858bc540edb95c2d60084b46042cbf1544865861dbbfdfb6b13d2cea7668ef2',
    definer: false,
  },
  'audit.conceal': { body: 'b11c9c86eb11916d7577884bf82a718b7949ef98c7d48c6f710b4760b2853a1d', definer: false },
  'audit.record': { body: 'cf16a722c9ce908b9b5f642bd246143194ced964291de2a0db61da4f6a987154', definer: true },
};

/** LOG-02 in a running database: every table that the application can write is watched, whole and always, by functions that were reviewed. */
export const databaseHalf: DatabaseHalf<ActivityFacts> = {
  expects: 'at-least-one',
  collect: async (database) => ({ database: database.name, ...(await answers(database, queries)) }),
  judge: ({ database, log, tables, functions }) => {
    const failed = Object.entries({ log, tables, functions }).flatMap(([what, read]) =>
      read.ok ? [] : [unread(database, what, read)],
    );
    if (!log.ok || !tables.ok || !functions.ok) {
      return failed;
    }
    // Without a log nothing is watched: that is said once
    return log.value.length === 0
      ? []
      : [
          ...judgeFields(log.value),
          ...judgeFunctions(functions.value, writers),
          ...tablesIn(tables.value).flatMap(judgeTable),
        ];
  },
};

function judgeFields(columns: readonly Fact[]): readonly LiveOutcome[] {
  return fields.map(([name, type, required]) => {
    const column = columns.find((each) => each.name === name);
    const fault = !column
      ? 'is not there'
      : textIn(column, 'type') !== type
        ? `is of type ${textIn(column, 'type')}`
        : required && !flagIn(column, 'required')
          ? 'may be left empty'
          : undefined;
    const outcome = fault === undefined ? satisfied : finding('fieldMissing', undefined, { field: name, fault });
    return { subject: 'audit.log', type: 'PostgreSQL::Table', outcome };
  });
}

/** What a watch consists of: an event, its bit of `pg_trigger.tgtype`, and what its rows are called where `audit.on_change` looks for them. */
const watches: readonly (readonly [event: string, bit: number, oldRows: string, newRows: string])[] = [
  ['INSERT', 4, '', 'changed_rows'],
  ['UPDATE', 16, 'former_rows', 'changed_rows'],
  ['DELETE', 8, 'changed_rows', ''],
  ['TRUNCATE', 32, '', ''],
];
const ROW_OR_BEFORE = 1 + 2;
const ROW_BEFORE = 1 + 2 + 4 + 8 + 16;

function judgeTable(table: Table): readonly LiveOutcome[] {
  const { name, writers: who, comment, triggers, columns } = table;
  const subject = { subject: name, type: 'PostgreSQL::Table' };
  if (who.length === 0) {
    return [{ ...subject, outcome: notApplicable('nobody but its owner can change it') }];
  }
  const reason = reasonIn(comment, 'audit exempt');
  if (reason !== undefined) {
    return [{ ...subject, outcome: notApplicable(`it is exempt: ${reason}`) }];
  }
  const watching = triggers.filter(({ calls }) => calls === 'audit.on_change');
  const observations = watching.map(({ name: trigger, events, enabled }) => ({
    property: trigger,
    value: `${events} ${enabled}`,
  }));
  return [...judgeTriggers(watching, triggers, who), ...judgeConcealed(watching, columns)].map((outcome) => ({
    ...subject,
    outcome,
    observations,
  }));
}

/** What stays out of the log without being a credential says why, as in `audit concealed: diagnosis, the act alone is logged`. */
function judgeConcealed(watching: Table['triggers'], columns: Table['columns']): readonly Outcome[] {
  const named = new Set(watching.flatMap(({ given }) => namesIn(given.split('\\000')[1] ?? '')));
  const unexplained = columns.filter(
    ({ name, type, comment }) =>
      named.has(name) && !/^secure\./.test(type) && reasonIn(comment, 'audit concealed') === undefined,
  );
  return unexplained.map(({ name }) => finding('concealed', undefined, { column: name }));
}

/** Triggers of statements do not fire for what logical replication applies, so one of rows must refuse that, in replica mode at least. */
function judgeTriggers(
  watching: Table['triggers'],
  all: Table['triggers'],
  who: readonly string[],
): readonly Outcome[] {
  if (watching.length === 0) {
    return [finding('unwatched', undefined, { roles: who.join(', ') })];
  }
  const found = watches.map(([event, bit, oldRows, newRows]) => ({
    event,
    trigger: watching.find(
      (each) =>
        fires(each, bit, ROW_OR_BEFORE) && !each.isPartial && each.oldRows === oldRows && each.newRows === newRows,
    ),
  }));
  const refusal = all.find(
    (each) => each.calls === 'audit.refuse_replication' && fires(each, ROW_BEFORE) && !each.isPartial,
  );
  const missing = [
    ...found.flatMap(({ event, trigger }) => (trigger ? [] : [event])),
    ...(refusal ? [] : ['logical replication']),
  ];
  const skippable = [
    ...found.flatMap(({ trigger }) => (trigger && trigger.enabled !== 'A' ? [trigger.name] : [])),
    ...(refusal && !/^[AR]$/.test(refusal.enabled) ? [refusal.name] : []),
  ];
  return missing.length > 0
    ? [finding('partlyWatched', undefined, { missing: missing.join(' and ') })]
    : skippable.length > 0
      ? [finding('skippable', undefined, { trigger: skippable.join(', ') })]
      : [satisfied];
}
