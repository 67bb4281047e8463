import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { hearsOfRestores } from '../backup/drill-validation';
import { rulesOf } from '../backup/plan-rules';
import { lockDays } from '../logging/bucket-retention';
import { namedIn } from '../logging/scheduled-function';
import { allows, roleOf, statementsOfRole } from './asked-functions';
import { type Eraser, mayOn } from './erased-stores';

const bucketType = 'AWS::S3::Bucket';

/** No store that can be set back to any second goes back further: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html */
const LONGEST_CONTINUOUS = 35;

const below =
  ({ logicalId }: Subject) =>
  (place: string) =>
    place.startsWith(`\${${logicalId}.Arn}/`);

/** Buckets in which a process that erases writes down whom: its functions are told of them, and may write there. */
export function ledgersOf(eraser: Eraser): readonly Subject[] {
  return eraser.functions
    .flatMap((code) => namedIn(code, [bucketType]))
    .filter((bucket) => mayOn(eraser, 's3:PutObject', below(bucket)));
}

function isTold(code: Subject, bucket: Subject): boolean {
  return namedIn(code, [bucketType]).some(({ definition }) => definition === bucket.definition);
}

/** Whether a ledger outlives every backup, cannot be rewritten, and is read by whoever looks into what was restored. */
export function judgeLedger(ledger: Subject, scope: Scope, presentOnly: boolean): readonly Outcome[] {
  return [...judgeLock(ledger, scope), ...judgeWriters(ledger, scope), ...judgeReader(ledger, scope, presentOnly)];
}

function judgeLock(ledger: Subject, scope: Scope): readonly Outcome[] {
  const open = () => finding('ledgerOpen');
  const enabled = decide(ledger.bool('ObjectLockEnabled'), { known: (is) => (is ? satisfied : open()), absent: open });
  const mode = decide(ledger.text('ObjectLockConfiguration.Rule.DefaultRetention.Mode'), {
    known: (word) => (word === 'COMPLIANCE' ? satisfied : open()),
    absent: open,
  });
  const faults = [...enabled, ...mode].filter(({ verdict }) => verdict !== 'satisfied');
  return faults.length === 0 ? judgeDays(ledger, scope) : faults.slice(0, 1);
}

function judgeDays(ledger: Subject, scope: Scope): readonly Outcome[] {
  const days = lockDays(ledger);
  if (typeof days !== 'number') {
    return [notAssessed(days.reason, days.property)];
  }
  const longest = longestBackup(scope);
  if (typeof longest === 'string') {
    return [notAssessed(longest)];
  }
  const words = longest === Number.POSITIVE_INFINITY ? 'without an end' : `${longest} days`;
  return [days >= longest ? satisfied : finding('ledgerShort', undefined, { days, longest: words })];
}

/** Days for which the longest backup is kept, with its copies; in words why that cannot be told. */
function longestBackup(scope: Scope): number | string {
  let longest = LONGEST_CONTINUOUS;
  for (const plan of scope.resources('AWS::Backup::BackupPlan')) {
    const rules = rulesOf(plan);
    if (rules.kind !== 'known') {
      return `how long ${plan.logicalId} keeps backups cannot be read`;
    }
    for (const rule of rules.value) {
      const copies = rule.at('CopyActions').items();
      const places = [rule, ...(copies.kind === 'known' ? copies.value : [])];
      for (const place of places) {
        const days = place.at('Lifecycle.DeleteAfterDays').number();
        if (days.kind === 'unresolved' || copies.kind === 'unresolved') {
          return `how long ${plan.logicalId} keeps backups cannot be read`;
        }
        // Kept until somebody deletes it
        longest = Math.max(longest, days.kind === 'known' ? days.value : Number.POSITIVE_INFINITY);
      }
    }
  }
  return longest;
}

/** Whoever writes an entry has somebody erased at the next restore: only functions that are told of the ledger may. */
function judgeWriters(ledger: Subject, scope: Scope): readonly Outcome[] {
  const writers = scope
    .resources('AWS::Lambda::Function')
    .filter((code) => isTold(code, ledger))
    .flatMap((code) => roleOf(code, 'Role'));
  return scope
    .resources('AWS::IAM::Role')
    .filter((role) => !writers.some(({ definition }) => definition === role.definition))
    .filter((role) =>
      statementsOfRole(role, scope).some((statement) => allows(statement, 's3:PutObject', below(ledger))),
    )
    .map((role) => finding('ledgerForeign', undefined, { role: role.logicalId }));
}

/** What looks into restored databases is told of the ledger, and may read the names of its versions. */
function judgeReader(ledger: Subject, scope: Scope, presentOnly: boolean): readonly Outcome[] {
  const restores = scope.resources('AWS::Events::Rule').filter(hearsOfRestores);
  if (restores.length === 0 && presentOnly) {
    return [];
  }
  const started = scope
    .resources('AWS::Lambda::Function')
    .filter((code) =>
      scope
        .referring(code, 'AWS::Events::Rule', 'Targets.*.Arn')
        .some(({ definition }) => restores.some((rule) => rule.definition === definition)),
    );
  const told = started.filter((code) => isTold(code, ledger));
  const itself = (place: string) => place === `\${${ledger.logicalId}.Arn}`;
  const isRead = told.some((code) =>
    roleOf(code, 'Role')
      .flatMap((role) => statementsOfRole(role, scope))
      .some((statement) => allows(statement, 's3:ListBucketVersions', itself)),
  );
  if (isRead) {
    return [satisfied];
  }
  const reason =
    started.length === 0
      ? 'no function hears of completed restores'
      : told.length === 0
        ? `${started.map(({ logicalId }) => logicalId).join(', ')} is not told of it`
        : `${told.map(({ logicalId }) => logicalId).join(', ')} may not call s3:ListBucketVersions there`;
  return [finding('notReplayed', undefined, { reason })];
}
