import { Duration, Names, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DATABASE_LOG_TYPES, DatabaseLogs } from './database-logs';
import { DatabaseMonitoring } from './database-monitoring';
import { databaseParameters } from './database-parameters';

/**
 * The newest long-term release of Aurora PostgreSQL: a minor version that AWS supports for at least three years. The list holds one
 * per major version (16.8 is the one before); none is named for 18 yet.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Updates.LTS.html
 */
const VERSION = rds.AuroraPostgresEngineVersion.VER_17_7;

export interface TenantDatabaseProps {
  /** VPC with isolated subnets in at least two availability zones: subnets whose route table leads nowhere outside the VPC. */
  readonly vpc: ec2.IVpc;
  /** Key of the storage, of every snapshot and of the performance data. */
  readonly key: kms.IKey;
  /** Key of the administrator's password in Secrets Manager. */
  readonly secretKey: kms.IKey;
  /** Key of the exported logs. Its policy must let CloudWatch Logs use it. */
  readonly logKey: kms.IKey;
  /** How long the exported logs are kept. */
  readonly logRetention: logs.RetentionDays;
  /** Days for which the cluster can be restored to any second, 1 to 35. */
  readonly pitrDays: number;
  /** Lowest TLS version that a session may use. */
  readonly minimumTls: '1.2' | '1.3';
  /**
   * TCP port of the cluster.
   *
   * @default 5432
   */
  readonly port?: number;
  /**
   * Instances, 1 to 16: one writer, the others readers that take over from it.
   *
   * @default 2
   */
  readonly instances?: number;
  /**
   * Least and most capacity of an instance, in Aurora capacity units of about 2 GiB memory.
   *
   * @default - 0.5 to 4
   */
  readonly capacity?: { readonly minimum: number; readonly maximum: number };
  /**
   * Security groups that may open sessions. Another stack uses `connections.allowToDefaultPort(database)` on its own side instead.
   *
   * @default - nobody may
   */
  readonly clients?: readonly ec2.ISecurityGroup[];
  /**
   * Identifier of the cluster: 1 to 63 lower-case letters, digits and hyphens.
   *
   * @default - made from the path of the construct
   */
  readonly identifier?: string;
  /**
   * Name of the administrator. Nobody signs in as it from day to day: applications use IAM authentication.
   *
   * @default 'platform_admin'
   */
  readonly administrator?: string;
  /**
   * Role with which Enhanced Monitoring writes its measurements.
   *
   * @default - a role and log group of its own; the log group exists once per account and Region, so a second database passes the first one's
   */
  readonly monitoringRole?: iam.IRole;
}

/**
 * Aurora PostgreSQL for the data of all tenants: out of reach of the internet, encrypted with our key, TLS and IAM sign-in, restorable
 * to any second of the last days, and not deletable by a slip.
 *
 * The administrator's password is RDS's own (`ManageMasterUserPassword`): RDS makes it, keeps it in Secrets Manager under our key and
 * replaces it every seven days. The alternative, hosted rotation, brings a Lambda function from a public application catalogue that the
 * European partition is not part of, and whose key grant ties the stack of the keys to this one in a circle.
 *
 * Minor versions advance by themselves: the long-term release is where a cluster starts, and applying PostgreSQL's security fixes
 * outranks staying on it. Aurora recommends the opposite for those who would rather stay.
 *
 * @throws if `pitrDays` or `instances` is outside what Aurora offers
 */
export class TenantDatabase extends Construct implements ec2.IConnectable {
  readonly cluster: rds.DatabaseCluster;
  readonly connections: ec2.Connections;
  /** The administrator's user name and password; for migrations and emergencies. */
  readonly secret: secretsmanager.ISecret;
  readonly port: number;
  /** Where the server writes who came and who was refused. */
  readonly serverLog: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: TenantDatabaseProps) {
    super(scope, id);
    check(props);
    this.port = props.port ?? 5432;

    const securityGroup = this.closedSecurityGroup(props.vpc);
    // The port as a number: the cluster's own connections take it from the endpoint, where a reader of the template cannot see it
    this.connections = new ec2.Connections({
      securityGroups: [securityGroup],
      defaultPort: ec2.Port.tcp(this.port),
    });
    for (const client of props.clients ?? []) {
      this.connections.allowDefaultPortFrom(client, 'sessions of the application');
    }

    const identifier =
      props.identifier ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' }).toLowerCase();
    const exported = new DatabaseLogs(this, 'Logs', {
      clusterIdentifier: identifier,
      key: props.logKey,
      retention: props.logRetention,
    });
    this.serverLog = exported.server;
    this.cluster = this.encryptedCluster(identifier, props, securityGroup);
    this.cluster.node.addDependency(exported);
    const { secret } = this.cluster;
    if (!secret) {
      throw new Error(`cluster '${this.node.path}' has no secret for its administrator`);
    }
    this.secret = secret;
    Tags.of(this.cluster).add('data-class', 'personal');
  }

  private closedSecurityGroup(vpc: ec2.IVpc): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Tenant database: sessions from named security groups only, nothing outward',
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
    });
  }

  private encryptedCluster(
    identifier: string,
    props: TenantDatabaseProps,
    securityGroup: ec2.ISecurityGroup,
  ): rds.DatabaseCluster {
    const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: VERSION });
    return new rds.DatabaseCluster(this, 'Cluster', {
      clusterIdentifier: identifier,
      engine,
      engineLifecycleSupport: rds.EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT,
      autoMinorVersionUpgrade: true,
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine,
        description: 'TLS only, sessions and changes logged, no row in a log',
        parameters: databaseParameters(props.minimumTls),
      }),

      vpc: props.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      securityGroups: [securityGroup],
      port: this.port,
      networkType: rds.NetworkType.IPV4,
      enableDataApi: false,

      storageEncrypted: true,
      storageEncryptionKey: props.key,
      iamAuthentication: true,
      credentials: rds.Credentials.fromUsername(props.administrator ?? 'platform_admin', {
        encryptionKey: props.secretKey,
      }),
      manageMasterUserPassword: true,

      backup: { retention: Duration.days(props.pitrDays), preferredWindow: '01:00-02:00' },
      preferredMaintenanceWindow: 'sun:02:30-sun:03:30',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: false,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,

      cloudwatchLogsExports: [...DATABASE_LOG_TYPES],
      monitoringInterval: Duration.seconds(60),
      monitoringRole: props.monitoringRole ?? this.monitoringRole(props),
      ...this.insights(props),
      databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD,

      serverlessV2MinCapacity: props.capacity?.minimum ?? 0.5,
      serverlessV2MaxCapacity: props.capacity?.maximum ?? 4,
      ...this.instances(props),
    });
  }

  private monitoringRole(props: TenantDatabaseProps): iam.IRole {
    return new DatabaseMonitoring(this, 'Monitoring', { key: props.logKey, retention: props.logRetention }).role;
  }

  private insights(props: TenantDatabaseProps) {
    return {
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: props.key,
      performanceInsightRetention: rds.PerformanceInsightRetention.DEFAULT,
    };
  }

  private instances(props: TenantDatabaseProps): Pick<rds.DatabaseClusterProps, 'writer' | 'readers'> {
    const settings = {
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
      ...this.insights(props),
    };
    const readers = Array.from({ length: (props.instances ?? 2) - 1 }, (_, index) =>
      // A reader as large as the writer at every moment can take over without being overrun
      rds.ClusterInstance.serverlessV2(`Reader${index + 1}`, { ...settings, scaleWithWriter: true }),
    );
    return { writer: rds.ClusterInstance.serverlessV2('Writer', settings), readers };
  }
}

function check({ pitrDays, instances }: TenantDatabaseProps): void {
  if (!Number.isInteger(pitrDays) || pitrDays < 1 || pitrDays > 35) {
    throw new Error(
      `the database cannot be restored to any second of the last ${pitrDays} days: Aurora keeps 1 to 35 whole days, choose one of these and keep older copies in a backup plan`,
    );
  }
  if (instances !== undefined && (!Number.isInteger(instances) || instances < 1 || instances > 16)) {
    throw new Error(
      `the database cannot have ${instances} instances: an Aurora cluster has 1 to 16, choose one of these`,
    );
  }
}
