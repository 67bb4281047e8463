import { Match, Template } from 'aws-cdk-lib/assertions';
import { deployedFigures } from '../../bin/deployed-figures';
import { loadPromises } from '../../bin/promises';
import { organization } from '../policy-evaluation/guard-rails';
import { environment } from './synthesize';

const looking = { InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }, { InsightType: 'ApiErrorRateInsight' }] };

/** The stacks that have a trail, and those that watch its log. */
function stacksOf(apiInsights: boolean) {
  const own = environment({}, { apiInsights });
  const { audit } = organization({}, { apiInsights });
  const [trail, watch, record] = [own.audit, own.detection, audit].map((stack) => Template.fromStack(stack));
  if (!trail || !watch || !record) {
    throw new Error('a stack is missing');
  }
  return { trail, watch, record };
}

const patterns = (template: Template) =>
  Object.values(template.findResources('AWS::Logs::MetricFilter'))
    .map(({ Properties }) => String(Properties.FilterPattern))
    .filter((pattern) => pattern.includes('AwsCloudTrailInsight'));

test('the trail of an environment and that of the organization look for unusual calls, and their logs are watched for what they find', () => {
  const { trail, watch, record } = stacksOf(true);
  for (const template of [trail, record]) {
    template.hasResourceProperties('AWS::CloudTrail::Trail', looking);
  }
  expect(patterns(watch)).toEqual(['{ ($.eventType = "AwsCloudTrailInsight") && ($.insightDetails.state = "Start") }']);
  expect(patterns(record)).toHaveLength(1);
});

test('neither does where the profile asks for none: each event that is looked at is billed', () => {
  const { trail, watch, record } = stacksOf(false);
  trail.hasResourceProperties('AWS::CloudTrail::Trail', { InsightSelectors: [] });
  record.hasResourceProperties('AWS::CloudTrail::Trail', { InsightSelectors: Match.absent() });
  expect([...patterns(watch), ...patterns(record)]).toEqual([]);
});

test.each([
  ['strictest', true],
  ['cfeu', true],
  ['cly', true],
  ['tdb', false],
  ['cfus', false],
  ['clvr', false],
])('of profile %s it is %s', (profile, expected) => {
  expect(deployedFigures(loadPromises(profile).figures).apiInsights).toBe(expected);
});
