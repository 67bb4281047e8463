import { oneLine, shortened } from '../printable';

/** Longest text of one value in a comment; the report has the rest. */
const limit = 300;

/**
 * Text that Markdown shows and does not obey: no markup, no HTML, no mention that would write to somebody, no reference
 * that would turn up in another thread.
 */
export function plain(text: string): string {
  return shortened(oneLine(text), limit)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()~|!^$]/g, '\\$&')
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
    .replace(/[@#](?=\w)/g, '$&<!-- -->')
    .replace(/^#/, '\\#')
    .replace(/(https?|ftp):(?=\/\/)|www\./gi, (start) => `${start.slice(0, -1)}<!-- -->${start.slice(-1)}`);
}

/** A value in a code span that it cannot close, in a table or out of one. */
export function codeSpan(text: string): string {
  const content = shortened(oneLine(text), limit).replaceAll('|', '\\|');
  const longestRun = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const edge = content.startsWith('`') || content.endsWith('`') || content.trim() === '' ? ' ' : '';
  return `${fence}${edge}${content}${edge}${fence}`;
}
