import type { Register } from '../../../lib/control/claim';
import type { Control, WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

/** The promise that somebody goes through the schedule: without it, the day of the last review is nobody's matter. */
const promise = 'clvr-retention-release-review';

/**
 * Judges the day on which somebody last went through the retention schedule, against the day of the run. A review that is too old is evidence
 * that has expired, as that of any other runbook: whether a release went out since does not stand in the register.
 */
export function* judgeReview(
  registers: readonly Register[],
  _catalogue: readonly Control[],
  { records, figures, documents, today }: RegisterContext,
): Generator<WholeOutcome> {
  const bound = registers.filter(({ document }) => documents.includes(document)).flatMap(({ claims }) => claims);
  const isPromised = bound.some(({ id, planned }) => id === promise && !planned);
  yield {
    target: 'policies/registers/retention.yaml',
    subject: 'reviewed',
    type: 'Review',
    outcome: isPromised
      ? judgeDay(records.retentionReviewed, figures.number('retention.reviewDays'), today)
      : notApplicable('no document of the profile promises a review'),
    observations: [{ property: 'reviewed', value: records.retentionReviewed ?? 'never' }],
  };
}

const dayMilliseconds = 86_400_000;

function judgeDay(reviewed: string | undefined, days: number, today: string): Outcome {
  if (reviewed === undefined) {
    return notAssessed('no retention schedule says when somebody last went through it');
  }
  const age = (Date.parse(today) - Date.parse(reviewed)) / dayMilliseconds;
  // East of Greenwich tomorrow begins today
  if (age < -1) {
    return finding('reviewAhead', undefined, { reviewed });
  }
  return age <= days
    ? satisfied
    : notAssessed(
        `the retention schedule was last gone through on ${reviewed}, ${age} days ago, and a review counts for ${days}: go through it as the runbook says, and write down the day`,
      );
}
