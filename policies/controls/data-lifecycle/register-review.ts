import type { Register } from '../../../lib/control/claim';
import type { WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

/** A register that somebody promises to go through, and the day on which somebody last did. */
export interface Review {
  /** Name of the register in a sentence: `the retention schedule`. */
  readonly register: string;
  readonly file: string;
  /** Claim that promises the review: without it, the day of the last one is nobody's matter. */
  readonly promise: string;
  /** YYYY-MM-DD; undefined where nobody says. */
  readonly reviewed: string | undefined;
  /** Days for which a review counts. */
  readonly days: number;
}

/**
 * Judges the day of a review against the day of the run. A review that is too old is evidence that has expired, as that of any other runbook:
 * whether a release went out since does not stand in the register. The message `reviewAhead` is the control's.
 */
export function judgeReview(
  review: Review,
  registers: readonly Register[],
  { documents, today }: Pick<RegisterContext, 'documents' | 'today'>,
): WholeOutcome {
  const bound = registers.filter(({ document }) => documents.includes(document)).flatMap(({ claims }) => claims);
  const isPromised = bound.some(({ id, planned }) => id === review.promise && !planned);
  return {
    target: review.file,
    subject: 'reviewed',
    type: 'Review',
    outcome: isPromised ? judgeDay(review, today) : notApplicable('no document of the profile promises a review'),
    observations: [{ property: 'reviewed', value: review.reviewed ?? 'never' }],
  };
}

const dayMilliseconds = 86_400_000;

function judgeDay({ register, reviewed, days }: Review, today: string): Outcome {
  if (reviewed === undefined) {
    return notAssessed(`nothing says when somebody last went through ${register}`);
  }
  const age = (Date.parse(today) - Date.parse(reviewed)) / dayMilliseconds;
  // East of Greenwich tomorrow begins today
  if (age < -1) {
    return finding('reviewAhead', undefined, { reviewed });
  }
  return age <= days
    ? satisfied
    : notAssessed(
        `${register}: somebody last went through it on ${reviewed}, ${age} days ago, and a review counts for ${days}: do it as the runbook says, and write down the day`,
      );
}
