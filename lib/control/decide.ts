import type { Reading, UnresolvedReading } from '../template/reading';
import { notAssessed, type Outcome } from './verdict';

type Outcomes = Outcome | readonly Outcome[];

/**
 * Judges a reading: what a value means, and what the service does when there is none. A value that cannot be resolved is not
 * assessed, unless the control knows better. Findings name the reading's property of themselves.
 */
export function decide<T>(
  reading: Reading<T>,
  arms: {
    readonly known: (value: T) => Outcomes;
    readonly absent: () => Outcomes;
    readonly unresolved?: (reading: UnresolvedReading) => Outcomes;
  },
): readonly Outcome[] {
  switch (reading.kind) {
    case 'known':
      return at(reading.property, arms.known(reading.value));
    case 'absent':
      return at(reading.property, arms.absent());
    case 'unresolved':
      return at(reading.property, arms.unresolved?.(reading) ?? notAssessed(reading.reason));
  }
}

function at(property: string, outcomes: Outcomes): readonly Outcome[] {
  const list: readonly Outcome[] = 'verdict' in outcomes ? [outcomes] : outcomes;
  return list.map((outcome) =>
    (outcome.verdict === 'not-satisfied' || outcome.verdict === 'not-assessed') && outcome.property === undefined
      ? { ...outcome, property }
      : outcome,
  );
}
