import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { deployedFigures } from '../bin/deployed-figures';
import { loadPromises, type Promises } from '../bin/promises';
import { readEnvironment } from '../lib/settings/check-settings';
import { ORGANIZATION_STAGE, type OrganizationSettings } from '../lib/settings/organization';
import { ORGANIZATION } from '../lib/settings/our-organization';
import { EnvironmentStage } from '../lib/stacks/environment-stage';
import { OrganizationStage } from '../lib/stacks/organization-stage';
import { loadAssembly } from '../lib/template/assembly';
import type { Graph } from '../lib/template/graph';

const cdkJson: { context: Record<string, unknown> } = JSON.parse(
  readFileSync(join(__dirname, '..', 'cdk.json'), 'utf8'),
);

/**
 * The project's own app, synthesized with the context of cdk.json, as its assembly reads.
 *
 * @param organization null for an environment whose account belongs to none. @default - the one of the settings
 */
export function synthesizeOwnApp(
  profile = 'strictest',
  environment = 'production',
  organization: OrganizationSettings | null = ORGANIZATION ?? null,
): { promises: Promises; graph: Graph; folder: string } {
  const promises = loadPromises(profile);
  const outdir = mkdtempSync(join(tmpdir(), 'avouch-own-app-'));
  const context = { ...cdkJson.context, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ outdir, context });
  const settings = readEnvironment(environment);
  const figures = deployedFigures(promises.figures);
  new EnvironmentStage(app, settings.name, { settings, figures, detectedByOrganization: organization !== null });
  if (organization) {
    new OrganizationStage(app, ORGANIZATION_STAGE, { settings: organization, figures });
  }
  app.synth();
  return { promises, graph: loadAssembly(outdir), folder: outdir };
}
