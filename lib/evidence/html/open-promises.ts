import type { ClaimStatus } from '../../control/evidence';
import { counted, grouped } from '../printable';
import {
  type Breach,
  breaches,
  claimsWith,
  groupByReason,
  nameOf,
  openFindings,
  type Report,
  type ReportedControl,
  sentenceOf,
} from '../report';
import { statusMeaning } from '../wording';
import { type Content, code, html, type Markup } from './html';
import { claimLink, controlLink, paragraphs } from './marks';

/** Findings of one control that are listed here; the rest is one link away, in the control. */
const findingsShown = 5;

/** What is not proven, by name and with reasons: an auditor reads this before anything that holds. */
export function openPromises(report: Report): Markup {
  return html`
    <section aria-labelledby="open">
      <h2 id="open">What is not proven</h2>
      ${broken(report)}
      ${byReason(report, 'unproven', 'Unproven')}
      ${byReason(report, 'excepted', 'Held only by an exception')}
      ${byReason(report, 'awaiting', 'Awaiting the account or a person')}
    </section>`;
}

function broken(report: Report): Markup {
  const claims = claimsWith(report, 'broken');
  return html`
    <h3 id="broken">Broken (${claims.length})</h3>
    ${claims.length === 0 ? html`<p class="none">No promise is broken in what this run could see.</p>` : ''}
    ${breaches(report).map(breach)}`;
}

function breach({ claims, controls }: Breach): Markup {
  const reasons = [...new Set(claims.flatMap((claim) => claim.reasons))];
  return html`
    <article class="breach">
      ${claims.map(
        (claim) => html`
        <h4>${sentenceOf(claim)}</h4>
        <p class="meta">${claimLink(claim.id)}, promised in ${claim.register?.title ?? claim.document}</p>`,
      )}
      ${controls.length > 0 || reasons.length === 0 ? '' : html`<div class="reasons">${paragraphs(reasons)}</div>`}
      ${controls.map(findingsOf)}
    </article>`;
}

function findingsOf(control: ReportedControl): Markup {
  const findings = openFindings(control);
  const rest = findings.length - findingsShown;
  return html`
    <p class="meta">Control ${controlLink(control.id)}, ${control.title}: ${counted(findings.length, 'finding')}</p>
    <ul class="findings">${findings.slice(0, findingsShown).map(
      (finding) => html`
      <li><p><strong>${code(nameOf(finding))}</strong> ${finding.source === undefined ? code(finding.target) : code(finding.source)}</p>
        <p class="message">${finding.message}</p>${finding.fix === undefined ? '' : html`<p class="fix"><span class="label">Fix</span> ${finding.fix}</p>`}</li>`,
    )}
    ${rest > 0 ? html`<li>and ${grouped(rest)} more in ${controlLink(control.id)}</li>` : ''}</ul>`;
}

function byReason(report: Report, status: ClaimStatus, title: string): Content {
  const claims = claimsWith(report, status);
  return html`
    <h3 id="${status}">${title} (${claims.length})</h3>
    ${claims.length === 0 ? html`<p class="none">None.</p>` : html`<p class="meaning">${statusMeaning[status]}</p>`}
    ${groupByReason(claims).map(
      (group) => html`
      <div class="group">
        <div class="reasons">${group.reasons.length === 0 ? 'No reason was recorded.' : paragraphs(group.reasons)}</div>
        <ul class="names">${group.claims.map((claim) => html`<li>${sentenceOf(claim)} ${claimLink(claim.id)}</li>`)}</ul>
      </div>`,
    )}`;
}
