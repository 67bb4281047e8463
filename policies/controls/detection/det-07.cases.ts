import { type ControlCases, change, type Mutation, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { liveCases } from './det-07-live.cases';
import { reportingRule } from './example-alerts';

const trail = 'AWS::CloudTrail::Trail';
const filter = 'AWS::Logs::MetricFilter';
const alarm = 'AWS::CloudWatch::Alarm';
const rule = 'AWS::Events::Rule';

const figures = { 'detect.apiInsights': true };

const deployed: Json = {
  Topic: { Type: 'AWS::SNS::Topic' },
  Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 731 } },
  Trail: {
    Type: trail,
    Properties: {
      IsLogging: true,
      IsMultiRegionTrail: true,
      S3BucketName: 'archive',
      CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Log', 'Arn'] },
      InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }, { InsightType: 'ApiErrorRateInsight' }],
    },
  },
  Filter: {
    Type: filter,
    Properties: {
      LogGroupName: { Ref: 'Log' },
      FilterPattern: '{ ($.eventType = "AwsCloudTrailInsight") && ($.insightDetails.state = "Start") }',
      MetricTransformations: [{ MetricNamespace: 'Trail', MetricName: 'UnusualCalls', MetricValue: '1' }],
    },
  },
  Alarm: {
    Type: alarm,
    Properties: {
      Namespace: 'Trail',
      MetricName: 'UnusualCalls',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [{ Ref: 'Topic' }],
    },
  },
  Rule: reportingRule({
    source: ['aws.cloudtrail'],
    'detail-type': ['AWS Insight via CloudTrail'],
    detail: { insightDetails: { state: ['Start'] } },
  }),
};

/** A trail that names categories for both types. */
const looking = (EventCategories: readonly string[]): Json => ({
  Type: trail,
  Properties: {
    CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Log', 'Arn'] },
    InsightSelectors: ['ApiCallRateInsight', 'ApiErrorRateInsight'].map((InsightType) => ({
      InsightType,
      EventCategories,
    })),
  },
});

const usual = 'a trail that looks for both, an alarm and a rule';

const ofInsights = ({ Properties: properties }: Json) =>
  isObject(properties) &&
  JSON.stringify(properties).match(/AwsCloudTrailInsight|AWS Insight via CloudTrail|UnusualCalls/) !== null;

const at = (name: string, edit: Mutation['edit'], message: string): Mutation => ({
  name,
  of: usual,
  edit,
  expect: { message, at: 'Trail' },
  ...(edit.on === trail ? {} : { shippedWhere: ofInsights }),
});

const mutations: readonly Mutation[] = [
  at('the trail looks for nothing unusual', remove(trail, 'InsightSelectors'), 'omits'),
  at('its selectors are an empty list', set(trail, 'InsightSelectors', []), 'omits'),
  at('it does not count errors', set(trail, 'InsightSelectors', [{ InsightType: 'ApiCallRateInsight' }]), 'omits'),
  at('it does not count calls', set(trail, 'InsightSelectors', [{ InsightType: 'ApiErrorRateInsight' }]), 'omits'),
  at(
    'it compares calls of data alone',
    change(trail, (properties) => {
      const selectors: unknown = properties.InsightSelectors;
      properties.InsightSelectors = (Array.isArray(selectors) ? selectors : []).map((each: Json) => ({
        ...each,
        EventCategories: ['Data'],
      }));
    }),
    'omits',
  ),
  at('the trail writes into no log group', remove(trail, 'CloudWatchLogsLogGroupArn'), 'uncounted'),
  at('nothing counts what it finds', removeResource(filter), 'uncounted'),
  at('the filter counts ends alone', set(filter, 'FilterPattern', '{ $.insightDetails.state = "End" }'), 'uncounted'),
  at(
    'the filter waits for a call that nobody makes',
    set(filter, 'FilterPattern', '{ $.eventName = "Insight" }'),
    'uncounted',
  ),
  at('no alarm looks at the number', removeResource(alarm), 'uncounted'),
  at('the alarm looks at another number', set(alarm, 'MetricName', 'UsualCalls'), 'uncounted'),
  at('no rule says which call it is', removeResource(rule), 'unreported'),
  at('the rule is off', set(rule, 'State', 'DISABLED'), 'unreported'),
  at('the rule waits for calls', set(rule, 'EventPattern.detail-type', ['AWS API Call via CloudTrail']), 'unreported'),
  at(
    'the rule waits for the end',
    set(rule, 'EventPattern.detail', { insightDetails: { state: ['End'] } }),
    'unreported',
  ),
  {
    ...at(
      'a machine alone hears of it',
      change(rule, (properties, template) => {
        const { Resources: resources } = template;
        Object.assign(isObject(resources) ? resources : {}, { Queue: { Type: 'AWS::SQS::Queue' } });
        properties.Targets = [{ Id: 'Queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }];
      }),
      'unreported',
    ),
  },
];

export const cases: ControlCases = {
  compliant: {
    [usual]: { figures, template: { Resources: deployed } },
    'categories are named, management among them': {
      figures,
      template: {
        Resources: {
          ...deployed,
          Trail: looking(['Management']),
        },
      },
    },
  },
  mutations,
  absentKeeps: {
    'AWS::Events::Rule: State':
      'ENABLED: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
    'AWS::CloudTrail::Trail: InsightSelectors.*.EventCategories':
      'Management: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html',
  },
  indifferent: {
    'AWS::Events::Rule: Targets.*.Arn': 'what is no machine of ours is taken for people; det-02 follows it to a topic',
  },
  others: [
    {
      name: 'both categories are management too',
      figures,
      template: {
        Resources: { ...deployed, Trail: looking(['Data', 'Management']) },
      },
      expect: { Trail: 'satisfied' },
    },
    {
      name: 'two trails that both look for nothing',
      figures,
      template: {
        Resources: {
          One: { Type: trail, Properties: { S3BucketName: 'one' } },
          Two: { Type: trail, Properties: { S3BucketName: 'two', InsightSelectors: [] } },
        },
      },
      expect: { One: { message: 'omits' }, Two: { message: 'omits' } },
    },
    {
      name: 'where no promise asks for it, a trail may go without',
      template: { Resources: { Trail: { Type: trail, Properties: { S3BucketName: 'archive' } } } },
      expect: { Trail: 'not-applicable' },
    },
    {
      name: 'one trail of an account is enough',
      figures,
      template: {
        Resources: { ...deployed, Second: { Type: trail, Properties: { S3BucketName: 'other', IsLogging: true } } },
      },
      expect: { Trail: 'satisfied', Second: 'not-applicable' },
    },
    {
      name: 'what reads a log that lies elsewhere is not known',
      figures,
      template: {
        Resources: {
          ...deployed,
          Trail: {
            Type: trail,
            Properties: {
              CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:elsewhere:*',
              InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }, { InsightType: 'ApiErrorRateInsight' }],
            },
          },
        },
      },
      expect: { Trail: 'not-assessed' },
    },
  ],
  live: liveCases,
};
