/** Where what a person saw or signed lies, and the SHA-256 of the file. */
export interface FiledEvidence {
  readonly reference: string;
  readonly sha256: string;
}

/** The page that tells users of a disturbance, as a person found it to stand by itself. */
export interface StatusPage {
  /** Address that users know. */
  readonly url: string;
  /** Who runs what it stands on: the id of a vendor of the register, or a company's name. */
  readonly provider: string;
  /** Account and Region at that provider; both where it is the provider of the service too. */
  readonly account?: string;
  readonly region?: string;
  /** Role of who looked, and not a name. */
  readonly by: string;
  /** Day on which the page was last seen to work without the service, in a disturbance or a drill, YYYY-MM-DD. */
  readonly drilled: string;
  /** The runbook's timeline of that day. */
  readonly evidence: FiledEvidence;
}

/** What says to everybody how personal data is handled. */
export interface PrivacyNotice {
  readonly url: string;
  readonly version: string;
  /** Role of who read it last, and not a name. */
  readonly by: string;
  /** Day on which it was last held against what is done, YYYY-MM-DD. */
  readonly reviewed: string;
  /** The page as it stood on that day. */
  readonly evidence: FiledEvidence;
}

/** A text that is ready to be signed with customers, or that is in force with the provider. */
export interface Agreement {
  /**
   * `dpa`: the data processing agreement for customers. `baa`: the business associate agreement for customers. `provider-baa`: the one in force with
   * the provider, without which the other may not be signed.
   */
  readonly kind: 'dpa' | 'baa' | 'provider-baa';
  readonly version: string;
  /** Role of who read it last, and not a name. */
  readonly by: string;
  /** Day on which it was last read and found right, YYYY-MM-DD. */
  readonly reviewed: string;
  /**
   * Ids of the sub-processors that its annex lists.
   *
   * @default - it has no such annex
   */
  readonly annex?: readonly string[];
  readonly evidence: FiledEvidence;
}

/** A mailbox to which anybody may write about data about them, as a person found it to answer. */
export interface PrivacyContact {
  /** `dpo`: the office of the data protection officer. `requests`: where requests about personal data go. */
  readonly office: 'dpo' | 'requests';
  readonly address: string;
  /** Page on which it stands for everybody to read. */
  readonly url: string;
  /** Role of who wrote to it, and not a name. */
  readonly by: string;
  /** Day on which a message from outside was last answered by a person, YYYY-MM-DD. */
  readonly answered: string;
  /** The page as it stood on that day, with the message and its answer. */
  readonly evidence: FiledEvidence;
}

/** `policies/registers/publications.yaml`: what a company publishes about itself and signs, each entered once a person has seen it. */
export interface PublicationRegister {
  readonly statusPages: readonly StatusPage[];
  readonly privacyNotices: readonly PrivacyNotice[];
  readonly agreements: readonly Agreement[];
  readonly privacyContacts: readonly PrivacyContact[];
}

/** Hosts of the status pages, each once, in alphabetical order. */
export function statusHosts(pages: readonly StatusPage[]): readonly string[] {
  return [...new Set(pages.map(({ url }) => new URL(url).hostname))].sort();
}

/** Addresses to which anybody may write about data about them, each once, in alphabetical order. */
export function privacyAddresses(contacts: readonly PrivacyContact[]): readonly string[] {
  return [...new Set(contacts.map(({ address }) => address.toLowerCase()))].sort();
}
