import fc from 'fast-check';
import type { Bound, FigureValue } from '../../lib/control/claim';
import { InputError } from '../../lib/control/input-error';
import type { Parameter, ResolvedFigure } from '../../lib/control/parameter';
import { claim, promise } from './fixtures';
import { door, flag, higher, lower, resolve, tls, yielding } from './sample-parameters';

/** What a figure means, written down a second time: the oracle of the properties. */
function keeps(value: FigureValue, bound: Bound, promised: FigureValue, parameter: Parameter): boolean {
  if (parameter.kind === 'set') {
    const [held, wanted] = [new Set([value].flat()), new Set([promised].flat())];
    const hasAll = [...wanted].every((word) => held.has(word));
    const hasOnly = [...held].every((word) => wanted.has(word));
    return bound === 'exact' ? hasAll && hasOnly : bound === 'at_least' ? hasAll : hasOnly;
  }
  const rank = (one: FigureValue) =>
    parameter.kind === 'choice'
      ? parameter.weakestFirst.indexOf(String(one))
      : parameter.kind === 'flag'
        ? Number(one === parameter.stricter)
        : Number(one);
  const difference = rank(value) - rank(promised);
  return bound === 'exact' ? difference === 0 : bound === 'at_least' ? difference >= 0 : difference <= 0;
}

const anyBound = fc.constantFrom<Bound>('at_least', 'at_most', 'exact');
const words = ['a', 'b', 'c', 'd'];
const scenario = fc.oneof(
  fc.record({
    parameter: fc.constantFrom(higher, lower),
    figures: fc.array(fc.tuple(anyBound, fc.integer({ min: 0, max: 60 })), { maxLength: 6 }),
  }),
  fc.record({
    parameter: fc.constantFrom(flag, door),
    figures: fc.array(fc.tuple(fc.constantFrom<Bound>('at_least', 'exact'), fc.boolean()), { maxLength: 4 }),
  }),
  fc.record({
    parameter: fc.constant(tls),
    figures: fc.array(fc.tuple(anyBound, fc.constantFrom('1.0', '1.2', '1.3')), { maxLength: 4 }),
  }),
  fc.record({
    parameter: fc.constant<Parameter>({ kind: 'set', default: ['a', 'b'], description: 'some' }),
    figures: fc.array(fc.tuple(anyBound, fc.subarray(words)), { maxLength: 4 }),
  }),
);

function outcomeOf(run: () => ResolvedFigure): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof InputError) {
      return error.message;
    }
    throw error;
  }
}

describe('for any claims', () => {
  const claimsOf = (figures: readonly (readonly [Bound, FigureValue])[]) => [
    claim('a-none'),
    ...figures.map(([bound, value], index) => promise(`a-${index}`, bound, value)),
  ];

  test('the figure keeps every bound claim that does not yield', () => {
    let resolved = 0;
    fc.assert(
      fc.property(scenario, fc.nat(5), ({ parameter, figures }, yielded) => {
        const standing = figures.filter((_, index) => index !== yielded);
        const resolutions = [yielding([`a-${yielded}`])];
        const outcome = outcomeOf(() => resolve(parameter, claimsOf(figures), { resolutions }));
        if (typeof outcome === 'object' && outcome !== null && 'value' in outcome) {
          resolved += 1;
          const { value } = outcome as ResolvedFigure;
          expect(standing.filter(([bound, promised]) => !keeps(value, bound, promised, parameter))).toEqual([]);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(resolved).toBeGreaterThan(150);
  });

  test('a contradiction is only refused where no value keeps every claim', () => {
    let refused = 0;
    fc.assert(
      fc.property(scenario, ({ parameter, figures }) => {
        if (typeof outcomeOf(() => resolve(parameter, claimsOf(figures))) !== 'string') {
          return;
        }
        refused += 1;
        const candidates: FigureValue[] =
          parameter.kind === 'number'
            ? Array.from({ length: 61 }, (_, value) => value)
            : parameter.kind === 'flag'
              ? [true, false]
              : parameter.kind === 'choice'
                ? [...parameter.weakestFirst]
                : subsets(words).filter((set) => set.length > 0);
        const kept = candidates.filter((value) =>
          figures.every(([bound, promised]) => keeps(value, bound, promised, parameter)),
        );
        expect(kept).toEqual([]);
      }),
      { numRuns: 500, seed: 2 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  test('their order never matters, for figures and for errors', () => {
    const shuffled = scenario.chain(({ parameter, figures }) =>
      fc.record({
        parameter: fc.constant(parameter),
        claims: fc.constant(claimsOf(figures)),
        other: fc.shuffledSubarray(claimsOf(figures), { minLength: figures.length + 1 }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ parameter, claims, other }) => {
        expect(outcomeOf(() => resolve(parameter, other))).toEqual(outcomeOf(() => resolve(parameter, claims)));
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

function subsets(all: readonly string[]): string[][] {
  return all.reduce<string[][]>((sets, word) => sets.flatMap((set) => [set, set.concat(word)]), [[]]);
}
