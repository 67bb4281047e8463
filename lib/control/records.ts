import type { Figures } from './parameter';
import type { Regime } from './regime';
import type { RetentionRule } from './retention';
import type { Vendor } from './vendor';

/** What `policies/registers` holds: the lists that a company keeps of itself, and that some of its promises are about. */
export interface Records {
  /** Who is sent data. */
  readonly vendors: readonly Vendor[];
  /** How long anything is kept. */
  readonly retention: readonly RetentionRule[];
  /**
   * YYYY-MM-DD on which somebody last went through that.
   *
   * @default - nobody says
   */
  readonly retentionReviewed?: string;
  /** Which laws are spoken of, and which of their sections are measured. */
  readonly regimes: readonly Regime[];
}

/** What a control that judges registers is given beside them. */
export interface RegisterContext {
  readonly records: Records;
  readonly figures: Figures;
  /** Name of the profile that binds. */
  readonly profile: string;
  /** Codes of the documents whose claims it binds. */
  readonly documents: readonly string[];
  /** Date of the run, YYYY-MM-DD, UTC. */
  readonly today: string;
}
