import type { RoleCount } from './role-models';

/**
 * Every figure that the deployed infrastructure takes from a profile, as plain values: stacks know no promise, and the judge
 * measures the synthesized template instead of these. `bin` resolves the profile and hands them over.
 */
export interface DeployedFigures {
  /** Availability zones of the VPC, at least. */
  readonly availabilityZones: number;
  /** Seconds over which a flow log aggregates: 60 or 600. */
  readonly flowLogSeconds: 60 | 600;
  /** TCP port of the database. */
  readonly databasePort: number;
  /** Lowest TLS version that S3 and the database accept. */
  readonly minimumTls: '1.2' | '1.3';
  /** Days between automatic rotations of a KMS key, 90 to 2560. */
  readonly keyRotationDays: number;
  /** Days of point-in-time recovery for the database, 1 to 35. */
  readonly pitrDays: number;
  /** How tenants are kept apart in PostgreSQL: all in one database by row-level security, or each in a database of its own. */
  readonly tenancyMode: 'rls' | 'database';
  /** How files of tenants are kept apart: by folder in one bucket, or each in a bucket of its own. */
  readonly tenantFiles: 'prefix' | 'bucket';
  /** Column that holds the tenant of a row, where a table has one. */
  readonly tenantKey: string;
  /** What is copied how often, and kept how long. */
  readonly backups: BackupFigures;
  /** Days for which audit logs are kept and locked. */
  readonly auditRetentionDays: number;
  /** Minutes from one anchor of the audit log in the database to the next, 1 or more. */
  readonly auditAnchorMinutes: number;
  /** Days from the deletion of a tenant to its erasure, in which it can be called off. */
  readonly erasureGraceDays: number;
  /** How long people wait who ask for data about them. */
  readonly requests: RequestFigures;
  /** How tenants take along what they have. */
  readonly exports: ExportFigures;
  /** Characters of a password, at least. */
  readonly passwordMinLength: number;
  /** Whether a customer must (`ON`) or may (`OPTIONAL`) use a second factor; staff always must. */
  readonly customerMfa: 'ON' | 'OPTIONAL';
  /** Whether customers may fall back to a text message; staff never may. */
  readonly customerSms: boolean;
  /** Minutes for which access and ID tokens are valid, 5 to 1440. */
  readonly tokenMinutes: number;
  /** Attempts to sign in without success, after which an account is locked. */
  readonly lockoutFailures: number;
  /** Minutes for which it stays locked. */
  readonly lockoutMinutes: number;
  /** Roles that come with the product. */
  readonly roles: RoleCount;
  /** Whether organisations may put together roles of their own. */
  readonly customRoles: boolean;
  /**
   * Where the service meets the internet: `regional` serves everything from the Region; `cdn` adds a worldwide delivery network for
   * files that are public anyway.
   */
  readonly edgeMode: 'cdn' | 'regional';
  /** Lowest TLS version that a public endpoint accepts. */
  readonly edgeMinimumTls: '1.2' | '1.3';
  /** Seconds for which browsers remember to use HTTPS only. */
  readonly hstsSeconds: number;
  /** How often one client may call each group of routes. */
  readonly rateLimits: RateLimits;
  /** Whether every cookie, those of the infrastructure too, is HttpOnly, Secure and SameSite=Strict. */
  readonly strictCookies: boolean;
  /** Seconds from a call to the alert about it, at most. */
  readonly maxAlertSeconds: number;
  /** How often something must be turned away before people are woken. */
  readonly refusalLimits: RefusalLimits;
  /** How long the steps of an incident may take that a promise speaks of. */
  readonly incidents: IncidentFigures;
  /** Seconds over which the metrics of the application are gathered before an alarm looks at them. */
  readonly monitorPeriodSeconds: number;
  /** Whether CloudTrail looks for unusual numbers of calls and of errors, which is billed by event. */
  readonly apiInsights: boolean;
  /** How often AWS Config records a resource that changed. */
  readonly configFrequency: 'CONTINUOUS' | 'DAILY';
  /** Days after which systems, images and libraries must have been brought up to date. */
  readonly patchDays: number;
  /** Hours between two looks at the public logs of issued certificates. */
  readonly certificateWatchHours: number;
  /**
   * Hosts that may be called from inside, exact or everything below a leading dot; `{account}`, `{region}` and `{suffix}` stand for
   * the place that is deployed to.
   */
  readonly egressDomains: readonly string[];
  /** Days after which a credential that people look after is replaced. */
  readonly credentialMaxAgeDays: number;
  /** Minutes for which a session lasts that may change an account. */
  readonly adminSessionMinutes: number;
  /** Minutes for which any other session of a person lasts. */
  readonly peopleSessionMinutes: number;
  /** Regions that anything may be deployed to, by their exact names. */
  readonly allowedRegions: readonly string[];
  /** What those who report a weakness are promised, and what the disclosure policy says. */
  readonly disclosure: DisclosureFigures;
  /** Names of the secrets with which vendors are called, without the environment in front: `vendors/stripe/api-key`. */
  readonly vendorSecrets: readonly string[];
}

/** Times for requests of people about data about them, at most, all from the receipt. */
export interface RequestFigures {
  /** Days until the answer; a month of the calendar ends it too, where that is shorter. */
  readonly answerDays: number;
  /** Months by which the answer may be put off, where the person is told so in time. */
  readonly extensionMonths: number;
  /** Business days until the receipt is confirmed and it was looked at who asks. */
  readonly confirmBusinessDays: number;
  /** Business days until what was opted out of has stopped. */
  readonly optOutBusinessDays: number;
}

/** Exports of what a tenant has. */
export interface ExportFigures {
  /** Formats in which rows are written. */
  readonly formats: readonly ('json' | 'csv')[];
  /** Days for which an export can be fetched. */
  readonly keepDays: number;
  /** Minutes for which a link to it works. */
  readonly linkMinutes: number;
}

/** Times for reporters of weaknesses, and the scope of bounties. */
export interface DisclosureFigures {
  /** Hours from the receipt of a report until a person acknowledges it. */
  readonly acknowledgeHours: number;
  /** Business days from the receipt to the first news, and from each news to the next. */
  readonly updateBusinessDays: number;
  /** Whether bounties are offered, for the five classes that the policy names. */
  readonly bounty: boolean;
}

/** Times for the steps of an incident, at most: from its discovery, unless it says otherwise. */
export interface IncidentFigures {
  /** Minutes from a grave finding until what it names is cut off. */
  readonly containMinutes: number;
  /** Hours until its cause is established. */
  readonly causeHours: number;
  /** Hours until those are told who must hear of it. */
  readonly notifyHours: number;
}

/** Requests of one client in five minutes, per group of routes; the firewall accepts no limit below 10. */
export interface RateLimits {
  readonly login: number;
  readonly passwordReset: number;
  readonly contact: number;
  readonly signUp: number;
  readonly billing: number;
  /** Everything else that visitors can reach. */
  readonly publicPages: number;
  readonly api: number;
}

/** How often something is turned away within one minute, from which people are woken. */
export interface RefusalLimits {
  /** Sign-ins to the database that fail. */
  readonly databaseSignIns: number;
  /** Requests that a firewall at the edge blocks. */
  readonly blockedRequests: number;
  /** Connections and names that the way out refuses. */
  readonly blockedEgress: number;
  /** Attempts to sign in to an account that is locked. */
  readonly lockedSignIns: number;
}

/** Backups beside the point-in-time recovery of the stores themselves. */
export interface BackupFigures {
  /** Hours between two backups, 1 to 24: a day must come out even. */
  readonly intervalHours: number;
  /** Days for which each of them is kept. */
  readonly dailyDays: number;
  /** Days for which the one of each week is kept; no weekly one is made where that is not longer. */
  readonly weeklyDays: number;
  /** Days between two drills that restore the database and look into it. */
  readonly drillDays: number;
}
