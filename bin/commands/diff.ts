import { InputError } from '../../lib/control/input-error';
import { compareEvidence, isWeaker } from '../../lib/evidence/compare-evidence';
import { renderComparison } from '../../lib/evidence/terminal/comparison';
import { readEvidence } from '../evidence-file';
import { terminalOptions } from '../show';

/**
 * `avouch diff BASE [FILE]`: what got weaker, stronger, new or lost since an earlier run.
 * @returns 1 where something got weaker, is found that was not, or is promised or judged no longer; 0 otherwise
 */
export function diff(base: string, file: string, format: string): number {
  if (format !== 'table' && format !== 'json') {
    throw new InputError(`unknown format '${format}' for --format: allowed are table, json`);
  }
  const comparison = compareEvidence(readEvidence(base), readEvidence(file));
  process.stdout.write(
    format === 'json' ? `${JSON.stringify(comparison, null, 2)}\n` : renderComparison(comparison, terminalOptions()),
  );
  return isWeaker(comparison) ? 1 : 0;
}
