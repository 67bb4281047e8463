import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Enhanced Monitoring writes to this one group, whatever the database; the name is not ours to choose. */
const LOG_GROUP = 'RDSOSMetrics';

export interface DatabaseMonitoringProps {
  /** Key that encrypts the measurements. Its policy must let CloudWatch Logs use it. */
  readonly key: kms.IKey;
  /** How long a measurement is kept. */
  readonly retention: logs.RetentionDays;
}

/**
 * What Enhanced Monitoring of RDS needs in an account and Region: the log group of its measurements and the role that writes there.
 * One per account and Region; every further database takes the `role` of the first.
 *
 * The role has the permissions of AWS's own policy for it, narrowed from every group that begins with RDS to this one.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Monitoring.OS.Enabling.html
 */
export class DatabaseMonitoring extends Construct {
  readonly role: iam.IRole;

  constructor(scope: Construct, id: string, props: DatabaseMonitoringProps) {
    super(scope, id);

    const logGroup = new logs.LogGroup(this, 'Measurements', {
      logGroupName: LOG_GROUP,
      encryptionKey: props.key,
      retention: props.retention,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // The policy first: an instance that starts with an empty role measures nothing until it is modified
    const role = new iam.Role(this, 'Role', {
      description: 'Lets RDS write the measurements of the databases',
      assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      managedPolicies: [this.writingPolicy()],
    });
    // RDS makes the group itself, unencrypted, if it gets there first
    role.node.addDependency(logGroup);
    this.role = role;
  }

  private writingPolicy(): iam.ManagedPolicy {
    // Pseudo parameters, not this stack's values: the finding that an exception names then reads the same in every account
    const arn = (resourceName: string) =>
      Stack.of(this).formatArn({
        partition: Aws.PARTITION,
        region: Aws.REGION,
        account: Aws.ACCOUNT_ID,
        service: 'logs',
        resource: 'log-group',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    return new iam.ManagedPolicy(this, 'Policy', {
      description: 'Writing the measurements of the databases to their log group',
      statements: [
        new iam.PolicyStatement({
          actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
          resources: [arn(LOG_GROUP)],
        }),
        new iam.PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents'],
          resources: [arn(`${LOG_GROUP}:log-stream:*`)],
        }),
      ],
    });
  }
}
