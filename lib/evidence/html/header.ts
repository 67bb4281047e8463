import type { ClaimStatus, Evidence } from '../../control/evidence';
import { counted, grouped } from '../printable';
import type { Report } from '../report';
import { reach, statuses, statusMeaning, verdictSentence, verdicts } from '../wording';
import { code, html, type Markup } from './html';
import { entry, mark } from './marks';

/** Section in which the claims of a status are listed by name; the others are found in the whitepapers. */
function placeOf(status: ClaimStatus): string {
  return status === 'broken' || status === 'unproven' || status === 'excepted' || status === 'awaiting'
    ? `#${status}`
    : '#promises';
}

/** Who ran what, when and on which source; then the outcome in one sentence and in counts. */
export function header(report: Report): Markup {
  const { evidence, catalogue } = report;
  const { run, tool } = evidence;
  return html`
    <header>
      <p class="kicker">Avouch evidence report</p>
      <h1>Security promises, and the evidence for them</h1>
      <p class="outcome">${verdictSentence(evidence)}</p>
      <p class="reach">${reach(evidence)}</p>
      <dl class="run">
        ${entry('Profile', html`${catalogue.profile.title} (${code(run.profile)})`)}
        ${entry('Environment', run.environment ?? 'none given')}
        ${entry('Commit', run.commit === null ? 'not under version control' : code(run.commit))}
        ${entry('Started', html`<time datetime="${run.startedAt}">${moment(run.startedAt)}</time>`)}
        ${entry('Tool', `${tool.name} ${tool.version}, ${run.kind}`)}
        ${entry('Examined', html`<a href="#targets">${counted(evidence.targets.length, run.kind === 'check' ? 'file' : 'target')}</a>`)}
      </dl>
    </header>`;
}

/** `2026-11-20 17:40:06 UTC` */
function moment(startedAt: string): string {
  return `${startedAt.slice(0, 10)} ${startedAt.slice(11, 19)} UTC`;
}

/** Counts by status, each linked to where its claims are named, then controls and judgements. */
export function summary({ evidence }: Report): Markup {
  const { claims, controls, subjects } = evidence.summary;
  return html`
    <section aria-labelledby="summary">
      <h2 id="summary">Summary</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Promises by status">
        <table>
          <caption>Promises by status</caption>
          <thead><tr><th scope="col">Status</th><th scope="col" class="number">Promises</th><th scope="col">What it means</th></tr></thead>
          <tbody>${statuses.map(
            (status) => html`
            <tr><th scope="row">${mark(status)}</th>
              <td class="number">${claims[status] === 0 ? '0' : html`<a href="${placeOf(status)}">${grouped(claims[status])}<span class="unseen"> ${status}</span></a>`}</td>
              <td>${statusMeaning[status]}</td></tr>`,
          )}</tbody>
          <tfoot><tr><th scope="row">All</th><td class="number">${grouped(claims.total)}</td><td></td></tr></tfoot>
        </table>
      </div>
      <p>Behind them stand ${counted(evidence.controls.length, 'control')}:
        ${verdicts.map((verdict, position) => html`${position === 0 ? '' : ', '}${grouped(controls[verdict])} ${mark(verdict)}`)}.
        They made ${counted(subjects.judged, 'judgement')} on single resources, with ${counted(subjects.findings, 'finding')}${excused(evidence)}.</p>
    </section>`;
}

function excused(evidence: Evidence): string {
  const count = evidence.controls.flatMap(({ subjects }) => subjects).filter(({ exception }) => exception).length;
  return count === 0 ? '' : `, ${grouped(count)} of them excused by an exception`;
}

/** The files or regions that were read, with what identifies their content. */
export function targets({ evidence }: Report): Markup {
  return html`
    <section aria-labelledby="targets">
      <h2 id="targets">What was examined</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Examined targets">
        <table>
          <caption>Compare the digest with your own copy: <code>sha256sum FILE</code></caption>
          <thead><tr><th scope="col">Target</th><th scope="col">Stack</th><th scope="col">Account and region</th><th scope="col">SHA-256</th></tr></thead>
          <tbody>${evidence.targets.map(
            ({ path, stack, account, region, sha256 }) => html`
            <tr><th scope="row">${code(path)}</th><td>${stack ?? 'not given'}</td>
              <td>${account ?? 'any account'}, ${region ?? 'no region given'}</td><td class="digest">${code(sha256)}</td></tr>`,
          )}</tbody>
        </table>
      </div>
    </section>`;
}
