import type { Bound, Figure, FigureValue } from './claim';
import type { Parameter } from './parameter';
import { type Contradiction, claimsOf, type PromisedFigure, type Scale, type Settled, sidesOf } from './scale';

/** Values that stand in one line: numbers by size, flags and words by strictness. */
interface Ranks {
  readonly expected: string;
  readonly isNumber: boolean;
  readonly stricterIsHigher: boolean;
  readonly defaultRank: number;
  /** Bounds that have one meaning on this scale. */
  readonly bounds: readonly Bound[];
  /** NaN for what is no value of the parameter: it compares with nothing. */
  rank(value: FigureValue): number;
  valueAt(rank: number): FigureValue;
}

const everyBound: readonly Bound[] = ['at_least', 'at_most', 'exact'];

/** The scale of a number, a flag or a choice. On flags and choices `at_least` means at least as strict. */
export function rankedScale(parameter: Exclude<Parameter, { kind: 'set' }>): Scale {
  const ranks = ranksOf(parameter);
  return {
    expected: ranks.expected,
    strictBound: ranks.isNumber ? (ranks.stricterIsHigher ? 'floor' : 'ceiling') : undefined,
    accepts: (value, bound) => !Number.isNaN(ranks.rank(value)) && ranks.bounds.includes(bound),
    satisfies: (value, figure) => isWithin(ranks, ranks.rank(value), figure),
    isAtLeastAsStrict: (value, than) =>
      ranks.stricterIsHigher ? ranks.rank(value) >= ranks.rank(than) : ranks.rank(value) <= ranks.rank(than),
    settle: (promises) => settleRanked(ranks, promises),
  };
}

function ranksOf(parameter: Exclude<Parameter, { kind: 'set' }>): Ranks {
  switch (parameter.kind) {
    case 'number':
      return {
        expected: `a number (${parameter.unit})`,
        isNumber: true,
        stricterIsHigher: parameter.stricter === 'higher',
        defaultRank: parameter.default,
        bounds: everyBound,
        rank: (value) => (typeof value === 'number' ? value : Number.NaN),
        valueAt: (rank) => rank,
      };
    case 'flag': {
      const { stricter } = parameter;
      return {
        // "at most true" can be read both ways, so a flag cannot carry it.
        expected: 'true or false with bound exact, or at_least for at least as strict',
        isNumber: false,
        stricterIsHigher: true,
        defaultRank: Number(parameter.default === stricter),
        bounds: ['at_least', 'exact'],
        rank: (value) => (typeof value === 'boolean' ? Number(value === stricter) : Number.NaN),
        valueAt: (rank) => (rank === 1 ? stricter : !stricter),
      };
    }
    case 'choice':
      return choiceRanks(parameter.weakestFirst, parameter.default);
  }
}

function choiceRanks(words: readonly string[], standard: string): Ranks {
  const ranks = new Map<FigureValue, number>(words.map((word, rank) => [word, rank]));
  const rank = (value: FigureValue) => ranks.get(value) ?? Number.NaN;
  return {
    expected: `one of ${words.join(', ')}`,
    isNumber: false,
    stricterIsHigher: true,
    defaultRank: rank(standard),
    bounds: everyBound,
    rank,
    valueAt: (wanted) => words[wanted] ?? standard,
  };
}

function isWithin(ranks: Ranks, at: number, { value, bound }: Figure): boolean {
  const promised = ranks.rank(value);
  return (bound === 'at_most' || at >= promised) && (bound === 'at_least' || at <= promised);
}

/**
 * The strict end of what the promises leave. Where they bound only the loose end (backups at most 7 days, and more is
 * stricter), the default if it keeps them, else that end.
 */
function settleRanked(ranks: Ranks, promises: readonly PromisedFigure[]): Settled | Contradiction {
  const { floors, ceilings } = sidesOf(promises);
  const rankOf = ({ figure }: PromisedFigure) => ranks.rank(figure.value);
  const floor = floors.length > 0 ? Math.max(...floors.map(rankOf)) : undefined;
  const ceiling = ceilings.length > 0 ? Math.min(...ceilings.map(rankOf)) : undefined;
  const atFloor = floors.filter((promise) => rankOf(promise) === floor);
  const atCeiling = ceilings.filter((promise) => rankOf(promise) === ceiling);
  if (floor !== undefined && ceiling !== undefined && floor > ceiling) {
    return { contradiction: [...atFloor.slice(0, 1), ...atCeiling.slice(0, 1)] };
  }
  const bounds = ranks.isNumber ? { floor, ceiling } : {};
  const ends = [
    { rank: floor, makers: atFloor },
    { rank: ceiling, makers: atCeiling },
  ];
  const [strict, loose] = ranks.stricterIsHigher ? ends : ends.reverse();
  const isDefaultKept = promises.every(({ figure }) => isWithin(ranks, ranks.defaultRank, figure));
  const end = strict?.rank !== undefined ? strict : isDefaultKept ? undefined : loose;
  return end?.rank === undefined
    ? { value: ranks.valueAt(ranks.defaultRank), claims: [], ...bounds }
    : { value: ranks.valueAt(end.rank), claims: claimsOf(end.makers), ...bounds };
}
