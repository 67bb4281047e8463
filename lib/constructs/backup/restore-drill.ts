import { Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ErasureLedger } from '../tenants/erasure-ledger';
import type { TenantBuckets } from '../tenants/tenant-buckets';
import type { TenantCatalogue } from '../tenants/tenant-catalogue';
import { restoreRole } from './backup-roles';
import { DrillDraw } from './drill-draw';
import { restoreValidation } from './restore-validation';

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
  /** Table of the tenants, which is restored as well, and says which databases and tenants must be in what was restored. */
  readonly catalogue: TenantCatalogue;
  /** Who was erased, and is erased again in what is restored. */
  readonly ledger: ErasureLedger;
  /** Buckets that are restored as well, whole, and the key that their files lie under. */
  readonly files: {
    /** Bucket that all tenants share. */
    readonly bucket: s3.IBucket;
    readonly key: kms.IKey;
    /**
     * Where each tenant has a bucket of its own: one of them is drawn for each drill.
     *
     * @default - none has
     */
    readonly tenantBuckets?: TenantBuckets;
  };
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

/** Hours in which what was restored waits for its verdict; then AWS Backup removes it. */
const VALIDATION_HOURS = 12;

/** Selection of buckets: the one that a `DrillDraw` changes. */
const FILES = 'files';

/**
 * Restores the newest copy of each database, of the catalogue of tenants and of a bucket at regular intervals, asks whether it is whole, and
 * removes it.
 *
 * A restore that came up proves little. AWS Backup restores a cluster of Aurora without any instance, so a function adds one, signs in over TLS
 * that verifies the server, and asks every database in it: constraints, indexes, triggers, the chain of the audit log. It erases again whom the
 * ledger names, and looks whether they are gone. Entries of the table and
 * names and sizes of files are compared with what is live, and a sample of the files is read. Only its verdict counts as a drill. The restored cluster
 * stands in the isolated subnets, and nobody but the function may open a session; what is restored lies under the key of its source.
 *
 * What somebody restores in earnest, into the same security group and under a name that begins with `restored-`, the function looks into and empties
 * in the same way: invoke it with `{ "recover": { "cluster": "restored-…", "restoredTo": "…" } }`.
 *
 * A bucket is restored whole, and paid for by its size. Where each tenant has one, a drill takes one that was drawn.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
 *
 * @throws if there is no database, or a figure is none that AWS Backup accepts
 */
export class RestoreDrill extends Construct {
  readonly planName: string;
  readonly planArn: string;
  /** Kinds of stores that are restored, as AWS Backup calls them. */
  readonly kinds: readonly string[] = ['Aurora', 'DynamoDB', 'S3'];
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
    const role = restoreRole(this, 'Role');
    const select = (
      id: string,
      restoreTestingSelectionName: string,
      of: Pick<
        backup.CfnRestoreTestingSelectionProps,
        'protectedResourceType' | 'protectedResourceArns' | 'restoreMetadataOverrides'
      >,
    ) =>
      new backup.CfnRestoreTestingSelection(this, id, {
        restoreTestingPlanName: planName,
        restoreTestingSelectionName,
        iamRoleArn: role.roleArn,
        validationWindowHours: VALIDATION_HOURS,
        ...of,
      }).addResourceDependency(plan);
    select('Databases', 'databases', {
      protectedResourceType: 'Aurora',
      protectedResourceArns: databases.map(({ clusterArn }) => clusterArn),
      restoreMetadataOverrides: {
        dbSubnetGroupName: subnets.subnetGroupName,
        vpcSecurityGroupIds: Stack.of(this).toJsonString([securityGroup.securityGroupId]),
        kmsKeyId: props.databaseKey.keyArn,
      },
    });
    select('Tables', 'tables', {
      protectedResourceType: 'DynamoDB',
      protectedResourceArns: [props.catalogue.table.tableArn],
      // Left to itself AWS Backup takes a key of its own
      restoreMetadataOverrides: { encryptionType: 'KMS', kmsMasterKeyArn: props.databaseKey.keyArn },
    });
    select('Files', FILES, {
      protectedResourceType: 'S3',
      protectedResourceArns: [props.files.bucket.bucketArn],
      restoreMetadataOverrides: { encryptionType: 'SSE-KMS', kmsKey: props.files.key.keyArn },
    });
    this.function = restoreValidation(this, { ...props, planArn: this.planArn });
    this.draw(props, role);
    this.function.connections.allowTo(securityGroup, ec2.Port.tcp(port), 'questions to restored databases');
  }

  private draw({ catalogue, files, ...props }: RestoreDrillProps, role: iam.IRole): void {
    if (files.tenantBuckets) {
      new DrillDraw(this, 'Draw', {
        ...props,
        catalogue,
        plan: { name: this.planName, arn: this.planArn, selection: FILES },
        role,
        // The drill begins at half past
        schedule: scheduleWithin(props.everyDays, '0'),
      });
    }
  }
}

/** The rarest of the usual rhythms that keeps the promise: the first of the month, every Sunday, every day. */
function scheduleWithin(days: number, minute = '30'): events.Schedule {
  const at = { hour: '4', minute };
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
