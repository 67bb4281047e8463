import type { FigureValue } from './claim';

/** Which documents bind, and how their contradictions are settled. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Codes of the registers whose claims bind. */
  readonly documents: readonly string[];
  /** Written resolutions of floors above ceilings; the report prints them. */
  readonly resolutions: readonly Resolution[];
  /** Figures that this profile sets stricter than any bound claim asks; loosening one is an error. */
  readonly tightens: readonly Tightening[];
}

/** One figure set stricter than promised. */
export interface Tightening {
  readonly parameter: string;
  readonly value: FigureValue;
  readonly because: string;
}

/** One contradiction settled: whose figure yields, why, and the sentence to publish instead of the yielding one. */
export interface Resolution {
  readonly parameter: string;
  /** Claims whose figure yields. */
  readonly yields: readonly string[];
  /** The figure that stands, where it is not simply the strictest of the rest. */
  readonly value?: FigureValue;
  readonly because: string;
  readonly publish: string;
}
