import { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { databaseEnvironment, signInToDatabase } from './database-sign-in';
import { functionCode } from './function-code';
import { functionInVpc } from './function-in-vpc';
import type { TenantCatalogue } from './tenant-catalogue';
import type { TenantDatabase } from './tenant-database';

export interface TenantProvisionerProps {
  readonly database: TenantDatabase;
  readonly catalogue: TenantCatalogue;
  /** Column that holds the tenant of a row, where a table has one. */
  readonly tenantKey: string;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of a tenant that could not be provisioned or removed. */
  readonly alerts: sns.ITopic;
}

/**
 * Gives each tenant a database and a role of its own, and takes them away. Invoke it with `{ "action": "provision" | "remove", "tenant":
 * "<uuid>" }`; it answers with what the tenant has. What is interrupted is finished by the next call, and asked twice it does nothing twice.
 *
 * A tenant has no password: its role signs in with a token of IAM. Whoever may sign such tokens, for which tenants, is decided by whoever
 * holds `rds-db:connect`.
 */
export class TenantProvisioner extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: TenantProvisionerProps) {
    super(scope, id);
    this.function = functionInVpc(this, 'Provision', {
      description: 'Gives a tenant a database of its own, or takes it away',
      code: functionCode('tenant-provisioner'),
      environment: {
        ...databaseEnvironment(props.database),
        CATALOGUE: props.catalogue.table.tableName,
        TENANT_KEY: props.tenantKey,
      },
      statements: [signInToDatabase(props.database, ['provisioner', 'migrator']), ...props.catalogue.writeStatements()],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
      timeout: Duration.minutes(5),
      memorySize: 512,
    });
    props.database.connections.allowDefaultPortFrom(this.function, 'sessions of the tenant provisioner');
  }
}
