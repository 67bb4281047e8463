import type { AssuranceRecord, SourceReview } from './assurance';
import type { Certificate, ProviderService } from './inheritance';
import type { Figures } from './parameter';
import type { ProcessingRegister } from './processing';
import type { Agreement, PrivacyContact, PrivacyNotice, StatusPage } from './publication';
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
  /**
   * What is done with data about people, and why.
   *
   * @default - nobody keeps records of it
   */
  readonly processing?: ProcessingRegister;
  /** Which laws are spoken of, and which of their sections are measured. */
  readonly regimes: readonly Regime[];
  /** Tests and audits by people from outside, as far as somebody commissioned them. */
  readonly assurance: readonly AssuranceRecord[];
  /** What people saw on the house of the source code. */
  readonly sourceReviews: readonly SourceReview[];
  /** Certificates and reports of the provider, and which of its services they cover. */
  readonly certificates: readonly Certificate[];
  readonly providerServices: readonly ProviderService[];
  /** What is published and signed, as far as a person has seen it. */
  readonly statusPages: readonly StatusPage[];
  readonly privacyNotices: readonly PrivacyNotice[];
  readonly agreements: readonly Agreement[];
  readonly privacyContacts: readonly PrivacyContact[];
}

/** What stands in registers that nobody keeps. */
export const noRecords: Records = {
  vendors: [],
  retention: [],
  regimes: [],
  assurance: [],
  sourceReviews: [],
  certificates: [],
  providerServices: [],
  statusPages: [],
  privacyNotices: [],
  agreements: [],
  privacyContacts: [],
};

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
