import { createHash } from 'node:crypto';

/** SHA-256 of a UTF-8 text, hex. */
export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * What a line of a whitepaper is known by: the first 16 hex digits of the SHA-256 of its text in NFC, with every run of
 * whitespace folded to one space and the ends trimmed. Undefined for a blank line: it carries nothing.
 */
export function lineFingerprint(line: string): string | undefined {
  const folded = line.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return folded === '' ? undefined : sha256(folded).slice(0, 16);
}

/** A non-blank line of a text, counted from 1. */
export interface FingerprintedLine {
  readonly line: number;
  readonly fingerprint: string;
  readonly text: string;
}

/** Every non-blank line of a text, in order. */
export function fingerprintText(text: string): FingerprintedLine[] {
  return text.split(/\r?\n/u).flatMap((line, index) => {
    const fingerprint = lineFingerprint(line);
    return fingerprint === undefined ? [] : [{ line: index + 1, fingerprint, text: line.trim() }];
  });
}
