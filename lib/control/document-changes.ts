import type { Register } from './claim';
import { fingerprintText } from './fingerprint';
import { pairLines } from './line-pairs';

/**
 * What became of one line of a whitepaper. `moved`: the same words under another number; `changed`: other words in the same place.
 */
export interface LineChange {
  readonly kind: 'unchanged' | 'moved' | 'changed' | 'gone' | 'new';
  /** Registered line number; undefined for a new line. */
  readonly before?: number;
  /** Line number in the new text; undefined for a line that is gone. */
  readonly after?: number;
  /** The new text's words; undefined for a line that is gone: a register keeps no sentence. */
  readonly text?: string;
  /** Claims that the registered line carries. */
  readonly claims: readonly string[];
}

/**
 * Compares the registered lines of a whitepaper with a newer text of it, by fingerprint. Changes come in the order of the new text; a
 * line that is gone stands where it was.
 */
export function compareDocument(register: Register, newText: string): LineChange[] {
  const registered = Object.entries(register.source.fingerprints)
    .map(([line, fingerprint]) => ({ line: Number(line), fingerprint }))
    .sort((one, other) => one.line - other.line);
  const lines = fingerprintText(newText);
  const textAt = new Map(lines.map(({ line, text }) => [line, text]));
  return pairLines(registered, lines).map(({ before, after }) => ({
    kind: kindOf(before, after),
    before: before?.line,
    after: after?.line,
    text: after && textAt.get(after.line),
    claims: before ? register.claims.filter((claim) => claim.lines.includes(before.line)).map(({ id }) => id) : [],
  }));
}

type Side = { readonly line: number; readonly fingerprint: string } | undefined;

function kindOf(before: Side, after: Side): LineChange['kind'] {
  if (!before) {
    return 'new';
  }
  if (!after) {
    return 'gone';
  }
  if (before.fingerprint !== after.fingerprint) {
    return 'changed';
  }
  return before.line === after.line ? 'unchanged' : 'moved';
}
