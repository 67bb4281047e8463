import { existsSync } from 'node:fs';
import type { Register } from '../../lib/control/claim';
import { compareDocument } from '../../lib/control/document-changes';
import { fingerprintText } from '../../lib/control/fingerprint';
import { InputError } from '../../lib/control/input-error';
import { readText } from '../../lib/template/read-text';
import { loadPolicies } from '../policies';

/**
 * `avouch claims --document FILE`: which lines of a newer whitepaper are new, changed or gone, and which claims they touch.
 * @returns 0 where nothing that a claim stands on changed and nothing is new, 1 otherwise
 */
export function compareWithDocument(file: string, document: string | undefined, format: string): number {
  if (!existsSync(file)) {
    throw new InputError(`no such document: '${file}'`);
  }
  const text = readText(file);
  const register = registerFor(text, file, document);
  const changes = compareDocument(register, text).filter(({ kind }) => kind !== 'unchanged' && kind !== 'moved');
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify({ document: register.document, changes }, null, 2)}\n`);
  } else {
    print(register, changes);
  }
  return changes.length === 0 ? 0 : 1;
}

function print(register: Register, changes: ReturnType<typeof compareDocument>): void {
  if (changes.length === 0) {
    process.stdout.write(`${register.document}: every line is the one that was registered\n`);
    return;
  }
  for (const change of changes) {
    const at = change.after !== undefined ? `line ${change.after}` : `line ${change.before} of the registered text`;
    const claims = change.claims.length > 0 ? change.claims.join(', ') : 'no claim';
    process.stdout.write(`${change.kind.padEnd(8)} ${at.padEnd(34)} ${claims}\n`);
    if (change.text !== undefined) {
      process.stdout.write(`         ${change.text.trim().slice(0, 160)}\n`);
    }
  }
}

/** The register that shares most lines with a text, unless one is named. */
function registerFor(text: string, file: string, document: string | undefined): Register {
  const { registers } = loadPolicies();
  const known = registers.map((register) => register.document).join(', ');
  if (document !== undefined) {
    const named = registers.find((register) => register.document === document);
    if (!named) {
      throw new InputError(`unknown document '${document}' for --register: known are ${known}`);
    }
    return named;
  }
  const prints = new Set(fingerprintText(text).map(({ fingerprint }) => fingerprint));
  const shared = registers.map((register) => ({
    register,
    lines: Object.values(register.source.fingerprints).filter((print) => prints.has(print)).length,
  }));
  const [best] = shared.sort((a, b) => b.lines - a.lines);
  if (!best || best.lines === 0) {
    throw new InputError(
      `'${file}' shares no line with any registered document: name the one it replaces with --register, one of ${known}`,
    );
  }
  return best.register;
}
