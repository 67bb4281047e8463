import { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { readApplicationMigrations } from '../../database/application-migrations';
import { databaseEnvironment, signInToDatabase } from '../database/database-sign-in';
import type { TenantDatabase } from '../database/tenant-database';
import { codeWithMigrations } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import type { TenantBuckets } from './tenant-buckets';
import type { TenantCatalogue } from './tenant-catalogue';

export interface TenantProvisionerProps {
  /**
   * Cluster in which each tenant gets a database.
   *
   * @default - tenants get none
   */
  readonly database?: TenantDatabase;
  /**
   * Buckets of which each tenant gets one.
   *
   * @default - tenants get none
   */
  readonly buckets?: TenantBuckets;
  /**
   * Role that the application becomes to work for one tenant, such as that of `TenantAccess`: the bucket of a tenant admits its sessions for this
   * tenant alone.
   *
   * @default - none; needed where tenants get buckets
   */
  readonly tenantRole?: iam.IRole;
  readonly catalogue: TenantCatalogue;
  /** Column that holds the tenant of a row, where a table has one. */
  readonly tenantKey: string;
  /**
   * Folder with the application's own migrations, as in `DatabaseSchema`; the database of a new tenant has them from the beginning.
   *
   * @default - none
   */
  readonly applicationMigrations?: string;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of a tenant that could not be provisioned or removed. */
  readonly alerts: sns.ITopic;
}

/**
 * Gives each tenant what it has for itself, a database with a role, a bucket or both, and takes it away. Invoke it with `{ "action":
 * "provision" | "remove", "tenant": "<uuid>" }`; it answers with what the tenant has. What is interrupted is finished by the next call, and
 * asked twice it does nothing twice.
 *
 * A tenant has no password: its role signs in with a token of IAM. Whoever may sign such tokens, for which tenants, is decided by whoever
 * holds `rds-db:connect`. The bucket of a removed tenant leaves the plans of backups, is closed to everybody and stays: the answer names it in
 * `toErase`, and erasing it is left to whoever may. Backups that were made of it are kept as long as any others, and nobody can shorten that: 7
 * to 90 days by profile.
 *
 * @throws if tenants would get neither, if they would get buckets that admit nobody, or if the folder of the application's migrations is not as it must be
 */
export class TenantProvisioner extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: TenantProvisionerProps) {
    super(scope, id);
    const { applicationMigrations: folder, buckets, database, tenantRole } = props;
    if (!(buckets || database)) {
      throw new Error('a tenant provisioner has neither a database nor buckets: hand over what tenants shall get');
    }
    if (buckets && !tenantRole) {
      throw new Error('a tenant provisioner makes buckets and knows no role that they admit: hand over tenantRole');
    }
    const application = database && folder !== undefined ? readApplicationMigrations(folder) : [];
    const { code, environment } = codeWithMigrations('tenant-provisioner', application);
    const users = ['provisioner', 'migrator', ...(application.length > 0 ? ['application_migrator'] : [])];
    this.function = functionInVpc(this, 'Provision', {
      description: 'Gives a tenant what it has for itself, or takes it away',
      code,
      environment: {
        ...environment,
        ...(database && { ...databaseEnvironment(database), TENANT_KEY: props.tenantKey }),
        ...(buckets && tenantRole && buckets.environment(tenantRole)),
        CATALOGUE: props.catalogue.table.tableName,
      },
      statements: [
        ...(database ? [signInToDatabase(database, users)] : []),
        ...(buckets?.makeStatements() ?? []),
        ...props.catalogue.writeStatements(),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
      timeout: Duration.minutes(5),
      memorySize: 512,
    });
    database?.connections.allowDefaultPortFrom(this.function, 'sessions of the tenant provisioner');
  }
}
