import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface OrganizationTrailProps {
  readonly name: string;
  /** Id of the organization, such as `o-exampleorgid`. */
  readonly organizationId: string;
  /** Account that the trail belongs to, wherever it is made: the management account of the organization. */
  readonly managementAccount: string;
  /** Locked bucket that keeps the files. */
  readonly archive: s3.Bucket;
  /** Key of the files; its policy must admit the trail (`organizationTrailWriter`). */
  readonly key: kms.IKey;
  /** Key of the log group; its policy must admit CloudWatch Logs (`logWriter`). */
  readonly logKey: kms.IKey;
  /**
   * How long the log group keeps events, at least.
   *
   * @default Duration.days(731)
   */
  readonly retention?: Duration;
  /**
   * Whether CloudTrail compares how often each call is made in each account, and how often it fails, with what is usual there; billed by event that it looks
   * at, beside what a trail of an account itself looks at.
   *
   * @default true
   */
  readonly insights?: boolean;
}

/**
 * Records every call to every account of the organization in one place that none of them can reach, beside the trail that each environment keeps itself.
 * Members see the trail and cannot change it.
 *
 * The stack must be in the account of the delegated administrator for CloudTrail. The trail belongs to the management account all the same, and
 * policies know it by that account's number.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
 */
export class OrganizationTrail extends Construct {
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: OrganizationTrailProps) {
    super(scope, id);
    const { partition } = Stack.of(this);
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      encryptionKey: props.logKey,
      retention: retentionOfAtLeast((props.retention ?? Duration.days(731)).toDays()),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    admitTrail(props);
    const trail = new cloudtrail.CfnTrail(this, 'Resource', {
      trailName: props.name,
      isLogging: true,
      isOrganizationTrail: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: props.archive.bucketName,
      kmsKeyId: props.key.keyArn,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: logWriterRole(this, this.logGroup, props).roleArn,
      ...(props.insights === false
        ? {}
        : { insightSelectors: [{ insightType: 'ApiCallRateInsight' }, { insightType: 'ApiErrorRateInsight' }] }),
      eventSelectors: [
        {
          readWriteType: 'All',
          includeManagementEvents: true,
          // The beginning of every ARN of the kind: all of them, in every account
          dataResources: [
            { type: 'AWS::S3::Object', values: [`arn:${partition}:s3`] },
            { type: 'AWS::Lambda::Function', values: [`arn:${partition}:lambda`] },
            { type: 'AWS::DynamoDB::Table', values: [`arn:${partition}:dynamodb`] },
          ],
        },
      ],
    });
    if (props.archive.policy) {
      trail.node.addDependency(props.archive.policy);
    }
  }
}

/** Lets the trail of an organization encrypt the files that it delivers, and nothing else. */
export function organizationTrailWriter(
  stack: Stack,
  trail: Pick<OrganizationTrailProps, 'name' | 'managementAccount'>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'EncryptOrganizationTrail',
    principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')],
    actions: ['kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceArn': trailArn(stack, trail) } },
  });
}

function trailArn(stack: Stack, trail: Pick<OrganizationTrailProps, 'name' | 'managementAccount'>): string {
  return stack.formatArn({
    service: 'cloudtrail',
    account: trail.managementAccount,
    resource: 'trail',
    resourceName: trail.name,
  });
}

function logWriterRole(scope: Construct, logGroup: logs.ILogGroup, props: OrganizationTrailProps): iam.Role {
  return new iam.Role(scope, 'LogWriter', {
    assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceArn': trailArn(Stack.of(scope), props) } },
    }),
    managedPolicies: [
      new iam.ManagedPolicy(scope, 'LogWriterPolicy', {
        statements: [
          new iam.PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    ],
  });
}

/** Files of the management account lie under its number, those of the members under the id of the organization. */
function admitTrail({ archive, organizationId, managementAccount, name }: OrganizationTrailProps): void {
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  const source = { 'aws:SourceArn': trailArn(Stack.of(archive), { name, managementAccount }) };
  archive.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'TrailReadsBucketAcl',
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [archive.bucketArn],
      conditions: { StringEquals: source },
    }),
  );
  archive.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'TrailDelivers',
      principals,
      actions: ['s3:PutObject'],
      resources: [managementAccount, organizationId].map((owner) => archive.arnForObjects(`AWSLogs/${owner}/*`)),
      conditions: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  );
}
