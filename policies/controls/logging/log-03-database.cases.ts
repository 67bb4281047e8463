import type { DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;

/** Some entries, written as the application does. */
const entries = [
  "SET app.actor = 'anna'",
  "SELECT audit.record('read', 'a')",
  "SELECT audit.record('read', 'b')",
  "SELECT audit.record('read', 'c')",
];

/** Something of somebody's own that sees an entry before it is written. */
const dropping = (table: string) => [
  "CREATE FUNCTION app.forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
  `CREATE TRIGGER a BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION app.forget()`,
];

export const databaseCases: readonly DatabaseCase[] = [
  {
    name: 'a rule drops what is to be linked',
    mode: 'rls',
    change: ['CREATE RULE forget AS ON INSERT TO audit.link DO INSTEAD NOTHING'],
    expect: broken('beside', 'audit.link'),
  },
  {
    name: 'a trigger drops entries',
    mode: 'rls',
    change: dropping('audit.log'),
    expect: broken('beside', 'audit.log'),
  },
  {
    name: 'a trigger drops entries of one partition',
    mode: 'database',
    change: dropping('audit.log_otherwise'),
    expect: broken('beside', 'audit.log_otherwise'),
  },
  {
    name: 'a partition is emptied by a crash',
    mode: 'rls',
    change: ['ALTER TABLE audit.log_otherwise SET UNLOGGED'],
    expect: broken('unlogged', 'audit.log_otherwise'),
  },
  {
    name: 'whoever owns the schema drops the log',
    mode: 'rls',
    change: ['ALTER SCHEMA audit OWNER TO schema_owner'],
    expect: broken('schemaElsewhere', 'audit.log'),
  },
  {
    name: 'a guard belongs to somebody who changes tables',
    mode: 'rls',
    change: ['ALTER FUNCTION audit.refuse_change() OWNER TO schema_owner'],
    expect: broken('altered', 'audit.refuse_change'),
  },
  {
    name: 'the application removes entries that are older than it likes',
    mode: 'rls',
    change: ['GRANT EXECUTE ON FUNCTION audit.apply_retention TO application'],
    expect: broken('callable', 'audit.apply_retention'),
  },
  {
    name: 'trap 25: the application can put on the owner by way of another role',
    mode: 'rls',
    change: [
      'CREATE ROLE middle',
      'GRANT security_owner TO middle WITH INHERIT FALSE, SET TRUE',
      'GRANT middle TO application WITH INHERIT FALSE, SET TRUE',
    ],
    expect: broken('inherited', 'audit.log'),
  },
  {
    name: 'trap 25: the application can grant itself the owner',
    mode: 'rls',
    change: ['GRANT security_owner TO application WITH ADMIN TRUE, INHERIT FALSE, SET FALSE'],
    expect: broken('inherited', 'audit.log'),
  },
  { name: 'there is no chain', mode: 'rls', change: ['DROP TABLE audit.link CASCADE'], expect: broken('missing') },
  { name: 'entries are chained', mode: 'rls', change: entries, expect: { verdict: 'satisfied' } },
  {
    name: 'trap 25: the owner switched the guard of the log off',
    mode: 'rls',
    change: ['ALTER TABLE audit.log DISABLE TRIGGER append_only'],
    expect: broken('skippable', 'audit.log'),
  },
  {
    name: 'trap 25: the guard of one partition is off',
    mode: 'database',
    change: ['ALTER TABLE audit.log_otherwise DISABLE TRIGGER append_only'],
    expect: broken('skippable', 'audit.log_otherwise'),
  },
  {
    name: 'trap 25: replica mode skips a guard',
    mode: 'rls',
    change: ['ALTER TABLE audit.link ENABLE TRIGGER append_only'],
    expect: broken('skippable', 'audit.link'),
  },
  {
    name: 'the links can be truncated',
    mode: 'rls',
    change: ['DROP TRIGGER append_only_truncate ON audit.link'],
    expect: broken('unguarded', 'audit.link'),
  },
  {
    name: 'a partition was made by hand, and can be truncated',
    mode: 'rls',
    change: [
      "CREATE TABLE audit.log_2001_01 PARTITION OF audit.log FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')",
      'ALTER TABLE audit.log_2001_01 OWNER TO security_owner',
    ],
    expect: broken('unguarded', 'audit.log_2001_01'),
  },
  {
    name: 'updates alone are refused',
    mode: 'rls',
    change: [
      'DROP TRIGGER append_only ON audit.checkpoint',
      'CREATE TRIGGER append_only BEFORE UPDATE ON audit.checkpoint FOR EACH ROW EXECUTE FUNCTION audit.refuse_change()',
      'ALTER TABLE audit.checkpoint ENABLE ALWAYS TRIGGER append_only',
    ],
    expect: broken('unguarded', 'audit.checkpoint'),
  },
  {
    name: 'entries are not chained',
    mode: 'rls',
    change: ['DROP TRIGGER seal ON audit.log'],
    expect: broken('unguarded', 'audit.log'),
  },
  {
    name: 'some entries are not chained',
    mode: 'rls',
    change: [
      'DROP TRIGGER seal ON audit.log',
      "CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON audit.log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id = NEW.batch AND NEW.actor <> 'eve') EXECUTE FUNCTION audit.seal()",
      'ALTER TABLE audit.log ENABLE ALWAYS TRIGGER seal',
    ],
    expect: broken('unguarded', 'audit.log'),
  },
  {
    name: 'the link of entries is switched off',
    mode: 'database',
    change: ['ALTER TABLE audit.log DISABLE TRIGGER seal'],
    expect: broken('skippable', 'audit.log'),
  },
  {
    name: 'the application may delete entries',
    mode: 'rls',
    change: ['GRANT DELETE ON audit.log TO application'],
    expect: broken('writable', 'audit.log'),
  },
  {
    name: 'the application may write entries of its own',
    mode: 'rls',
    change: ['GRANT INSERT (actor) ON audit.log TO application'],
    expect: broken('writable', 'audit.log'),
  },
  {
    name: 'everybody may add triggers to the links',
    mode: 'database',
    change: ['GRANT TRIGGER ON audit.link TO PUBLIC'],
    expect: broken('writable', 'audit.link'),
  },
  {
    name: 'the application inherits from the owner of the log',
    mode: 'rls',
    change: ['GRANT security_owner TO application WITH INHERIT TRUE'],
    expect: broken('inherited', 'audit.log'),
  },
  {
    name: 'the application can become the owner of the log',
    mode: 'rls',
    change: ['GRANT security_owner TO application WITH INHERIT FALSE, SET TRUE'],
    expect: broken('inherited', 'audit.log'),
  },
  {
    name: 'the owner of the links can sign in',
    mode: 'rls',
    change: ['ALTER TABLE audit.link OWNER TO migrator'],
    expect: broken('ownerSignsIn', 'audit.link'),
  },
  {
    name: 'the guard lets everything through',
    mode: 'rls',
    change: [
      'CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $f$ BEGIN RETURN coalesce(NEW, OLD); END $f$',
    ],
    expect: broken('altered', 'audit.refuse_change'),
  },
  {
    name: 'retention removes whatever it is told to',
    mode: 'rls',
    change: [
      "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('audit.apply_retention'::regproc), 'days < 90', 'false'); END $do$",
    ],
    expect: broken('altered', 'audit.apply_retention'),
  },
  {
    name: 'a link in the middle is gone',
    mode: 'rls',
    change: [
      ...entries,
      'ALTER TABLE audit.link DISABLE TRIGGER append_only',
      'DELETE FROM audit.link WHERE seq = 2',
      'ALTER TABLE audit.link ENABLE ALWAYS TRIGGER append_only',
    ],
    expect: broken('gap', 'audit.link'),
  },
  {
    name: 'the first links are gone without a checkpoint',
    mode: 'database',
    change: [
      ...entries,
      'ALTER TABLE audit.link DISABLE TRIGGER append_only',
      'DELETE FROM audit.link WHERE seq = 1',
      'ALTER TABLE audit.link ENABLE ALWAYS TRIGGER append_only',
    ],
    expect: broken('gap', 'audit.link'),
  },
  {
    name: 'a lane is gone',
    mode: 'rls',
    change: [
      'ALTER TABLE audit.lane DISABLE TRIGGER append_only',
      'DELETE FROM audit.lane WHERE id = 9',
      'ALTER TABLE audit.lane ENABLE ALWAYS TRIGGER append_only',
    ],
    expect: broken('lanes', 'audit.lane'),
  },
  {
    name: 'a lane has lost its beginning',
    mode: 'rls',
    change: [
      'ALTER TABLE audit.checkpoint DISABLE TRIGGER append_only',
      'DELETE FROM audit.checkpoint WHERE lane = 9',
      'ALTER TABLE audit.checkpoint ENABLE ALWAYS TRIGGER append_only',
    ],
    expect: broken('lanes', 'audit.lane'),
  },
  {
    name: 'a lane is there that nobody verifies',
    mode: 'database',
    change: ["INSERT INTO audit.link VALUES (16, 1, 1, now(), 1, sha256('x'))"],
    expect: broken('lanes', 'audit.lane'),
  },
  {
    name: 'the guard of the lanes is off',
    mode: 'rls',
    change: ['ALTER TABLE audit.lane DISABLE TRIGGER append_only'],
    expect: broken('skippable', 'audit.lane'),
  },
  {
    name: 'whoever seals takes a lane that another holds',
    mode: 'rls',
    change: [
      "DO $do$ BEGIN EXECUTE regexp_replace(pg_get_functiondef('audit.take_lane'::regproc), ' FOR UPDATE( SKIP LOCKED)?', '', 'g'); END $do$",
    ],
    expect: broken('altered', 'audit.take_lane'),
  },
];
