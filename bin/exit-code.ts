import type { Evidence } from '../lib/control/evidence';
import { InputError } from '../lib/control/input-error';

/** From where on a run fails. */
export const thresholds = ['broken', 'unproven', 'awaiting'] as const;
export type Threshold = (typeof thresholds)[number];

/** @throws InputError where the word is none of them */
export function thresholdNamed(word: string): Threshold {
  const found = thresholds.find((threshold) => threshold === word);
  if (!found) {
    throw new InputError(`unknown threshold '${word}' for --fail-on: allowed are ${thresholds.join(', ')}`);
  }
  return found;
}

/**
 * Exit code of a run: 1 where a promise is broken, another checker's finding is not excused or an exception excuses nothing; 2 where
 * something is unproven (or awaiting, if asked); 0 otherwise. Code 3 is wrong use and never comes from here.
 * @param problems exceptions that excuse nothing, in words
 */
export function exitCode(evidence: Evidence, problems: readonly string[], threshold: Threshold): 0 | 1 | 2 {
  const { claims } = evidence.summary;
  const unexcused = evidence.opinions.some(({ findings }) => findings.some(({ exception }) => exception === undefined));
  if (claims.broken > 0 || unexcused || problems.length > 0) {
    return 1;
  }
  const unasked = evidence.opinions.some(({ state }) => state === 'not-run');
  if (threshold !== 'broken' && (claims.unproven > 0 || unasked)) {
    return 2;
  }
  return threshold === 'awaiting' && claims.awaiting > 0 ? 2 : 0;
}
