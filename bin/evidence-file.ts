import { existsSync } from 'node:fs';
import type { Evidence } from '../lib/control/evidence';
import { InputError } from '../lib/control/input-error';
import { validateEvidence } from '../lib/evidence/validate-evidence';
import { parseJsonText } from '../lib/template/parse';
import { readText } from '../lib/template/read-text';

/**
 * Reads an `evidence.json` of an earlier run.
 * @throws InputError where there is none, or what is there is no evidence
 */
export function readEvidence(file: string): Evidence {
  if (!existsSync(file)) {
    throw new InputError(`no evidence at '${file}': run avouch check first, or name the file`);
  }
  const content = parseJsonText(readText(file), file);
  try {
    return validateEvidence(content);
  } catch (error) {
    if (!(error instanceof InputError)) {
      throw error;
    }
    const [first = '', ...others] = error.message.split('\n');
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    throw new InputError(`${file} is no evidence of a run: ${first.replace(/^evidence: /, '')}${more}`);
  }
}
