import type { ControlCases, DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const changed = (body: string) =>
  `DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('audit.first_entry'::regproc), $old$RAISE EXCEPTION$old$, $new$${body}$new$); END $do$`;

/** Another trigger in the place of one of a watch. */
const replaced = (events: string, how: string) => {
  const name = `audit_${events.split(' ')[0]}`;
  return [
    `DROP TRIGGER ${name} ON app.client`,
    `CREATE TRIGGER ${name} AFTER ${events} ON app.client ${how} EXECUTE FUNCTION audit.on_change('{tenant_id,id}', '{}')`,
    `ALTER TABLE app.client ENABLE ALWAYS TRIGGER ${name}`,
  ];
};

const database: readonly DatabaseCase[] = [
  {
    name: 'there is no activity log',
    mode: 'rls',
    change: ['DROP SCHEMA audit CASCADE'],
    expect: broken('missing'),
  },
  {
    name: 'a table that the application writes is not watched',
    mode: 'rls',
    change: ['CREATE TABLE app.invoice (id uuid PRIMARY KEY)', 'GRANT SELECT, INSERT ON app.invoice TO application'],
    expect: broken('unwatched', 'app.invoice'),
  },
  {
    name: 'a table whose owner signs in is not watched',
    mode: 'rls',
    change: [
      'CREATE ROLE worker LOGIN',
      'CREATE TABLE app.invoice (id uuid)',
      'ALTER TABLE app.invoice OWNER TO worker',
    ],
    expect: broken('unwatched', 'app.invoice'),
  },
  {
    name: 'a table beside those that say how tenants are kept apart is not watched',
    mode: 'rls',
    change: ['CREATE TABLE tenancy.invoice (id uuid)', 'GRANT INSERT ON tenancy.invoice TO application'],
    expect: broken('unwatched', 'tenancy.invoice'),
  },
  {
    name: 'what becomes of a name stays out of the log',
    mode: 'rls',
    change: ["SELECT audit.watch('app.client', '{name}')"],
    expect: broken('concealed', 'app.client'),
  },
  {
    name: 'what becomes of a name stays out of the log, and it says why',
    mode: 'rls',
    change: [
      "SELECT audit.watch('app.client', '{name}')",
      "COMMENT ON COLUMN app.client.name IS 'audit concealed: tells of a disease'",
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a table whose columns alone were granted is not watched',
    mode: 'database',
    change: [
      'CREATE TABLE app.invoice (id uuid PRIMARY KEY, paid boolean)',
      'GRANT UPDATE (paid) ON app.invoice TO application',
    ],
    expect: broken('unwatched', 'app.invoice'),
  },
  {
    name: 'everybody may write a table that is not watched',
    mode: 'rls',
    change: [
      'CREATE SCHEMA other',
      'CREATE TABLE other.invoice (id uuid PRIMARY KEY)',
      'GRANT INSERT ON other.invoice TO PUBLIC',
    ],
    expect: broken('unwatched', 'other.invoice'),
  },
  {
    name: 'a table that nobody but its owner writes needs no watch',
    mode: 'rls',
    change: ['CREATE TABLE app.currency (code text PRIMARY KEY)', 'GRANT SELECT ON app.currency TO application'],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a table is exempt with its reason',
    mode: 'rls',
    change: [
      'CREATE TABLE app.cache (id uuid PRIMARY KEY)',
      'GRANT INSERT ON app.cache TO application',
      "COMMENT ON TABLE app.cache IS 'audit exempt: rebuilt every night from app.client'",
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a table is exempt without a reason',
    mode: 'rls',
    change: [
      'CREATE TABLE app.cache (id uuid PRIMARY KEY)',
      'GRANT INSERT ON app.cache TO application',
      "COMMENT ON TABLE app.cache IS 'audit exempt: no'",
    ],
    expect: broken('unwatched', 'app.cache'),
  },
  ...['insert', 'update', 'delete', 'truncate'].flatMap((event): DatabaseCase[] => [
    {
      name: `trap 25: the owner switched the watch of ${event} off`,
      mode: 'rls',
      change: [`ALTER TABLE app.client DISABLE TRIGGER audit_${event}`],
      expect: broken('skippable', 'app.client'),
    },
    {
      name: `trap 25: replica mode skips the watch of ${event}`,
      mode: 'database',
      change: [`ALTER TABLE app.client ENABLE TRIGGER audit_${event}`],
      expect: broken('skippable', 'app.client'),
    },
    {
      name: `${event} is not watched`,
      mode: 'rls',
      change: [`DROP TRIGGER audit_${event} ON app.client`],
      expect: broken('partlyWatched', 'app.client'),
    },
  ]),
  {
    name: 'logical replication can bring in what no statement trigger sees',
    mode: 'rls',
    change: ['DROP TRIGGER audit_replication ON app.client'],
    expect: broken('partlyWatched', 'app.client'),
  },
  {
    name: 'what refuses logical replication is off when that is applied',
    mode: 'database',
    change: ['ALTER TABLE app.client ENABLE TRIGGER audit_replication'],
    expect: broken('skippable', 'app.client'),
  },
  {
    name: 'some deletes are not watched',
    mode: 'rls',
    change: replaced('delete', "REFERENCING OLD TABLE AS changed_rows FOR EACH STATEMENT WHEN (current_user <> 'x')"),
    expect: broken('partlyWatched', 'app.client'),
  },
  {
    name: 'an update is logged as if nothing had been before',
    mode: 'rls',
    change: replaced('update', 'REFERENCING NEW TABLE AS changed_rows FOR EACH STATEMENT'),
    expect: broken('partlyWatched', 'app.client'),
  },
  {
    name: 'an update is logged the wrong way round',
    mode: 'database',
    change: replaced('update', 'REFERENCING NEW TABLE AS former_rows OLD TABLE AS changed_rows FOR EACH STATEMENT'),
    expect: broken('partlyWatched', 'app.client'),
  },
  {
    name: 'some columns are not watched',
    mode: 'rls',
    change: replaced('update OF name', 'FOR EACH STATEMENT'),
    expect: broken('partlyWatched', 'app.client'),
  },
  {
    name: 'rows are watched one by one, by a function that waits for all of them',
    mode: 'rls',
    change: replaced('insert', 'FOR EACH ROW'),
    expect: broken('partlyWatched', 'app.client'),
  },
  {
    name: 'a partition that came later can be changed by its own name',
    mode: 'rls',
    change: [
      'CREATE TABLE app.visit (tenant_id uuid, at date, PRIMARY KEY (tenant_id, at)) PARTITION BY RANGE (at)',
      "SELECT audit.watch('app.visit')",
      "CREATE TABLE app.visit_2026 PARTITION OF app.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
      'GRANT INSERT ON app.visit, app.visit_2026 TO application',
    ],
    expect: broken('unwatched', 'app.visit_2026'),
  },
  {
    name: 'partitions are watched with the table',
    mode: 'rls',
    change: [
      'CREATE TABLE app.visit (tenant_id uuid, at date, PRIMARY KEY (tenant_id, at)) PARTITION BY RANGE (at)',
      "CREATE TABLE app.visit_2026 PARTITION OF app.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
      'GRANT INSERT ON app.visit, app.visit_2026 TO application',
      "SELECT audit.watch('app.visit')",
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'another function stands in the place of the watch',
    mode: 'rls',
    change: [
      ...['insert', 'update', 'delete', 'truncate'].map((event) => `DROP TRIGGER audit_${event} ON app.client`),
      'CREATE FUNCTION app.on_change() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NULL; END $f$',
      'CREATE TRIGGER audit_insert AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON app.client EXECUTE FUNCTION app.on_change()',
      'ALTER TABLE app.client ENABLE ALWAYS TRIGGER audit_insert',
    ],
    expect: broken('unwatched', 'app.client'),
  },
  {
    name: 'the function that writes entries lets nobody pass for an actor',
    mode: 'rls',
    change: [changed('RAISE WARNING')],
    expect: broken('altered', 'audit.first_entry'),
  },
  {
    name: 'trap 23: a function with its owner’s rights looks names up where its caller says',
    mode: 'rls',
    change: ['ALTER FUNCTION audit.on_change() RESET search_path'],
    expect: broken('altered', 'audit.on_change'),
  },
  {
    name: 'the function runs with the rights of whoever writes',
    mode: 'database',
    change: ['ALTER FUNCTION audit.on_change() SECURITY INVOKER'],
    expect: broken('altered', 'audit.on_change'),
  },
  {
    name: 'somebody who can sign in owns a function',
    mode: 'rls',
    change: ['ALTER FUNCTION audit.conceal(jsonb, text[]) OWNER TO migrator'],
    expect: broken('altered', 'audit.conceal'),
  },
  {
    name: 'a second function of the name takes the place of the first',
    mode: 'rls',
    change: ['CREATE FUNCTION audit.record(text, text) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN RETURN; END $f$'],
    expect: broken('altered', 'audit.record'),
  },
  {
    name: 'reads and privileged acts cannot be recorded',
    mode: 'rls',
    change: ['DROP FUNCTION audit.record'],
    expect: broken('altered', 'audit.record'),
  },
  {
    name: 'an entry may come without an address',
    mode: 'rls',
    change: ['ALTER TABLE audit.log ALTER COLUMN client_address DROP NOT NULL'],
    expect: broken('fieldMissing', 'audit.log'),
  },
  {
    name: 'the time of an entry has no zone',
    mode: 'rls',
    change: [
      'DROP TABLE audit.log CASCADE',
      'CREATE TABLE audit.log (at timestamp NOT NULL, actor text NOT NULL, client_address inet NOT NULL, user_agent text NOT NULL, action text NOT NULL, object text NOT NULL, object_key jsonb, changed text[], before jsonb, after jsonb)',
    ],
    expect: broken('fieldMissing', 'audit.log'),
  },
  {
    name: 'entries have no values from before',
    mode: 'database',
    change: ['ALTER TABLE audit.log DROP COLUMN before CASCADE'],
    expect: broken('fieldMissing', 'audit.log'),
  },
];

export const cases: ControlCases = { compliant: {}, mutations: [], database };
