import type { ExceptionEvidence, OpinionEvidence, OpinionFinding } from '../../control/evidence';
import type { Resolution, Tightening } from '../../control/profile';
import { unitOf } from '../catalogue';
import { counted, figureText } from '../printable';
import { type Report, sentenceOf } from '../report';
import { exceptionStateMeaning, expiryText } from '../wording';
import { anchor, type Content, code, html, type Markup } from './html';
import { entry, mark } from './marks';
import { setBy, toPublish } from './promises';

/** Where the whitepapers contradict each other: who yields, why, and the wording that stays true. */
export function resolutions(report: Report): Markup {
  const { profile } = report.catalogue;
  return html`
    <section aria-labelledby="resolutions">
      <h2 id="resolutions">Contradictions settled by the profile</h2>
      ${profile.resolutions.length === 0 ? html`<p class="none">This profile settles no contradiction between its documents.</p>` : ''}
      ${profile.resolutions.map((resolution) => settled(report, resolution))}
      ${profile.tightens.length === 0 ? '' : html`<h3>Set stricter than promised</h3><dl class="facts">${profile.tightens.map((tightening) => tightened(report, tightening))}</dl>`}
    </section>`;
}

function settled(report: Report, { parameter, yields, value, because, publish }: Resolution): Markup {
  const stands = value ?? report.figures.get(parameter)?.value;
  return html`
    <article>
      <h3>${code(parameter)}</h3>
      <dl class="facts">
        ${entry('Stands', stands !== undefined && figureText(stands, unitOf(report.parameters.get(parameter))))}
        ${entry('Yields', html`<ul class="plain">${yields.map((id) => yielding(report, id))}</ul>`)}
        ${entry('Because', because)}
        ${entry('Instead', toPublish(publish))}
      </dl>
    </article>`;
}

function yielding(report: Report, id: string): Markup {
  const claim = report.claims.get(id);
  return html`<li>${claim === undefined ? '' : `${sentenceOf(claim)} `}${setBy([id], report)}</li>`;
}

function tightened(report: Report, { parameter, value, because }: Tightening): Content {
  const unit = unitOf(report.parameters.get(parameter));
  return entry(parameter, `${figureText(value, unit)}: ${because}`);
}

/** Every exception with its owner, approver and last day, used or not. */
export function exceptions(report: Report): Markup {
  const all = report.evidence.exceptions;
  return html`
    <section aria-labelledby="exceptions">
      <h2 id="exceptions">Exceptions</h2>
      ${all.length === 0 ? html`<p class="none">There are no exceptions.</p>` : all.map((exception) => exceptionPart(report, exception))}
    </section>`;
}

function exceptionPart(report: Report, exception: ExceptionEvidence): Markup {
  return html`
    <article id="${anchor('exception', exception.id)}">
      <h3>${exception.id}</h3>
      <dl class="facts">
        ${entry('State', html`${mark(exception.state)} ${exceptionStateMeaning[exception.state]}`)}
        ${entry('Last day', `${expiryText(exception)} (UTC)`)}
        ${entry('Reason', exception.reason)}
        ${entry('Owner', exception.owner)}
        ${entry('Approved by', exception.approver)}
        ${entry('Used in this run', exception.used ? 'yes' : 'no')}
        ${entry('Weakens', exception.claims.length === 0 ? 'no promise' : setBy(exception.claims, report))}
      </dl>
    </article>`;
}

/** What other checkers said of the same templates; one that did not run is named, because silence is not assent. */
export function opinions({ evidence }: Report): Markup {
  return html`
    <section aria-labelledby="opinions">
      <h2 id="opinions">Second opinions</h2>
      ${evidence.opinions.length === 0 ? html`<p class="none">No other checker was asked.</p>` : evidence.opinions.map(opinion)}
    </section>`;
}

function opinion({ tool, version, state, findings }: OpinionEvidence): Markup {
  const open = findings.filter(({ exception }) => exception === undefined);
  const excused = findings.filter(({ exception }) => exception !== undefined);
  return html`
    <article>
      <h3>${tool}${version === undefined ? '' : ` ${version}`}</h3>
      ${
        state === 'not-run'
          ? html`<p><strong>Was not run.</strong> Nothing below or above says that it agrees.</p>`
          : html`<p>${counted(open.length, 'open finding')}, ${excused.length} excused by exceptions.</p>`
      }
      ${list('Open', open)}
      ${excused.length === 0 ? '' : html`<details class="subject"><summary><span class="sentence">Excused (${excused.length})</span></summary>${list('Excused', excused)}</details>`}
    </article>`;
}

function list(title: string, findings: readonly OpinionFinding[]): Content {
  return findings.length === 0
    ? undefined
    : html`
    <ul class="findings" aria-label="${title} findings">${findings.map(
      ({ rule, description, constructPath, logicalId, source, target, exception }) => html`
      <li><p><strong>${code(rule)}</strong> ${[constructPath ?? logicalId, source ?? target].filter((place) => place !== undefined).map((place) => html`${code(place)} `)}</p>
        <p>${description}</p>${exception === undefined ? '' : html`<p class="meta">Excused by <a href="#${anchor('exception', exception)}">${exception}</a></p>`}</li>`,
    )}</ul>`;
}
