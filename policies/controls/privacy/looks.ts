import type { RegisterContext } from '../../../lib/control/records';
import { attested, finding, type Outcome } from '../../../lib/control/verdict';
import { dayAfter, daysBetween } from '../days';

/** Where publications and agreements are entered. */
export const publications = 'policies/registers/publications.yaml';

/** The newest of what people read, and all the others. */
export function newestFirst<T extends { readonly reviewed: string }>(read: readonly T[]): readonly T[] {
  return [...read].sort((one, other) => other.reviewed.localeCompare(one.reviewed));
}

/** Judges the day on which a person last read something; the word counts as long as the look does. */
export function judgeLook(
  reviewed: string,
  { figures, today }: RegisterContext,
  others: readonly Outcome[] = [],
): readonly Outcome[] {
  const most = figures.number('contracts.reviewDays');
  const days = daysBetween(reviewed, today);
  const found = [
    ...(days < 0 ? [finding('future', undefined, { day: reviewed })] : []),
    ...(days > most ? [finding('stale', undefined, { reviewed, days, most })] : []),
    ...others,
  ];
  return found.length > 0 ? found : [attested(dayAfter(reviewed, most))];
}
