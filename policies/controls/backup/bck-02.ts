import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import {
  backupDailyRetentionDays,
  backupIntervalHours,
  backupWeeklyIntervalDays,
  backupWeeklyRetentionDays,
} from './backup-figures';
import { isToldOf, judgeWatch } from './backup-watch';
import { changingBuckets } from './changing-buckets';
import { judgeCoverage } from './coverage';
import { mayCall, type Permission } from './function-permissions';
import { rulesOf } from './plan-rules';
import { judgeRule } from './rule-lifetimes';
import { reachOf } from './selected-stores';

const databases = [
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::DocDB::DBCluster',
  'AWS::Neptune::DBCluster',
  'AWS::DynamoDB::Table',
];

/** BCK-02: what AWS Backup copies how often, and keeps how long. Point-in-time recovery is bck-01. */
export const control = defineControl({
  id: 'bck-02',
  title:
    'Every database is backed up in the promised rhythm, and every backup is kept as long as promised and no longer',
  family: 'backup',
  claims: [
    'tdb-backup-daily-per-tenant',
    'tdb-backup-retention-30d',
    'tdb-backup-weekly',
    'tdb-backup-longterm-90d',
    'cly-backup-rolling-7d',
    'clvr-backup-24h',
    'clvr-backup-retained-7d',
  ],
  doesNotProve:
    'That a job succeeded last night (the deployed check looks, and its alarm tells), that the code of the check compares what it is told of, that buckets which come and go carry the tag by which they are selected (the check misses those that do not), that the backup of a cluster brings one tenant back alone, that a role may read what it shall back up, and what people copy or snapshot by hand. Whether it can be restored is bck-04, where it lies and under which key bck-03.',
  runbook: 'drill-restore',
  parameters: {
    'backup.intervalHours': backupIntervalHours,
    'backup.dailyRetentionDays': backupDailyRetentionDays,
    'backup.weeklyIntervalDays': backupWeeklyIntervalDays,
    'backup.weeklyRetentionDays': backupWeeklyRetentionDays,
  },
  messages: {
    missing: {
      violation: 'no database or table is deployed, so nothing keeps the promise of scheduled backups',
      fix: 'deploy the database and a backup plan that names it',
    },
    unprotected: {
      violation: 'database {name} is in no selection of a backup plan with rules',
      fix: 'name its ARN in the Resources of a backup selection',
    },
    rare: {
      violation: 'database {name} is backed up every {hours} hours at most, promised are {promised}',
      fix: 'add a rule to its plan whose schedule runs at least every {promised} hours, and does not end',
    },
    dailyTooShort: {
      violation: 'daily backups of database {name} are kept for {days} days, promised are at least {floor}',
      fix: 'set deleteAfter of the daily rule to {floor} days or more',
    },
    weeklyTooShort: {
      violation: 'no backup of database {name} that is made at least every {interval} days is kept for {floor} days',
      fix: 'add a weekly rule without continuous backup, whose deleteAfter is {floor} days or more',
    },
    tooLong: {
      violation:
        'rule {rule} of plan {name} keeps backups for {days} days ({property}), promised are at most {ceiling}',
      fix: 'set deleteAfter to {ceiling} days or less, for the backup and for its copies',
    },
    continuousTooLong: {
      violation:
        'rule {rule} of plan {name} makes continuous backups and keeps them for {days} days: AWS Backup takes at most 35',
      fix: 'keep continuous backups for 35 days or less, and older ones by a rule without continuous backup',
    },
    coldTooShort: {
      violation:
        'rule {rule} of plan {name} moves backups to cold storage {days} days before it deletes them: AWS Backup asks for 90',
      fix: 'remove moveToColdStorageAfter; Aurora, RDS and S3 have no cold storage',
    },
    refusedByVault: {
      violation:
        'rule {rule} of plan {name} keeps backups for {days} days ({property}), which the lock of vault {vault} refuses: it takes {bounds}',
      fix: 'bring the retention of the rule and the bounds of the lock together: every job fails as it stands',
    },
    noRules: {
      violation: 'plan {name} has no rule, so it backs up nothing',
      fix: 'add a rule with a schedule, a vault and a retention',
    },
    noSelection: {
      violation: 'plan {name} has no selection, so it backs up nothing',
      fix: 'add a selection that names the stores',
    },
    unwatched: {
      violation: 'nobody notices when database {name} has no backup: {reason}',
      fix: 'deploy a BackupCheck that is told of it: a function that looks into the vaults every day, an alarm with an action on what it publishes, and one on its silence',
    },
    uncounted: {
      violation: 'selection {name} takes buckets that come and go, and nobody notices when one has no backup: {reason}',
      fix: 'tell a BackupCheck of the list of those that there must be, and let it read that',
    },
    selectsNothing: {
      violation:
        'selection {name} takes none of the stores that are deployed: its plan succeeds every night with nothing',
      fix: 'name the ARNs of the stores in Resources, and check exclusions, conditions and tags for typing errors',
    },
  },
  template: {
    judges: ['AWS::Backup::BackupPlan', 'AWS::Backup::BackupSelection', ...databases],
    expects: 'at-least-one',
    expected: databases,
    judge: (subject, context) => {
      switch (subject.type) {
        case 'AWS::Backup::BackupPlan':
          return judgePlan(subject, context);
        case 'AWS::Backup::BackupSelection':
          return judgeSelection(subject, context);
        default:
          return judgeDatabase(subject, context);
      }
    },
  },
});

function judgePlan(plan: Subject, { figures, scope, presentOnly }: JudgementContext): readonly Outcome[] {
  const isSelected = scope.referring(plan, 'AWS::Backup::BackupSelection', 'BackupPlanId').length > 0;
  const selection = isSelected || presentOnly ? satisfied : finding('noSelection', 'BackupPlan');
  const rules = decide(rulesOf(plan), {
    known: (list) =>
      list.length === 0 ? finding('noRules') : list.flatMap((rule) => judgeRule(rule, ceilings(figures), scope)),
    absent: () => finding('noRules'),
  });
  return [selection, ...rules];
}

function judgeSelection(selection: Subject, { scope, presentOnly }: JudgementContext): Outcome {
  // Looked at whole: an empty list selects nothing
  selection.at('BackupSelection.Resources').items();
  const { stores, isOpen } = reachOf(selection, scope);
  if (stores.length > 0) {
    return satisfied;
  }
  if (changingBuckets(selection, scope)) {
    return judgeCount(scope, presentOnly);
  }
  return isOpen || presentOnly
    ? notAssessed('what it selects is not in the templates', 'BackupSelection')
    : finding('selectsNothing', 'BackupSelection');
}

/** What no template names is compared with a list: a table of theirs. */
function judgeCount(scope: Scope, presentOnly: boolean): Outcome {
  const tables = scope.resources('AWS::DynamoDB::Table');
  return judgeWatch(
    {
      ...missedBackups,
      isTold: (watcher) =>
        tables.some((table) => isToldOf(watcher, table, scope))
          ? mayCall(watcher, 'Role', 'dynamodb:Scan', scope)
          : { kind: 'no', reason: `${watcher.logicalId} is told of no table that lists them` },
    },
    'uncounted',
    {},
    scope,
    presentOnly,
  );
}

/** What is seen in a vault, and daily at least: whoever looks more seldom misses a day's backup. */
const missedBackups = {
  action: 'backup:ListRecoveryPointsByBackupVault',
  hours: 24,
  isAbout: isAboutFirst,
};

/** An alarm that waits for the second store without a backup is deaf for the first. One of another kind of thing has dimensions. */
function isAboutFirst(alarm: Subject): boolean {
  const { resolved } = alarm.at('ComparisonOperator');
  const limit = resolved.kind === 'scalar' && resolved.value === 'GreaterThanThreshold' ? 0 : 1;
  if (alarm.at('Dimensions').resolved.kind !== 'absent') {
    return false;
  }
  const threshold = alarm.number('Threshold');
  return threshold.kind === 'known' && threshold.value <= limit;
}

function judgeDatabase(
  database: Subject,
  { figures, scope, presentOnly }: JudgementContext,
): Outcome | readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance') {
    if (database.at('DBClusterIdentifier').state() === 'known') {
      return notApplicable('its cluster is backed up as a whole');
    }
    if (['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'].some((of) => database.at(of).state() === 'known')) {
      return notApplicable('it repeats another database, which is backed up in its place');
    }
  }
  const promised = promises(figures);
  const covered = [judgeCoverage(database, promised, scope)].flat();
  // Where no backup is promised or made, none can be missed
  const isMade = covered.some(({ verdict }) => verdict === 'satisfied') && (promised.daily || promised.weekly);
  return isMade ? [...covered, judgeNotice(database, scope, presentOnly)] : covered;
}

/** A table may also be found by whoever lists all of them. */
function judgeNotice(database: Subject, scope: Scope, presentOnly: boolean): Outcome {
  const isTold = (watcher: Subject): Permission => {
    if (isToldOf(watcher, database, scope)) {
      return { kind: 'yes' };
    }
    const lists = database.type === 'AWS::DynamoDB::Table' && mayCall(watcher, 'Role', 'dynamodb:ListTables', scope);
    return lists && lists.kind !== 'no'
      ? lists
      : { kind: 'no', reason: `${watcher.logicalId} is not told of ${database.logicalId}` };
  };
  return judgeWatch({ ...missedBackups, isTold }, 'unwatched', {}, scope, presentOnly);
}

/** What is promised at least. Where no claim of the profile sets a bound nothing is asked: nobody promised it. */
function promises(figures: Figures) {
  const hours = figures.ceiling('backup.intervalHours');
  const daily = figures.floor('backup.dailyRetentionDays');
  const weekly = figures.floor('backup.weeklyRetentionDays');
  const interval = figures.number('backup.weeklyIntervalDays');
  return {
    daily: hours === undefined && daily === undefined ? undefined : { hours: hours ?? 24, days: daily ?? 0 },
    weekly: weekly === undefined ? undefined : { hours: interval * 24, days: weekly },
  };
}

function ceilings(figures: Figures) {
  return {
    daily: figures.ceiling('backup.dailyRetentionDays'),
    weekly: figures.ceiling('backup.weeklyRetentionDays'),
  };
}
