import { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Logs that an Aurora PostgreSQL cluster can send to CloudWatch Logs as a cluster: the server's own, and refused IAM sign-ins. */
export const DATABASE_LOG_TYPES = ['postgresql', 'iam-db-auth-error'] as const;

export interface DatabaseLogsProps {
  /** Identifier of the cluster, known before the cluster exists: the names of the log groups follow from it. */
  readonly clusterIdentifier: string;
  /** Key that encrypts the logs. Its policy must let CloudWatch Logs use it. */
  readonly key: kms.IKey;
  /** How long a log line is kept. */
  readonly retention: logs.RetentionDays;
}

/**
 * The log groups that a cluster exports to, made before the cluster. Left to itself RDS makes them on the first line, without our key
 * and kept for ever, and no template would show that.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html
 */
export class DatabaseLogs extends Construct {
  /** The server's own: who came, who was refused, what was changed. */
  readonly server: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: DatabaseLogsProps) {
    super(scope, id);

    const group = (type: (typeof DATABASE_LOG_TYPES)[number]) =>
      new logs.LogGroup(this, type, {
        logGroupName: `/aws/rds/cluster/${props.clusterIdentifier}/${type}`,
        encryptionKey: props.key,
        retention: props.retention,
        removalPolicy: RemovalPolicy.RETAIN,
      });
    this.server = group('postgresql');
    group('iam-db-auth-error');
  }
}
