/**
 * The verdict of a control on a subject. Could-not-look is never rounded up: an intrinsic that cannot be resolved, a
 * denied or throttled read and a rule that throws are all `not-assessed`.
 */
export type Verdict = 'satisfied' | 'not-satisfied' | 'not-applicable' | 'not-assessed';

/** From worst to best; the first that occurs among several verdicts stands for them all. */
const worstFirst: readonly Verdict[] = ['not-satisfied', 'not-assessed', 'satisfied', 'not-applicable'];

/** The verdict that stands for several: one broken subject breaks the control, one unseen leaves it not assessed. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  const present = new Set(verdicts);
  return worstFirst.find((verdict) => present.has(verdict)) ?? 'not-applicable';
}

/** What a control's judgement says of one subject, before the engine adds where it stands and which words to use. */
export type Outcome =
  | {
      readonly verdict: 'satisfied';
      /** YYYY-MM-DD to which a person's dated word, which a register holds, counts. */
      readonly attestedUntil?: string;
    }
  | {
      readonly verdict: 'not-satisfied';
      /** One of the control's message ids. */
      readonly message: string;
      /** Dotted path of the offending property, where one can be named. */
      readonly property?: string;
      /** Values for the message's placeholders, beside `name`, `type`, `property` and `value`, which the engine fills. */
      readonly values?: Readonly<Record<string, unknown>>;
    }
  | { readonly verdict: 'not-applicable'; readonly reason: string }
  | {
      readonly verdict: 'not-assessed';
      readonly reason: string;
      readonly property?: string;
      /** Nobody has looked yet, which is known, and the reason says what is awaited. It is no pass, and no failure to look either. */
      readonly awaited?: true;
    };

export const satisfied: Outcome = { verdict: 'satisfied' };

export function finding(message: string, property?: string, values?: Readonly<Record<string, unknown>>): Outcome {
  return { verdict: 'not-satisfied', message, property, values };
}

export function notApplicable(reason: string): Outcome {
  return { verdict: 'not-applicable', reason };
}

/** It holds because a person said so on a day that is not too long ago. */
export function attested(until: string): Outcome {
  return { verdict: 'satisfied', attestedUntil: until };
}

/** @param reason what somebody has yet to do or to fetch, in words that say how */
export function awaited(reason: string): Outcome {
  return { verdict: 'not-assessed', reason, awaited: true };
}

export function notAssessed(reason: string, property?: string): Outcome {
  return { verdict: 'not-assessed', reason, property };
}
