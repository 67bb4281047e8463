import type { SourceReview } from '../../../lib/control/assurance';
import type { Register } from '../../../lib/control/claim';
import type { Message, WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { attested, awaited, finding, notApplicable, type Outcome } from '../../../lib/control/verdict';

const file = 'policies/registers/assurance.yaml';

export const sourceMessages: Readonly<Record<string, Message>> = {
  visible: {
    violation: 'repository {name} is {visibility}: people can see it who are not entitled to',
    fix: 'make it private',
  },
  unentitled: {
    violation: '{count} people can see or change repository {name} who are entitled to neither',
    fix: 'withdraw their access by runbook review-access',
  },
  oneFactor: {
    violation: 'the organization of repository {name} lets people in without a second factor',
    fix: 'require two-factor authentication of every member',
  },
  unreviewed: {
    violation: 'repository {name} merges changes after {got} reviews, promised are {promised}',
    fix: 'require them by a ruleset on every protected branch',
  },
  oldLook: {
    violation: 'somebody looked at repository {name} on {looked}, {days} days ago, promised are at most {most}',
    fix: 'look again by runbook review-access, steps 1 to 3, and enter it in policies/registers/assurance.yaml',
  },
  lookAhead: {
    violation: 'the look at repository {name} is dated {looked}, which is still to come',
    fix: 'correct the day',
  },
};

/**
 * What neither a template nor an account shows of the source: a person looks and enters it, and it grows old.
 * @param control id under which claims ask for it
 */
export function* judgeSource(
  control: string,
  registers: readonly Register[],
  context: RegisterContext,
): Generator<WholeOutcome> {
  const asked = registers.some(
    ({ document, claims }) =>
      context.documents.includes(document) &&
      claims.some(({ controls, planned }) => controls.includes(control) && !planned),
  );
  if (!asked) {
    return;
  }
  const reviews = [...context.records.sourceReviews].sort((one, other) => other.looked.localeCompare(one.looked));
  if (reviews.length === 0) {
    const promised = context.figures.number('scm.requiredReviews');
    const reason = `whether it is private, asks everybody for a second factor and merges no change without ${promised} review is to be seen on GitHub alone: look by runbook 'review-access', steps 1 to 3, and enter it in ${file}`;
    yield { target: file, subject: 'the source repository', type: 'SourceReview', outcome: awaited(reason) };
  }
  const seen = new Set<string>();
  for (const review of reviews) {
    const isNewest = seen.size < seen.add(review.repository).size;
    const outcomes = isNewest ? judgeReview(review, context) : [notApplicable('there is a newer look')];
    for (const outcome of outcomes) {
      yield {
        target: file,
        subject: review.repository,
        type: 'SourceReview',
        outcome,
        observations: Object.entries(review).map(([property, value]) => ({ property, value: JSON.stringify(value) })),
      };
    }
  }
}

function judgeReview(review: SourceReview, { figures, today }: RegisterContext): readonly Outcome[] {
  const { looked, visibility, secondFactorRequired, requiredReviews: got, unentitledPeople: count } = review;
  if (looked > today) {
    return [finding('lookAhead', undefined, { looked })];
  }
  const promised = figures.number('scm.requiredReviews');
  const most = figures.number('scm.reviewDays');
  const days = Math.round((Date.parse(today) - Date.parse(looked)) / dayMilliseconds);
  const found = [
    ...(visibility === 'private' ? [] : [finding('visible', undefined, { visibility })]),
    ...(count > 0 ? [finding('unentitled', undefined, { count })] : []),
    ...(secondFactorRequired ? [] : [finding('oneFactor')]),
    ...(got < promised ? [finding('unreviewed', undefined, { got, promised })] : []),
    ...(days > most ? [finding('oldLook', undefined, { looked, days, most })] : []),
  ];
  const until = new Date(Date.parse(looked) + most * dayMilliseconds).toISOString().slice(0, 10);
  return found.length > 0 ? found : [attested(until)];
}

const dayMilliseconds = 86_400_000;
