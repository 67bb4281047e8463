import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../lib/control/input-error';
import { billOf } from '../../lib/evidence/billing';
import { renderBilling } from '../../lib/evidence/terminal/billing';
import { synthesizeApp } from '../../lib/synth/synthesize-app';
import { loadTemplates } from '../../lib/template/load';
import { progress } from '../progress';
import { terminalOptions } from '../show';

export interface CostOptions {
  readonly profile: string;
  readonly environment: string;
  readonly format: string;
}

/** `avouch explain cost`: what an environment is billed by, from its synthesized templates. */
export async function explainCost({ profile, environment, format }: CostOptions): Promise<void> {
  if (format !== 'table' && format !== 'json') {
    throw new InputError(`unknown format '${format}' for --format: allowed are table, json`);
  }
  const outdir = mkdtempSync(join(tmpdir(), 'avouch-cost-'));
  try {
    progress(`synthesizing ${environment} with profile ${profile}`);
    await synthesizeApp({ folder: process.cwd(), outdir, context: { environment, profile } });
    const bill = billOf(loadTemplates(outdir).graphs);
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify({ environment, profile, ...bill }, null, 2)}\n`
        : renderBilling(bill, `${environment}, profile ${profile}`, terminalOptions()),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
