import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { leadsToPeople, reports } from './alert-rules';
import { besides } from './beside';
import { liveHalf } from './det-07.live';
import { insightTypes, ofManagement, unusualCalls, unusualCallsRecord } from './insights';
import { counts, isAlarmed } from './trail-filters';

const trailType = 'AWS::CloudTrail::Trail';
const nobodyAsks = 'no promise of the profile asks for it';

/** DET-07: CloudTrail Insights, which compares how often each call is made, and how often it fails, with what is usual in the account. */
export const control = defineControl({
  id: 'det-07',
  title:
    'A trail of the account looks for unusual numbers of calls and of errors, and people hear of what it finds, wherever it is recorded',
  family: 'detection',
  claims: ['cfeu-intrusion-alerting', 'cly-ir-detection'],
  doesNotProve:
    'That what is unusual is an attack, or that an attack is unusual: reads are not counted by the number of calls, one stolen object is no burst, and calls of data (S3 objects, functions) are not compared at all. It learns from the weeks before, so a new account hears nothing at first, and it tells within half an hour, not within minutes.',
  runbook: 'respond-to-refusals',
  parameters: {
    'detect.apiInsights': {
      kind: 'flag',
      stricter: true,
      default: false,
      description:
        'whether CloudTrail Insights looks for unusual numbers of calls and of errors, which is billed by event',
    },
  },
  messages: {
    missing: {
      violation: 'account {name} has no trail, so nothing looks for unusual calls',
      fix: 'deploy a trail that records management events, with both types of insights',
    },
    omits: {
      violation: 'trail {name} does not look for what is unusual in management events: {missing} is missing',
      fix: 'add API_CALL_RATE and API_ERROR_RATE to insightTypes of the trail',
    },
    uncounted: {
      violation:
        'nobody hears of what trail {name} finds in another Region: no alarm counts it in the log of the trail',
      fix: 'add a metric filter for eventType AwsCloudTrailInsight on the log group of the trail, and an alarm on it',
    },
    unreported: {
      violation: 'no rule reports which call it is that trail {name} finds unusual',
      fix: 'add a rule of EventBridge for AWS Insight via CloudTrail that is on, with the topic of the alerts as target',
    },
    insightsOff: {
      violation: 'running trail {name} does not look for what is unusual in management events: {missing} is missing',
      fix: 'redeploy the stack of the trail, and find out who called PutInsightSelectors',
    },
  },
  template: {
    judges: [trailType],
    expects: 'any-number',
    judge: (trail, { figures, scope }) => {
      if (!figures.flag('detect.apiInsights')) {
        return [notApplicable(nobodyAsks)];
      }
      const own = judgeTypes(trail);
      const isWhole = own.every(({ verdict }) => verdict === 'satisfied');
      if (!isWhole && othersOf(trail, scope).some((other) => judgeTypes(other).every(isSatisfied))) {
        return [notApplicable('another trail of the account looks for it')];
      }
      return isWhole ? [...own, ...judgeReports(trail, scope)] : own;
    },
  },
  live: liveHalf,
});

const isSatisfied = ({ verdict }: Outcome) => verdict === 'satisfied';

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html. */
function judgeTypes(trail: Subject): readonly Outcome[] {
  const all = () => finding('omits', 'InsightSelectors', { missing: insightTypes.join(', ') });
  return decide(trail.items('InsightSelectors'), {
    absent: all,
    known: (selectors) => {
      const hidden = selectors.flatMap((each) =>
        [each.at('InsightType').text(), ...categoriesOf(each)].flatMap((reading) =>
          reading.kind === 'unresolved' ? [notAssessed(reading.reason, reading.property)] : [],
        ),
      );
      const looked = selectors.flatMap((each) => {
        const type = each.at('InsightType').text();
        const categories = categoriesOf(each).flatMap((reading) => (reading.kind === 'known' ? [reading.value] : []));
        return type.kind === 'known' && ofManagement(each.at('EventCategories').state() === 'absent', categories)
          ? [type.value]
          : [];
      });
      const missing = insightTypes.filter((type) => !looked.includes(type));
      if (missing.length === 0) {
        return satisfied;
      }
      return hidden[0] ?? finding('omits', 'InsightSelectors', { missing: missing.join(', ') });
    },
  });
}

function categoriesOf(selector: ReturnType<Subject['at']>) {
  const categories = selector.at('EventCategories').items();
  return categories.kind === 'known' ? categories.value.map((each) => each.text()) : [];
}

function othersOf(trail: Subject, scope: Scope): readonly Subject[] {
  const { account } = trail.template.origin;
  return scope
    .resources(trailType)
    .filter(
      (other) =>
        other !== trail &&
        (other.template === trail.template || (account !== undefined && other.template.origin.account === account)),
    );
}

/** The log hears of every Region, and of every account of an organization, but only that there is something; the rule says what it is. */
function judgeReports(trail: Subject, scope: Scope): readonly Outcome[] {
  const counted = decide(trail.reference('CloudWatchLogsLogGroupArn'), {
    absent: () => finding('uncounted', 'CloudWatchLogsLogGroupArn'),
    unresolved: () => notAssessed('what reads the log of the trail is not in the templates'),
    known: ({ subject: group }) =>
      scope
        .referring(group, 'AWS::Logs::MetricFilter', 'LogGroupName')
        .some((filter) => counts(filter, unusualCallsRecord) && isAlarmed(filter, scope))
        ? satisfied
        : finding('uncounted', 'CloudWatchLogsLogGroupArn'),
  });
  const isReported = besides(trail, scope, 'AWS::Events::Rule').some(
    (rule) => reports(rule, unusualCalls) && isOn(rule) && leadsToPeople(rule),
  );
  return [...counted, isReported ? satisfied : finding('unreported')];
}

function isOn(rule: Subject): boolean {
  const state = rule.text('State');
  return state.kind === 'absent' || (state.kind === 'known' && state.value.startsWith('ENABLED'));
}
