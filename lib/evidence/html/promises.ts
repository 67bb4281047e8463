import type { Claim, Figure, Register } from '../../control/claim';
import { unitOf } from '../catalogue';
import { boundText, figureText } from '../printable';
import { countStatuses, type Report, type ReportedClaim, sentenceOf } from '../report';
import { spoken } from '../wording';
import { anchor, type Content, code, commaSeparated, html, type Markup } from './html';
import { controlLink, entry, mark, paragraphs, runbookPath } from './marks';

/** Every promise of every whitepaper, by section, in the order of the document. */
export function promises(report: Report): Markup {
  const documents = new Set([...report.claims.values()].map((claim) => claim.document));
  const registers = report.catalogue.registers.filter(({ document }) => documents.has(document));
  const unknown = [...report.claims.values()].filter((claim) => claim.register === undefined);
  return html`
    <section aria-labelledby="promises">
      <h2 id="promises">The promises, by whitepaper</h2>
      ${registers.map((register) => whitepaper(report, register))}
      ${
        unknown.length === 0
          ? ''
          : html`<div data-group><h3>Not in this catalogue</h3>${unknown.map((claim) => promise(report, claim))}</div>`
      }
    </section>`;
}

function whitepaper(report: Report, register: Register): Markup {
  const sections = new Map<string, ReportedClaim[]>();
  for (const claim of register.claims) {
    const reported = report.claims.get(claim.id);
    if (reported) {
      sections.set(claim.section, [...(sections.get(claim.section) ?? []), reported]);
    }
  }
  const counts = [...countStatuses([...sections.values()].flat())].filter(([, count]) => count > 0);
  return html`
    <div data-group>
      <h3 id="${anchor('document', register.document)}">${register.title}</h3>
      <p class="meta">${counts.map(([status, count], position) => `${position === 0 ? '' : ', '}${count} ${spoken(status)}`)}.
        Read from ${code(register.source.file)}, SHA-256 <span class="digest">${code(register.source.sha256)}</span></p>
      ${[...sections].map(
        ([title, claims]) => html`
        <div data-group><h4>${title}</h4>${claims.map((claim) => promise(report, claim))}</div>`,
      )}
    </div>`;
}

function promise(report: Report, reported: ReportedClaim): Markup {
  const { claim } = reported;
  return html`
    <details class="promise" data-find>
      <summary>${mark(reported.status)}<span class="sentence">${sentenceOf(reported)}</span><span class="id">${reported.id}</span></summary>
      <dl class="facts" id="${anchor('claim', reported.id)}">
        ${entry('Why this status', reported.reasons.length > 0 && paragraphs(reported.reasons))}
        ${entry('Controls', controls(report, reported))}
        ${claim === undefined ? '' : details(report, claim)}
      </dl>
    </details>`;
}

function controls(report: Report, { controls: ids }: ReportedClaim): Content {
  if (ids.length === 0) {
    return 'none is bound';
  }
  return html`<ul class="plain">${ids.map((id) => {
    const control = report.controls.get(id);
    return control === undefined
      ? html`<li>${code(id)} not run</li>`
      : html`<li>${mark(control.verdict)} ${controlLink(id)} ${control.title}</li>`;
  })}</ul>`;
}

function details(report: Report, claim: Claim): Content {
  return [
    entry(
      'Figures',
      claim.figures.length > 0 && html`<ul class="plain">${claim.figures.map((item) => figure(report, item))}</ul>`,
    ),
    entry(
      'Delivered by an equivalent',
      claim.equivalent && html`<p>${claim.equivalent.delivered}</p>${toPublish(claim.equivalent.publish)}`,
    ),
    entry('Other documents', claim.conflict),
    entry('Runbook', claim.runbook !== undefined && runbookPath(claim.runbook)),
    entry('Kind of proof', kindOfProof[claim.enforceability]),
    entry(
      'In the document',
      claim.lines.length > 0 && `line${claim.lines.length === 1 ? '' : 's'} ${claim.lines.join(', ')}`,
    ),
  ];
}

const kindOfProof: Readonly<Record<Claim['enforceability'], string>> = {
  enforced: 'enforced by the infrastructure, and judged in its templates',
  verified: 'measured in the running account',
  'application-attested': 'the application keeps it; its makers attest it',
  procedure: 'a person keeps it, by the runbook',
};

/** The wording that is true, beside the one that is not. */
export function toPublish(sentence: string): Markup {
  return html`<p class="publish"><span class="label">Publish</span> <q>${sentence}</q></p>`;
}

function figure(report: Report, { parameter, bound, value }: Figure): Markup {
  const unit = unitOf(report.parameters.get(parameter));
  const resolved = report.figures.get(parameter);
  const judged =
    resolved === undefined
      ? ' (nothing measures it)'
      : JSON.stringify(resolved.value) === JSON.stringify(value)
        ? ''
        : ` (this profile asks ${figureText(resolved.value, unit)})`;
  return html`<li>${code(parameter)} ${boundText(bound)} <strong>${figureText(value, unit)}</strong>${judged}</li>`;
}

export function setBy(claims: readonly string[], report: Report): Content {
  return claims.length === 0
    ? 'no promise; the default of the control'
    : commaSeparated(
        claims.map((id) => (report.claims.has(id) ? html`<a href="#${anchor('claim', id)}">${id}</a>` : code(id))),
      );
}
