import { defineControl } from '../../../lib/control/control';
import { databaseHalf } from './log-02.database';

/** LOG-02: what the application's tables are watched with. Templates do not show it. */
export const control = defineControl({
  id: 'log-02',
  title:
    'Every table that the application can write is watched: who changed what, when and from where, with the values before and after',
  family: 'logging',
  claims: [
    'cfeu-audit-all-user-actions',
    'cfeu-audit-timestamps',
    'tdb-activity-log-cud',
    'tdb-activity-log-fields',
    'cfus-audit-privileged-actions',
    'cfus-audit-fields',
    'cly-audit-all-access-changes',
  ],
  doesNotProve:
    'That the application names the person and the address truly, and that it records reads and privileged acts with audit.record before it answers: no trigger sees them. What migrations change as the owner of a table is recorded only where they name an actor.',
  attested: true,
  runbook: 'mend-activity-log',
  parameters: {},
  messages: {
    missing: {
      violation: 'the database has no activity log',
      fix: 'run the migrations: they make the schema audit',
    },
    fieldMissing: {
      violation: 'entries of {name} cannot say everything that is promised: {field} {fault}',
      fix: 'put the column back as the migration 0100-audit-log makes it',
    },
    altered: {
      violation: 'function {name} is not the one that was reviewed: {difference}',
      fix: 'find out who changed it, and create it again as the migrations of the audit log do',
    },
    unwatched: {
      violation: 'table {name} is not watched, and {roles} can change it',
      fix: "call audit.watch for it, or say in its comment 'audit exempt:' and why",
    },
    partlyWatched: {
      violation: 'table {name} is watched in part: {missing} goes unrecorded',
      fix: 'call audit.watch for it again',
    },
    concealed: {
      violation: 'what becomes of {column} in table {name} stays out of the log, without a reason',
      fix: "call audit.watch without it, or say in the comment of the column 'audit concealed:' and why",
    },
    skippable: {
      violation: 'the watch of table {name} can be skipped: {trigger} is off, or does not fire in replica mode',
      fix: 'call audit.watch for it again: it enables its triggers always',
    },
  },
  database: databaseHalf,
});
