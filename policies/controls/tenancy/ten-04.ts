import { defineControl } from '../../../lib/control/control';
import { databaseHalf } from './ten-04.database';

/** TEN-04: whoever forgets to say for which tenant it works gets nothing, and nothing else says it. */
export const control = defineControl({
  id: 'ten-04',
  title:
    'Every transaction names its tenant through one function, for itself alone, and no session begins with a tenant',
  family: 'tenancy',
  claims: [
    'cfeu-queries-user-scoped',
    'cfeu-no-cross-tenant-access',
    'cfeu-api-ownership-check',
    'tdb-connection-bound',
    'tdb-app-code-scoped',
    'cfus-query-org-scoped',
  ],
  doesNotProve:
    'That the application names the tenant of whoever signed in, and checks on each request who owns what is asked for: that is in its code, and whoever builds it attests it. Where all tenants share a database, whoever can run any SQL as the application can name any tenant. Names of channels of LISTEN and NOTIFY are known to all sessions of a database.',
  runbook: 'mend-tenant-isolation',
  attested: true,
  parameters: {},
  messages: {
    missing: {
      violation: 'database {name} has no function tenancy.enter that names the tenant of a transaction',
      fix: 'run the migrations of lib/database, and let every transaction begin with tenancy.enter',
    },
    anotherEntrance: {
      violation: 'function {name} names a tenant beside tenancy.enter',
      fix: 'drop it, and let callers name the tenant through tenancy.enter',
    },
    lastingTenant: {
      violation:
        '{name} sets the tenant for longer than its transaction, so the next request on the connection has it too',
      fix: 'set app.tenant_id with set_config(..., true)',
    },
    openEntrance: {
      violation: 'every role can execute {name}',
      fix: 'revoke EXECUTE on it from PUBLIC, and grant it to the application alone',
    },
    defaultTenant: {
      violation: 'sessions of {name} in {database} begin with {setting}, so whoever forgets to name a tenant has one',
      fix: 'reset {setting} with ALTER ROLE or ALTER DATABASE',
    },
    weightyDefault: {
      violation:
        'sessions of {name} in {database} begin with {setting}, which decides what they see and as whom they run',
      fix: 'reset {setting} with ALTER ROLE or ALTER DATABASE',
    },
    tenantFromServer: {
      violation:
        'a session in database {name} begins with a tenant or an actor that the settings of the server give it',
      fix: 'take app.tenant_id and app.actor out of the parameter group or postgresql.conf',
    },
    largeObjects: {
      violation: 'database {name} holds {number} large objects, which no policy keeps apart',
      fix: 'store them as files of the tenant or in a protected table, and remove them with lo_unlink',
    },
  },
  database: databaseHalf,
});
