import type { ControlCases, DatabaseCase } from '../../../lib/control/cases';

const tenant = '00000000-0000-4000-8000-00000000000b';

const enter = (statement: string) =>
  `CREATE OR REPLACE FUNCTION tenancy.enter(tenant uuid, actor text, client_address text DEFAULT NULL, user_agent text DEFAULT NULL, request_id text DEFAULT NULL)
  RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${statement}; END $$`;

const found = (message: string, subject: string) => ({ verdict: 'not-satisfied', message, subject }) as const;

const inBoth = (mode: DatabaseCase['mode']): readonly DatabaseCase[] => [
  {
    name: `trap 23: the role of the application begins with a tenant, ${mode}`,
    mode,
    change: [`ALTER ROLE application SET app.tenant_id = '${tenant}'`],
    expect: found('defaultTenant', 'role application'),
  },
  {
    name: `the database gives every session a tenant, ${mode}`,
    mode,
    change: [`ALTER DATABASE {database} SET app.tenant_id = '${tenant}'`],
    expect: found('defaultTenant', 'role every role'),
  },
  {
    name: `trap 23: SET instead of SET LOCAL leaks across a pool, ${mode}`,
    mode,
    change: [enter("PERFORM set_config('app.tenant_id', tenant::text, false)")],
    expect: found('lastingTenant', 'tenancy.enter'),
  },
];

export const cases: ControlCases = {
  compliant: {},
  mutations: [],
  database: [
    ...inBoth('rls'),
    ...inBoth('database'),
    {
      name: 'nothing names the tenant of a transaction',
      mode: 'rls',
      change: ['DROP FUNCTION tenancy.enter'],
      expect: found('missing', 'sample'),
    },
    {
      name: 'the tenant is set for the session by EXECUTE',
      mode: 'rls',
      change: [enter("EXECUTE format('SET app.tenant_id = %L', tenant)")],
      expect: found('lastingTenant', 'tenancy.enter'),
    },
    {
      name: 'the transaction has the tenant, and the session keeps it',
      mode: 'rls',
      change: [
        enter("PERFORM set_config('app.tenant_id', tenant::text, true); PERFORM set_config('app.actor', actor, false)"),
      ],
      expect: found('lastingTenant', 'tenancy.enter'),
    },
    {
      name: 'everybody can name a tenant',
      mode: 'rls',
      change: ['GRANT EXECUTE ON FUNCTION tenancy.enter TO PUBLIC'],
      expect: found('openEntrance', 'tenancy.enter'),
    },
    {
      name: 'another function names a tenant as well',
      mode: 'rls',
      change: [
        `CREATE FUNCTION app.become_b() RETURNS void LANGUAGE sql AS $$ SELECT set_config('app.tenant_id', '${tenant}', true) $$`,
      ],
      expect: found('anotherEntrance', 'app.become_b'),
    },
    {
      name: 'another function does, whose body PostgreSQL keeps as it understood it',
      mode: 'rls',
      change: [
        "CREATE FUNCTION app.become(tenant uuid) RETURNS text BEGIN ATOMIC SELECT set_config('app.tenant_id', tenant::text, false); END",
      ],
      expect: found('anotherEntrance', 'app.become'),
    },
    {
      name: 'another function does, by a quoted name',
      mode: 'rls',
      change: [
        `CREATE FUNCTION app.become(tenant text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SET LOCAL "app.tenant_id" = %L', tenant); END $$`,
      ],
      expect: found('anotherEntrance', 'app.become'),
    },
    {
      name: 'how long the tenant is set depends on something',
      mode: 'rls',
      change: [
        enter(
          "PERFORM set_config('app.tenant_id', tenant::text, true); PERFORM set_config('app.tenant_id', tenant::text, request_id IS NULL)",
        ),
      ],
      expect: found('lastingTenant', 'tenancy.enter'),
    },
    {
      name: 'something is set as each session begins',
      mode: 'rls',
      change: [
        `CREATE FUNCTION app.begin() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
          IF session_user = 'application' THEN PERFORM set_config('app.' || 'tenant_id', '${tenant}', false); END IF; END $$`,
        'CREATE EVENT TRIGGER begin ON login EXECUTE FUNCTION app.begin()',
      ],
      expect: { verdict: 'not-assessed', subject: 'app.begin' },
    },
    {
      name: 'sessions of the application look names up in its own schema',
      mode: 'rls',
      change: ['ALTER ROLE application SET search_path = app'],
      expect: { verdict: 'satisfied' },
    },
    {
      name: 'a function runs for a tenant of its own',
      mode: 'rls',
      change: [
        `CREATE FUNCTION app.clients_of_b() RETURNS SETOF app.client LANGUAGE sql SET app.tenant_id = '${tenant}' AS $$ SELECT * FROM app.client $$`,
      ],
      expect: found('anotherEntrance', 'app.clients_of_b'),
    },
    {
      name: 'a function only reads which tenant it is',
      mode: 'rls',
      change: [
        "CREATE FUNCTION app.current_tenant() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.tenant_id') $$",
      ],
      expect: { verdict: 'satisfied' },
    },
    {
      name: 'sessions of the application begin as another role',
      mode: 'rls',
      change: ['ALTER ROLE application SET role = schema_owner'],
      expect: found('weightyDefault', 'role application'),
    },
    {
      name: 'sessions in this database look for tables elsewhere first',
      mode: 'database',
      change: ['ALTER DATABASE {database} SET search_path = public, app'],
      expect: found('weightyDefault', 'role every role'),
    },
    {
      name: 'another database has settings of its own',
      mode: 'rls',
      change: ['ALTER DATABASE tenant_b SET search_path = app'],
      expect: { verdict: 'satisfied' },
    },
    {
      name: 'a role has a time limit',
      mode: 'rls',
      change: ["ALTER ROLE application SET statement_timeout = '30s'"],
      expect: { verdict: 'satisfied' },
    },
    {
      name: 'the server gives every session an actor',
      mode: 'rls',
      change: ["ALTER SYSTEM SET app.actor = 'somebody'", 'SELECT pg_reload_conf()'],
      expect: found('tenantFromServer', 'sample'),
    },
    {
      name: 'something is stored as a large object',
      mode: 'rls',
      change: ["SELECT lo_from_bytea(0, 'x')"],
      expect: found('largeObjects', 'sample'),
    },
  ],
};
