import { Aws, Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import { DrillReader } from './drill-reader';
import type { RestoreDrillProps } from './restore-drill';

export interface RestoreValidationProps
  extends Pick<
    RestoreDrillProps,
    'alerts' | 'catalogue' | 'databaseKey' | 'files' | 'instanceClass' | 'ledger' | 'logKey' | 'retentionDays' | 'vpc'
  > {
  /** Restore testing plan whose restores are looked into. */
  readonly planArn: string;
}

/** Start of the names that AWS Backup gives to everything that it restores for a test. */
const RESTORED = 'awsbackup-restore-test-*';

/** Start of the names of clusters that people restore in earnest. */
const RECOVERED = 'restored-*';

/**
 * The function that looks into what a drill restored, and the events that start it.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-validation.html
 */
export function restoreValidation(scope: Construct, props: RestoreValidationProps): lambda.Function {
  const validation = functionInVpc(scope, 'Validation', {
    description: 'Asks what was restored whether it is whole',
    code: functionCode('restore-validation'),
    environment: {
      PLAN_ARN: props.planArn,
      INSTANCE_CLASS: props.instanceClass ?? 'db.t4g.medium',
      CATALOGUE: props.catalogue.table.tableName,
      TABLE_KEY: props.databaseKey.keyArn,
      FILES_KEY: props.files.key.keyArn,
      ...(props.files.tenantBuckets && { BUCKET_PREFIX: props.files.tenantBuckets.prefix }),
      TOPIC: props.alerts.topicArn,
      ...props.ledger.variables,
    },
    statements: [...databaseStatements(props), ...tableStatements(props), ...props.ledger.readStatements(), judge()],
    vpc: props.vpc,
    logKey: props.logKey,
    retentionDays: props.retentionDays,
    failures: props.alerts,
    timeout: Duration.minutes(15),
    memorySize: 512,
  });
  const reader = new DrillReader(scope, 'Reader', { ...props.files, function: validation });
  validation.addEnvironment('READER_ROLE', reader.role.roleArn);
  const target = new targets.LambdaFunction(validation, { retryAttempts: 2 });
  new events.Rule(scope, 'RestoreCompleted', {
    description: 'A restored cluster gets an instance; a restored table or bucket is looked into',
    eventPattern: {
      source: ['aws.backup'],
      detailType: ['Restore Job State Change'],
      detail: { status: ['COMPLETED'], resourceType: ['Aurora', 'DynamoDB', 'S3'] },
    },
    targets: [target],
  });
  new events.Rule(scope, 'InstanceCreated', {
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

/** Only what was restored, and the instances that the function adds to what AWS Backup restored for a test: their names begin with these words. */
function databaseStatements({ databaseKey }: RestoreValidationProps): iam.PolicyStatement[] {
  // As CloudFormation knows the place, so that an exception for these names holds in every environment
  const named = (resource: string, name: string) =>
    `arn:${Aws.PARTITION}:rds:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}:${name}`;
  const restored = named('cluster', RESTORED);
  return [
    new iam.PolicyStatement({
      sid: 'AskRestoredClusters',
      actions: ['rds:DescribeDBClusters', 'rds:ModifyDBCluster'],
      resources: [restored, named('cluster', RECOVERED)],
    }),
    new iam.PolicyStatement({
      sid: 'AddInstances',
      actions: ['rds:AddTagsToResource', 'rds:CreateDBInstance', 'rds:DeleteDBInstance', 'rds:DescribeDBInstances'],
      resources: [named('db', 'restore-check-*'), restored],
    }),
    new iam.PolicyStatement({
      sid: 'UseKeyOfDatabases',
      actions: ['kms:CreateGrant', 'kms:DescribeKey'],
      resources: [databaseKey.keyArn],
    }),
  ];
}

/** The live catalogue and the restored one, both to be read. */
function tableStatements({ catalogue }: RestoreValidationProps): iam.PolicyStatement[] {
  const restored = `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${RESTORED}`;
  return [
    ...catalogue.readStatements(),
    new iam.PolicyStatement({
      sid: 'CompareTables',
      actions: ['dynamodb:DescribeTable', 'dynamodb:Scan'],
      resources: [catalogue.table.tableArn, restored],
    }),
  ];
}

/** Restore jobs have no ARN. */
function judge(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Judge',
    actions: ['backup:DescribeRestoreJob', 'backup:PutRestoreValidationResult'],
    resources: ['*'],
  });
}
