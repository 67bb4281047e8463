import { existsSync, readFileSync } from 'node:fs';
import { computeClaimStatuses } from '../../lib/control/claim-status';
import type { ControlEvidence, Evidence, TargetEvidence } from '../../lib/control/evidence';
import { InputError } from '../../lib/control/input-error';
import { worstVerdict } from '../../lib/control/verdict';
import { buildEvidence } from '../../lib/evidence/build-evidence';
import { validateEvidence } from '../../lib/evidence/validate-evidence';
import { readEnvironment } from '../../lib/settings/check-settings';
import { halvesOf } from '../../lib/synth/check';
import { judgeCatalogue } from '../../lib/synth/judge-catalogue';
import { openAccount } from '../../lib/verify/open-account';
import { verifyAccount } from '../../lib/verify/verify-account';
import { commit } from '../commit';
import { exitCode, thresholdNamed } from '../exit-code';
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
  /** Evidence of a check to count with. */
  readonly with?: string;
}

/** Days for which the evidence of a check counts in a verification. */
const checkValidDays = 30;
const dayMilliseconds = 86_400_000;

/** `avouch verify`; gives the exit code. */
export async function verify(options: VerifyOptions): Promise<number> {
  // The SDK's advice on Node.js versions is for its users; what this tool supports stands in its package.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const threshold = thresholdNamed(options.failOn);
  const format = formatNamed(options.format);
  const startedAt = new Date();
  const all = loadPromises(options.profile);
  const promises = options.control ? onlyControls(all, options.control) : all;
  const checked = options.with === undefined ? undefined : readCheck(options.with, options.profile);
  const found = await look(promises, options, startedAt);
  const seen = [...found.controls, ...judgeRegisters(promises)];
  const controls = checked ? merge(seen, checked.controls) : seen;
  const today = startedAt.toISOString().slice(0, 10);
  const claims = computeClaimStatuses(promises.claims, {
    kind: 'verify',
    today,
    catalog: new Map(promises.catalogue.map((control) => [control.id, halvesOf(control)])),
    results: new Map(controls.map((control) => [control.id, control])),
    exceptions: checked?.exceptions ?? [],
    merged: checked && { validUntil: validUntil(checked) },
    profile: promises.profile,
  });
  const { profile, environment = null } = options;
  const evidence = buildEvidence({
    version: toolVersion(),
    root: process.cwd(),
    run: { kind: 'verify', profile, environment, startedAt: startedAt.toISOString(), commit: commit() },
    targets: targetsOf([...found.targets, ...registerFiles(), ...(checked?.targets ?? [])]),
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
function judgeRegisters({ controls, figures, catalogue, policies, profile }: Promises): readonly ControlEvidence[] {
  const ofRegisters = controls.filter(({ register }) => register !== undefined);
  const { registers, records } = policies;
  return judgeCatalogue({ controls: ofRegisters, figures, graphs: [], catalogue, registers, records, profile });
}

async function look({ controls, figures }: Promises, options: VerifyOptions, now: Date) {
  const place = placeOf(options);
  const account = await openAccount({ ...place, now });
  try {
    progress(`looking at account ${account.accountId} in ${account.region}`);
    return await verifyAccount({ controls, figures, account });
  } finally {
    account.close();
  }
}

/** Region from the flag, the environment's settings, or the shell as every AWS tool reads it. */
function placeOf({ environment, region }: VerifyOptions): {
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
  if (!existsSync(file)) {
    throw new InputError(`no evidence at '${file}': run avouch check first, or name the file`);
  }
  const evidence = validateEvidence(JSON.parse(readFileSync(file, 'utf8')));
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

/** Both halves of each control, side by side. */
function merge(live: readonly ControlEvidence[], checked: readonly ControlEvidence[]): readonly ControlEvidence[] {
  const templates = new Map(checked.map((control) => [control.id, control]));
  const both = live.map((control) => {
    const other = templates.get(control.id);
    return other ? joined(control, withoutRegisters(other)) : control;
  });
  return [...both, ...checked.filter(({ id }) => !live.some((control) => control.id === id))];
}

function joined(live: ControlEvidence, checked: ControlEvidence): ControlEvidence {
  return {
    ...live,
    verdict: worstVerdict([live.verdict, checked.verdict]),
    subjects: [...live.subjects, ...checked.subjects],
  };
}

/** What a check said of registers is judged anew by the verification itself, which reads them as they are today. */
function withoutRegisters(control: ControlEvidence): ControlEvidence {
  const subjects = control.subjects.filter(({ target }) => !target.startsWith('policies/'));
  return subjects.length === control.subjects.length
    ? control
    : { ...control, subjects, verdict: worstVerdict(subjects.map(({ verdict }) => verdict)) };
}
