import { readEvidence } from '../evidence-file';
import { loadPromises } from '../promises';
import { formatNamed, printed } from '../show';

/**
 * `avouch report [FILE]`: renders an evidence file on standard output.
 * @throws InputError where the file is missing or is no evidence
 */
export function report(file: string, format: string): void {
  const evidence = readEvidence(file);
  process.stdout.write(printed(evidence, loadPromises(evidence.run.profile), formatNamed(format)));
}
