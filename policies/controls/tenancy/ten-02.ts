import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { judgeExtensions } from './allowed-extensions';
import { databaseTypes, judgeBound, judgeMode, schemaType } from './database-schema';
import { databaseHalf } from './ten-02.database';
import { tenancyMode } from './tenancy-parameters';

/** TEN-02: the schema and the provisioner that are deployed, what may be installed, and the catalogue of the cluster. */
export const control = defineControl({
  id: 'ten-02',
  title: 'Each tenant has a database of its own, and a credential opens exactly one',
  family: 'tenancy',
  claims: ['tdb-dedicated-database', 'tdb-no-shared-tenant-table', 'tdb-connection-bound'],
  doesNotProve:
    'That the application signs in as the tenant whom it works for (ten-04). Names of databases and roles, and who is connected, can be seen by every session of the cluster. Policies of IAM may let somebody sign in as several tenants: whoever holds rds-db:connect on more than one user can.',
  runbook: 'mend-tenant-isolation',
  parameters: {
    'tenancy.mode': tenancyMode,
    'tenancy.sharedTables': {
      kind: 'number',
      stricter: 'lower',
      default: 0,
      unit: 'tables',
      description: 'tables that hold rows of several tenants',
    },
    'tenancy.databasesPerConnection': {
      kind: 'number',
      stricter: 'lower',
      default: 1,
      unit: 'databases',
      description: 'databases that one credential opens',
    },
  },
  messages: {
    missing: {
      violation: 'nothing was found that gives each tenant a database of its own',
      fix: 'deploy a PostgreSQL cluster with a DatabaseSchema of mode database and a TenantProvisioner',
    },
    noSchema: {
      violation: 'database {name} is deployed without a schema that keeps tenants apart',
      fix: 'add a DatabaseSchema for it to the stack',
    },
    weakerMode: {
      violation: 'tenants of {name} are kept apart by mode {mode}, promised is {promised}',
      fix: 'set the mode {promised}; data has to move to a new cluster for it',
    },
    noProvisioner: {
      violation: 'nothing that is deployed with {name} gives a new tenant a database',
      fix: 'add a TenantProvisioner and hand it to the DatabaseSchema',
    },
    anyExtension: {
      violation:
        'database {name} takes every extension, also those that reach other databases: rds.allowed_extensions is {value}',
      fix: 'list the extensions that are needed in rds.allowed_extensions',
    },
    door: {
      violation: '{name} has a door to other databases or to the server: {extension}',
      fix: 'take {extension} out with DROP, and an extension out of rds.allowed_extensions',
    },
    openDatabase: {
      violation: 'everybody may connect to database {name}',
      fix: 'REVOKE ALL ON DATABASE {name} FROM PUBLIC',
    },
    severalDatabases: {
      violation:
        '{name} uses tables of tenants and may connect to {count} databases, promised are at most {promised}: {databases}',
      fix: 'REVOKE CONNECT on all of them but one',
    },
    sharedTable: {
      violation: 'table {name} names a tenant in each row and takes those of others: column {column} is bound to none',
      fix: "call SELECT tenancy.protect('{name}') in a migration, or drop the column",
    },
  },
  template: {
    judges: [...databaseTypes, schemaType],
    expects: 'at-least-one',
    expected: databaseTypes,
    judge: (subject, { figures, scope, presentOnly }) => {
      if (figures.choice('tenancy.mode') !== 'database') {
        return notApplicable('tenants may share a database by this profile');
      }
      return subject.type === schemaType ? judgeSchema(subject, figures) : judgeDatabase(subject, scope, presentOnly);
    },
  },
  database: databaseHalf,
});

function judgeDatabase(database: Subject, scope: Scope, presentOnly: boolean): Outcome | readonly Outcome[] {
  const bound = judgeBound(database, scope, presentOnly);
  const list: readonly Outcome[] = 'verdict' in bound ? [bound] : bound;
  const isJudged = list.some(({ verdict }) => verdict === 'satisfied' || verdict === 'not-satisfied');
  return isJudged ? [...list, ...judgeExtensions(database)] : list;
}

function judgeSchema(schema: Subject, figures: Figures): readonly Outcome[] {
  return [
    ...judgeMode(schema, figures.choice('tenancy.mode')),
    ...decide(schema.reference('Provisioner'), {
      known: ({ subject }) =>
        subject.type === 'AWS::Lambda::Function' || subject.type === 'AWS::StepFunctions::StateMachine'
          ? satisfied
          : notAssessed(`whether a ${subject.type} gives tenants a database is not known to this control`),
      absent: () => finding('noProvisioner'),
    }),
  ];
}
