/** What one article of a law asks for that controls can look at. */
export interface RegimeMeasure {
  /** Article or section, as the law counts it: `Art. 32(1)(a)`, `45 CFR 164.312(b)`. */
  readonly section: string;
  /** Control ids in lower case. */
  readonly controls: readonly string[];
  /** Why these controls bear on the section, and how far, in one sentence. */
  readonly because: string;
}

/** A law about personal or health data that published sentences speak of. */
export interface Regime {
  /** Lower case: `gdpr`. */
  readonly id: string;
  /** Official name and citation. */
  readonly law: string;
  /** Who enforces it. */
  readonly authority: string;
  /** Claims that speak of it. */
  readonly claims: readonly string[];
  /** Slugs of the pages in `runbooks/` by which a person reviews and signs. */
  readonly runbooks: readonly string[];
  /** Profiles under which it binds. */
  readonly profiles: readonly string[];
  readonly measures: readonly RegimeMeasure[];
  /** What the law asks for and no control here looks at, in whole sentences. */
  readonly notMeasured: readonly string[];
}

/** `policies/registers/regimes.yaml`: which laws are spoken of, and which of their sections have a technical side that is measured. */
export interface RegimeRegister {
  readonly regimes: readonly Regime[];
}
