import type { LiveAnswer, LiveCase } from '../../../lib/control/cases';

const account = '111122223333';
const own = `arn:aws:cloudtrail:eu-central-1:${account}:trail/audit`;
const ofOrganization = 'arn:aws:cloudtrail:eu-central-1:444444444444:trail/organization-audit';

const selector = (InsightType: string, more: object = {}) => ({ InsightType, ...more });
const both = [selector('ApiCallRateInsight'), selector('ApiErrorRateInsight')];
const off = {
  failure: 'failed',
  message: `InsightNotEnabledException: Trail ${own} does not have Insights enabled.`,
} as const;

const trails = (...arns: readonly string[]): LiveCase['answers'] => ({
  'cloudtrail:DescribeTrails': {
    when: { includeShadowTrails: true },
    value: { trailList: arns.map((TrailARN) => ({ TrailARN })) },
  },
});

const selecting = (...InsightSelectors: readonly object[]): LiveCase['answers'] => ({
  ...trails(own),
  'cloudtrail:GetInsightSelectors': { when: { TrailName: own }, value: { TrailARN: own, InsightSelectors } },
});

/** An account with a trail of its own and that of its organization. */
const two = (
  ownAnswer: LiveAnswer,
  otherAnswer: LiveAnswer = { value: { InsightSelectors: both } },
): LiveCase['answers'] => ({
  ...trails(own, ofOrganization),
  'cloudtrail:GetInsightSelectors': [
    { ...ownAnswer, when: { TrailName: own } },
    { ...otherAnswer, when: { TrailName: ofOrganization } },
  ],
});

const judged = (
  name: string,
  answers: LiveCase['answers'],
  verdict: LiveCase['expect']['verdict'],
  subject: string,
  message?: string,
): LiveCase => ({
  name,
  answers,
  figures: { 'detect.apiInsights': true },
  expect: { verdict, subject, message },
});

export const liveCases: readonly LiveCase[] = [
  judged('a trail that looks for both', selecting(...both), 'satisfied', own),
  judged(
    'categories are named, management among them',
    selecting(...both.map((each) => ({ ...each, EventCategories: ['Data', 'Management'] }))),
    'satisfied',
    own,
  ),
  judged('the trail of the organization looks for both', two(off), 'satisfied', ofOrganization),
  judged(
    'the own trail does, and the other cannot be looked at',
    two({ value: { InsightSelectors: both } }, { failure: 'denied' }),
    'satisfied',
    own,
  ),
  judged(
    'insights were switched off',
    { ...trails(own), 'cloudtrail:GetInsightSelectors': off },
    'not-satisfied',
    own,
    'insightsOff',
  ),
  judged('errors are not counted', selecting(selector('ApiCallRateInsight')), 'not-satisfied', own, 'insightsOff'),
  judged(
    'calls of data alone are compared',
    selecting(...both.map((each) => ({ ...each, EventCategories: ['Data'] }))),
    'not-satisfied',
    own,
    'insightsOff',
  ),
  judged('the list is empty', selecting(), 'not-satisfied', own, 'insightsOff'),
  judged('no trail is there', trails(), 'not-satisfied', account, 'missing'),
  judged(
    'an answer without a list proves nothing',
    { ...trails(own), 'cloudtrail:GetInsightSelectors': { value: {} } },
    'not-assessed',
    own,
  ),
  judged(
    'a selector without a type proves nothing',
    selecting({ EventCategories: ['Management'] }),
    'not-assessed',
    account,
  ),
  judged(
    'the own trail does not, and the other cannot be looked at',
    two(off, { failure: 'denied' }),
    'not-assessed',
    own,
  ),
];
