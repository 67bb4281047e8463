import { Aws } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import type { TenantCatalogue } from '../tenants/tenant-catalogue';

export interface DrillDrawProps {
  readonly catalogue: TenantCatalogue;
  /** Restore testing plan, and the selection in it that names the bucket. */
  readonly plan: { readonly name: string; readonly arn: string; readonly selection: string };
  /** Role with which AWS Backup restores the bucket. */
  readonly role: iam.IRole;
  /** Some time before each drill. */
  readonly schedule: events.Schedule;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of a draw that failed. */
  readonly alerts: sns.ITopic;
}

/**
 * Draws the tenant whose bucket the next drill restores, from those in use: to restore all of them each month would cost as much as to keep
 * them. CloudFormation's own value for the selection is back after a deployment that changes it, until the next draw.
 */
export class DrillDraw extends Construct {
  constructor(scope: Construct, id: string, props: DrillDrawProps) {
    super(scope, id);
    const { catalogue, plan } = props;
    const draw = functionInVpc(this, 'Draw', {
      description: 'Draws the tenant whose files the next drill restores',
      code: functionCode('drill-draw'),
      environment: {
        CATALOGUE: catalogue.table.tableName,
        BUCKET_ARN: `arn:${Aws.PARTITION}:s3:::`,
        DRILL_PLAN: plan.name,
        DRILL_SELECTION: plan.selection,
      },
      statements: [
        ...catalogue.readStatements(),
        new iam.PolicyStatement({
          sid: 'ChooseBucket',
          actions: ['backup:UpdateRestoreTestingSelection'],
          resources: [plan.arn],
        }),
        // The selection keeps its role: whoever changes it must be allowed to hand that on
        new iam.PolicyStatement({
          sid: 'LeaveRoleToBackup',
          actions: ['iam:PassRole'],
          resources: [props.role.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
        }),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
    });
    new events.Rule(this, 'Schedule', {
      description: 'Draws the tenant of the next drill',
      schedule: props.schedule,
      targets: [new targets.LambdaFunction(draw, { retryAttempts: 2 })],
    });
  }
}
