import { join } from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { readApplicationMigrations } from '../../database/application-migrations';
import { digestOf, readMigrations } from '../../database/migration-files';
import { codeWithMigrations, functionFolder } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import type { TenantCatalogue } from '../tenants/tenant-catalogue';
import type { TenantProvisioner } from '../tenants/tenant-provisioner';
import { databaseEnvironment, signInToDatabase } from './database-sign-in';
import type { TenantDatabase } from './tenant-database';

export interface DatabaseSchemaProps {
  readonly database: TenantDatabase;
  /** Key of the administrator's password. */
  readonly secretKey: kms.IKey;
  readonly catalogue: TenantCatalogue;
  /**
   * What gives each tenant its database, where each has one: it takes up a new schema before the databases that are there do.
   *
   * @default - nothing
   */
  readonly provisioner?: TenantProvisioner;
  /** How tenants are kept apart: all in one database by row-level security, or each in a database of its own. */
  readonly mode: 'rls' | 'database';
  /** Column that holds the tenant of a row, where a table has one. */
  readonly tenantKey: string;
  /**
   * Name of the database that all tenants share, where they do.
   *
   * @default 'application'
   */
  readonly databaseName?: string;
  /**
   * Folder with the application's own migrations, `0001-name.sql` and so on without a gap, from where the CDK app runs. They follow ours in
   * every database, as `schema_owner`; a file that leaves a table unguarded is refused, and one that changed after it was applied.
   *
   * @default - none
   */
  readonly applicationMigrations?: string;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of a function that failed without an answer. */
  readonly alerts: sns.ITopic;
}

/**
 * Brings the roles of the cluster and the schema of every database that holds data of tenants to the newest version, whenever a deployment
 * brings a newer one. A migration that fails fails the deployment, which is rolled back; the reason stands in CloudFormation's events.
 *
 * The administrator's password is used for the roles of the cluster and for nothing else: databases are migrated by a role that signs in
 * with IAM, and the application's own migrations run by one that cannot reach the audit log.
 *
 * @throws Error if the folder of the application's migrations, or a file in it, is not as it must be
 */
export class DatabaseSchema extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: DatabaseSchemaProps) {
    super(scope, id);
    const { applicationMigrations: folder, database, catalogue } = props;
    const application = folder === undefined ? [] : readApplicationMigrations(folder);
    const users = ['migrator', 'provisioner', ...(application.length > 0 ? ['application_migrator'] : [])];
    const { code, environment } = codeWithMigrations('database-migrator', application);
    this.function = functionInVpc(this, 'Migrate', {
      description: 'Brings databases to the newest schema',
      code,
      environment: {
        ...environment,
        ...databaseEnvironment(database),
        ADMINISTRATOR: database.secret.secretArn,
        CATALOGUE: catalogue.table.tableName,
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'ReadAdministrator',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [database.secret.secretArn],
        }),
        new iam.PolicyStatement({
          sid: 'DecryptAdministrator',
          actions: ['kms:Decrypt'],
          resources: [props.secretKey.keyArn],
        }),
        signInToDatabase(database, users),
        ...catalogue.readStatements(),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
      timeout: Duration.minutes(15),
      memorySize: 512,
    });
    database.connections.allowDefaultPortFrom(this.function, 'sessions of the migrator');
    const schema = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::DatabaseSchema',
      serviceToken: this.function.functionArn,
      serviceTimeout: Duration.minutes(16),
      properties: {
        Cluster: database.cluster.clusterIdentifier,
        Mode: props.mode,
        TenantKey: props.tenantKey,
        Database: props.databaseName ?? 'application',
        ...(props.provisioner ? { Provisioner: props.provisioner.function.functionArn } : {}),
        Digest: bundledDigest(),
        ...(application.length > 0 ? { ApplicationDigest: digestOf(application) } : {}),
      },
    });
    // Not before there is an instance that answers, and the rules that let the function in
    schema.node.addDependency(database);
  }
}

/** Digest of the SQL that travels with the function: when it changes, CloudFormation runs the function again. */
function bundledDigest(): string {
  const folder = functionFolder('database-migrator');
  return digestOf([...readMigrations(join(folder, 'cluster')), ...readMigrations(join(folder, 'migrations'))]);
}
