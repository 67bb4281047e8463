import type { ReportedEvent, ReportedRecord } from './must-report';

/** What CloudTrail Insights can look for: how often a call is made, and how often it fails. */
export const insightTypes = ['ApiCallRateInsight', 'ApiErrorRateInsight'] as const;

/**
 * Whether a selector looks at management events: also one that names no category.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html
 */
export function ofManagement(namesNone: boolean, categories: readonly string[]): boolean {
  return namesNone || categories.includes('Management');
}

const insight = {
  eventVersion: '1.08',
  eventType: 'AwsCloudTrailInsight',
  awsRegion: 'eu-west-1',
  recipientAccountId: '111122223333',
  eventCategory: 'Insight',
  insightDetails: {
    state: 'Start',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'RunInstances',
    insightType: 'ApiCallRateInsight',
  },
};

/**
 * The beginning of something unusual, as the log of a trail has it.
 *
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html
 */
export const unusualCallsRecord: ReportedRecord = { name: 'an unusual number of calls', record: insight };

/**
 * The same, as EventBridge shows it in the Region where the calls were made.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudtrail.html
 */
export const unusualCalls: ReportedEvent = {
  name: unusualCallsRecord.name,
  isFinding: true,
  event: { source: 'aws.cloudtrail', 'detail-type': 'AWS Insight via CloudTrail', detail: insight },
};
