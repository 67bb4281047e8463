import type { ControlEvidence } from '../lib/control/evidence';
import { worstVerdict } from '../lib/control/verdict';

/**
 * Puts side by side what several ways of looking say of the same control: its subjects together, the worst verdict over all. What judged
 * the registers says the same in every run, and is counted once.
 */
export function mergeResults(...runs: readonly (readonly ControlEvidence[])[]): readonly ControlEvidence[] {
  const merged = new Map<string, ControlEvidence>();
  for (const control of runs.flat()) {
    const known = merged.get(control.id);
    if (known === undefined) {
      merged.set(control.id, control);
    } else if (!isOfRegisters(known)) {
      merged.set(control.id, sideBySide(known, control));
    }
  }
  return [...merged.values()];
}

function isOfRegisters({ subjects }: ControlEvidence): boolean {
  return subjects.length > 0 && subjects.every(({ type }) => type === 'Claim');
}

function sideBySide(one: ControlEvidence, other: ControlEvidence): ControlEvidence {
  return {
    ...one,
    verdict: worstVerdict([one.verdict, other.verdict]),
    subjects: [...one.subjects, ...other.subjects],
  };
}
