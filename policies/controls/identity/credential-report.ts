import { UnknownShape } from '../../../lib/control/fact';

/** One user of an account's credential report, by column. */
export type ReportRow = Readonly<Record<string, string>>;

/**
 * Reads a credential report. Its values hold neither commas nor quotes: names of users cannot.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html#id_credentials_understanding_the_report_format
 *
 * @param content the report as base64, as the API answers it
 * @throws UnknownShape where it is no such report
 */
export function reportRows(content: string): readonly ReportRow[] {
  const [header = '', ...lines] = Buffer.from(content, 'base64').toString('utf8').trim().split('\n');
  const columns = header.trim().split(',');
  if (columns[0] !== 'user') {
    throw new UnknownShape('the credential report does not begin with its columns');
  }
  return lines.map((line) => {
    const values = line.trim().split(',');
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  });
}
