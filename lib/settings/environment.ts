import type { Region } from './regions';

/** The environments that exist. Each lives in an AWS account of its own. */
export const ENVIRONMENT_NAMES = ['development', 'staging', 'production'] as const;

export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** Who is written to. Addresses of teams, not of people: they outlive both and are no personal data of anyone. */
export interface Contacts {
  /** Alarms, findings and AWS's own security notices. */
  readonly security: string;
  /** Requests of data subjects and notices of a breach. */
  readonly privacy: string;
  /** Failed deployments, backups and restore tests. */
  readonly operations: string;
}

/**
 * What a worldwide delivery network needs and no stack of an environment can make, because both exist in one Region outside the EU
 * only. Whoever deploys makes them by hand, once.
 */
export interface ContentDelivery {
  /** ARN of an ACM certificate for `static.` in front of the domain name. */
  readonly certificateArn: string;
  /** ARN of a web ACL with the scope of CloudFront. */
  readonly webAclArn: string;
}

/** Everything that deploying an environment needs to know about the place it goes to; all of it is in `environments.ts`. */
export interface EnvironmentSettings {
  readonly name: EnvironmentName;
  /** AWS account id, twelve digits. No other environment uses the same: recorder and account guards exist once per account. */
  readonly account: string;
  /** Region inside the European Union. Everything of the environment stays in it. */
  readonly region: Region;
  /** Domain under which customers reach the application, such as `app.example.com`. */
  readonly domainName: string;
  /** IPv4 range of the VPC, private (RFC 1918), /16 to /20, such as `10.20.0.0/16`. */
  readonly vpcCidr: string;
  readonly contacts: Contacts;
  /**
   * HTTPS address of a monitor of the public certificate logs that answers like crt.sh. It learns the domain name and nothing else.
   *
   * @default 'https://crt.sh/'
   */
  readonly certificateMonitor?: string;
  /**
   * Needed where the profile delivers static content from a worldwide network (`edge.mode` is `cdn`), and unused elsewhere.
   *
   * @default - none: such a profile is refused
   */
  readonly contentDelivery?: ContentDelivery;
}
