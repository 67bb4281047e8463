import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from '../../lib/control/evidence';
import { InputError } from '../../lib/control/input-error';
import { renderExplanation } from '../../lib/evidence/terminal/explanation';
import { renderClaims, renderControls } from '../../lib/evidence/terminal/listings';
import { readOnlyPolicy } from '../../lib/verify/read-only-policy';
import { readEvidence } from '../evidence-file';
import { progress } from '../progress';
import { loadPromises } from '../promises';
import { catalogueOf, terminalOptions } from '../show';

export interface ListingOptions {
  readonly profile: string;
  readonly format: string;
  /** Folder of the last run, whose statuses are shown where there is one. */
  readonly out: string;
}

/** `avouch claims`. */
export function listClaims(options: ListingOptions): void {
  const promises = loadPromises(options.profile);
  if (isJson(options)) {
    printJson(promises.claims);
  } else {
    process.stdout.write(renderClaims(catalogueOf(promises), terminalOptions(), lastRun(options)));
  }
}

/** `avouch controls`. */
export function listControls(options: ListingOptions & { readonly role?: boolean }): void {
  const promises = loadPromises(options.profile);
  if (options.role) {
    printJson(readOnlyPolicy(promises.catalogue));
    progress('for --database, log in to PostgreSQL as the role auditor: it needs no right in AWS but to connect');
  } else if (isJson(options)) {
    printJson(promises.catalogue);
  } else {
    process.stdout.write(renderControls(catalogueOf(promises), terminalOptions(), lastRun(options)));
  }
}

/** `avouch explain ID`. */
export function explainOne(id: string, options: ListingOptions): void {
  if (options.format !== 'table') {
    throw new InputError(`unknown format '${options.format}' for --format: allowed is table, and json for cost`);
  }
  if (id.trim() === '') {
    throw new InputError('no id was given: avouch claims and avouch controls list all of them');
  }
  const promises = loadPromises(options.profile);
  const catalogue = { ...catalogueOf(promises), registers: promises.policies.registers };
  process.stdout.write(renderExplanation(id.toLowerCase(), catalogue, terminalOptions(), lastRun(options)));
}

function isJson({ format }: ListingOptions): boolean {
  if (format !== 'table' && format !== 'json') {
    throw new InputError(`unknown format '${format}' for --format: allowed are table, json`);
  }
  return format === 'json';
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** The last run of the same profile, if there is one. */
function lastRun({ out, profile }: ListingOptions): Evidence | undefined {
  const file = join(out, 'evidence.json');
  if (!existsSync(file)) {
    return undefined;
  }
  const evidence = readEvidence(file);
  return evidence.run.profile === profile ? evidence : undefined;
}
