import type { Register } from '../../../lib/control/claim';
import { type Control, defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { declaredGroup, logGroupMakers, unknownLogGroupMakers, writtenGroups } from '../logging/service-log-groups';
import { databaseHalf } from './dat-01.database';
import { judgeReview } from './register-review';
import { retentionReviewDays, retentionRows, retentionSchedule } from './retention-figure';
import { databases, isSweep, judgeSweep, judgeSwept } from './row-sweep';
import { namedRule, ruleOf, rulesOf, unusedRules } from './schedule';
import { keepsFor, keepsWhileActive } from './store-periods';
import { periodlessStores, periodStores } from './store-types';

/** DAT-01: the retention schedule, the stores and the tables are the same list, and no row outlives it. */
export const control = defineControl({
  id: 'dat-01',
  title:
    'Every store and every table keeps for as long as the retention schedule says, no row is there past its period, nothing deletes what belongs to an account in use, no log group is made past the schedule, and the schedule is gone through in time',
  family: 'data-lifecycle',
  claims: ['cly-retain-active', 'clvr-retention-rules-documented', 'clvr-retention-release-review'],
  doesNotProve:
    'That items of a table of DynamoDB are deleted in time, that copies and backups are (bck-01, bck-02), that the activity log forgets before its own period ends what was in a row, that the time in a row is the true one, that anonymised data names nobody, that the periods are lawful, and that whoever wrote down the day of the review went through the schedule then.',
  runbook: 'review-processing-records',
  parameters: {
    'retention.schedule': retentionSchedule,
    'retention.rows': retentionRows,
    'retention.reviewDays': retentionReviewDays,
  },
  messages: {
    missing: {
      violation: 'nothing is deployed that keeps anything',
      fix: 'deploy the stores, or judge what is present only',
    },
    unscheduled: {
      violation: 'no rule of the retention schedule is about store {name}, a {type}',
      fix: 'write a rule into policies/registers/retention.yaml, or name one in the tag retention of the store',
    },
    unknownRule: {
      violation: 'store {name} names rule {rule}, which the retention schedule does not have for its type',
      fix: 'write the rule, or correct the tag retention',
    },
    differs: {
      violation: 'store {name} keeps for {kept} days by {property}, the retention schedule says {promised}',
      fix: 'set the period to {promised} days, or change the schedule and have it reviewed',
    },
    neverDeleted: {
      violation: 'store {name} keeps for ever, the retention schedule says {promised} days',
      fix: 'set a retention, or a lifecycle rule for every object, of {promised} days',
    },
    deletesActive: {
      violation: 'store {name} deletes by {property} what belongs to accounts that are in use: {value}',
      fix: 'drop the expiry: what is deleted is chosen by account, not by age',
    },
    deletedWithStack: {
      violation: 'store {name} and everything in it goes when its stack goes',
      fix: 'set removalPolicy: RemovalPolicy.RETAIN',
    },
    unusedRule: {
      violation: 'rule {name} of the retention schedule is about stores that nobody deploys: {stores}',
      fix: 'drop the rule, bind it to the profiles that have such a store, or deploy the store',
    },
    versionsStay: {
      violation:
        'bucket {name} hides what is {promised} days old and keeps it: no rule for all objects ends their versions within {longest} days',
      fix: 'set noncurrentVersionExpiration to {longest} days or less in a rule without a filter',
    },
    unswept: {
      violation: 'nothing deletes the rows of database {name} when their period is over',
      fix: 'deploy RowRetention for it',
    },
    sweepUnscheduled: {
      violation: 'function {name} deletes rows past their period, and nothing starts it',
      fix: 'start it on a schedule that is enabled',
    },
    sweepRare: {
      violation: 'function {name} deletes rows past their period every {minutes} minutes, more than {promised}',
      fix: 'start it every {promised} minutes or more often',
    },
    sweepUnheard: {
      violation: 'nobody hears when function {name} leaves rows past their period: no alarm on its errors acts',
      fix: 'add an alarm on the metric Errors with an action',
    },
    sweepMissed: {
      violation:
        'nobody hears when function {name} does not run: no alarm on its invocations acts when nothing is measured',
      fix: 'add an alarm on the metric Invocations with an action, that treats missing data as breaching',
    },
    noPeriods: {
      violation: 'database {name} has nothing that says how long rows are kept',
      fix: 'deploy the migrations of the schema retention to it',
    },
    noPeriod: {
      violation: 'table {name} holds rows of tenants, and nothing says how long they are kept',
      fix: 'call retention.keep or retention.keep_while_active for it, in the migration that makes it',
    },
    unscheduledRows: {
      violation: 'table {name} keeps its rows for {kept}, and no rule of the retention schedule names it',
      fix: 'name the table under a rule of policies/registers/retention.yaml',
    },
    otherPeriod: {
      violation: 'table {name} keeps its rows for {kept}, rule {rule} of the retention schedule says {promised}',
      fix: 'declare the period of the schedule in a migration, or change the schedule and have it reviewed',
    },
    tableGone: {
      violation: 'rule {rule} of the retention schedule names table {name}, which is not in the database',
      fix: 'correct the name, drop the rule, or bind it to the profiles that have such a table',
    },
    unnoted: {
      violation: 'rows of a new tenant can come to {parts} without being noted, and are never swept',
      fix: 'call retention.keep for {name} again, as the owner of the table',
    },
    hidden: {
      violation: 'rows of {part} can be hidden from what deletes them: {why}',
      fix: 'call tenancy.protect for the table, and let other restrictive policies bind the role application alone',
    },
    cascades: {
      violation:
        'rows of table {name}, kept for {kept}, go with those of {other} after {days} days, by constraint {constraint}',
      fix: 'let the constraint refuse instead of cascading, or keep both for as long',
    },
    overdue: {
      violation: '{count} rows of table {name} are more than a day past their period',
      fix: 'look at the log of the function that deletes them (RowRetention): it says what holds them back',
    },
    undated: {
      violation:
        '{count} rows of table {name} have no time from which their period counts, so nothing ever deletes them',
      fix: 'fill the column in, and set it NOT NULL',
    },
    ahead: {
      violation:
        '{count} rows of table {name} have a time more than a day ahead, so they stay for longer than their period',
      fix: 'correct the times, or count the period from a column of something that is over',
    },
    unguardedPeriods: {
      violation: '{name} can be changed or emptied: nothing refuses it always',
      fix: 'put the triggers of the migration back, ENABLE ALWAYS',
    },
    writablePeriods: {
      violation: '{name} is written by {roles}',
      fix: 'revoke it, and let security_owner own the table: periods are declared by the functions of the schema retention',
    },
    callable: {
      violation: '{roles}, as which the application runs, can call {name} and so decide how long rows are kept',
      fix: 'revoke EXECUTE from it and from PUBLIC',
    },
    altered: {
      violation: '{name} is not as it was reviewed: {difference}',
      fix: 'restore it from the migrations, and find out who changed it',
    },
    reviewAhead: {
      violation: 'the retention schedule says that it was gone through on {reviewed}, a day still to come',
      fix: 'write down the day on which somebody did',
    },
    undeclared: {
      violation: '{name} makes log group {group}, which is in no template and is kept for ever',
      fix: 'declare the log group with a retention, and let {name} write to it',
    },
  },
  register: { judge: judgeSchedule },
  database: databaseHalf,
  template: {
    judges: [
      ...new Set([...periodStores, ...periodlessStores, ...Object.keys(logGroupMakers), ...unknownLogGroupMakers]),
    ],
    expects: 'at-least-one',
    expected: periodStores,
    judge: (subject, context) => {
      const outcomes = [
        ...period(subject, context),
        ...madeLogGroups(subject, context),
        ...(isSweep(subject) ? judgeSweep(subject, context.scope) : []),
      ];
      return outcomes.length > 0 ? outcomes : notApplicable('it keeps nothing by itself');
    },
    *judgeWhole({ figures, presentOnly, scope }) {
      const rules = presentOnly ? [] : unusedRules(rulesOf(figures.set('retention.schedule')), scope);
      for (const { id, isTagged, type } of rules) {
        const stores = `${type}${isTagged ? ' with its tag' : ''}`;
        yield {
          target: 'policies/registers/retention.yaml',
          subject: id,
          type,
          outcome: finding('unusedRule', undefined, { stores }),
        };
      }
    },
  },
});

function* judgeSchedule(
  registers: readonly Register[],
  _catalogue: readonly Control[],
  context: RegisterContext,
): Generator<WholeOutcome> {
  yield judgeReview(
    {
      register: 'the retention schedule',
      file: 'policies/registers/retention.yaml',
      promise: 'clvr-retention-release-review',
      reviewed: context.records.retentionReviewed,
      days: context.figures.number('retention.reviewDays'),
    },
    registers,
    context,
  );
}

function period(store: Subject, { figures, presentOnly, scope }: JudgementContext): readonly Outcome[] {
  if (periodlessStores.includes(store.type)) {
    return [notAssessed(`how long ${store.type} keeps is not known to this control`)];
  }
  if (!periodStores.includes(store.type)) {
    return [];
  }
  if (store.type === 'AWS::RDS::DBInstance' && store.at('DBClusterIdentifier').state() === 'known') {
    return [notApplicable('its cluster keeps the data')];
  }
  if (presentOnly && namedRule(store) === undefined) {
    return [notApplicable('the schedule of whoever deploys it is not here')];
  }
  const rule = ruleOf(store, rulesOf(figures.set('retention.schedule')));
  if (!rule) {
    return [finding('unscheduled')];
  }
  if ('unknown' in rule) {
    return [finding('unknownRule', undefined, { rule: rule.unknown })];
  }
  return [
    ...(rule.keep === 'while-active' ? keepsWhileActive(store) : keepsFor(store, rule.keep)),
    ...(databases.includes(store.type) && !presentOnly ? judgeSwept(store, scope) : []),
  ];
}

/** A log group that a service makes is a store without a rule; where it goes and with which key is judged by log-06. */
function madeLogGroups(maker: Subject, { scope }: JudgementContext): readonly Outcome[] {
  return writtenGroups(maker).flatMap((written) => {
    if ('unknown' in written) {
      return [notAssessed(written.unknown)];
    }
    const found = declaredGroup(maker, written, scope);
    return ['outcome' in found ? found.outcome : satisfied];
  });
}
