import type { DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const both = (each: Omit<DatabaseCase, 'mode'>): readonly DatabaseCase[] =>
  (['rls', 'database'] as const).map((mode) => ({ ...each, name: `${each.name}, ${mode}`, mode }));

/** A policy of somebody's own in place of ours. */
const insteadOfOurs = (condition: string) => [
  'DROP POLICY tenant_isolation ON app.client',
  `CREATE POLICY own ON app.client AS RESTRICTIVE USING (${condition})`,
];

export const databaseCases: readonly DatabaseCase[] = [
  ...both({
    name: 'a table with row-level security switched off',
    change: ['ALTER TABLE app.client DISABLE ROW LEVEL SECURITY'],
    expect: broken('notEnabled', 'app.client'),
  }),
  ...both({
    name: 'trap 23: a table whose owner passes over its policies',
    change: ['ALTER TABLE app.client NO FORCE ROW LEVEL SECURITY'],
    expect: broken('notForced', 'app.client'),
  }),
  ...both({
    name: 'trap 23: permissive policies alone, which are joined by OR',
    change: [
      'DROP POLICY tenant_isolation ON app.client',
      "CREATE POLICY own ON app.client USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))",
    ],
    expect: broken('notTied', 'app.client'),
  }),
  {
    name: 'one permissive policy that ties, and no other: it holds',
    mode: 'rls',
    change: [
      'DROP POLICY tenant_isolation ON app.client',
      'DROP POLICY tenant_access ON app.client',
      "CREATE POLICY own ON app.client USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))",
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a restrictive policy that compares everything',
    mode: 'rls',
    change: insteadOfOurs('true'),
    expect: broken('notTied', 'app.client'),
  },
  {
    name: 'trap 23: an empty setting that is compared as text',
    mode: 'rls',
    change: insteadOfOurs("tenant_id::text = current_setting('app.tenant_id', true)"),
    expect: broken('notTied', 'app.client'),
  },
  {
    name: 'a policy that lets through whatever has no tenant named',
    mode: 'rls',
    change: insteadOfOurs(
      "tenant_id = current_setting('app.tenant_id', true)::uuid OR current_setting('app.tenant_id', true) IS NULL",
    ),
    expect: broken('notTied', 'app.client'),
  },
  {
    name: 'a policy that asks for the tenant once for each row: slower, and as tight',
    mode: 'rls',
    change: insteadOfOurs("tenant_id = current_setting('app.tenant_id')::uuid"),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a policy for reading alone',
    mode: 'rls',
    change: [
      'DROP POLICY tenant_isolation ON app.client',
      "CREATE POLICY own ON app.client AS RESTRICTIVE FOR SELECT USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))",
    ],
    expect: broken('notTied', 'app.client'),
  },
  {
    name: 'a policy whose check of what is written is open',
    mode: 'rls',
    change: [
      'DROP POLICY tenant_isolation ON app.client',
      "CREATE POLICY own ON app.client AS RESTRICTIVE USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid)) WITH CHECK (true)",
    ],
    expect: broken('notTied', 'app.client'),
  },
  {
    name: 'a policy for the owner alone',
    mode: 'rls',
    change: [
      'DROP POLICY tenant_isolation ON app.client',
      "CREATE POLICY own ON app.client AS RESTRICTIVE TO schema_owner USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))",
    ],
    expect: broken('notTied', 'app.client'),
  },
  {
    name: 'a policy that names another tenant than the database belongs to',
    mode: 'database',
    change: insteadOfOurs(
      "(SELECT current_setting('app.tenant_id')::uuid) = '00000000-0000-4000-8000-00000000000b'::uuid",
    ),
    expect: broken('notTied', 'app.client'),
  },
  ...both({
    name: 'a table that nobody protected',
    change: [
      'CREATE TABLE app.forgotten (id int, tenant_id uuid NOT NULL)',
      'GRANT SELECT, INSERT ON app.forgotten TO application',
    ],
    expect: broken('notEnabled', 'app.forgotten'),
  }),
  ...both({
    name: 'a table of which one column may be changed',
    change: ['CREATE TABLE app.forgotten (id int, note text)', 'GRANT UPDATE (note) ON app.forgotten TO application'],
    expect: broken('notEnabled', 'app.forgotten'),
  }),
  {
    name: 'a table that nobody protected and nobody may use',
    mode: 'rls',
    change: ['CREATE TABLE app.forgotten (id int)'],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a table that everybody may use',
    mode: 'rls',
    change: ['CREATE TABLE public.open (tenant_id uuid)', 'GRANT SELECT ON public.open TO PUBLIC'],
    expect: broken('notEnabled', 'public.open'),
  },
  {
    name: 'a partition that is asked by its own name',
    mode: 'rls',
    change: [
      'CREATE TABLE app.event (tenant_id uuid NOT NULL, at int) PARTITION BY RANGE (at)',
      'CREATE INDEX ON app.event (tenant_id)',
      "SELECT tenancy.protect('app.event')",
      'CREATE TABLE app.event_1 PARTITION OF app.event FOR VALUES FROM (0) TO (9)',
      'GRANT SELECT ON app.event_1 TO application',
    ],
    expect: broken('notEnabled', 'app.event_1'),
  },
  {
    name: 'a table without a column for the tenant',
    mode: 'rls',
    change: [
      'CREATE TABLE app.keyless (id int)',
      'ALTER TABLE app.keyless ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
      'GRANT INSERT ON app.keyless TO application',
    ],
    expect: broken('wrongKey', 'app.keyless'),
  },
  {
    name: 'a row that need not name its tenant',
    mode: 'rls',
    change: [
      'ALTER TABLE app.client DROP CONSTRAINT client_pkey CASCADE',
      'ALTER TABLE app.client ALTER tenant_id DROP NOT NULL',
    ],
    expect: broken('wrongKey', 'app.client'),
  },
  {
    name: 'a table whose rows of one tenant cannot be found without reading all',
    mode: 'rls',
    change: ['ALTER TABLE app.note DROP CONSTRAINT note_pkey'],
    expect: broken('noIndex', 'app.note'),
  },
  ...both({
    name: 'trap 23: a view that reads with the rights of its owner',
    change: ['ALTER VIEW app.client_name RESET (security_invoker)'],
    expect: broken('ownersView', 'app.client_name'),
  }),
  {
    name: 'trap 23: a materialized view',
    mode: 'rls',
    change: ['CREATE MATERIALIZED VIEW app.counts AS SELECT 1 AS clients', 'GRANT SELECT ON app.counts TO application'],
    expect: broken('copy', 'app.counts'),
  },
  {
    name: 'trap 23: a foreign key that tells whether another tenant has a row',
    mode: 'rls',
    change: [
      'ALTER TABLE app.client ADD CONSTRAINT client_id UNIQUE (id)',
      'ALTER TABLE app.note ADD CONSTRAINT to_client FOREIGN KEY (client_id) REFERENCES app.client (id)',
    ],
    expect: broken('crossing', 'app.note'),
  },
  ...both({
    name: 'trap 23: a role with BYPASSRLS',
    change: ['ALTER ROLE application BYPASSRLS'],
    expect: broken('passesOver', 'role application'),
  }),
  {
    name: 'trap 23: a second superuser',
    mode: 'rls',
    change: ['CREATE ROLE colleague LOGIN SUPERUSER'],
    expect: broken('passesOver', 'role colleague'),
  },
  {
    name: 'a role that reads files of the server',
    mode: 'rls',
    change: ['GRANT pg_read_server_files TO application'],
    expect: broken('passesOver', 'role application'),
  },
  {
    name: 'the application can become the owner',
    mode: 'rls',
    change: ['GRANT schema_owner TO application WITH INHERIT FALSE, SET TRUE'],
    expect: broken('becomesOwner', 'role application'),
  },
  {
    name: 'the owner of a table signs in',
    mode: 'rls',
    change: ['ALTER ROLE schema_owner LOGIN'],
    expect: broken('becomesOwner', 'role schema_owner'),
  },
  ...both({
    name: 'trap 23: a function with the rights of its owner that looks names up where its caller says',
    change: [
      'CREATE FUNCTION app.count_all() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM app.client $$',
      'REVOKE ALL ON FUNCTION app.count_all() FROM PUBLIC',
      'ALTER FUNCTION app.count_all() OWNER TO schema_owner',
    ],
    expect: broken('definer', 'app.count_all()'),
  }),
  ...[
    [
      'with the rights of a superuser',
      'SET search_path = pg_catalog, pg_temp',
      'postgres',
      'REVOKE ALL ON FUNCTION app.one() FROM PUBLIC',
    ],
    ['that everybody may execute', 'SET search_path = pg_catalog, pg_temp', 'schema_owner', 'SELECT 1'],
    [
      'that looks names up in public',
      'SET search_path = public',
      'schema_owner',
      'REVOKE ALL ON FUNCTION app.one() FROM PUBLIC',
    ],
  ].map(
    ([name, path, owner, rights]): DatabaseCase => ({
      name: `a function ${name}`,
      mode: 'rls',
      change: [
        `CREATE FUNCTION app.one() RETURNS int LANGUAGE sql SECURITY DEFINER ${path} AS 'SELECT 1'`,
        `ALTER FUNCTION app.one() OWNER TO ${owner}`,
        `${rights}`,
      ],
      expect: broken('definer', 'app.one()'),
    }),
  ),
  ...both({
    name: 'the application says whose a database is',
    change: ['GRANT UPDATE ON tenancy.settings TO application'],
    expect: broken('notEnabled', 'tenancy.settings'),
  }),
  {
    name: 'one database for all where each tenant was promised his own',
    mode: 'rls',
    change: [],
    figures: { 'tenancy.mode': 'database' },
    expect: broken('weakerMode'),
  },
  {
    name: 'rows that are told apart by another column than promised',
    mode: 'rls',
    change: [],
    figures: { 'tenancy.key': 'organization_id' },
    expect: broken('otherKey'),
  },
  ...both({
    name: 'a database that says nothing of tenants',
    change: ['DELETE FROM tenancy.settings'],
    expect: broken('missing'),
  }),
];
