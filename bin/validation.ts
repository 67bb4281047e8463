import { PromiseValidation } from '../lib/synth/promise-validation';
import { loadPromises } from './promises';
import { toolVersion } from './version';

export interface PromiseValidationOptions {
  /** Whose promises bind: `cfeu`, `tdb`, `cfus`, `cly`, `clvr` or `strictest`. @default strictest */
  readonly profile?: string;
  /**
   * Judge what the app deploys and ask for nothing that it does not: for an app that keeps some of the promises while others are kept
   * elsewhere. @default false
   */
  readonly presentOnly?: boolean;
}

/**
 * A CDK validation plugin that judges an app's synthesized templates by a profile: `Validations.of(app).addPlugins(promiseValidation({
 * profile: 'cly' }))`. A broken promise stops `cdk synth` and `cdk deploy`.
 * @throws InputError where the profile is unknown
 */
export function promiseValidation(options: PromiseValidationOptions = {}): PromiseValidation {
  const { controls, figures, claims } = loadPromises(options.profile ?? 'strictest');
  return new PromiseValidation({ version: toolVersion(), controls, figures, claims, presentOnly: options.presentOnly });
}
