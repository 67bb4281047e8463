import type { JudgementContext } from '../../../lib/control/control';
import type { Outcome } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { isToldOf, isToldText, judgeWatch } from './backup-watch';
import { isPlanOf, kinds, otherKinds, planType } from './drill-selections';

/** Days after which a drill that is due may be missed: it begins within a day, and is judged within another. */
const graceDays = 7;

/** Judges whether somebody hears when what a selection names was not restored in time. */
export function judgeOverdue(
  selection: Subject,
  { figures, scope, presentOnly }: JudgementContext,
): readonly Outcome[] {
  const limit = figures.number('backup.drillDays') + graceDays;
  const plan = scope.resources(planType).find((each) => isPlanOf(selection, each));
  const { resolved: type } = selection.at('ProtectedResourceType');
  const kind = type.kind === 'scalar' ? String(type.value) : '';
  if (!plan || ![...Object.values(kinds), ...Object.values(otherKinds)].includes(kind)) {
    // A plan without it restores nothing, which is a finding of its own; nobody promised a drill of other kinds
    return [];
  }
  const { resolved: name } = plan.at('RestoreTestingPlanName');
  const overdue = judgeWatch(
    {
      action: 'backup:ListRestoreJobs',
      hours: 24,
      isTold: (watcher) =>
        isToldOf(watcher, plan, scope) || (name.kind === 'scalar' && isToldText(watcher, String(name.value)))
          ? { kind: 'yes' }
          : { kind: 'no', reason: `${watcher.logicalId} is not told of its plan` },
      isAbout: (alarm) => isForKind(alarm, kind) && isDays(alarm, limit),
    },
    'unheard',
    { limit },
    scope,
    presentOnly,
  );
  return [overdue];
}

/** What stands still of one kind must not be hidden by another: the alarm names the kind. */
function isForKind(alarm: Subject, kind: string): boolean {
  const dimensions = alarm.at('Dimensions').items();
  return (
    dimensions.kind === 'known' &&
    dimensions.value.some((each) => {
      const value = each.at('Value');
      return value.resolved.kind === 'scalar' && value.resolved.value === kind && value.text().kind === 'known';
    })
  );
}

/** More than a count of things that are wrong, and no more than the days that are promised. */
function isDays(alarm: Subject, limit: number): boolean {
  const threshold = alarm.number('Threshold');
  return threshold.kind === 'known' && threshold.value > 1 && threshold.value <= limit;
}
