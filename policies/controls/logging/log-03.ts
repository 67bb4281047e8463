import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { isAnchor, judgeAnchor } from './anchor-function';
import { databaseHalf } from './log-03.database';
import { namedIn } from './scheduled-function';

const databases = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

/** LOG-03: the audit log inside a database, and what keeps its head where the database cannot reach. */
export const control = defineControl({
  id: 'log-03',
  title: 'The audit log is append-only and chained, and its head is anchored by the hour where nobody can remove it',
  family: 'logging',
  claims: ['cfus-audit-privileged-actions', 'cfus-audit-immutable', 'cly-trust-ledger-protection'],
  doesNotProve:
    'That the chain is whole, which the anchoring function verifies from its own sources and this run does not, since an auditor reads no entry; that the account of the anchors is another one; and what an owner of the server does between two anchors to entries that none of them has seen.',
  runbook: 'mend-activity-log',
  parameters: {
    'audit.anchorMinutes': {
      kind: 'number',
      stricter: 'lower',
      default: 60,
      unit: 'minutes',
      description: 'longest time between two anchors of the audit log in the database',
    },
  },
  messages: {
    missing: {
      violation: 'there is no chained audit log, so nothing keeps the promise of one that cannot be altered',
      fix: 'deploy a PostgreSQL database with the migrations of the schema audit',
    },
    unanchored: {
      violation: 'nothing anchors the audit log of database {name}: a tail that is cut off would not be noticed',
      fix: 'deploy AuditAnchor for it',
    },
    unscheduled: {
      violation: 'function {name} anchors the audit log, and nothing starts it',
      fix: 'start it on a schedule that is enabled',
    },
    rare: {
      violation: 'function {name} anchors the audit log every {minutes} minutes, promised are {promised}',
      fix: 'start it every {promised} minutes or more often',
    },
    nowhere: {
      violation: 'function {name} anchors the audit log, and knows no bucket to keep anchors in',
      fix: 'name a bucket with an object lock in its environment',
    },
    unlocked: {
      violation: 'function {name} keeps anchors in {bucket}, which does not lock them in compliance mode',
      fix: 'set objectLockEnabled, and a default retention in compliance mode; an existing bucket must be replaced',
    },
    shortLock: {
      violation:
        'function {name} keeps anchors in {bucket}, which locks them for {days} days: entries outlive what proves them',
      fix: 'lock them for {least} days or more, and for as long as entries are kept',
    },
    unheard: {
      violation: 'nobody hears when function {name} finds a broken chain: no alarm on its errors acts',
      fix: 'add an alarm on the metric Errors with an action',
    },
    missedUnheard: {
      violation:
        'nobody hears when function {name} does not run: no alarm on its invocations acts when nothing is measured',
      fix: 'add an alarm on the metric Invocations with an action, that treats missing data as breaching',
    },
    skippable: {
      violation: 'table {name} can be changed: what guards {what} is off, or does not fire in replica mode',
      fix: 'enable its triggers always, and verify the chain from its beginning',
    },
    unguarded: {
      violation: 'table {name} can be changed: nothing guards {what}',
      fix: 'put its triggers back as the migrations 0100 to 0103 make them, and verify the chain from its beginning',
    },
    writable: {
      violation: 'table {name} can be written past the functions of the audit log: {roles} may',
      fix: 'revoke it: entries are written by functions alone',
    },
    inherited: {
      violation: 'the owner {owner} of table {name} is at the hand of {roles}, which work for the application',
      fix: 'revoke the membership: the migrator alone puts the owner on',
    },
    ownerSignsIn: {
      violation: 'table {name} belongs to {owner}, which can sign in or is a superuser',
      fix: 'give it to security_owner',
    },
    beside: {
      violation: 'entries of {name} can be changed or dropped before they are written: {what} is not ours',
      fix: 'drop it, find out who made it, and verify the chain from its beginning',
    },
    unlogged: {
      violation: 'table {name} is emptied when the server crashes: it is UNLOGGED',
      fix: 'ALTER TABLE {name} SET LOGGED',
    },
    schemaElsewhere: {
      violation: 'table {name} can be dropped by {owner}, to whom its schema belongs',
      fix: 'ALTER SCHEMA audit OWNER TO the owner of its tables',
    },
    callable: {
      violation: 'function {name} removes entries, and {roles} can call it, which work for the application',
      fix: 'revoke EXECUTE on it from {roles}: audit_keeper alone removes what is over',
    },
    altered: {
      violation: 'function {name} is not the one that was reviewed: {difference}',
      fix: 'find out who changed it, create it again as the migrations do, and verify the chain from its beginning',
    },
    lanes: {
      violation: 'table {name} has the lanes {lanes}, expected are {expected}, each with its beginning',
      fix: 'keep the database as it is, and find out from the anchors and a restored copy what became of the others',
    },
    gap: {
      violation: 'lane {lane} of {name} has {count} links from {first} to {last} after {begun}: some are gone',
      fix: 'keep the database as it is, and find out from the anchors and a restored copy what was removed',
    },
  },
  template: {
    judges: [...databases, 'AWS::Lambda::Function'],
    expects: 'at-least-one',
    expected: databases,
    judge: (subject, { figures, scope }) => {
      if (subject.type !== 'AWS::Lambda::Function') {
        return judgeDatabase(subject, scope);
      }
      return isAnchor(subject)
        ? judgeAnchor(subject, scope, figures.number('audit.anchorMinutes'))
        : notApplicable('it does not say that it anchors an audit log');
    },
  },
  database: databaseHalf,
});

function judgeDatabase(database: Subject, scope: JudgementContext['scope']): Outcome | readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance' && database.at('DBClusterIdentifier').state() === 'known') {
    return notApplicable('its cluster has the log');
  }
  return decide(database.at('Engine').pattern(), {
    known: (engine) => {
      if (!/postgres/.test(engine)) {
        return notApplicable(`the audit log is for PostgreSQL, not for ${engine}`);
      }
      const anchoring = scope.resources('AWS::Lambda::Function').filter(isAnchor);
      return anchoring.some((code) =>
        namedIn(code, databases).some(({ definition }) => definition === database.definition),
      )
        ? satisfied
        : finding('unanchored');
    },
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}
