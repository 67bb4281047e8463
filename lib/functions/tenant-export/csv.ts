/** What a spreadsheet may take for the beginning of a formula, in half and in full width, and the mark itself. */
const LIKE_A_FORMULA = /^[=+\-@\t\r\n＝＋－＠']/;

/** A column of a file. */
export interface CsvColumn {
  readonly name: string;
  /** Whether its values are numbers, which are no formulas with a sign in front either. */
  readonly isNumber: boolean;
}

/**
 * A line of a file by RFC 4180. A value that is there stands in quotes, an empty text too; one that is not (NULL) is nothing at all.
 *
 * A text that a spreadsheet could take for a formula gets an apostrophe in front, and so does one that begins with an apostrophe: whoever reads
 * the file takes one apostrophe away where a text begins with it, and has every value as it was.
 *
 * Sources: https://www.rfc-editor.org/rfc/rfc4180 and https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(columns: readonly CsvColumn[], values: readonly (string | null)[]): string {
  const fields = columns.map(({ isNumber }, at) => {
    const value = values[at] ?? null;
    return value === null ? '' : quoted(isNumber ? value : marked(value));
  });
  return `${fields.join(',')}\r\n`;
}

/** First line of a file. */
export function csvHead(columns: readonly CsvColumn[]): string {
  return `${columns.map(({ name }) => quoted(marked(name))).join(',')}\r\n`;
}

function marked(value: string): string {
  return LIKE_A_FORMULA.test(value) ? `'${value}` : value;
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
