import type { Figure, FigureValue } from './claim';
import { type Contradiction, claimsOf, type PromisedFigure, type Scale, type Settled, sidesOf } from './scale';

/** The scale of a set: `at_most` allows no other member, `at_least` asks for its members, fewer members are stricter. */
export function setScale(standard: readonly string[]): Scale {
  return {
    expected: 'a list of words',
    accepts: isSet,
    satisfies: (value, figure) => isSet(value) && isWithin(value, figure),
    isAtLeastAsStrict: (value, than) => isSet(value) && isSet(than) && contains(than, value),
    settle: (promises) => settleSet(standard, promises),
  };
}

function settleSet(standard: readonly string[], promises: readonly PromisedFigure[]): Settled | Contradiction {
  const { floors, ceilings } = sidesOf(promises);
  const contradiction = findContradiction(floors, ceilings);
  if (contradiction.length > 0) {
    return { contradiction };
  }
  const allowed = intersection(ceilings);
  if (allowed !== undefined) {
    return { value: allowed, claims: claimsOf(ceilings) };
  }
  const asked = [...new Set(floors.flatMap(membersOf))].sort();
  return contains(standard, asked) ? { value: standard, claims: [] } : { value: asked, claims: claimsOf(floors) };
}

function findContradiction(
  floors: readonly PromisedFigure[],
  ceilings: readonly PromisedFigure[],
): readonly PromisedFigure[] {
  for (const asks of floors) {
    const forbids = ceilings.find((limit) => !contains(membersOf(limit), membersOf(asks)));
    if (forbids) {
      return [asks, forbids];
    }
  }
  // A promise of "none" is kept by the empty set; promises that merely share no member are not.
  const isEmptied = intersection(ceilings)?.length === 0 && ceilings.every((limit) => membersOf(limit).length > 0);
  return isEmptied ? ceilings : [];
}

function isSet(value: FigureValue): value is readonly string[] {
  return Array.isArray(value);
}

function membersOf({ figure }: PromisedFigure): readonly string[] {
  return isSet(figure.value) ? figure.value : [];
}

function contains(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every((word) => outer.includes(word));
}

function isWithin(value: readonly string[], { value: promised, bound }: Figure): boolean {
  return (
    isSet(promised) &&
    (bound === 'at_most' || contains(value, promised)) &&
    (bound === 'at_least' || contains(promised, value))
  );
}

function intersection(promises: readonly PromisedFigure[]): readonly string[] | undefined {
  const [first, ...others] = promises.map(membersOf);
  return first && [...new Set(first)].filter((word) => others.every((set) => set.includes(word))).sort();
}
