import type { JudgementContext } from '../../../lib/control/control';
import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';

/** A file that is dated anew on its last day was out of date for whoever reads a copy. */
const leastDays = 30;
const mostDays = 365;

/**
 * Judges the text of a `security.txt`.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9116
 */
export function judgeSecurityTxt(text: string, { figures, today }: JudgementContext): readonly Outcome[] {
  if (/\$/.test(text)) {
    return [notAssessed('what security.txt says hangs on variables')];
  }
  const mails = fieldsOf(text, 'Contact').filter((value) => /^mailto:[^\s@?]+@[^\s@?]+\.[^\s@?]+(\?|$)/i.test(value));
  const isUnannounced = figures.flag('vdp.subject') && !mails.some((mail) => /[?&]subject=[^&]/i.test(mail));
  return [
    ...(mails.length === 0 ? [finding('noContact')] : isUnannounced ? [finding('noSubject')] : []),
    ...judgeExpiry(fieldsOf(text, 'Expires'), today),
    ...(policyPaths(text).length > 0 ? [] : [finding('noPolicy')]),
  ];
}

function judgeExpiry(values: readonly string[], today: string): readonly Outcome[] {
  const [expires = ''] = values;
  const time = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(expires)
    ? Date.parse(expires)
    : Number.NaN;
  if (values.length !== 1 || Number.isNaN(time)) {
    return [finding('undated', undefined, { got: values.join(', ') || 'nothing' })];
  }
  const days = Math.floor((time - Date.parse(today)) / 86_400_000);
  if (days < leastDays) {
    return [finding('expired', undefined, { expires, days, least: leastDays })];
  }
  return days > mostDays ? [finding('tooLong', undefined, { expires, days, most: mostDays })] : [];
}

/** Addresses of the policy, as host and path. */
export function policyPaths(text: string): readonly { readonly host: string; readonly path: string }[] {
  return fieldsOf(text, 'Policy').flatMap((value) => {
    const [, host, path] = /^https:\/\/([^/?#]+)(\/[^?#]*)$/i.exec(value) ?? [];
    return host === undefined || path === undefined ? [] : [{ host: host.toLowerCase(), path }];
  });
}

function fieldsOf(text: string, name: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => /^([\w-]+):[ \t]+(.*\S)[ \t]*$/.exec(line))
    .flatMap((match) => (match?.[1]?.toLowerCase() === name.toLowerCase() && match[2] ? [match[2]] : []));
}
