import { App, Validations } from 'aws-cdk-lib';
import { InputError } from '../lib/control/input-error';
import { readEnvironment } from '../lib/settings/check-settings';
import { EnvironmentStage } from '../lib/stacks/environment-stage';
import { acknowledgeExceptions } from '../lib/synth/acknowledge';
import { PromiseValidation } from '../lib/synth/promise-validation';
import { secondOpinions } from '../lib/synth/second-opinions';
import { deployedFigures } from './deployed-figures';
import { fail } from './failure';
import { loadPromises } from './promises';
import { toolVersion } from './version';

function synthesize(): void {
  const app = new App({
    // Otherwise the CDK would synthesize an app that was refused half-way, at the end of the process.
    autoSynth: false,
    // The command line would judge only the stacks that it was asked for, and a plain `cdk synth` asks for none inside a stage.
    postCliContext: { '@aws-cdk/core:failSynthOnValidationErrors': true },
  });
  const settings = readEnvironment(app.node.tryGetContext('environment'));
  const promises = loadPromises(app.node.tryGetContext('profile'));

  new EnvironmentStage(app, settings.name, { settings, figures: deployedFigures(promises.figures) });

  acknowledgeExceptions(app, promises.exceptions, new Date().toISOString().slice(0, 10));
  const ours = new PromiseValidation({ ...promises, version: toolVersion() });
  Validations.of(app).addPlugins(ours, ...secondOpinions(app));

  app.synth();
}

try {
  synthesize();
} catch (error) {
  // What a validation found, and what broke inside the CDK, keeps its own words; wrong settings get a line instead of a stack.
  if (!(error instanceof InputError)) {
    throw error;
  }
  fail(error);
}
