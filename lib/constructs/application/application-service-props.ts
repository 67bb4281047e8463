import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { AuthorizationStore } from '../authorization/authorization-store';
import type { TenantDatabase } from '../database/tenant-database';
import type { MailDelivery } from '../mail/mail-delivery';
import type { ReverseProxyProps } from '../proxy/reverse-proxy';
import type { TenantBuckets } from '../tenants/tenant-buckets';
import type { VendorSecrets } from './vendor-secrets';

export interface ApplicationServiceProps {
  /** Name of the cluster, such as `production-application`. */
  readonly name: string;
  /** VPC whose private subnets have a way out, and endpoints for logs, secrets and images. */
  readonly vpc: ec2.IVpc;
  /** Image of the application, `registry/repository@sha256:…`. It listens on `PORT` and needs a shell, `sha256sum` and wget or curl. */
  readonly image: string;
  /** Image of nginx 1.22 or later with a shell and openssl, in the same form. */
  readonly proxyImage: string;
  /** What the proxy lets through; `trustedRange` is where the load balancer lives. */
  readonly proxy: Omit<ReverseProxyProps, 'port' | 'address' | 'directory' | 'applicationPort'>;
  /** Authorities of RDS for this Region, in the application's image: path, and SHA-256 in 64 hexadecimal digits. */
  readonly certificates: { readonly path: string; readonly sha256: string };
  /** HTTPS listener that requests for `proxy.domainName` come from, and nothing else may come from. */
  readonly listener: elbv2.IApplicationListener;
  readonly database: TenantDatabase;
  /**
   * Where it asks, with every action, who may do what: `AUTHORIZATION_STORE` holds the id. Answers are not to be remembered.
   *
   * @default - nowhere: it decides by itself
   */
  readonly authorization?: AuthorizationStore;
  /**
   * How it writes to people: from `MAIL_FROM` with `MAIL_CONFIGURATION_SET`, and with the contact list `MAIL_CONTACT_LIST` whatever people may
   * opt out of. For a mail that nobody may miss it puts on `MAIL_CRITICAL_ROLE`, which sends fixed texts alone.
   *
   * @default - it sends no mail
   */
  readonly mail?: MailDelivery;
  /**
   * Database user of the application. It needs the role `rds_iam`: its password is a token that it signs for itself every 15 minutes.
   *
   * @default 'application'
   */
  readonly databaseUser?: string;
  /**
   * How tenants are kept apart in the database. Where each has one, the application signs in as `tenant_` and the 32 hexadecimal digits of the
   * tenant's id, in the role of `tenants`; `databaseUser` is not used then.
   *
   * @default 'rls' - all share one, and the application signs in as `databaseUser`
   */
  readonly tenancyMode?: 'rls' | 'database';
  /**
   * The role that reaches what is of one tenant, such as that of `TenantAccess`, the name of the role that it lets in, which becomes the
   * application's, and where files of tenants lie. The application puts the role in `TENANT_ROLE_ARN` on with the tag `tenant` (32 hexadecimal
   * digits of the id), and finds the files in the folder of that name in `TENANT_FILES_BUCKET`; or, where each tenant has a bucket, in the one
   * named `TENANT_FILES_BUCKET_PREFIX` and these digits. For an export it puts `{ "by": "<id of the person>" }` into the same folder of
   * `TENANT_EXPORTS_BUCKET`, below `requests/`, and finds the export below `exports/`.
   *
   * @default - none; needed where each tenant has a database
   */
  readonly tenants?: {
    readonly role: iam.IRole;
    readonly applicationRoleName: string;
    readonly files: s3.IBucket | TenantBuckets;
    readonly exports?: s3.IBucket;
  };
  /** Key of the logs. Its policy must let CloudWatch Logs use it. */
  readonly logKey: kms.IKey;
  readonly logRetention: logs.RetentionDays;
  /** Key of the secrets. */
  readonly secretKey: kms.IKey;
  /**
   * Secrets with which the application calls vendors, handed to it as variables.
   *
   * @default - none
   */
  readonly vendorSecrets?: VendorSecrets;
  /**
   * Least and most tasks that run.
   *
   * @default - 2 to 8
   */
  readonly tasks?: { readonly minimum: number; readonly maximum: number };
  /**
   * Units of CPU (1024 are one) and megabytes of memory of a task.
   *
   * @default - 1024 and 2048
   */
  readonly size?: { readonly cpu: number; readonly memory: number };
}
