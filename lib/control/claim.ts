/** A figure's value: a number with its unit in the name, a flag, one word of a scale, or a set of words. */
export type FigureValue = number | boolean | string | readonly string[];

/** Which way a stricter figure still keeps the promise: not below it, not above it, or exactly it. */
export type Bound = 'at_least' | 'at_most' | 'exact';

/** A figure that a whitepaper promises. */
export interface Figure {
  /** The control parameter that it binds (`audit.retentionDays`), or the document's own name for what nothing measures yet. */
  readonly parameter: string;
  readonly value: FigureValue;
  readonly bound: Bound;
}

/** What kind of proof a promise admits. */
export type Enforceability = 'enforced' | 'verified' | 'application-attested' | 'procedure';

/** A sentence of a whitepaper, held in our own words with its figures. */
export interface Claim {
  /** Document code and subject, such as `tdb-log-retention-24m`. Never reused. */
  readonly id: string;
  /** Code of the register that holds it (`tdb`). */
  readonly document: string;
  /** Heading of the whitepaper under which the promise stands. */
  readonly section: string;
  /** Line numbers in the whitepaper that carry the promise, counted from 1. */
  readonly lines: readonly number[];
  readonly statement: string;
  readonly kind:
    | 'infrastructure'
    | 'data'
    | 'identity'
    | 'edge'
    | 'detection'
    | 'application'
    | 'procedure'
    | 'legal'
    | 'third-party';
  readonly enforceability: Enforceability;
  /** The document itself says that this is planned, not done. */
  readonly planned: boolean;
  readonly figures: readonly Figure[];
  /** Control ids in lower case (`log-04`). */
  readonly controls: readonly string[];
  /** Slug of the page in `runbooks/` for the part that a person keeps. */
  readonly runbook?: string;
  /** Where other rows disagree, and which reading is stricter. */
  readonly conflict?: string;
  /** Set where AWS cannot deliver the literal wording: what is delivered, and the sentence to publish instead. */
  readonly equivalent?: { readonly delivered: string; readonly publish: string };
}

/** One whitepaper: its claims, and what its source lines looked like when they were registered. */
export interface Register {
  readonly document: string;
  readonly title: string;
  readonly source: {
    /** Name of the whitepaper file as it was published. */
    readonly file: string;
    /** SHA-256 of the whole file, hex. */
    readonly sha256: string;
    /** One fingerprint per non-blank line, by line number. */
    readonly fingerprints: Readonly<Record<string, string>>;
    /** Lines that carry no promise: headings, contact data, the page's own furniture. */
    readonly nonClaimLines: readonly number[];
  };
  readonly claims: readonly Claim[];
}
