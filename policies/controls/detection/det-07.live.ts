import { type Fact, factsIn, factsOf, textIn, wordsIn } from '../../../lib/control/fact';
import {
  type AccountReader,
  couldNotLook,
  type FailedRead,
  type LiveHalf,
  type LiveOutcome,
  type ReadResult,
} from '../../../lib/control/live';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { insightTypes, ofManagement } from './insights';

const describeTrails = 'cloudtrail:DescribeTrails';
const getInsights = 'cloudtrail:GetInsightSelectors';

interface Facts {
  readonly accountId: string;
  /** What each trail that records this Region looks for, by its ARN. */
  readonly trails: ReadResult<readonly (readonly [arn: string, answer: ReadResult<Fact>])[]>;
}

/** DET-07 in the running account: one of the trails that record it, its own or the organization's, looks for both. */
export const liveHalf: LiveHalf<Facts> = {
  reads: [describeTrails, getInsights],
  expects: 'any-number',
  collect,
  judge: ({ accountId, trails }, { figures }) => {
    const ofAccount = (outcome: Outcome): LiveOutcome[] => [{ subject: accountId, type: 'AWS::Account', outcome }];
    if (!figures.flag('detect.apiInsights')) {
      return ofAccount(notApplicable('no promise of the profile asks for it'));
    }
    if (!trails.ok) {
      return ofAccount(couldNotLook(describeTrails, trails));
    }
    return trails.value.length === 0 ? ofAccount(finding('missing')) : judgeTogether(trails.value);
  },
};

async function collect(account: AccountReader): Promise<Facts> {
  // Shadow trails are those of other Regions and of the organization, which record this one too
  const listed = await account.list(describeTrails, 'trailList', { includeShadowTrails: true });
  if (!listed.ok) {
    return { accountId: account.accountId, trails: listed };
  }
  const arns = factsOf(listed.value, 'trailList').map((trail) => textIn(trail, 'TrailARN'));
  const value = await Promise.all(
    arns.map(async (TrailName) => [TrailName, await account.read(getInsights, { TrailName })] as const),
  );
  return { accountId: account.accountId, trails: { ok: true, value } };
}

function judgeTogether(trails: readonly (readonly [string, ReadResult<Fact>])[]): readonly LiveOutcome[] {
  const seen = trails.map(([subject, answer]) => ({ subject, answer, looked: lookedFor(answer) }));
  const isWhole = ({ looked }: { readonly looked?: readonly string[] }) =>
    looked !== undefined && insightTypes.every((type) => looked.includes(type));
  const isKept = seen.some(isWhole);
  const someHidden = seen.some(({ looked }) => looked === undefined);
  return seen.map((trail) => {
    const { subject, answer, looked } = trail;
    const give = (outcome: Outcome): LiveOutcome => ({
      subject,
      type: 'AWS::CloudTrail::Trail',
      outcome,
      observations: [{ property: 'InsightSelectors', value: looked ?? null }],
    });
    if (isKept) {
      return give(isWhole(trail) ? satisfied : notApplicable('another trail of the account looks for it'));
    }
    if (looked === undefined) {
      return give(answer.ok ? notAssessed('its answer names no selectors') : couldNotLook(getInsights, answer));
    }
    const missing = insightTypes.filter((type) => !looked.includes(type)).join(', ');
    return give(
      someHidden
        ? notAssessed('it does not look for both, and whether another trail does could not be looked at')
        : finding('insightsOff', 'InsightSelectors', { missing }),
    );
  });
}

/** Types that a trail looks for in management events; undefined where that is not known. */
function lookedFor(answer: ReadResult<Fact>): readonly string[] | undefined {
  if (!answer.ok) {
    return isOff(answer) ? [] : undefined;
  }
  return answer.value.InsightSelectors === undefined
    ? undefined
    : factsIn(answer.value, 'InsightSelectors')
        .filter((each) => ofManagement(each.EventCategories === undefined, wordsIn(each, 'EventCategories')))
        .map((each) => textIn(each, 'InsightType'));
}

/** CloudTrail answers for a trail that looks for nothing with an error, which no right would cure. */
function isOff({ message }: FailedRead): boolean {
  return message.startsWith('InsightNotEnabledException');
}
