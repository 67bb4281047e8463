import { App, Validations } from 'aws-cdk-lib';
import { InputError } from '../lib/control/input-error';
import { readEnvironment } from '../lib/settings/check-settings';
import { ORGANIZATION_STAGE } from '../lib/settings/organization';
import { ORGANIZATION } from '../lib/settings/our-organization';
import { EnvironmentStage } from '../lib/stacks/environment-stage';
import { OrganizationStage } from '../lib/stacks/organization-stage';
import { acknowledgeExceptions } from '../lib/synth/acknowledge';
import { PromiseValidation } from '../lib/synth/promise-validation';
import { secondOpinions } from '../lib/synth/second-opinions';
import { checkMigrations } from './application-migrations';
import { deployedFigures } from './deployed-figures';
import { fail } from './failure';
import { packageRoot } from './policies';
import { loadPromises } from './promises';
import { toolVersion } from './version';

function synthesize(): void {
  const app = new App({
    // Otherwise the CDK would synthesize an app that was refused half-way, at the end of the process.
    autoSynth: false,
    // Asked through a plugin of ours instead, which remembers what it said of an unchanged template.
    builtinCloudFormationValidation: false,
    // The command line would judge only the stacks that it was asked for, and a plain `cdk synth` asks for none inside a stage.
    postCliContext: { '@aws-cdk/core:failSynthOnValidationErrors': true },
  });
  const settings = readEnvironment(app.node.tryGetContext('environment'));
  checkMigrations(settings);
  const promises = loadPromises(app.node.tryGetContext('profile'));

  const figures = deployedFigures(promises.figures);

  new EnvironmentStage(app, settings.name, { settings, figures, detectedByOrganization: ORGANIZATION !== undefined });
  // Beside every environment, so that whoever deploys one sees the guard-rails that it lives under, and the judge sees both
  if (ORGANIZATION) {
    new OrganizationStage(app, ORGANIZATION_STAGE, { settings: ORGANIZATION, figures });
  }

  acknowledgeExceptions(app, promises.exceptions, new Date().toISOString().slice(0, 10));
  const ours = new PromiseValidation({ ...promises, version: toolVersion() });
  Validations.of(app).addPlugins(ours, ...secondOpinions(app, packageRoot()));

  app.synth();
}

function refuse(error: unknown): void {
  // The findings stand above in the CDK's own words; a stack trace of the synthesis would only bury them.
  if (error instanceof Error && error.message.startsWith('Validation failed')) {
    process.stderr.write(`avouch: ${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  if (!(error instanceof InputError)) {
    throw error;
  }
  fail(error);
}

try {
  synthesize();
} catch (error) {
  refuse(error);
}
