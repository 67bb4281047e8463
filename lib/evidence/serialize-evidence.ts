import type { Evidence } from '../control/evidence';
import { ordered } from './stable-json';

/**
 * The text of `evidence.json`: the same evidence gives the same bytes, keys in one order, two spaces, a last line feed.
 * Its paths are relative already, `buildEvidence` saw to that.
 */
export function serializeEvidence(evidence: Evidence): string {
  return `${JSON.stringify(ordered(evidence), null, 2)}\n`;
}
