import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../control/input-error';
import { isObject } from '../template/parse';

export interface SynthesisProps {
  /** Folder of the CDK app, with its cdk.json. */
  readonly folder: string;
  /** Where the assembly goes; emptied first, because a failed synthesis leaves templates that nobody should judge later. */
  readonly outdir: string;
  /** Context over that of cdk.json, such as `environment` and `profile`. */
  readonly context: Readonly<Record<string, unknown>>;
}

export interface Synthesis {
  /** Whether the app ended well; one that a validation stopped has written its templates all the same. */
  readonly ok: boolean;
  /** What the app printed on standard error. */
  readonly log: string;
}

/**
 * Synthesizes a CDK app as the CDK command line does, by the `app` command of its cdk.json, offline and without credentials.
 * @throws InputError where there is no app, or it breaks before its templates are validated
 */
export async function synthesizeApp(props: SynthesisProps): Promise<Synthesis> {
  const { command, context } = readCdkJson(props.folder);
  refuseForeignFolder(props.outdir);
  rmSync(props.outdir, { recursive: true, force: true });
  mkdirSync(props.outdir, { recursive: true });
  const { code, log } = await run(command, props.folder, {
    ...process.env,
    CDK_OUTDIR: props.outdir,
    CDK_CONTEXT_JSON: JSON.stringify({
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
      ...context,
      ...props.context,
    }),
  });
  // A validation that stopped the app leaves its report; without one the app itself broke, whatever it had written by then.
  const broke = code !== 0 && !existsSync(join(props.outdir, 'validation-report.json'));
  if (broke || !existsSync(join(props.outdir, 'manifest.json'))) {
    throw new InputError(refusalOf(log) ?? `the app '${command}' ended with code ${code}: ${firstError(log)}`);
  }
  return { ok: code === 0, log };
}

/** What a synthesis leaves, finished or not. */
const assemblyEntry = /^(manifest\.json|cdk\.out|asset\..+|assembly-.+|.+\.(template|assets)\.json)$/;

/** The folder is emptied: one that holds something else is somebody's work. */
function refuseForeignFolder(folder: string): void {
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  if (entries.length > 0 && !entries.some((name) => assemblyEntry.test(name))) {
    throw new InputError(
      `'${folder}' would be emptied for the templates, but holds something else, such as '${entries[0]}': name another --out`,
    );
  }
}

function readCdkJson(folder: string): { readonly command: string; readonly context: object } {
  const file = join(folder, 'cdk.json');
  if (!existsSync(file)) {
    throw new InputError(
      `no cdk.json in '${folder}': run it in a CDK app, or name a template, an assembly or a folder to check`,
    );
  }
  const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(settings) || typeof settings.app !== 'string') {
    throw new InputError(
      `'${file}' names no "app": give it the command that synthesizes, such as "node dist/bin/app.js"`,
    );
  }
  return { command: settings.app, context: isObject(settings.context) ? settings.context : {} };
}

function run(
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly log: string }> {
  return new Promise((resolve, reject) => {
    const app = spawn(command, { cwd, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines: Buffer[] = [];
    app.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    app.stderr.on('data', (chunk: Buffer) => lines.push(chunk));
    app.on('error', reject);
    app.on('close', (code) => resolve({ code: code ?? 1, log: Buffer.concat(lines).toString('utf8') }));
  });
}

/** What an app of ours refused, in its own words. */
function refusalOf(log: string): string | undefined {
  return /^avouch: (.*)$/m.exec(log)?.[1];
}

/** The sentence of a crashed app that says what is wrong, without its stack. */
function firstError(log: string): string {
  const lines = log.split('\n').map((line) => line.trim());
  const thrown = lines.find((line) => /^(\w*Error|error TS\d+|.*: error TS\d+)\b.*:/.test(line));
  return (thrown ?? lines.find((line) => line !== '') ?? 'it printed nothing').replace(/^\w*Error: /, '');
}
