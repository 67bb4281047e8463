import type { FigureValue } from './claim';

/**
 * A figure that a profile sets and a control measures, with the direction in which it gets stricter. `default` holds
 * where no bound claim carries a figure; the trust page must not claim it.
 */
export type Parameter =
  | {
      readonly kind: 'number';
      readonly stricter: 'higher' | 'lower';
      readonly default: number;
      readonly unit: string;
      readonly description: string;
    }
  | { readonly kind: 'flag'; readonly stricter: boolean; readonly default: boolean; readonly description: string }
  | {
      readonly kind: 'choice';
      /** Every allowed word, from the weakest to the strictest. */
      readonly weakestFirst: readonly string[];
      readonly default: string;
      readonly description: string;
    }
  | {
      readonly kind: 'set';
      /** Fewer members are stricter: bound claims intersect. */
      readonly default: readonly string[];
      readonly description: string;
    };

/** What a figure of a profile is, and which claims made it so (empty: the control's default). */
export interface ResolvedFigure {
  readonly parameter: string;
  readonly value: FigureValue;
  /** Lowest and highest value that every bound claim still allows; numbers only. */
  readonly floor?: number;
  readonly ceiling?: number;
  readonly claims: readonly string[];
}

/** The figures of one profile by parameter name. The getters throw on an unknown name or another kind: a typo must not judge. */
export class Figures {
  readonly all: ReadonlyMap<string, ResolvedFigure>;

  constructor(figures: Iterable<ResolvedFigure>) {
    this.all = new Map([...figures].map((figure) => [figure.parameter, figure]));
  }

  number(parameter: string): number {
    return this.get(parameter, (value): value is number => typeof value === 'number', 'a number');
  }

  flag(parameter: string): boolean {
    return this.get(parameter, (value): value is boolean => typeof value === 'boolean', 'true or false');
  }

  choice(parameter: string): string {
    return this.get(parameter, (value): value is string => typeof value === 'string', 'a word');
  }

  set(parameter: string): readonly string[] {
    return this.get(parameter, (value): value is readonly string[] => Array.isArray(value), 'a set of words');
  }

  /** Lowest value that keeps every bound claim, or undefined where none sets a floor. */
  floor(parameter: string): number | undefined {
    return this.resolved(parameter).floor;
  }

  /** Highest value that keeps every bound claim, or undefined where none sets a ceiling. */
  ceiling(parameter: string): number | undefined {
    return this.resolved(parameter).ceiling;
  }

  private resolved(parameter: string): ResolvedFigure {
    const figure = this.all.get(parameter);
    if (!figure) {
      throw new Error(`unknown parameter '${parameter}': known are ${[...this.all.keys()].join(', ') || 'none'}`);
    }
    return figure;
  }

  private get<T extends FigureValue>(parameter: string, is: (value: FigureValue) => value is T, kind: string): T {
    const { value } = this.resolved(parameter);
    if (!is(value)) {
      throw new Error(`parameter '${parameter}' is ${JSON.stringify(value)}, expected ${kind}`);
    }
    return value;
  }
}
