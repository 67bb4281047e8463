import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { databaseTypes, judgeBound, judgeMode, schemaType } from './database-schema';
import { databaseHalf } from './ten-01.database';
import { tenancyKey, tenancyMode } from './tenancy-parameters';

/** TEN-01: the schema that is deployed, and the catalogue of each database that it was deployed to. */
export const control = defineControl({
  id: 'ten-01',
  title: 'PostgreSQL itself lets a session reach the rows of one tenant only, and none where no tenant is named',
  family: 'tenancy',
  claims: [
    'cfeu-queries-user-scoped',
    'cfeu-no-cross-tenant-access',
    'cfeu-rls',
    'cfus-query-org-scoped',
    'cfus-cross-tenant-blocked',
    'cly-org-isolation',
    'cly-trust-ledger-protection',
  ],
  doesNotProve:
    'That the application names the right tenant (ten-04): whoever can make it run SQL of his own can name another one where all share a database. Violations of unique keys still tell that a value exists, sessions of the same role see the queries of each other, and what the operator gives to roles that only read is not judged. Files, caches and channels are ten-03.',
  runbook: 'mend-tenant-isolation',
  parameters: {
    'tenancy.mode': tenancyMode,
    'tenancy.key': tenancyKey,
    'tenancy.crossTenantReads': {
      kind: 'number',
      stricter: 'lower',
      default: 0,
      unit: 'rows',
      description: 'rows of another tenant that a session may read',
    },
  },
  messages: {
    missing: {
      violation: 'nothing was found that keeps tenants apart in a PostgreSQL database',
      fix: 'deploy the database with a DatabaseSchema, and protect its tables',
    },
    noSchema: {
      violation: 'database {name} is deployed without a schema that keeps tenants apart',
      fix: 'add a DatabaseSchema for it to the stack',
    },
    weakerMode: {
      violation: 'tenants of {name} are kept apart by mode {mode}, promised is {promised}',
      fix: 'set the mode {promised}; data has to move to a new cluster for it',
    },
    otherKey: {
      violation: 'rows of {name} name their tenant in {key}, promised is {promised}',
      fix: 'set the tenant key {promised}',
    },
    notEnabled: {
      violation: 'row-level security is off for table {name}, which {roles} may use',
      fix: "call SELECT tenancy.protect('{name}') in a migration",
    },
    notForced: {
      violation: 'row-level security of table {name} does not hold for its owner {owner}',
      fix: 'ALTER TABLE {name} FORCE ROW LEVEL SECURITY',
    },
    notTied: {
      violation: 'policies of table {name} do not tie {role} to the tenant of the transaction: {policies}',
      fix: "call SELECT tenancy.protect('{name}') in a migration: it adds a restrictive policy for everybody and every command",
    },
    wrongKey: {
      violation: 'rows of table {name} need not name their tenant: column {key} is {value}',
      fix: 'add the column {key} as uuid NOT NULL',
    },
    noIndex: {
      violation: 'table {name} has no index that begins with {key}, so every query reads the rows of all tenants',
      fix: 'CREATE INDEX ON {name} ({key})',
    },
    ownersView: {
      violation: 'view {name} reads with the rights of its owner {owner}, whoever asks',
      fix: 'ALTER VIEW {name} SET (security_invoker = true)',
    },
    copy: {
      violation: '{name} is a {kind}, whose rows no policy can keep apart, and {roles} may read it',
      fix: 'take the rights to it away, or make it a view with security_invoker',
    },
    crossing: {
      violation:
        'foreign key {constraint} of table {name} refers to {to} without the tenant, so a row can refer to one of another',
      fix: 'refer to ({key}, …) and have a unique key over these columns',
    },
    passesOver: {
      violation: 'role {name} passes over row-level security: {attribute}',
      fix: 'ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS, and revoke what lets it read files of the server',
    },
    becomesOwner: {
      violation: 'role {name} uses tables and is, or can become, the owner of some: {owners}',
      fix: 'REVOKE {owners} FROM {name}: owners switch policies off',
    },
    makesTables: {
      violation: 'role {name} uses tables, and may make or drop some where those of others are: {places}',
      fix: 'REVOKE CREATE on the schema from {name}, and let schema_owner own it',
    },
    pastPolicies: {
      violation: 'role {role} may {privilege} table {name}, which no policy holds back',
      fix: 'REVOKE {privilege} ON {name} FROM {role}',
    },
    leakproof: {
      violation: 'function {name} is LEAKPROOF, so it is called with rows of every tenant before a policy is asked',
      fix: 'ALTER FUNCTION {name} NOT LEAKPROOF',
    },
    definer: {
      violation: 'function {name} runs with the rights of {owner} and {fault}',
      fix: 'ALTER FUNCTION {name} SET search_path = pg_catalog, pg_temp, revoke EXECUTE from PUBLIC, and let no superuser own it',
    },
  },
  template: {
    judges: [...databaseTypes, schemaType],
    expects: 'at-least-one',
    expected: databaseTypes,
    judge: (subject, { figures, scope, presentOnly }) =>
      subject.type === schemaType ? judgeSchema(subject, figures) : judgeBound(subject, scope, presentOnly),
  },
  database: databaseHalf,
});

function judgeSchema(schema: Subject, figures: Figures): readonly Outcome[] {
  const promised = figures.choice('tenancy.key');
  return [
    ...judgeMode(schema, figures.choice('tenancy.mode')),
    ...decide(schema.reference('Cluster'), {
      known: ({ subject }) =>
        databaseTypes.includes(subject.type) ? satisfied : notAssessed(`it is bound to a ${subject.type}`),
      absent: () => notAssessed('the schema is bound to no database'),
    }),
    ...decide(schema.text('TenantKey'), {
      known: (key) => (key === promised ? satisfied : finding('otherKey', undefined, { key, promised })),
      absent: () => notAssessed('the schema names no key of tenants'),
    }),
  ];
}
