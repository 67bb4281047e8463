import { statuses, statusMeaning, verdictMeaning, verdicts } from '../wording';
import { html, type Markup } from './html';
import { mark } from './marks';

/** The words of the report, for a reader who meets them here first. */
export function glossary(): Markup {
  return html`
    <section aria-labelledby="words">
      <h2 id="words">Words</h2>
      <h3>Status of a promise</h3>
      <p>Computed from its controls and evidence; the worst that applies stands. There are no scores and no percentages: half a
        promise is not a promise.</p>
      <dl class="words">${statuses.map((status) => html`<div><dt>${mark(status)}</dt><dd>${statusMeaning[status]}</dd></div>`)}</dl>
      <h3>Verdict of a control on a resource</h3>
      <dl class="words">${verdicts.map((verdict) => html`<div><dt>${mark(verdict)}</dt><dd>${verdictMeaning[verdict]}</dd></div>`)}</dl>
    </section>`;
}
