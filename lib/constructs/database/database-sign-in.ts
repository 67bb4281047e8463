import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { TenantDatabase } from './tenant-database';

/**
 * Lets an identity sign in to the database as these users, with a token that it signs itself.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
 *
 * @param users names of database users; a variable of IAM policies may stand for a part
 */
export function signInToDatabase(database: TenantDatabase, users: readonly string[]): iam.PolicyStatement {
  const { cluster } = database;
  return new iam.PolicyStatement({
    sid: 'SignInToDatabase',
    actions: ['rds-db:connect'],
    resources: users.map((user) =>
      Stack.of(database).formatArn({
        service: 'rds-db',
        resource: 'dbuser',
        resourceName: `${cluster.clusterResourceIdentifier}/${user}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ),
  });
}

/**
 * Where a function finds the database, and what it verifies it against: the authorities that Lambda brings along, among which are those
 * of RDS.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html (loading of CA certificates)
 */
export function databaseEnvironment({ cluster, port }: TenantDatabase): Record<string, string> {
  return {
    PGHOST: cluster.clusterEndpoint.hostname,
    PGPORT: String(port),
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: '/var/runtime/ca-cert.pem',
  };
}
