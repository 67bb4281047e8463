import { Duration } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmAbove } from './reporting-alarm';

export interface TrailAlarmsProps {
  /** Log group into which the trail of all Regions writes. */
  readonly trailLogGroup: logs.ILogGroup;
  /** Hears of each. */
  readonly alerts: sns.ITopic;
  /**
   * Namespace of the metrics.
   *
   * @default 'Avouch/Trail'
   */
  readonly namespace?: string;
  /**
   * Accounts that a trail of the organization records too and that report for themselves.
   *
   * @default - none
   */
  readonly exceptAccounts?: readonly string[];
  /**
   * Whether the trail looks for unusual numbers of calls, so that what it finds is to be reported.
   *
   * @default true
   */
  readonly insights?: boolean;
}

interface TrailAlarm {
  readonly description: string;
  readonly pattern: string;
}

const events = (...names: string[]) => names.map((name) => `($.eventName = ${name})`).join(' || ');

/**
 * The patterns of section 4 of the CIS AWS Foundations Benchmark, by what they find, and one of our own for credentials.
 *
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
const ALARMS: Readonly<Record<string, TrailAlarm>> = {
  RootUse: {
    description: 'The root user was used: nobody needs it from day to day',
    pattern:
      '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
  },
  SignInWithoutMfa: {
    description: 'Somebody signed in to the console without a second factor',
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  FailedSignIn: {
    description: 'A sign-in to the console failed',
    pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
  },
  UnauthorizedCall: {
    description: 'A call was refused for want of a permission',
    pattern:
      '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }',
  },
  IamPolicyChange: {
    description: 'A policy of IAM was changed',
    pattern: `{ ($.eventSource = iam.amazonaws.com) && (${events(
      'DeleteGroupPolicy',
      'DeleteRolePolicy',
      'DeleteUserPolicy',
      'PutGroupPolicy',
      'PutRolePolicy',
      'PutUserPolicy',
      'CreatePolicy',
      'DeletePolicy',
      'CreatePolicyVersion',
      'DeletePolicyVersion',
      'AttachRolePolicy',
      'DetachRolePolicy',
      'AttachUserPolicy',
      'DetachUserPolicy',
      'AttachGroupPolicy',
      'DetachGroupPolicy',
    )}) }`,
  },
  CredentialChange: {
    description: 'Somebody made a credential, took a second factor away, or changed who may take a role',
    pattern: `{ ($.eventSource = iam.amazonaws.com) && (${events(
      'CreateUser',
      'CreateAccessKey',
      'CreateLoginProfile',
      'UpdateLoginProfile',
      'DeactivateMFADevice',
      'DeleteVirtualMFADevice',
      'UpdateAssumeRolePolicy',
    )}) }`,
  },
  TrailChange: {
    description: 'A trail was changed, stopped or deleted',
    pattern: `{ ${events('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging')} }`,
  },
  KeyDisabled: {
    description: 'A key was disabled or is to be deleted',
    pattern: `{ ($.eventSource = kms.amazonaws.com) && (${events('DisableKey', 'ScheduleKeyDeletion')}) }`,
  },
  BucketPolicyChange: {
    description: 'A bucket was opened, closed or configured anew',
    pattern: `{ ($.eventSource = s3.amazonaws.com) && (${events(
      'PutBucketAcl',
      'PutBucketPolicy',
      'PutBucketCors',
      'PutBucketLifecycle',
      'PutBucketReplication',
      'DeleteBucketPolicy',
      'DeleteBucketCors',
      'DeleteBucketLifecycle',
      'DeleteBucketReplication',
    )}) }`,
  },
  RecorderChange: {
    description: 'AWS Config was stopped or configured anew',
    pattern: `{ ($.eventSource = config.amazonaws.com) && (${events(
      'StopConfigurationRecorder',
      'DeleteDeliveryChannel',
      'PutDeliveryChannel',
      'PutConfigurationRecorder',
    )}) }`,
  },
  SecurityGroupChange: {
    description: 'A security group was changed',
    pattern: `{ ${events(
      'AuthorizeSecurityGroupIngress',
      'AuthorizeSecurityGroupEgress',
      'RevokeSecurityGroupIngress',
      'RevokeSecurityGroupEgress',
      'CreateSecurityGroup',
      'DeleteSecurityGroup',
    )} }`,
  },
  NetworkChange: {
    description: 'Access lists, gateways, routes or a VPC were changed',
    pattern: `{ ${events(
      'CreateNetworkAcl',
      'CreateNetworkAclEntry',
      'DeleteNetworkAcl',
      'DeleteNetworkAclEntry',
      'ReplaceNetworkAclEntry',
      'CreateInternetGateway',
      'AttachInternetGateway',
      'CreateRoute',
      'ReplaceRoute',
      'DeleteRoute',
      'CreateVpcPeeringConnection',
      'AcceptVpcPeeringConnection',
      'DeleteVpc',
    )} }`,
  },
};

/**
 * What CloudTrail Insights writes into the log of the trail, of every Region and account that it records. A rule of EventBridge hears its own Region only, but
 * says which call it is (`EventAlerts`).
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html
 */
const INSIGHTS: Readonly<Record<string, TrailAlarm>> = {
  UnusualCalls: {
    description: 'Calls are made, or fail, far more often than is usual in the account',
    pattern: '{ ($.eventType = "AwsCloudTrailInsight") && ($.insightDetails.state = "Start") }',
  },
};

/**
 * One metric filter and one alarm for each thing that should not happen unnoticed in an account.
 *
 * They read the log of a trail of all Regions: IAM, and the sign-in of the root user, are recorded outside the Region of the environment,
 * and EventBridge shows them there only. The price is time: CloudTrail takes some minutes to deliver to a log group. What must be
 * reported within minutes, and happens in this Region, is also matched by rules (`EventAlerts`).
 */
export class TrailAlarms extends Construct {
  constructor(scope: Construct, id: string, props: TrailAlarmsProps) {
    super(scope, id);
    const alarms = props.insights === false ? ALARMS : { ...ALARMS, ...INSIGHTS };
    for (const [name, { description, pattern }] of Object.entries(alarms)) {
      const filter = new logs.MetricFilter(this, `${name}Filter`, {
        logGroup: props.trailLogGroup,
        filterPattern: logs.FilterPattern.literal(without(props.exceptAccounts ?? [], pattern)),
        metricNamespace: props.namespace ?? 'Avouch/Trail',
        metricName: name,
        metricValue: '1',
      });
      alarmAbove(this, name, {
        description,
        metric: filter.metric({ statistic: 'Sum' }),
        period: Duration.minutes(1),
        limit: 1,
        alerts: props.alerts,
      });
    }
  }
}

function without(accounts: readonly string[], pattern: string): string {
  const others = accounts.map((account) => `($.recipientAccountId != "${account}")`);
  return others.length === 0 ? pattern : `{ ${others.join(' && ')} && (${pattern.slice(1, -1)}) }`;
}
