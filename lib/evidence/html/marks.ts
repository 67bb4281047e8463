import type { ClaimStatus, ExceptionEvidence } from '../../control/evidence';
import type { Verdict } from '../../control/verdict';
import type { ReportedClaim } from '../report';
import { spoken } from '../wording';
import { anchor, type Content, code, commaSeparated, html, type Markup } from './html';

/** The word of a status or verdict in its frame: word and frame differ for each, so colour is never needed to tell them. */
export function mark(state: ClaimStatus | Verdict | ExceptionEvidence['state']): Markup {
  return html`<span class="mark ${state}">${spoken(state)}</span>`;
}

export function controlLink(id: string): Markup {
  return html`<a href="#${anchor('control', id)}">${id}</a>`;
}

export function claimLink(id: string): Markup {
  return html`<a href="#${anchor('claim', id)}">${id}</a>`;
}

export function claimLinks(claims: readonly ReportedClaim[]): Content {
  return commaSeparated(claims.map(({ id }) => claimLink(id)));
}

/** A page of `runbooks/` by its path: the report is one file and may travel without the repository. */
export function runbookPath(slug: string): Markup {
  return code(`runbooks/${slug}.md`);
}

/** A row of a description list, left out where there is nothing to say. */
export function entry(term: string, description: Content): Content {
  return description === undefined || description === false || description === ''
    ? undefined
    : html`<div><dt>${term}</dt><dd>${description}</dd></div>`;
}

/** One paragraph alone, or several as a list. */
export function paragraphs(sentences: readonly string[]): Content {
  return sentences.length < 2
    ? sentences[0]
    : html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}
