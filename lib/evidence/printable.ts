import type { Bound, FigureValue } from '../control/claim';

/**
 * What a reader cannot see but a page, a terminal or a reviewer would obey: control characters, invisible ones, and the
 * marks that turn reading direction (a value must not be able to print itself backwards, or erase the line above it).
 */
const unseen = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text with everything unseen spelled out as `\u202e`. Line feeds and tabs stay. */
export function printable(text: string): string {
  return text.replace(unseen, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** One line of it, for tables and lists. */
export function oneLine(text: string): string {
  return printable(text.replace(/[\n\r\t]+ */g, ' '));
}

/** The first `limit` characters, and how many there were: nothing is cut silently. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  return `${text.slice(0, limit).replace(/[\ud800-\udbff]$/, '')}… [cut: ${limit} of ${grouped(text.length)} characters shown]`;
}

/** An observed value as JSON, so that `"false"` is not read as `false`; `null` is how the record says absent. */
export function observedText(value: unknown, limit = 400): string {
  if (value === null || value === undefined) {
    return 'absent';
  }
  return shortened(printable(JSON.stringify(value) ?? String(value)), limit);
}

/** A figure as words: `731`, `yes`, `TLS 1.3`, `eu-central-1, eu-west-1`. */
export function figureText(value: FigureValue, unit = ''): string {
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  if (typeof value === 'number') {
    return unit === '' ? String(value) : `${value} ${unit}`;
  }
  if (typeof value === 'string') {
    return printable(value);
  }
  return value.length === 0 ? 'none' : value.map(printable).join(', ');
}

const boundWords: Readonly<Record<Bound, string>> = { at_least: 'at least', at_most: 'at most', exact: 'exactly' };

export function boundText(bound: Bound): string {
  return boundWords[bound];
}

/** Digits in groups of three, the same on every machine. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`;
}
