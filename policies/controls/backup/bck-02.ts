import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import {
  backupDailyRetentionDays,
  backupIntervalHours,
  backupWeeklyIntervalDays,
  backupWeeklyRetentionDays,
} from './backup-figures';
import { judgeCoverage } from './coverage';
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
    'That a job succeeded last night (the deployed daily check looks, and its alarm tells), that the backup of a cluster brings one tenant back alone, that a role may read what it shall back up, and what people copy or snapshot by hand. Whether it can be restored is bck-04, where it lies and under which key bck-03.',
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
  return isOpen || presentOnly
    ? notAssessed('what it selects is not in the templates', 'BackupSelection')
    : finding('selectsNothing', 'BackupSelection');
}

function judgeDatabase(database: Subject, { figures, scope }: JudgementContext): Outcome | readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance') {
    if (database.at('DBClusterIdentifier').state() === 'known') {
      return notApplicable('its cluster is backed up as a whole');
    }
    if (['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'].some((of) => database.at(of).state() === 'known')) {
      return notApplicable('it repeats another database, which is backed up in its place');
    }
  }
  return judgeCoverage(database, promises(figures), scope);
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
