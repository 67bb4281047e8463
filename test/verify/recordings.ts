import type { Answer, SeenRequest } from './stand-in';

/** Time of every recorded run. */
export const now = new Date('2026-03-02T12:00:00.000Z');

export const trailArn = 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit';

const seconds = (minutesAgo: number) => now.getTime() / 1000 - minutesAgo * 60;

const trail = {
  CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:audit:*',
  CloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/audit',
  HasCustomEventSelectors: true,
  HasInsightSelectors: true,
  HomeRegion: 'eu-central-1',
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: true,
  IsOrganizationTrail: false,
  KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/6f6d0a3e-93a2-4c1e-8a54-0f3cbb3f7f10',
  LogFileValidationEnabled: true,
  Name: 'audit',
  S3BucketName: 'audit-archive-111122223333',
  TrailARN: trailArn,
};

const rule = (name: string) => ({
  ConfigRuleArn: `arn:aws:config:eu-central-1:111122223333:config-rule/config-rule-${name}`,
  ConfigRuleId: `config-rule-${name}`,
  ConfigRuleName: name,
  ConfigRuleState: 'ACTIVE',
  EvaluationModes: [{ Mode: 'DETECTIVE' }],
  Source: { Owner: 'AWS', SourceIdentifier: 'RDS_STORAGE_ENCRYPTED' },
});

const result = (name: string, type: string) => ({
  Compliance: {
    ComplianceType: type,
    ...(type === 'NON_COMPLIANT' ? { ComplianceContributorCount: { CapExceeded: false, CappedCount: 2 } } : {}),
  },
  ConfigRuleName: name,
});

/** Bodies as the services send them over the wire: times in seconds since 1970, lists in pages. */
const rightAccount: Readonly<Record<string, (input: SeenRequest['input']) => unknown>> = {
  'cloudtrail:DescribeTrails': () => ({ trailList: [trail] }),
  'cloudtrail:GetTrailStatus': () => ({
    IsLogging: true,
    LatestCloudWatchLogsDeliveryTime: seconds(2),
    LatestDeliveryAttemptSucceeded: '2026-03-02T11:56:12Z',
    LatestDeliveryAttemptTime: '2026-03-02T11:56:12Z',
    LatestDeliveryTime: seconds(4),
    LatestDigestDeliveryTime: seconds(40.5),
    LatestNotificationAttemptSucceeded: '',
    LatestNotificationAttemptTime: '',
    StartLoggingTime: seconds(144_000),
    TimeLoggingStarted: '2025-11-22T12:00:00Z',
    TimeLoggingStopped: '',
  }),
  'cloudtrail:GetEventSelectors': () => ({
    EventSelectors: [
      {
        DataResources: [
          { Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] },
          { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] },
        ],
        ExcludeManagementEventSources: [],
        IncludeManagementEvents: true,
        ReadWriteType: 'All',
      },
    ],
    TrailARN: trailArn,
  }),
  'cloudtrail:GetInsightSelectors': () => ({
    InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }, { InsightType: 'ApiErrorRateInsight' }],
    TrailARN: trailArn,
  }),
  'config:DescribeConfigurationRecorders': () => ({
    ConfigurationRecorders: [
      {
        arn: 'arn:aws:config:eu-central-1:111122223333:configuration-recorder/default/xh0yxlpwbuu1e2gd',
        name: 'default',
        recordingGroup: {
          allSupported: true,
          exclusionByResourceTypes: { resourceTypes: [] },
          includeGlobalResourceTypes: true,
          recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
          resourceTypes: [],
        },
        recordingMode: { recordingFrequency: 'CONTINUOUS', recordingModeOverrides: [] },
        recordingScope: 'PAID',
        roleARN: 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
      },
    ],
  }),
  'config:DescribeConfigurationRecorderStatus': () => ({
    ConfigurationRecordersStatus: [
      {
        lastStartTime: seconds(144_000),
        lastStatus: 'SUCCESS',
        lastStatusChangeTime: seconds(1),
        name: 'default',
        recording: true,
      },
    ],
  }),
  'config:DescribeDeliveryChannels': () => ({
    DeliveryChannels: [{ name: 'default', s3BucketName: 'config-history-111122223333' }],
  }),
  'config:DescribeDeliveryChannelStatus': () => ({
    DeliveryChannelsStatus: [
      {
        configHistoryDeliveryInfo: {
          lastAttemptTime: seconds(90),
          lastStatus: 'SUCCESS',
          lastSuccessfulTime: seconds(90),
        },
        configSnapshotDeliveryInfo: {},
        configStreamDeliveryInfo: { lastStatus: 'NOT_APPLICABLE' },
        name: 'default',
      },
    ],
  }),
  // Two pages of rules, one of which is long enough to have a second
  'config:DescribeConfigRules': ({ NextToken }) =>
    NextToken === 'page-2'
      ? { ConfigRules: [rule('keys-rotate')] }
      : { ConfigRules: [rule('databases-encrypted')], NextToken: 'page-2' },
  'config:DescribeComplianceByConfigRule': ({ NextToken }) =>
    NextToken === 'more'
      ? { ComplianceByConfigRules: [result('keys-rotate', 'COMPLIANT')] }
      : { ComplianceByConfigRules: [result('databases-encrypted', 'COMPLIANT')], NextToken: 'more' },
};

/** Answers of an account that keeps every promise that can be seen in it. */
export function rightAnswer({ action, input }: SeenRequest): Answer {
  const body = rightAccount[action];
  return body ? { body: body(input) } : { error: 'UnknownOperationException' };
}

/** The right answer to a request, changed. */
export function changed(request: SeenRequest, change: object): Answer {
  const answer = rightAnswer(request);
  return typeof answer === 'object' && 'body' in answer ? { body: { ...(answer.body as object), ...change } } : answer;
}

export const brokenRule = { ComplianceByConfigRules: [result('keys-rotate', 'NON_COMPLIANT')] };

export const emptyLists: Readonly<Record<string, unknown>> = {
  'cloudtrail:DescribeTrails': { trailList: [] },
  'config:DescribeConfigurationRecorders': { ConfigurationRecorders: [] },
  'config:DescribeConfigurationRecorderStatus': { ConfigurationRecordersStatus: [] },
  'config:DescribeDeliveryChannels': { DeliveryChannels: [] },
  'config:DescribeDeliveryChannelStatus': { DeliveryChannelsStatus: [] },
  'config:DescribeConfigRules': { ConfigRules: [] },
  'config:DescribeComplianceByConfigRule': { ComplianceByConfigRules: [] },
};
