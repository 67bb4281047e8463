/**
 * How the service proves to a vendor who it is: not at all, with an identity of the account, with a key that the vendor gave, or with a
 * permission that a user gave.
 */
export type VendorAuth =
  | { readonly kind: 'none' | 'iam' }
  | {
      readonly kind: 'api-key';
      /** Name of the secret, without the environment in front: `vendors/stripe/api-key`. */
      readonly secret: string;
      /** Days after which the key is replaced, at most. */
      readonly rotationDays: number;
    }
  | {
      readonly kind: 'oauth2';
      /** Exactly what is asked for. */
      readonly scopes: readonly string[];
      readonly secret: string;
      readonly rotationDays: number;
    };

/** A company that is sent data, as the vendor register discloses it. */
export interface Vendor {
  /** Lower case, as the file orders and the reports name it: `stripe`. */
  readonly id: string;
  readonly name: string;
  /** Seat of the company that gives the orders, ISO 3166-1 alpha-2: a data centre in Europe does not move it. */
  readonly country: string;
  /** What it is used for, in words that a customer understands. */
  readonly purpose: string;
  /**
   * Where everything runs (`host`), who processes data about people for a purpose of ours (`sub-processor`), or who is asked for what the
   * world may read anyway (`source`).
   */
  readonly role: 'host' | 'sub-processor' | 'source';
  /** Kinds of data that it is sent; `public data only` where it is sent nothing about anybody. */
  readonly dataCategories: readonly string[];
  /** Data processing agreement. */
  readonly dpa: {
    readonly signed: boolean;
    /** YYYY-MM-DD; always there where it is signed. */
    readonly date?: string;
    /** Where the agreement lies, or which terms of everybody contain it; always there where it is signed. */
    readonly reference?: string;
  };
  /**
   * Hosts that may be called: an exact name, or everything below a leading dot. `{account}`, `{region}` and `{suffix}` stand for the
   * place that is deployed to.
   */
  readonly domains: readonly string[];
  /** Profiles under which it is used. */
  readonly profiles: readonly string[];
  /** What it answers for itself: where its side ends, and ours begins. */
  readonly answersFor: readonly string[];
  readonly auth: VendorAuth;
  /**
   * How calls of the vendor to the service are known to be its own.
   * @default - it calls nobody
   */
  readonly webhook?: {
    readonly signature: 'hmac-sha256';
    /** Name of the secret that signs. */
    readonly secret: string;
  };
}

/** `policies/registers/vendors.yaml`: the only list of who is sent data, from which the egress allow-list is made. */
export interface VendorRegister {
  readonly vendors: readonly Vendor[];
}

/**
 * Countries of the European Economic Area: the member states of the Union, Iceland, Liechtenstein and Norway. Neither Switzerland nor the
 * United Kingdom is one.
 *
 * Source: https://www.efta.int/eea
 */
const eeaCountries: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);

/** The kind of data that belongs to nobody: what the whole world can read anyway, such as the name of the service's domain. */
const PUBLIC_DATA = 'public data only';

/** Whether a vendor learns nothing about anybody: the only one that may have its seat anywhere. */
export function isSentPublicDataOnly({ dataCategories }: Pick<Vendor, 'dataCategories'>): boolean {
  return dataCategories.every((category) => category === PUBLIC_DATA);
}

export function isInEea({ country }: Pick<Vendor, 'country'>): boolean {
  return eeaCountries.has(country);
}

/** Hosts that a profile lets out: those of its vendors, each once, in alphabetical order. */
export function egressDomains(vendors: readonly Vendor[], profile: string): readonly string[] {
  const domains = vendors.filter(({ profiles }) => profiles.includes(profile)).flatMap((vendor) => vendor.domains);
  return [...new Set(domains)].sort();
}

/** Names of the secrets with which a profile's vendors are called or call, each once, in alphabetical order. */
export function vendorSecrets(vendors: readonly Vendor[], profile: string): readonly string[] {
  const names = vendors
    .filter(({ profiles }) => profiles.includes(profile))
    .flatMap(({ auth, webhook }) => [...('secret' in auth ? [auth.secret] : []), ...(webhook ? [webhook.secret] : [])]);
  return [...new Set(names)].sort();
}
