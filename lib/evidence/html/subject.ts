import type { SubjectEvidence } from '../../control/evidence';
import { observedText } from '../printable';
import { nameOf, type Report } from '../report';
import { expiryText } from '../wording';
import { anchor, type Content, code, html, type Markup } from './html';
import { entry, mark } from './marks';

/** One resource that a control judged: where it stands, what was read, and for a finding what to change. */
export function subject(report: Report, judged: SubjectEvidence): Markup {
  return html`
    <details class="subject"${judged.verdict === 'not-satisfied' ? html` open` : ''}>
      <summary>${mark(judged.verdict)}<span class="sentence">${code(nameOf(judged))}</span><span class="id">${judged.source ?? judged.type}</span></summary>
      <dl class="facts">
        ${entry(judged.verdict === 'not-satisfied' ? 'Finding' : 'Reason', judged.message)}
        ${entry('Fix', judged.fix)}
        ${entry('Excused by', exception(report, judged.exception))}
        ${entry('Type', code(judged.type))}
        ${entry('Construct', judged.constructPath !== undefined && code(judged.constructPath))}
        ${entry('Source', judged.source !== undefined && code(judged.source))}
        ${entry('In', code(judged.target))}
      </dl>
      ${observations(judged)}
    </details>`;
}

function exception(report: Report, id: string | undefined): Content {
  if (id === undefined) {
    return undefined;
  }
  const known = report.exceptions.get(id);
  return html`<a href="#${anchor('exception', id)}">${id}</a>${known === undefined ? '' : `, ${expiryText(known)}`}`;
}

function observations(judged: SubjectEvidence): Markup {
  const { observations: seen } = judged;
  if (seen.length === 0) {
    return html`<p class="none">No property was read.</p>`;
  }
  return html`
    <table class="observations">
      <caption class="unseen">Properties read of ${nameOf(judged)}</caption>
      <thead><tr><th scope="col">Property read</th><th scope="col">Value</th></tr></thead>
      <tbody>${seen.map(
        ({ property, value }) =>
          // No element within the cells, which no writing direction leaves: thousands of rows carry none twice
          html`<tr><th scope="row">${property}</th><td>${value === null ? html`<em>absent</em>` : observedText(value)}</td></tr>`,
      )}</tbody>
    </table>`;
}
