import type { DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const both = (each: Omit<DatabaseCase, 'mode'>): readonly DatabaseCase[] =>
  (['rls', 'database'] as const).map((mode) => ({ ...each, name: `${each.name}, ${mode}`, mode }));

/** A policy of somebody's own in place of ours. */
const insteadOfOurs = (condition: string) => [
  'DROP POLICY tenant_isolation ON app.client',
  `CREATE POLICY own ON app.client AS RESTRICTIVE USING (${condition})`,
];

/** A table of tenants' rows that nobody protected and no role of the application was given. */
const archive = [
  'CREATE TABLE app.archive (tenant_id uuid NOT NULL, body text)',
  'ALTER TABLE app.archive OWNER TO schema_owner',
];
const readers = (right: string) => ['CREATE ROLE readers', `GRANT SELECT ON ${right} TO readers`];
const inheriting = 'GRANT readers TO application';
const ownFunction = (path: string) => [
  `CREATE FUNCTION app.read() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = ${path} AS 'SELECT count(*) FROM app.client'`,
  'ALTER FUNCTION app.read() OWNER TO schema_owner',
  'REVOKE ALL ON FUNCTION app.read() FROM PUBLIC',
  'GRANT EXECUTE ON FUNCTION app.read() TO application',
];

/** Rights that come by another way than a grant to the application itself. */
const byOtherWays: readonly DatabaseCase[] = [
  {
    name: 'rows that a role may read which the application is a member of',
    mode: 'rls',
    change: [...archive, ...readers('app.archive'), inheriting],
    expect: broken('notEnabled', 'app.archive'),
  },
  {
    name: 'rows that a role may read which the application can put on',
    mode: 'rls',
    change: [...archive, ...readers('app.archive'), `${inheriting} WITH INHERIT FALSE, SET TRUE`],
    expect: broken('notEnabled', 'app.archive'),
  },
  {
    name: 'rows that a role may read which nobody of the application is',
    mode: 'rls',
    change: [...archive, ...readers('app.archive'), 'GRANT readers TO auditor'],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a materialized view that a role may read which the application is a member of',
    mode: 'rls',
    change: ['CREATE MATERIALIZED VIEW app.counts AS SELECT 1 AS clients', ...readers('app.counts'), inheriting],
    expect: broken('copy', 'app.counts'),
  },
  {
    name: 'a permissive policy for a role which the application is a member of',
    mode: 'rls',
    change: [
      'DROP POLICY tenant_isolation ON app.client',
      'DROP POLICY tenant_access ON app.client',
      "CREATE POLICY own ON app.client TO application USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid))",
      'CREATE ROLE readers',
      inheriting,
      'CREATE POLICY open ON app.client TO readers USING (true)',
    ],
    expect: broken('notTied', 'app.client'),
  },
  ...['pg_read_all_data', 'pg_write_all_data', 'pg_monitor'].map(
    (role): DatabaseCase => ({
      name: `the application is a member of ${role}`,
      mode: 'rls',
      change: [`GRANT ${role} TO application`],
      expect: broken('passesOver', 'role application'),
    }),
  ),
  {
    name: 'the auditor is a member of pg_monitor',
    mode: 'rls',
    change: ['GRANT pg_monitor TO auditor'],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'the application may have every change sent to it',
    mode: 'rls',
    change: ['ALTER ROLE application REPLICATION'],
    expect: broken('passesOver', 'role application'),
  },
  ...['ADMIN TRUE, INHERIT FALSE, SET FALSE', 'INHERIT TRUE, SET FALSE'].map(
    (options): DatabaseCase => ({
      name: `the application has the owner WITH ${options}`,
      mode: 'rls',
      change: [`GRANT schema_owner TO application WITH ${options}`],
      expect: broken('becomesOwner', 'role application'),
    }),
  ),
  ...['ALTER SCHEMA app OWNER TO application', 'GRANT CREATE ON SCHEMA app TO application'].map(
    (statement): DatabaseCase => ({
      name: `the application makes tables: ${statement}`,
      mode: 'rls',
      change: [statement],
      expect: broken('makesTables', 'role application'),
    }),
  ),
  {
    name: 'the database belongs to the application',
    mode: 'database',
    change: ['ALTER DATABASE {database} OWNER TO application'],
    expect: broken('makesTables', 'role application'),
  },
  {
    name: 'a function of the owner, which may read what the application may not',
    mode: 'rls',
    change: [...archive, ...ownFunction('pg_catalog, pg_temp')],
    expect: broken('notEnabled', 'app.archive'),
  },
  {
    name: 'a function of the owner, whom the policies of every table bind',
    mode: 'rls',
    change: ownFunction("''"),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a function that takes a temporary table of its caller for its own',
    mode: 'rls',
    change: ownFunction('app'),
    expect: broken('definer', 'app.read()'),
  },
  {
    name: 'a rule that reads with the rights of the owner',
    mode: 'rls',
    change: [...archive, 'CREATE RULE peek AS ON DELETE TO app.note DO ALSO SELECT * FROM app.archive'],
    expect: broken('notEnabled', 'app.archive'),
  },
  {
    name: 'a function that is called with rows before the policies are asked',
    mode: 'rls',
    change: ["CREATE FUNCTION app.peek(text) RETURNS boolean LANGUAGE sql LEAKPROOF AS 'SELECT true'"],
    expect: broken('leakproof', 'app.peek(text)'),
  },
  ...['TRUNCATE', 'TRIGGER'].map(
    (right): DatabaseCase => ({
      name: `a right that no policy holds back: ${right}`,
      mode: 'rls',
      change: [`GRANT ${right} ON app.client TO application`],
      expect: broken('pastPolicies', 'app.client'),
    }),
  ),
  {
    name: 'a table that is read alone, of rows which belong to those of a tenant',
    mode: 'rls',
    change: [
      'ALTER TABLE app.client ADD CONSTRAINT client_id UNIQUE (id)',
      'CREATE TABLE app.line (client_id uuid REFERENCES app.client (id), body text)',
      'GRANT SELECT ON app.line TO application',
    ],
    expect: broken('notEnabled', 'app.line'),
  },
];

/** Other ways to say the same, which hold. */
const asTight: readonly DatabaseCase[] = [
  "tenant_id = current_setting('app.tenant_id', true)::uuid",
  "(SELECT current_setting('app.tenant_id', true)::uuid) = tenant_id",
  "tenant_id = (SELECT current_setting('app.tenant_id')::uuid) AND name <> ' OR '",
].map(
  (condition): DatabaseCase => ({
    name: `a policy that is as tight: ${condition}`,
    mode: 'rls',
    change: insteadOfOurs(condition),
    expect: { verdict: 'satisfied' },
  }),
);

export const databaseCases: readonly DatabaseCase[] = [
  ...byOtherWays,
  ...asTight,
  {
    name: 'a policy that ties, or lets through what has a name',
    mode: 'rls',
    change: insteadOfOurs(
      "(tenant_id = (SELECT current_setting('app.tenant_id')::uuid) AND id IS NOT NULL) OR name = 'x'",
    ),
    expect: broken('notTied', 'app.client'),
  },
  {
    name: 'a view that says in another word that it runs as who asks',
    mode: 'rls',
    change: ['ALTER VIEW app.client_name SET (security_invoker = yes)'],
    expect: { verdict: 'satisfied' },
  },
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
