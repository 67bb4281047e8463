import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { hoursBetweenRuns, rulesOf } from './plan-rules';
import { selects } from './selected-stores';

/** How often at least, and kept for how long. */
interface Rhythm {
  readonly hours: number;
  readonly days: number;
}

interface Covering {
  /** Hours between two runs; undefined where the schedule is not understood. */
  readonly hours?: number;
  /** Days that its backups are kept; undefined where that cannot be read. */
  readonly days?: number;
}

/** Judges whether the plans that take a database keep both rhythms, each by any one of their rules. */
export function judgeCoverage(
  database: Subject,
  promised: { readonly daily?: Rhythm; readonly weekly?: Rhythm },
  scope: Scope,
): Outcome | readonly Outcome[] {
  if (!promised.daily && !promised.weekly) {
    return satisfied;
  }
  const selections = scope
    .resources('AWS::Backup::BackupSelection')
    .map((selection) => ({ selection, selected: selects(selection, database, scope) }));
  const rules = selections
    .filter(({ selected }) => selected === 'yes')
    .flatMap(({ selection }) => rulesBehind(selection));
  if (rules.length === 0) {
    const hidden = selections.find(({ selected }) => selected === 'unknown');
    return hidden ? notAssessed(`what ${hidden.selection.logicalId} selects cannot be read`) : finding('unprotected');
  }
  const covering = rules.map((rule) => ({ hours: hoursBetweenRuns(rule), days: daysKept(rule) }));
  return [
    ...(promised.daily ? [judgeDaily(covering, promised.daily)] : []),
    ...(promised.weekly ? [judgeWeekly(covering, promised.weekly)] : []),
  ];
}

function rulesBehind(selection: Subject): readonly Node[] {
  const plan = selection.reference('BackupPlanId');
  const rules = plan.kind === 'known' ? rulesOf(plan.value.subject) : plan;
  return rules.kind === 'known' ? rules.value : [];
}

/** Without a lifecycle a backup is kept until somebody deletes it. */
function daysKept(rule: Node): number | undefined {
  const days = rule.at('Lifecycle.DeleteAfterDays').number();
  return days.kind === 'known' ? days.value : days.kind === 'absent' ? Number.POSITIVE_INFINITY : undefined;
}

function judgeDaily(covering: readonly Covering[], { hours: promised, days: floor }: Rhythm): Outcome {
  const often = covering.filter(({ hours }) => hours !== undefined && hours <= promised);
  if (often.some(({ days }) => days !== undefined && days >= floor)) {
    return satisfied;
  }
  if (isHidden(covering)) {
    return notAssessed('a schedule or retention of its plan cannot be read');
  }
  if (often.length === 0) {
    return finding('rare', undefined, {
      hours: Math.min(...covering.map(({ hours }) => hours ?? Number.NaN)),
      promised,
    });
  }
  return finding('dailyTooShort', undefined, { days: Math.max(...often.map(({ days }) => days ?? Number.NaN)), floor });
}

function judgeWeekly(covering: readonly Covering[], { hours: promised, days: floor }: Rhythm): Outcome {
  const isKept = covering.some(
    ({ hours, days }) => hours !== undefined && hours <= promised && days !== undefined && days >= floor,
  );
  if (isKept) {
    return satisfied;
  }
  return isHidden(covering)
    ? notAssessed('a schedule or retention of its plan cannot be read')
    : finding('weeklyTooShort', undefined, { interval: promised / 24, floor });
}

function isHidden(covering: readonly Covering[]): boolean {
  return covering.some(({ hours, days }) => hours === undefined || days === undefined);
}
