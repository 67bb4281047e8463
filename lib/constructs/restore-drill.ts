import { Aws, Duration, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { restoreRole } from './backup-roles';
import { functionCode } from './function-code';
import { functionInVpc } from './function-in-vpc';

export interface RestoreDrillProps {
  /** Name of the restore testing plan: letters, digits and underscores, 50 at most. It cannot be changed. */
  readonly planName: string;
  /** Clusters of Aurora PostgreSQL that are restored. */
  readonly databases: readonly rds.IDatabaseCluster[];
  /** Port of these clusters, and so of what is restored from them. */
  readonly port: number;
  /** Vault that is restored from: that of the copies, for it is the one that is left in an emergency. */
  readonly copies: backup.IBackupVault;
  /** Days between two drills, at most. */
  readonly everyDays: number;
  /** Key of the restored cluster. */
  readonly databaseKey: kms.IKey;
  /**
   * Class of the instance that is added to a restored cluster, for the minutes in which it is asked.
   *
   * @default 'db.t4g.medium'
   */
  readonly instanceClass?: string;
  /** VPC with isolated subnets for the restored cluster and private ones for the function that asks it. */
  readonly vpc: ec2.IVpc;
  /** Key of the function's log: the evidence of every drill. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of a drill that failed. */
  readonly alerts: sns.ITopic;
}

/** Hours in which a restored cluster waits for its verdict; then AWS Backup removes it. */
const VALIDATION_HOURS = 12;

/**
 * Restores the newest copy of each database at regular intervals, asks it whether it is whole, and removes it.
 *
 * A restore that came up proves little. AWS Backup restores a cluster of Aurora without any instance, so a function adds one, signs in over TLS
 * that verifies the server, and asks every database in it: constraints, indexes, triggers, the chain of the audit log. Only its verdict
 * counts as a drill. The restored cluster stands in the isolated subnets, and nobody but the function may open a session.
 *
 * @throws if there is no database, or a figure is none that AWS Backup accepts
 */
export class RestoreDrill extends Construct {
  readonly planName: string;
  readonly planArn: string;
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: RestoreDrillProps) {
    super(scope, id);
    check(props);
    const { databases, planName, port, vpc } = props;
    const plan = new backup.CfnRestoreTestingPlan(this, 'Plan', {
      restoreTestingPlanName: planName,
      scheduleExpression: scheduleWithin(props.everyDays).expressionString,
      startWindowHours: 24,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [props.copies.backupVaultArn],
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: 7,
      },
    });
    this.planName = planName;
    this.planArn = plan.attrRestoreTestingPlanArn;

    const securityGroup = new ec2.SecurityGroup(this, 'Restored', {
      vpc,
      description: 'Restored databases: sessions of the drill only, nothing outward',
      allowAllOutbound: false,
    });
    const subnets = new rds.SubnetGroup(this, 'Subnets', {
      vpc,
      description: 'Restored databases',
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
    const selection = new backup.CfnRestoreTestingSelection(this, 'Databases', {
      restoreTestingPlanName: planName,
      restoreTestingSelectionName: 'databases',
      protectedResourceType: 'Aurora',
      protectedResourceArns: databases.map(({ clusterArn }) => clusterArn),
      iamRoleArn: restoreRole(this, 'Role').roleArn,
      validationWindowHours: VALIDATION_HOURS,
      restoreMetadataOverrides: {
        dbSubnetGroupName: subnets.subnetGroupName,
        vpcSecurityGroupIds: Stack.of(this).toJsonString([securityGroup.securityGroupId]),
        kmsKeyId: props.databaseKey.keyArn,
      },
    });
    selection.addResourceDependency(plan);
    this.function = this.validation(props);
    this.function.connections.allowTo(securityGroup, ec2.Port.tcp(port), 'questions to restored databases');
  }

  private validation(props: RestoreDrillProps): lambda.Function {
    const validation = functionInVpc(this, 'Validation', {
      description: 'Asks restored databases whether they are whole',
      code: functionCode('restore-validation'),
      environment: {
        PLAN_ARN: this.planArn,
        INSTANCE_CLASS: props.instanceClass ?? 'db.t4g.medium',
        TOPIC: props.alerts.topicArn,
      },
      statements: this.statements(props.databaseKey),
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
      timeout: Duration.minutes(15),
    });
    const target = new targets.LambdaFunction(validation, { retryAttempts: 2 });
    new events.Rule(this, 'RestoreCompleted', {
      description: 'A restored cluster gets an instance',
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Restore Job State Change'],
        detail: { status: ['COMPLETED'], resourceType: ['Aurora'] },
      },
      targets: [target],
    });
    new events.Rule(this, 'InstanceCreated', {
      description: 'A restored cluster can be asked',
      eventPattern: {
        source: ['aws.rds'],
        detailType: ['RDS DB Instance Event'],
        detail: { EventID: ['RDS-EVENT-0005'], SourceIdentifier: [{ prefix: 'restore-check-' }] },
      },
      targets: [target],
    });
    return validation;
  }

  /** Only what AWS Backup restored for a test, and the instances that the function adds to it: their names begin with these words. */
  private statements(databaseKey: kms.IKey): iam.PolicyStatement[] {
    // As CloudFormation knows the place, so that an exception for these names holds in every environment
    const named = (resource: string, name: string) =>
      `arn:${Aws.PARTITION}:rds:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}:${name}`;
    const restored = named('cluster', 'awsbackup-restore-test-*');
    const added = named('db', 'restore-check-*');
    return [
      new iam.PolicyStatement({
        sid: 'AskRestoredClusters',
        actions: ['rds:DescribeDBClusters', 'rds:ModifyDBCluster'],
        resources: [restored],
      }),
      new iam.PolicyStatement({
        sid: 'AddInstances',
        actions: ['rds:AddTagsToResource', 'rds:CreateDBInstance', 'rds:DeleteDBInstance', 'rds:DescribeDBInstances'],
        resources: [added, restored],
      }),
      new iam.PolicyStatement({
        sid: 'UseKeyOfDatabases',
        actions: ['kms:CreateGrant', 'kms:DescribeKey'],
        resources: [databaseKey.keyArn],
      }),
      // Restore jobs have no ARN
      new iam.PolicyStatement({
        sid: 'Judge',
        actions: ['backup:DescribeRestoreJob', 'backup:PutRestoreValidationResult'],
        resources: ['*'],
      }),
    ];
  }
}

/** The rarest of the usual rhythms that keeps the promise: the first of the month, every Sunday, every day. */
function scheduleWithin(days: number): events.Schedule {
  const at = { hour: '4', minute: '30' };
  if (days >= 31) {
    return events.Schedule.cron({ ...at, day: '1' });
  }
  return events.Schedule.cron(days >= 7 ? { ...at, weekDay: 'SUN' } : at);
}

function check({ planName, databases, everyDays }: RestoreDrillProps): void {
  if (!/^[a-zA-Z0-9_]{1,50}$/.test(planName)) {
    throw new Error(
      `restore testing plan '${planName}': expected 1 to 50 letters, digits and underscores: choose another name`,
    );
  }
  if (databases.length === 0 || databases.length > 30) {
    throw new Error(
      `restore testing plan '${planName}' has ${databases.length} databases, expected 1 to 30: AWS Backup takes no more in one selection, make a second drill for the rest`,
    );
  }
  if (!Number.isInteger(everyDays) || everyDays < 1) {
    throw new Error(
      `restore testing plan '${planName}' restores every ${everyDays} days, expected a whole day or more`,
    );
  }
}
