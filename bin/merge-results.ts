import type { ControlEvidence, SubjectEvidence } from '../lib/control/evidence';
import { worstVerdict } from '../lib/control/verdict';

/**
 * Puts side by side what several ways of looking say of the same control: its subjects together, the worst verdict over all. What the first
 * run says of the registers counts, and what later ones say of them does not: they may have been read on another day.
 */
export function mergeResults(...runs: readonly (readonly ControlEvidence[])[]): readonly ControlEvidence[] {
  const merged = new Map<string, ControlEvidence>();
  for (const control of runs.flat()) {
    const known = merged.get(control.id);
    merged.set(control.id, known === undefined ? control : sideBySide(known, control));
  }
  return [...merged.values()];
}

function sideBySide(one: ControlEvidence, other: ControlEvidence): ControlEvidence {
  const added = one.subjects.some(isOfRegisters) ? withoutRegisters(other) : other;
  return {
    ...one,
    verdict: worstVerdict([one.verdict, added.verdict]),
    subjects: [...one.subjects, ...added.subjects],
  };
}

function withoutRegisters(control: ControlEvidence): ControlEvidence {
  const subjects = control.subjects.filter((subject) => !isOfRegisters(subject));
  return subjects.length === control.subjects.length
    ? control
    : { ...control, subjects, verdict: worstVerdict(subjects.map(({ verdict }) => verdict)) };
}

function isOfRegisters({ target }: SubjectEvidence): boolean {
  return target.startsWith('policies/');
}
