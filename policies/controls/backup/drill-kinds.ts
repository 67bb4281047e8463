import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isPlanOf, otherKinds, selectionType, takes } from './drill-selections';
import { type Selected, selects } from './selected-stores';

/** Judges whether a plan restores something of each kind that is backed up, beside databases. */
export function judgeKinds(plan: Subject, scope: Scope): readonly Outcome[] {
  return Object.entries(otherKinds).map(([type, kind]) => judgeKind(plan, type, kind, scope));
}

/** One of a kind is enough: to restore every bucket each month would cost as much as to keep it. */
function judgeKind(plan: Subject, type: string, kind: string, scope: Scope): Outcome {
  const selections = scope.resources('AWS::Backup::BackupSelection');
  const selected = (store: Subject, answer: Selected) =>
    selections.some((each) => selects(each, store, scope) === answer);
  const stores = scope.resources(type);
  const tests = scope.resources(selectionType).filter((selection) => {
    const { resolved } = selection.at('ProtectedResourceType');
    return resolved.kind === 'scalar' && resolved.value === kind && isPlanOf(selection, plan);
  });
  let untested: Subject | undefined;
  for (const store of stores) {
    if (selected(store, 'yes')) {
      if (tests.some((test) => takes(test, store, scope))) {
        return satisfied;
      }
      untested ??= store;
    }
  }
  if (untested) {
    return finding('untestedKind', undefined, { kind, store: untested.logicalId });
  }
  return stores.some((store) => selected(store, 'unknown'))
    ? notAssessed(`whether any ${kind} is backed up cannot be read`)
    : satisfied;
}
