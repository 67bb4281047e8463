/** A certificate or report of the provider that published sentences lean on. It certifies its holder, and nobody else. */
export interface Certificate {
  /** Lower case: `iso-27001`. */
  readonly id: string;
  /** As an auditor calls it. */
  readonly title: string;
  /** Company that it was given to. */
  readonly holder: string;
  /** Where an auditor fetches the document itself, in words. */
  readonly fetch: string;
  /** HTTPS address of the holder's own list of services in scope. */
  readonly scopePage: string;
  /**
   * Day on which somebody last read the scope, YYYY-MM-DD; always there where `covers` or `excludes` says something.
   *
   * @default - nobody has read it
   */
  readonly scopeRead?: string;
  /** Services of the register that the scope names. */
  readonly covers: readonly string[];
  /** Services of the register that were looked for in the scope and are not there. */
  readonly excludes: readonly string[];
  /** Under which profiles which services must be covered. */
  readonly neededFor: readonly CertificateNeed[];
  /**
   * The document on file.
   *
   * @default - nobody has fetched it
   */
  readonly document?: CertificateDocument;
}

export interface CertificateNeed {
  readonly profiles: readonly string[];
  /** Names of services, or every one that is deployed. */
  readonly services: 'every' | readonly string[];
}

export interface CertificateDocument {
  /** Where it lies, with its id in AWS Artifact. */
  readonly reference: string;
  readonly sha256: string;
  /** First day that it covers, YYYY-MM-DD. */
  readonly from: string;
  /** Last day that it covers, YYYY-MM-DD: the expiry of a certificate, the end of a report's period with the letter that goes on from there. */
  readonly until: string;
}

/** A service of the provider, and how its resources are called in templates. */
export interface ProviderService {
  /** As the provider's lists spell it: `Amazon S3`. */
  readonly name: string;
  /** What the types of its resources begin with: `AWS::S3`, or `AWS::EC2::VPC`; the longest that fits counts. */
  readonly types: readonly string[];
}

/** `policies/registers/inheritance.yaml`: what is inherited of the provider, and what of it somebody has read and fetched. */
export interface InheritanceRegister {
  readonly certificates: readonly Certificate[];
  readonly services: readonly ProviderService[];
}

/**
 * The scope of a profile's certificates as a figure: one line per beginning of types, with what each certificate says of its service,
 * `types certificate:in|out|unread|unneeded name of the service`.
 */
export function scopeLines({ certificates, services }: InheritanceRegister, profile: string): readonly string[] {
  return services
    .flatMap((service) => {
      const states = certificates.map((certificate) => `${certificate.id}:${stateOf(service, certificate, profile)}`);
      return service.types.map((types) => [types, ...states, service.name].join(' '));
    })
    .sort();
}

function stateOf(
  { name }: ProviderService,
  { covers, excludes, neededFor }: Certificate,
  profile: string,
): 'in' | 'out' | 'unread' | 'unneeded' {
  const needs = neededFor.filter(({ profiles }) => profiles.includes(profile));
  if (!needs.some(({ services }) => services === 'every' || services.includes(name))) {
    return 'unneeded';
  }
  return covers.includes(name) ? 'in' : excludes.includes(name) ? 'out' : 'unread';
}
