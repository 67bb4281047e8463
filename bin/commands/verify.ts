import { computeClaimStatuses } from '../../lib/control/claim-status';
import type { ControlEvidence, Evidence, TargetEvidence } from '../../lib/control/evidence';
import { InputError } from '../../lib/control/input-error';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { readEnvironment } from '../../lib/settings/check-settings';
import { halvesOf } from '../../lib/synth/check';
import { judgeCatalogue } from '../../lib/synth/judge-catalogue';
import { openAccount } from '../../lib/verify/open-account';
import { openDatabase } from '../../lib/verify/open-database';
import type { PostgresReader } from '../../lib/verify/postgres-reader';
import { type RunningEvidence, verifyAccount } from '../../lib/verify/verify-account';
import { verifyDatabase } from '../../lib/verify/verify-database';
import { commit } from '../commit';
import { readEvidence } from '../evidence-file';
import { exitCode, thresholdNamed } from '../exit-code';
import { mergeResults } from '../merge-results';
import { refuseOutput } from '../output-files';
import { registerFiles } from '../policies';
import { progress } from '../progress';
import { loadPromises, onlyControls, type Promises } from '../promises';
import { formatNamed, show } from '../show';
import { toolVersion } from '../version';

export interface VerifyOptions {
  readonly profile: string;
  readonly format: string;
  readonly out: string;
  readonly control?: readonly string[];
  readonly failOn: string;
  /** Whose account and region are expected; by default whatever the credentials belong to. */
  readonly environment?: string;
  readonly region?: string;
  /** Addresses of databases to look at; alone, they are all that is looked at. */
  readonly database?: readonly string[];
  /** Evidence of a check to count with. */
  readonly with?: string;
}

/** Days for which the evidence of a check counts in a verification. */
const checkValidDays = 30;
const dayMilliseconds = 86_400_000;

/** `avouch verify`, with `--database` too; gives the exit code. */
export async function verify(options: VerifyOptions): Promise<number> {
  // The SDK's advice on Node.js versions is for its users; what this tool supports stands in its package.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const threshold = thresholdNamed(options.failOn);
  const format = formatNamed(options.format);
  refuseOutput(options.out);
  const startedAt = new Date();
  const all = loadPromises(options.profile);
  const promises = options.control ? onlyControls(all, options.control) : all;
  const checked = options.with === undefined ? undefined : readCheck(options.with, options.profile);
  const found = await look(promises, options, startedAt);
  const today = startedAt.toISOString().slice(0, 10);
  const controls = mergeResults(
    ...found.map((each) => each.controls),
    judgeRegisters(promises, today),
    checked?.controls ?? [],
  );
  const claims = computeClaimStatuses(promises.claims, {
    today,
    looked: {
      ...(isAccountLookedAt(options) ? { live: {} } : {}),
      ...(options.database === undefined ? {} : { database: {} }),
      ...(checked ? { template: { validUntil: validUntil(checked) } } : {}),
    },
    catalog: new Map(promises.catalogue.map((control) => [control.id, halvesOf(control)])),
    results: new Map(controls.map((control) => [control.id, control])),
    exceptions: checked?.exceptions ?? [],
    profile: promises.profile,
  });
  const { profile, environment = null } = options;
  const evidence = buildEvidence({
    version: toolVersion(),
    root: process.cwd(),
    run: { kind: 'verify', profile, environment, startedAt: startedAt.toISOString(), commit: commit() },
    targets: targetsOf([...found.flatMap((each) => each.targets), ...registerFiles(), ...(checked?.targets ?? [])]),
    claims,
    controls,
    opinions: checked?.opinions ?? [],
    exceptions: checked?.exceptions ?? [],
  });
  show(evidence, promises, [], { format, out: options.out, report: true });
  return exitCode(evidence, [], threshold);
}

/** Each target once: a check has pinned the registers already, unless they changed since. */
function targetsOf(targets: readonly TargetEvidence[]): readonly TargetEvidence[] {
  return [...new Map(targets.map((target) => [target.path, target])).values()];
}

/** The controls that judge the registers need neither templates nor an account. */
function judgeRegisters(
  { controls, figures, catalogue, policies, profile }: Promises,
  today: string,
): readonly ControlEvidence[] {
  const ofRegisters = controls.filter(({ register }) => register !== undefined);
  const { registers, records } = policies;
  return judgeCatalogue({ controls: ofRegisters, figures, graphs: [], catalogue, registers, records, profile, today });
}

/** Everything that runs and was asked for: the databases named, and the account unless they are named alone. */
async function look({ controls, figures }: Promises, options: VerifyOptions, now: Date): Promise<RunningEvidence[]> {
  const { database: urls = [], region, environment } = options;
  // Opened first: a wrong address ends the run before minutes of looking
  const databases = await openDatabases(urls, now);
  try {
    const found: RunningEvidence[] = [];
    if (isAccountLookedAt(options)) {
      found.push(await lookAtAccount({ controls, figures }, { region, environment }, now));
    }
    for (const database of databases) {
      progress(`looking at ${database.target}`);
      found.push(await verifyDatabase({ controls, figures, database, target: database.target }));
    }
    return found;
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
}

/** A database alone needs no AWS: the account is looked at where a region or an environment is named, or nothing else is. */
function isAccountLookedAt({ database = [], region, environment }: VerifyOptions): boolean {
  return database.length === 0 || region !== undefined || environment !== undefined;
}

async function openDatabases(urls: readonly string[], now: Date): Promise<readonly PostgresReader[]> {
  const opened: PostgresReader[] = [];
  try {
    for (const url of urls) {
      const database = await openDatabase({ url, now, password: process.env.PGPASSWORD });
      opened.push(database);
      if (opened.filter(({ target }) => target === database.target).length > 1) {
        throw new InputError(`${database.target} is named twice by --database: name it once`);
      }
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.map((database) => database.close()));
    throw error;
  }
}

async function lookAtAccount(
  { controls, figures }: Pick<Promises, 'controls' | 'figures'>,
  place: Pick<VerifyOptions, 'region' | 'environment'>,
  now: Date,
): Promise<RunningEvidence> {
  const account = await openAccount({ ...placeOf(place), now });
  try {
    progress(`looking at account ${account.accountId} in ${account.region}`);
    return await verifyAccount({ controls, figures, account });
  } finally {
    account.close();
  }
}

/** Region from the flag, the environment's settings, or the shell as every AWS tool reads it. */
function placeOf({ environment, region }: Pick<VerifyOptions, 'region' | 'environment'>): {
  readonly region: string;
  readonly expectedAccount?: string;
} {
  if (environment !== undefined) {
    const settings = readEnvironment(environment);
    return { region: region ?? settings.region, expectedAccount: settings.account };
  }
  const given = region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (given === undefined || given === '') {
    throw new InputError('no region to look at: name one with --region, --environment or AWS_REGION');
  }
  return { region: given };
}

function readCheck(file: string, profile: string): Evidence {
  const evidence = readEvidence(file);
  if (evidence.run.kind !== 'check' || evidence.run.profile !== profile) {
    const { kind, profile: other } = evidence.run;
    throw new InputError(
      `'${file}' is of a ${kind} for profile '${other}': --with takes a check for profile '${profile}'`,
    );
  }
  return evidence;
}

function validUntil({ run }: Evidence): string {
  return new Date(Date.parse(run.startedAt) + checkValidDays * dayMilliseconds).toISOString().slice(0, 10);
}
