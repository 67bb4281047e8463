import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { retentionOfAtLeast } from './log-retention';

export interface AuditTrailProps {
  /** Name of the trail: policies of the key and of the archive admit exactly this one. */
  readonly name: string;
  /** Locked bucket that keeps the files. */
  readonly archive: s3.Bucket;
  /** Key of the files; its policy must admit the trail (`trailWriter`). */
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
   * Whether CloudTrail compares how often each call is made, and how often it fails, with what is usual; billed by event that it looks at.
   *
   * @default true
   */
  readonly insights?: boolean;
}

/**
 * Records every call to the account, in every Region, reads and writes: management events, and the data events of S3 objects,
 * Lambda functions, DynamoDB tables and policy stores. Files are signed in a chain (validation), encrypted, and locked in the archive; the same
 * events reach CloudWatch Logs, where alarms read them. What CloudTrail finds unusual in the calls goes the same ways.
 *
 * The trail is multi-region because sign-ins and IAM calls are recorded outside the Region of the environment; its files stay in it.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
 */
export class AuditTrail extends Construct {
  readonly trail: cloudtrail.Trail;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      encryptionKey: props.logKey,
      retention: retentionOfAtLeast((props.retention ?? Duration.days(731)).toDays()),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    admitTrail(props.archive, props.name);
    this.trail = new cloudtrail.Trail(this, 'Resource', {
      trailName: props.name,
      // A view of the archive: the trail would add statements without a source to its policy, and `admitTrail` names one
      bucket: s3.Bucket.fromBucketName(this, 'Archive', props.archive.bucketName),
      encryptionKey: props.key,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableFileValidation: true,
      insightTypes: props.insights === false ? [] : UNUSUAL_CALLS,
    });
    completeTrail(this.trail, this.logGroup, logWriterRole(this, this.logGroup, props.name));
    if (props.archive.policy) {
      this.trail.node.addDependency(props.archive.policy);
    }
  }
}

/** Of management events: the number of calls that write, and of errors of any. */
const UNUSUAL_CALLS = [cloudtrail.InsightType.API_CALL_RATE, cloudtrail.InsightType.API_ERROR_RATE];

/** Resources whose reads and writes are recorded one by one. */
const DATA_EVENTS = [
  'AWS::S3::Object',
  'AWS::Lambda::Function',
  'AWS::DynamoDB::Table',
  'AWS::VerifiedPermissions::PolicyStore',
];

/**
 * Adds what the trail construct does not offer: advanced selectors, which alone know policy stores, and a role that trusts this one
 * trail instead of everybody's. A trail takes one kind of selectors or the other, so those that the construct writes go.
 */
function completeTrail(trail: cloudtrail.Trail, logGroup: logs.ILogGroup, role: iam.IRole): void {
  const resource = trail.node.defaultChild;
  if (!(resource instanceof cloudtrail.CfnTrail)) {
    throw new Error(`trail '${trail.node.path}' has no trail resource to complete`);
  }
  resource.cloudWatchLogsLogGroupArn = logGroup.logGroupArn;
  resource.cloudWatchLogsRoleArn = role.roleArn;
  resource.addPropertyDeletionOverride('EventSelectors');
  resource.advancedEventSelectors = [
    { name: 'Management', fieldSelectors: [equals('eventCategory', 'Management')] },
    ...DATA_EVENTS.map((type) => ({
      name: type,
      fieldSelectors: [equals('eventCategory', 'Data'), equals('resources.type', type)],
    })),
  ];
}

function equals(field: string, value: string): cloudtrail.CfnTrail.AdvancedFieldSelectorProperty {
  return { field, equalTo: [value] };
}

function logWriterRole(scope: Construct, logGroup: logs.ILogGroup, trailName: string): iam.Role {
  return new iam.Role(scope, 'LogWriter', {
    assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceArn': trailArn(Stack.of(scope), trailName) } },
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

function trailArn(stack: Stack, name: string): string {
  return stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: name });
}

function admitTrail(archive: s3.Bucket, name: string): void {
  const stack = Stack.of(archive);
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  const source = { 'aws:SourceArn': trailArn(stack, name) };
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
      resources: [archive.arnForObjects(`AWSLogs/${stack.account}/*`)],
      conditions: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  );
}
