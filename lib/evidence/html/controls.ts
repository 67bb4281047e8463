import { type ControlEntry, directionOf, unitOf } from '../catalogue';
import { counted, figureText } from '../printable';
import { countVerdicts, type Report, type ReportedControl, worstFirst } from '../report';
import { spoken } from '../wording';
import { anchor, type Content, code, html, type Markup } from './html';
import { claimLinks, entry, mark, runbookPath } from './marks';
import { setBy } from './promises';
import { subject } from './subject';

/** Every control once, by family, with what it judged; promises link here. */
export function controls(report: Report): Markup {
  const families = new Map<string, ReportedControl[]>();
  for (const control of report.controls.values()) {
    const family = control.entry?.family ?? 'not in this catalogue';
    families.set(family, [...(families.get(family) ?? []), control]);
  }
  return html`
    <section aria-labelledby="controls">
      <h2 id="controls">The controls, and what they looked at</h2>
      <p>A control is a statement about the infrastructure that a machine can test. Below each stand the resources that it judged
        and the properties that it read, with their values, whether they passed or not.</p>
      ${[...families].map(
        ([family, members]) => html`
        <div data-group><h3>${heading(family)}</h3>${members.map((control) => controlPart(report, control))}</div>`,
      )}
    </section>`;
}

function heading(family: string): string {
  const words = spoken(family);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function controlPart(report: Report, control: ReportedControl): Markup {
  const { entry: known } = control;
  const counts = [...countVerdicts(control.subjects)].filter(([, count]) => count > 0);
  return html`
    <details class="control" data-find>
      <summary>${mark(control.verdict)}<h4 class="sentence">${control.title}</h4><span class="id">${control.id}</span></summary>
      <div id="${anchor('control', control.id)}">
        <dl class="facts">
          ${entry('Keeps', claimLinks(report.claimsOfControl.get(control.id) ?? []))}
          ${entry('Figures', figures(report, control))}
          ${known === undefined ? '' : context(known)}
          ${entry('Judged', counts.length === 0 ? 'no resource of its kind is in what was examined' : counts.map(([verdict, count], position) => `${position === 0 ? '' : ', '}${count} ${spoken(verdict)}`))}
        </dl>
        ${worstFirst(control.subjects).map((judged) => subject(report, judged))}
      </div>
    </details>`;
}

function context(known: ControlEntry): Content {
  return [
    entry('Does not prove', known.doesNotProve),
    entry('Runbook', known.runbook !== undefined && runbookPath(known.runbook)),
    entry(
      'Supports',
      (known.frameworks ?? []).length > 0 &&
        html`<ul class="plain">${known.frameworks?.map(
          ({ framework, clause, because }) =>
            html`<li>${framework} ${clause}${because === undefined ? '' : `: ${because}`}</li>`,
        )}</ul>`,
    ),
  ];
}

function figures(report: Report, control: ReportedControl): Content {
  const parameters = Object.entries(control.parameters);
  if (parameters.length === 0) {
    return undefined;
  }
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Figures of ${control.id}">
      <table>
        <caption class="unseen">${counted(parameters.length, 'figure')} of ${control.id}</caption>
        <thead><tr><th scope="col">Parameter</th><th scope="col">Value</th><th scope="col">Set by</th></tr></thead>
        <tbody>${parameters.map(([name, value]) => {
          const definition = control.entry?.parameters[name];
          return html`
          <tr><th scope="row">${code(name)}${definition === undefined ? '' : html`<p class="meta">${definition.description} (${directionOf(definition)})</p>`}</th>
            <td>${figureText(value, unitOf(definition))}</td><td>${setBy(report.figures.get(name)?.claims ?? [], report)}</td></tr>`;
        })}</tbody>
      </table>
    </div>`;
}
