/** Something that must be reported, as EventBridge shows it. */
export interface ReportedEvent {
  /** What happened, as the subject of a finding. */
  readonly name: string;
  /** Whether a service found it, in contrast to a call that somebody made. */
  readonly isFinding: boolean;
  readonly event: object;
}

/** Something that must be reported, as CloudTrail writes it into a log. */
export interface ReportedRecord {
  readonly name: string;
  readonly record: object;
}

const finding = (name: string, source: string, type: string, detail: object): ReportedEvent => ({
  name,
  isFinding: true,
  event: { source, 'detail-type': type, detail },
});

/** A call that a service recorded in the Region of the environment. */
const call = (name: string, service: string, eventName: string, more: object = {}): ReportedEvent => ({
  name,
  isFinding: false,
  event: {
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventVersion: '1.11',
      userIdentity: { type: 'AssumedRole' },
      eventSource: `${service}.amazonaws.com`,
      eventName,
      readOnly: false,
      ...more,
    },
  },
});

/**
 * What happens in the Region of the environment and must be reported at once: findings of each service that finds something, and calls that
 * blind the watch, take data away, or open it. GuardDuty calls severities from 4 on medium.
 *
 * Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
 */
export const reportedEvents: readonly ReportedEvent[] = [
  finding('a threat of medium severity', 'aws.guardduty', 'GuardDuty Finding', {
    severity: 4,
    type: 'Recon:EC2/Portscan',
  }),
  finding('a critical weakness', 'aws.securityhub', 'Security Hub Findings - Imported', {
    findings: [
      {
        ProductName: 'Security Hub',
        RecordState: 'ACTIVE',
        Severity: { Label: 'CRITICAL', Normalized: 90 },
        Workflow: { Status: 'NEW' },
        Compliance: { Status: 'FAILED' },
      },
    ],
  }),
  finding('a critical vulnerability', 'aws.inspector2', 'Inspector2 Finding', {
    severity: 'CRITICAL',
    status: 'ACTIVE',
    type: 'PACKAGE_VULNERABILITY',
  }),
  finding('access from outside', 'aws.access-analyzer', 'Access Analyzer Finding', {
    status: 'ACTIVE',
    isPublic: true,
    resourceType: 'AWS::S3::Bucket',
  }),
  finding('abuse that AWS reports', 'aws.health', 'AWS Health Abuse Event', {
    service: 'ABUSE',
    eventTypeCategory: 'issue',
  }),
  call('a trail is stopped', 'cloudtrail', 'StopLogging'),
  call('a trail is deleted', 'cloudtrail', 'DeleteTrail'),
  call('the recorder is stopped', 'config', 'StopConfigurationRecorder'),
  call('the detector is deleted', 'guardduty', 'DeleteDetector'),
  call('an alarm is muted', 'monitoring', 'DisableAlarmActions'),
  call('an alarm is deleted', 'monitoring', 'DeleteAlarms'),
  call('a metric filter is deleted', 'logs', 'DeleteMetricFilter'),
  call('somebody is taken off the alerts', 'sns', 'Unsubscribe'),
  call('a subscription gets a filter', 'sns', 'SetSubscriptionAttributes'),
  call('a trail records less', 'cloudtrail', 'PutEventSelectors'),
  call('a trail stops looking for what is unusual', 'cloudtrail', 'PutInsightSelectors'),
  call('flow logs are deleted', 'ec2', 'DeleteFlowLogs'),
  call('a web firewall is taken off', 'wafv2', 'DisassociateWebACL'),
  call('a network firewall logs elsewhere', 'network-firewall', 'UpdateLoggingConfiguration'),
  call('the firewall of names is taken off', 'route53resolver', 'DisassociateFirewallRuleGroup'),
  call('names are logged no more', 'route53resolver', 'DisassociateResolverQueryLogConfig'),
  call('who may use a key is changed', 'kms', 'PutKeyPolicy'),
  call('a key is to be deleted', 'kms', 'ScheduleKeyDeletion'),
  call('a key is disabled', 'kms', 'DisableKey'),
  call('a bucket gets a policy', 's3', 'PutBucketPolicy'),
  call('a bucket gets an access list', 's3', 'PutBucketAcl'),
  call('a snapshot is shared', 'rds', 'ModifyDBClusterSnapshotAttribute'),
  call('a security group is opened', 'ec2', 'AuthorizeSecurityGroupIngress'),
];

const person = { type: 'IAMUser', userName: 'alice' };

/**
 * What IAM and the sign-in record, wherever the environment lies: rules of its Region do not see it, the log of a trail of all Regions does.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 */
export const reportedRecords: readonly ReportedRecord[] = [
  {
    name: 'the root user acts',
    record: {
      eventVersion: '1.11',
      userIdentity: { type: 'Root', principalId: '111122223333' },
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccountAlias',
      eventType: 'AwsApiCall',
      sourceIPAddress: '198.51.100.7',
    },
  },
  {
    name: 'a sign-in without a second factor',
    record: {
      userIdentity: person,
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      eventType: 'AwsConsoleSignIn',
      sourceIPAddress: '198.51.100.7',
      additionalEventData: { MobileVersion: 'No', MFAUsed: 'No' },
      responseElements: { ConsoleLogin: 'Success' },
    },
  },
  {
    name: 'a failed sign-in',
    record: {
      userIdentity: person,
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      eventType: 'AwsConsoleSignIn',
      sourceIPAddress: '198.51.100.7',
      errorMessage: 'Failed authentication',
      additionalEventData: { MFAUsed: 'Yes' },
      responseElements: { ConsoleLogin: 'Failure' },
    },
  },
  {
    name: 'a refused call',
    record: {
      userIdentity: { type: 'AssumedRole' },
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      eventType: 'AwsApiCall',
      sourceIPAddress: '198.51.100.7',
      errorCode: 'AccessDenied',
    },
  },
  {
    name: 'a policy of IAM is attached',
    record: {
      userIdentity: { type: 'AssumedRole' },
      eventSource: 'iam.amazonaws.com',
      eventName: 'AttachRolePolicy',
      eventType: 'AwsApiCall',
      sourceIPAddress: '198.51.100.7',
    },
  },
  {
    name: 'an access key is made',
    record: {
      userIdentity: { type: 'AssumedRole' },
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      eventType: 'AwsApiCall',
      sourceIPAddress: '198.51.100.7',
    },
  },
  {
    name: 'a second factor is removed',
    record: {
      userIdentity: { type: 'AssumedRole' },
      eventSource: 'iam.amazonaws.com',
      eventName: 'DeactivateMFADevice',
      eventType: 'AwsApiCall',
      sourceIPAddress: '198.51.100.7',
    },
  },
  {
    name: 'who may take a role is changed',
    record: {
      userIdentity: { type: 'AssumedRole' },
      eventSource: 'iam.amazonaws.com',
      eventName: 'UpdateAssumeRolePolicy',
      eventType: 'AwsApiCall',
      sourceIPAddress: '198.51.100.7',
    },
  },
];
