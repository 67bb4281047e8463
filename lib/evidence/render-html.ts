import { createHash } from 'node:crypto';
import type { Evidence } from '../control/evidence';
import type { Catalogue } from './catalogue';
import { controls } from './html/controls';
import { glossary } from './html/glossary';
import { header, summary, targets } from './html/header';
import { html, Markup } from './html/html';
import { openPromises } from './html/open-promises';
import { promises } from './html/promises';
import { script } from './html/script';
import { exceptions, opinions, resolutions } from './html/settlements';
import { style } from './html/style';
import { joinReport } from './report';

const parts = [
  ['open', 'What is not proven'],
  ['promises', 'The promises'],
  ['controls', 'The controls'],
  ['resolutions', 'Contradictions settled'],
  ['exceptions', 'Exceptions'],
  ['opinions', 'Second opinions'],
  ['targets', 'What was examined'],
  ['words', 'Words'],
] as const;

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The page may run its own style and script, and nothing may be fetched, posted or framed by it. */
const policy = [
  "default-src 'none'",
  `style-src ${digest(style)}`,
  `script-src ${digest(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * The evidence as one HTML file for an auditor: nothing is loaded from elsewhere, it is complete without JavaScript, and it
 * prints with everything opened. What is not proven stands before what is.
 *
 * @param catalogue promises, controls and figures of the profile that the evidence was judged with
 * @throws InputError when the catalogue is of another profile
 */
export function renderHtml(evidence: Evidence, catalogue: Catalogue): string {
  const report = joinReport(evidence, catalogue);
  const page = html`<!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>Evidence of ${evidence.run.startedAt.slice(0, 10)}, profile ${evidence.run.profile}</title>
    <style>${new Markup(style)}</style>
    </head>
    <body>
    <a class="skip" href="#main">Skip to the findings</a>
    <div class="page">
    ${header(report)}
    <nav aria-label="Contents">
      <ol>${parts.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ol>
      <form id="find" role="search" hidden>
        <label for="words-to-find">Find a promise, control or resource</label>
        <input id="words-to-find" type="search" autocomplete="off" spellcheck="false">
        <output for="words-to-find"></output>
      </form>
    </nav>
    <main id="main" tabindex="-1">
    ${summary(report)}
    ${openPromises(report)}
    ${promises(report)}
    ${controls(report)}
    ${resolutions(report)}
    ${exceptions(report)}
    ${opinions(report)}
    ${targets(report)}
    ${glossary()}
    </main>
    <footer><p>Rendered from <code>evidence.json</code> by avouch ${evidence.tool.version}. The file decides where the two differ.</p></footer>
    </div>
    <script>${new Markup(script)}</script>
    </body>
    </html>`;
  return `${page.text}\n`;
}
