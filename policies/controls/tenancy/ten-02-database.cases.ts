import type { DatabaseCase } from '../../../lib/control/cases';

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;

export const databaseCases: readonly DatabaseCase[] = [
  {
    name: 'trap 24: everybody may connect to the database of a tenant',
    mode: 'database',
    change: ['GRANT CONNECT ON DATABASE {database} TO PUBLIC'],
    expect: broken('openDatabase', 'tenant_a'),
  },
  {
    name: 'trap 24: everybody may connect to the maintenance database',
    mode: 'database',
    change: ['GRANT CONNECT ON DATABASE postgres TO PUBLIC'],
    expect: broken('openDatabase', 'postgres'),
  },
  {
    name: 'trap 24: a new database, to which everybody may connect until somebody revokes it',
    mode: 'database',
    change: ['CREATE DATABASE by_hand'],
    expect: broken('openDatabase', 'by_hand'),
  },
  {
    name: 'trap 24: one credential for two databases',
    mode: 'database',
    change: [
      'GRANT CONNECT ON DATABASE {database} TO application',
      'GRANT CONNECT ON DATABASE tenant_b TO application',
    ],
    expect: broken('severalDatabases', 'role application'),
  },
  {
    name: 'a role of a tenant that may do what the role of another may',
    mode: 'database',
    change: [
      'CREATE ROLE tenant_one LOGIN IN ROLE application',
      'CREATE ROLE tenant_two LOGIN IN ROLE tenant_one',
      'REVOKE CONNECT ON DATABASE sample FROM application',
      'GRANT CONNECT ON DATABASE {database} TO tenant_one',
      'GRANT CONNECT ON DATABASE tenant_b TO tenant_two',
    ],
    expect: broken('severalDatabases', 'role tenant_two'),
  },
  ...[
    ['GRANT application TO worker WITH INHERIT FALSE, SET TRUE', 'puts on the role of the application'],
    ['GRANT UPDATE (body) ON app.note TO worker', 'may change a column'],
  ].map(
    ([grant, what]): DatabaseCase => ({
      name: `one credential for two databases, which ${what}`,
      mode: 'database',
      change: [
        'CREATE ROLE worker LOGIN',
        `${grant}`,
        'GRANT CONNECT ON DATABASE {database} TO worker',
        'GRANT CONNECT ON DATABASE tenant_b TO worker',
      ],
      expect: broken('severalDatabases', 'role worker'),
    }),
  ),
  {
    name: 'a role of its own for each tenant',
    mode: 'database',
    change: [
      'CREATE ROLE tenant_one LOGIN IN ROLE application',
      'CREATE ROLE tenant_two LOGIN IN ROLE application',
      'REVOKE CONNECT ON DATABASE sample FROM application',
      'GRANT CONNECT ON DATABASE {database} TO tenant_one',
      'GRANT CONNECT ON DATABASE tenant_b TO tenant_two',
    ],
    expect: { verdict: 'satisfied' },
  },
  ...['dblink', 'postgres_fdw', 'file_fdw'].map(
    (extension): DatabaseCase => ({
      name: `trap 24: ${extension}, a door out of the database`,
      mode: 'database',
      change: [`CREATE EXTENSION ${extension}`],
      expect: broken('door', 'tenant_a'),
    }),
  ),
  {
    name: 'a table that takes rows of several tenants',
    mode: 'database',
    change: ['CREATE TABLE app.shared (organization_id uuid NOT NULL)', 'GRANT INSERT ON app.shared TO application'],
    expect: broken('sharedTable', 'app.shared'),
  },
  {
    name: 'a table that takes rows of several tenants column by column',
    mode: 'database',
    change: [
      'CREATE TABLE app.shared (organization_id uuid NOT NULL, body text)',
      'GRANT INSERT (organization_id, body) ON app.shared TO application',
    ],
    expect: broken('sharedTable', 'app.shared'),
  },
  {
    name: 'trap 24: a subscription to the rows of another database',
    mode: 'database',
    change: ["CREATE SUBSCRIPTION others CONNECTION 'dbname=tenant_b' PUBLICATION every WITH (connect = false)"],
    expect: broken('door', 'tenant_a'),
  },
  {
    name: 'a table that lost the constraint which binds it to its tenant',
    mode: 'database',
    change: ['ALTER TABLE app.client DROP CONSTRAINT only_own_tenant'],
    expect: broken('sharedTable', 'app.client'),
  },
  {
    name: 'a table that is bound to another tenant',
    mode: 'database',
    change: [
      'ALTER TABLE app.client DROP CONSTRAINT only_own_tenant',
      "ALTER TABLE app.client ADD CHECK (tenant_id = '00000000-0000-4000-8000-00000000000b'::uuid) NOT VALID",
    ],
    expect: broken('sharedTable', 'app.client'),
  },
  {
    name: 'one database for all where nothing else was promised',
    mode: 'rls',
    change: ['GRANT CONNECT ON DATABASE postgres TO PUBLIC'],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a database that says nothing of tenants',
    mode: 'database',
    change: ['DELETE FROM tenancy.settings'],
    expect: broken('missing'),
  },
];
