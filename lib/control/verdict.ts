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
  | { readonly verdict: 'satisfied' }
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
  | { readonly verdict: 'not-assessed'; readonly reason: string; readonly property?: string };

export const satisfied: Outcome = { verdict: 'satisfied' };

export function finding(message: string, property?: string, values?: Readonly<Record<string, unknown>>): Outcome {
  return { verdict: 'not-satisfied', message, property, values };
}

export function notApplicable(reason: string): Outcome {
  return { verdict: 'not-applicable', reason };
}

export function notAssessed(reason: string, property?: string): Outcome {
  return { verdict: 'not-assessed', reason, property };
}
