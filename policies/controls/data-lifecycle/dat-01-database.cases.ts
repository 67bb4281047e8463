import type { DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const both = (each: Omit<DatabaseCase, 'mode'>): readonly DatabaseCase[] =>
  (['rls', 'database'] as const).map((mode) => ({ ...each, name: `${each.name}, ${mode}`, mode }));

const rows = (...lines: readonly string[]) => ({
  'retention.rows': ['account-data app.* while-active', 'account-data secure.* while-active', ...lines],
});
const scheduled = rows('messages app.message 30');

/** A table with a period of 30 days, as a migration of the application makes it. */
const message = [
  'SET ROLE schema_owner',
  `CREATE TABLE app.message (tenant_id uuid NOT NULL, id int, created_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, id))`,
  'CREATE INDEX ON app.message (tenant_id, created_at)',
  "SELECT tenancy.protect('app.message')",
  "SELECT retention.keep('app.message', 'created_at', 30)",
];

/** Rows of the tenant that the sample databases belong to. */
const write = (...times: readonly string[]) => [
  "SET app.tenant_id = '00000000-0000-4000-8000-00000000000a'",
  ...times.map((time, id) => `INSERT INTO app.message (id, created_at) VALUES (${id}, ${time})`),
];

const ago = (days: number) => `now() - interval '${days} days'`;

export const databaseCases: readonly DatabaseCase[] = [
  ...both({
    name: 'rows that are younger than their period, and some whose day of grace is not over',
    change: [...message, ...write(ago(1), ago(30.5))],
    figures: scheduled,
    expect: { verdict: 'satisfied' },
  }),
  ...both({
    name: 'rows past their period',
    change: [...message, ...write(ago(1), ago(31.5))],
    figures: scheduled,
    expect: broken('overdue', 'app.message'),
  }),
  {
    name: 'rows of another tenant past their period',
    mode: 'rls',
    change: [
      ...message,
      "SET app.tenant_id = '00000000-0000-4000-8000-00000000000b'",
      `INSERT INTO app.message (id, created_at) VALUES (1, ${ago(40)})`,
    ],
    figures: scheduled,
    expect: broken('overdue', 'app.message'),
  },
  {
    name: 'rows past their period in a partition',
    mode: 'rls',
    change: [
      'SET ROLE schema_owner',
      'CREATE TABLE app.message (tenant_id uuid NOT NULL, id int, created_at timestamptz NOT NULL) PARTITION BY RANGE (created_at)',
      'CREATE TABLE app.message_rest PARTITION OF app.message DEFAULT',
      'CREATE INDEX ON app.message (tenant_id, created_at)',
      "SELECT tenancy.protect('app.message')",
      "SELECT retention.keep('app.message', 'created_at', 30)",
      ...write(ago(40)),
    ],
    figures: scheduled,
    expect: broken('overdue', 'app.message'),
  },
  {
    name: 'rows without a time',
    mode: 'rls',
    change: [...message, 'ALTER TABLE app.message ALTER created_at DROP NOT NULL', ...write('NULL')],
    figures: scheduled,
    expect: broken('undated', 'app.message'),
  },
  {
    name: 'rows dated so far ahead that they never end',
    mode: 'database',
    change: [...message, ...write("'infinity'")],
    figures: scheduled,
    expect: broken('ahead', 'app.message'),
  },
  ...both({
    name: 'a table that says nothing',
    change: [
      'SET ROLE schema_owner',
      'CREATE TABLE app.draft (tenant_id uuid NOT NULL)',
      "SELECT tenancy.protect('app.draft')",
    ],
    expect: broken('noPeriod', 'app.draft'),
  }),
  {
    name: 'a table of another schema that says nothing',
    mode: 'rls',
    change: ['CREATE TABLE public.draft (text text)', 'GRANT INSERT ON public.draft TO application'],
    expect: broken('noPeriod', 'public.draft'),
  },
  {
    name: 'a table that is made anew under its old name, and says nothing any more',
    mode: 'database',
    change: [
      'DROP TABLE app.credential',
      'CREATE TABLE app.credential (tenant_id uuid NOT NULL)',
      'GRANT INSERT ON app.credential TO application',
    ],
    expect: broken('noPeriod', 'app.credential'),
  },
  ...both({
    name: 'rows that are kept for longer than the schedule says',
    change: [...message, "SELECT retention.keep('app.message', 'created_at', 365)"],
    figures: scheduled,
    expect: broken('otherPeriod', 'app.message'),
  }),
  {
    name: 'rows that are kept for shorter than the schedule says',
    mode: 'rls',
    change: [...message, "SELECT retention.keep('app.message', 'created_at', 7)"],
    figures: scheduled,
    expect: broken('otherPeriod', 'app.message'),
  },
  {
    name: 'rows of an account in use that are deleted by their age',
    mode: 'rls',
    change: message,
    expect: broken('otherPeriod', 'app.message'),
  },
  {
    name: 'rows that the schedule ends, and that are kept with their account',
    mode: 'database',
    change: [...message, "SELECT retention.keep_while_active('app.message', 'somebody may want them')"],
    figures: scheduled,
    expect: broken('otherPeriod', 'app.message'),
  },
  {
    name: 'a table of a schema that the schedule does not know',
    mode: 'rls',
    change: [
      'CREATE TABLE public.draft (text text)',
      'GRANT INSERT ON public.draft TO application',
      'SET ROLE schema_owner',
      "SELECT retention.keep_while_active('public.draft', 'whoever wrote it')",
    ],
    expect: broken('unscheduledRows', 'public.draft'),
  },
  {
    name: 'a rule for a table that is not there',
    mode: 'rls',
    change: [],
    figures: scheduled,
    expect: broken('tableGone', 'app.message'),
  },
  {
    name: 'new tenants that nobody notes',
    mode: 'rls',
    change: [...message, 'ALTER TABLE app.message DISABLE TRIGGER note_tenant'],
    figures: scheduled,
    expect: broken('unnoted', 'app.message'),
  },
  {
    name: 'new tenants that nobody notes in replica mode',
    mode: 'rls',
    change: [...message, 'ALTER TABLE app.message ENABLE TRIGGER note_tenant'],
    figures: scheduled,
    expect: broken('unnoted', 'app.message'),
  },
  {
    name: 'new tenants that nobody notes in one partition',
    mode: 'rls',
    change: [
      'SET ROLE schema_owner',
      'CREATE TABLE app.message (tenant_id uuid NOT NULL, id int, created_at timestamptz NOT NULL) PARTITION BY RANGE (created_at)',
      'CREATE TABLE app.message_rest PARTITION OF app.message DEFAULT',
      'CREATE INDEX ON app.message (tenant_id, created_at)',
      "SELECT tenancy.protect('app.message')",
      "SELECT retention.keep('app.message', 'created_at', 30)",
      'ALTER TABLE app.message_rest DISABLE TRIGGER note_tenant',
    ],
    figures: scheduled,
    expect: broken('unnoted', 'app.message'),
  },
  ...both({
    name: 'rows marked as deleted that what deletes them cannot see',
    change: [
      ...message,
      'ALTER TABLE app.message ADD deleted_at timestamptz',
      'CREATE POLICY present ON app.message AS RESTRICTIVE USING (deleted_at IS NULL)',
    ],
    figures: scheduled,
    expect: broken('hidden', 'app.message'),
  }),
  {
    name: 'rows marked as deleted that the policy of tenants hides along with those of others',
    mode: 'rls',
    change: [
      ...message,
      'ALTER TABLE app.message ADD deleted_at timestamptz',
      `ALTER POLICY tenant_isolation ON app.message
        USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid) AND deleted_at IS NULL)`,
    ],
    figures: scheduled,
    expect: broken('hidden', 'app.message'),
  },
  {
    name: 'rows marked as deleted that are hidden from the application alone',
    mode: 'rls',
    change: [
      ...message,
      'ALTER TABLE app.message ADD deleted_at timestamptz',
      'CREATE POLICY present ON app.message AS RESTRICTIVE TO application USING (deleted_at IS NULL)',
    ],
    figures: scheduled,
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'rows that only the application is shown',
    mode: 'rls',
    change: [
      ...message,
      'DROP POLICY tenant_access ON app.message',
      'CREATE POLICY own ON app.message TO application USING (true)',
    ],
    figures: scheduled,
    expect: broken('hidden', 'app.message'),
  },
  {
    name: 'rows of a partition that only the application is shown',
    mode: 'rls',
    change: [
      'SET ROLE schema_owner',
      'CREATE TABLE app.message (tenant_id uuid NOT NULL, id int, created_at timestamptz NOT NULL) PARTITION BY RANGE (created_at)',
      'CREATE TABLE app.message_rest PARTITION OF app.message DEFAULT',
      'CREATE INDEX ON app.message (tenant_id, created_at)',
      "SELECT tenancy.protect('app.message')",
      "SELECT retention.keep('app.message', 'created_at', 30)",
      'DROP POLICY tenant_access ON app.message_rest',
    ],
    figures: scheduled,
    expect: broken('hidden', 'app.message'),
  },
  {
    name: 'rows of an account in use that go with rows that end',
    mode: 'rls',
    change: [
      ...message,
      `CREATE TABLE app.answer (tenant_id uuid NOT NULL, id int, message int,
        CONSTRAINT to_message FOREIGN KEY (tenant_id, message) REFERENCES app.message (tenant_id, id) ON DELETE CASCADE)`,
      "SELECT tenancy.protect('app.answer')",
      "SELECT retention.keep_while_active('app.answer', 'what the account was told')",
    ],
    figures: scheduled,
    expect: broken('cascades', 'app.answer'),
  },
  {
    name: 'rows that end no later than what they go with',
    mode: 'database',
    change: [
      ...message,
      `CREATE TABLE app.answer (tenant_id uuid NOT NULL, id int, message int, at timestamptz NOT NULL,
        CONSTRAINT to_message FOREIGN KEY (tenant_id, message) REFERENCES app.message (tenant_id, id) ON DELETE CASCADE)`,
      'CREATE INDEX ON app.answer (at)',
      "SELECT tenancy.protect('app.answer')",
      "SELECT retention.keep('app.answer', 'at', 30)",
    ],
    figures: rows('messages app.message 30', 'messages app.answer 30'),
    expect: { verdict: 'satisfied' },
  },
  ...both({
    name: 'a database without periods',
    change: ['DROP SCHEMA retention CASCADE'],
    expect: broken('noPeriods'),
  }),
  {
    name: 'periods that can be rewritten',
    mode: 'rls',
    change: ['ALTER TABLE retention.period DISABLE TRIGGER append_only'],
    expect: broken('unguardedPeriods', 'retention.period'),
  },
  {
    name: 'tenants that can be forgotten at once',
    mode: 'rls',
    change: ['DROP TRIGGER append_only_truncate ON retention.tenant'],
    expect: broken('unguardedPeriods', 'retention.tenant'),
  },
  {
    name: 'periods that the application writes',
    mode: 'database',
    change: ['GRANT INSERT ON retention.period TO application'],
    expect: broken('writablePeriods', 'retention.period'),
  },
  {
    name: 'periods whose owner signs in',
    mode: 'rls',
    change: ['ALTER TABLE retention.tenant OWNER TO migrator'],
    expect: broken('writablePeriods', 'retention.tenant'),
  },
  ...both({
    name: 'everybody declares periods',
    change: ['GRANT EXECUTE ON FUNCTION retention.record_period TO PUBLIC'],
    expect: broken('callable', 'retention.record_period'),
  }),
  {
    name: 'the application counts what is overdue as nothing',
    mode: 'rls',
    change: [
      "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('retention.overdue'::regproc), 'overdue := overdue + counted[1]', 'overdue := 0'); END $do$",
    ],
    expect: broken('altered', 'retention.overdue'),
  },
  {
    name: 'rows are deleted before their time',
    mode: 'database',
    change: [
      "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('retention.delete_overdue'::regproc), 'days => place.days', 'days => 0'); END $do$",
    ],
    expect: broken('altered', 'retention.delete_overdue'),
  },
];
