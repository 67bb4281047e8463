import { resolve } from 'node:path';
import type { OpinionEvidence } from '../../lib/control/evidence';
import { InputError } from '../../lib/control/input-error';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { ORGANIZATION_STAGE } from '../../lib/settings/organization';
import { type CheckInput, checkTemplates } from '../../lib/synth/check';
import type { Graph } from '../../lib/template/graph';
import { loadTemplates } from '../../lib/template/load';
import { readParameterFile } from '../../lib/template/parameter-file';
import { commit } from '../commit';
import { exitCode, thresholdNamed } from '../exit-code';
import { refuseOutput } from '../output-files';
import { packageRoot, registerFiles } from '../policies';
import { progress } from '../progress';
import { loadPromises, onlyControls, type Promises } from '../promises';
import { formatNamed, show } from '../show';
import { toolVersion } from '../version';

export interface CheckOptions {
  readonly profile: string;
  readonly environment: string;
  readonly format: string;
  readonly out: string;
  readonly control?: readonly string[];
  readonly presentOnly?: boolean;
  readonly parameters?: string;
  readonly failOn: string;
}

/** What is judged: somebody's templates, or this app after it was synthesized. */
interface Material {
  readonly graphs: readonly Graph[];
  readonly opinions: readonly OpinionEvidence[];
  readonly environment: string | null;
}

/** `avouch check [PATH]`; gives the exit code. */
export async function check(path: string | undefined, options: CheckOptions): Promise<number> {
  const threshold = thresholdNamed(options.failOn);
  const format = formatNamed(options.format);
  refuseOutput(options.out);
  const startedAt = new Date();
  const all = loadPromises(options.profile);
  const promises = options.control ? onlyControls(all, options.control) : all;
  const material = path === undefined ? await synthesize(options) : read(path, options);
  const result = checkTemplates(inputOf(promises, material, options, startedAt));
  const evidence = buildEvidence({
    ...result,
    version: toolVersion(),
    root: process.cwd(),
    run: {
      kind: 'check',
      profile: options.profile,
      environment: material.environment,
      startedAt: startedAt.toISOString(),
      commit: commit(),
    },
  });
  show(evidence, promises, result.problems, { format, out: options.out, report: path === undefined });
  return exitCode(evidence, result.problems, threshold);
}

function inputOf(promises: Promises, material: Material, options: CheckOptions, startedAt: Date): CheckInput {
  const ownApp = material.environment !== null;
  return {
    ...promises,
    ...material,
    // The registers are this package's: they are not present in somebody's template, and say nothing of it.
    registers: ownApp || !options.presentOnly ? promises.policies.registers : undefined,
    records: promises.policies.records,
    registerFiles: registerFiles(),
    // Exceptions are this app's: on somebody's template they excuse nothing, and it is no fault that they do not.
    exceptions: ownApp && !options.control ? promises.exceptions : [],
    // Other checkers were not asked about these controls, and what they find is excused by exceptions that are left out here
    opinions: options.control ? [] : material.opinions,
    stages: material.environment === null ? [] : [material.environment, ORGANIZATION_STAGE],
    today: startedAt.toISOString().slice(0, 10),
    presentOnly: options.presentOnly,
  };
}

function read(path: string, options: CheckOptions): Material {
  const values = options.parameters === undefined ? undefined : readParameterFile(options.parameters);
  const { graphs, skipped } = loadTemplates(path, values);
  for (const { path: file, reason } of skipped) {
    progress(`passed over ${file}: ${reason}`);
  }
  if (graphs.every((graph) => graph.templates.every(({ resources, gaps }) => resources.size + gaps.length === 0))) {
    throw new InputError(
      `no resource in '${path}': there is nothing to judge, and CloudFormation deploys no such template`,
    );
  }
  if (!options.presentOnly) {
    progress('judged as a whole deployment: with --present-only nothing is missed that is not there');
  }
  return { graphs, opinions: [], environment: null };
}

async function synthesize(options: CheckOptions): Promise<Material> {
  if (options.parameters !== undefined) {
    throw new InputError(
      '--parameters is for a template that is named: this app takes no parameters, name a PATH or leave it out',
    );
  }
  const { synthesizeApp } =
    require('../../lib/synth/synthesize-app') as typeof import('../../lib/synth/synthesize-app');
  const { readOpinions } = require('../../lib/synth/opinions') as typeof import('../../lib/synth/opinions');
  const { expectedOpinions } =
    require('../../lib/synth/expected-opinions') as typeof import('../../lib/synth/expected-opinions');
  const outdir = resolve(options.out, 'assembly');
  progress(`synthesizing ${options.environment} for profile ${options.profile}`);
  const { environment, profile } = options;
  await synthesizeApp({ folder: process.cwd(), outdir, context: { environment, profile } });
  progress('judging');
  const { graphs } = loadTemplates(outdir);
  return { graphs, opinions: readOpinions(outdir, expectedOpinions(packageRoot())), environment };
}
