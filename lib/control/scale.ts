import type { Bound, Figure, FigureValue } from './claim';

/** A figure and the claim that promises it. */
export interface PromisedFigure {
  readonly claim: string;
  readonly figure: Figure;
}

/** The value that several promises come to, with the bounds that they leave. */
export interface Settled {
  readonly value: FigureValue;
  /** Numbers only. */
  readonly floor?: number;
  readonly ceiling?: number;
  /** Claims that made the value; empty where the parameter's default stands. */
  readonly claims: readonly string[];
}

/** The promises that no value keeps together. */
export interface Contradiction {
  readonly contradiction: readonly PromisedFigure[];
}

/** How the figures of one parameter compare. */
export interface Scale {
  /** What a figure of this parameter may be, in words. */
  readonly expected: string;
  /** The bound that moves when a profile tightens; undefined where a parameter is no number. */
  readonly strictBound?: 'floor' | 'ceiling';
  accepts(value: FigureValue, bound: Bound): boolean;
  /** Takes the promises in a fixed order, so that the same claims always name the same pair in a contradiction. */
  settle(promises: readonly PromisedFigure[]): Settled | Contradiction;
  satisfies(value: FigureValue, figure: Figure): boolean;
  isAtLeastAsStrict(value: FigureValue, than: FigureValue): boolean;
}

/** The promises that ask for something at least, and those that allow something at most; an exact one does both. */
export function sidesOf(promises: readonly PromisedFigure[]): {
  readonly floors: readonly PromisedFigure[];
  readonly ceilings: readonly PromisedFigure[];
} {
  return {
    floors: promises.filter(({ figure }) => figure.bound !== 'at_most'),
    ceilings: promises.filter(({ figure }) => figure.bound !== 'at_least'),
  };
}

/** Ids of the claims behind promises, each once. */
export function claimsOf(promises: readonly PromisedFigure[]): string[] {
  return [...new Set(promises.map(({ claim }) => claim))];
}
