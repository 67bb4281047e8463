import { existsSync, readFileSync } from 'node:fs';
import { InputError } from '../../lib/control/input-error';
import { validateEvidence } from '../../lib/evidence/validate-evidence';
import { loadPromises } from '../promises';
import { formatNamed, printed } from '../show';

/**
 * `avouch report [FILE]`: renders an evidence file on standard output.
 * @throws InputError where the file is missing or is no evidence
 */
export function report(file: string, format: string): void {
  if (!existsSync(file)) {
    throw new InputError(`no evidence at '${file}': run avouch check first, or name the file`);
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError(`${file}: malformed JSON: ${error instanceof Error ? error.message : error}`);
  }
  const evidence = validateEvidence(content);
  process.stdout.write(printed(evidence, loadPromises(evidence.run.profile), formatNamed(format)));
}
