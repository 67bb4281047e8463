import type { Evidence } from '../control/evidence';
import { pathScrubber } from './scrub-paths';
import { ordered } from './stable-json';

/**
 * The text of `evidence.json`: the same evidence gives the same bytes, keys in one order, two spaces, a last line feed.
 * Absolute paths of the machine that ran it become relative to `root`, or stand below `outside/` when they are not in it.
 */
export function serializeEvidence(
  evidence: Evidence,
  options: {
    /** Absolute directory that paths are told from, normally the working directory. */
    readonly root: string;
  },
): string {
  return `${JSON.stringify(ordered(evidence, pathScrubber(evidence, options.root)), null, 2)}\n`;
}
