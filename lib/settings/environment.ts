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

/** What is published for whoever finds a weakness. These are the company's words, and legal counsel reads them before anybody else does. */
export interface DisclosureSettings {
  /**
   * Last day on which `/.well-known/security.txt` counts, YYYY-MM-DD, less than a year ahead. Set it anew once somebody has looked at what is
   * published (runbook handle-vulnerability-report); a mail asks for it six weeks before.
   */
  readonly expires: string;
  /** What nobody who acts in good faith has to fear. */
  readonly safeHarbour: string;
  /** What is asked of a reporter before anything is published. */
  readonly coordination: string;
  /**
   * Subject line by which a report is known.
   *
   * @default 'Security report'
   */
  readonly subject?: string;
  /**
   * Languages in which reports are read, such as `en` and `de`.
   *
   * @default - `en` alone
   */
  readonly languages?: readonly string[];
}

/** The application that an environment runs: somebody's own images, by digest. A tag may be moved to an image that nobody reviewed. */
export interface ApplicationSettings {
  /**
   * Image of the application, `registry/repository@sha256:` and 64 hexadecimal digits. It listens on the port in `PORT`, runs as any
   * user on Linux for x86-64, writes to `TMPDIR` (or to `/tmp`, if it declares `VOLUME /tmp`), and has a shell, `sha256sum`, and wget or curl.
   *
   * Push it to the repository of the Images stack: a public registry is in another country, and the firewall lets through only what the
   * vendor register names.
   */
  readonly image: string;
  /** Image of nginx 1.22 or later for Linux on x86-64, with a shell and openssl, in the same form. */
  readonly proxyImage: string;
  /**
   * Certificate authorities of RDS for the Region, as a file in the application's image: its absolute path, and the SHA-256 of the bundle
   * that was reviewed. No task starts with another file.
   *
   * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html
   */
  readonly databaseCertificates: { readonly path: string; readonly sha256: string };
  /**
   * Folder with the application's own database migrations, `0001-name.sql` and so on without a gap, below the folder of the CDK app. Each
   * deployment applies what is new to every database before the application starts; a table that a file leaves unguarded stops it.
   *
   * @default - none
   */
  readonly migrations?: string;
  /**
   * Path that answers 200 while the application is well.
   *
   * @default '/health'
   */
  readonly healthPath?: string;
  /**
   * Other origins whose scripts may read, such as `https://status.example.com`; exact, never `*`.
   *
   * @default - none
   */
  readonly readers?: readonly string[];
  /**
   * Every operation below `/api`, as the paths of an OpenAPI document list them (`/api/invoices/{id}`); any other is not found before the
   * application sees it.
   *
   * @default - every path below `/api` reaches the application
   */
  readonly endpoints?: readonly {
    readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    readonly path: string;
  }[];
}

/** An organisation that lets its people in from its own addresses only. */
export interface Organisation {
  /** Name in lower case, digits and hyphens; no other organisation has the same. */
  readonly name: string;
  /** Host below the domain name under which it reaches the service, pages, API and WebSockets alike. */
  readonly host: string;
  /** Address ranges, IPv4 or IPv6, such as `203.0.113.0/24`. */
  readonly addresses: readonly string[];
}

/** The pipeline that alone deploys an environment: a workflow of GitHub Actions, in an environment of its repository. */
export interface DeliverySettings {
  /**
   * `owner/name`, or `owner@123456/name@456789` with the ids of both, as repositories present themselves that were made since 15 July 2026 or that
   * chose so. Names can be given up and taken by somebody else; ids cannot.
   *
   * Source: https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
   */
  readonly repository: string;
  /** Environment of the repository, such as `production`: its rules on GitHub name the branch and who approves. */
  readonly environment: string;
}

/** Name of the pipeline's role in the account of an environment; the guard-rails of the organization spare it by this name. */
export function deliveryRoleName(environment: string): string {
  return `${environment}-delivery`;
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
  readonly disclosure: DisclosureSettings;
  readonly application: ApplicationSettings;
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
  /**
   * Organisations that only their own addresses may reach, at the edge and whatever the application says.
   *
   * @default - none: nobody is kept out by address
   */
  readonly organisations?: readonly Organisation[];
  /**
   * Who deploys. With it, guard-rails keep everybody else from deploying to the account.
   *
   * @default - people do, through the roles of the CDK's bootstrap
   */
  readonly delivery?: DeliverySettings;
}
