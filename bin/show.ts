import type { Evidence } from '../lib/control/evidence';
import { InputError } from '../lib/control/input-error';
import type { Catalogue } from '../lib/evidence/catalogue';
import { serializeEvidence } from '../lib/evidence/serialize-evidence';
import { writeOutput } from './output-files';
import type { Promises } from './promises';

/** What a run can print on standard output. */
export const formats = ['table', 'json', 'md', 'html', 'csv', 'sarif', 'junit', 'oscal'] as const;
export type Format = (typeof formats)[number];

/** @throws InputError where the word is none of them */
export function formatNamed(word: string): Format {
  const found = formats.find((format) => format === word);
  if (!found) {
    throw new InputError(`unknown format '${word}' for --format: allowed are ${formats.join(', ')}`);
  }
  return found;
}

export interface ShowOptions {
  readonly format: Format;
  /** Folder of the run's files. */
  readonly out: string;
  /** Write the HTML report and the Markdown summary beside the evidence. */
  readonly report: boolean;
}

/** Writes a run's evidence and reports, then prints it. */
export function show(evidence: Evidence, promises: Promises, problems: readonly string[], options: ShowOptions): void {
  const text = serializeEvidence(evidence);
  const files = new Map([
    ['evidence.json', text],
    ...(options.report
      ? ([
          ['summary.md', printed(evidence, promises, 'md')],
          ['report.html', printed(evidence, promises, 'html')],
        ] as const)
      : []),
  ]);
  const written = writeOutput(options.out, files);
  process.stdout.write(options.format === 'json' ? text : printed(evidence, promises, options.format));
  for (const problem of problems) {
    process.stderr.write(`avouch: ${problem}\n`);
  }
  process.stderr.write(`avouch: written ${written.join(', ')}\n`);
}

/** A run's evidence as it is printed. */
export function printed(evidence: Evidence, promises: Promises, format: Format): string {
  // Each renderer is loaded only where it is asked for: starting fast is most of a checker's speed.
  switch (format) {
    case 'json':
      return serializeEvidence(evidence);
    case 'md': {
      const { renderMarkdown } =
        require('../lib/evidence/render-markdown') as typeof import('../lib/evidence/render-markdown');
      return renderMarkdown(evidence, catalogueOf(promises));
    }
    case 'html': {
      const { renderHtml } = require('../lib/evidence/render-html') as typeof import('../lib/evidence/render-html');
      return renderHtml(evidence, catalogueOf(promises));
    }
    case 'csv': {
      const { renderCsv } = require('../lib/evidence/render-csv') as typeof import('../lib/evidence/render-csv');
      return renderCsv(evidence, catalogueOf(promises));
    }
    case 'sarif': {
      const { renderSarif } = require('../lib/evidence/render-sarif') as typeof import('../lib/evidence/render-sarif');
      return renderSarif(evidence, catalogueOf(promises));
    }
    case 'junit': {
      const { renderJunit } = require('../lib/evidence/render-junit') as typeof import('../lib/evidence/render-junit');
      return renderJunit(evidence, catalogueOf(promises));
    }
    case 'oscal': {
      const { renderOscal } = require('../lib/evidence/render-oscal') as typeof import('../lib/evidence/render-oscal');
      return renderOscal(evidence, catalogueOf(promises));
    }
    case 'table': {
      const { renderTable } =
        require('../lib/evidence/terminal/render-table') as typeof import('../lib/evidence/terminal/render-table');
      return renderTable(evidence, catalogueOf(promises), terminalOptions());
    }
  }
}

/** Colours only on a terminal, `NO_COLOR` honoured; as wide as the terminal is. */
export function terminalOptions() {
  const { createColors } = require('picocolors') as typeof import('picocolors');
  const wanted = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  return { colour: createColors(wanted), width: process.stdout.columns ?? 120 };
}

export function catalogueOf({ policies, catalogue, profile, figures }: Promises): Catalogue {
  const registers = policies.registers.filter(({ document }) => profile.documents.includes(document));
  return { registers, controls: catalogue, profile, figures: [...figures.all.values()] };
}
