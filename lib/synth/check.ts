import type { Claim, Register } from '../control/claim';
import { type ControlHalves, computeClaimStatuses } from '../control/claim-status';
import type { Control } from '../control/control';
import type {
  ClaimEvidence,
  ControlEvidence,
  ExceptionEvidence,
  OpinionEvidence,
  TargetEvidence,
} from '../control/evidence';
import type { Exception } from '../control/exception';
import { sha256 } from '../control/fingerprint';
import type { Figures } from '../control/parameter';
import type { Profile } from '../control/profile';
import type { Records } from '../control/records';
import type { Graph } from '../template/graph';
import { applyExceptions } from './apply-exceptions';
import { judgeCatalogue } from './judge-catalogue';

/** Everything that a check of templates depends on. */
export interface CheckInput {
  readonly graphs: readonly Graph[];
  readonly profile: Profile;
  /** The claims that bind, and the controls that keep them. */
  readonly claims: readonly Claim[];
  readonly controls: readonly Control[];
  readonly catalogue: readonly Control[];
  /** @default - no control judges registers */
  readonly registers?: readonly Register[];
  /** What the other registers hold, such as who is sent data. */
  readonly records: Records;
  /** The files that registers and records were read from. */
  readonly registerFiles?: readonly TargetEvidence[];
  readonly figures: Figures;
  readonly opinions: readonly OpinionEvidence[];
  readonly exceptions: readonly Exception[];
  /**
   * Construct paths of the stages, below which exceptions name their places.
   *
   * @default - none
   */
  readonly stages?: readonly string[];
  /** YYYY-MM-DD, UTC. */
  readonly today: string;
  readonly presentOnly?: boolean;
}

export interface CheckResult {
  readonly targets: readonly TargetEvidence[];
  readonly claims: readonly ClaimEvidence[];
  readonly controls: readonly ControlEvidence[];
  readonly opinions: readonly OpinionEvidence[];
  readonly exceptions: readonly ExceptionEvidence[];
  /** What fails the run beside broken claims: exceptions that excuse nothing, by name. */
  readonly problems: readonly string[];
}

/** Judges templates against the promises of a profile: the whole of `check` that needs neither a file nor a terminal. */
export function checkTemplates(input: CheckInput): CheckResult {
  const judged = judgeCatalogue(input);
  const excused = applyExceptions(
    { controls: judged, opinions: input.opinions },
    input.exceptions,
    input.stages ?? [],
    input.today,
  );
  const claims = computeClaimStatuses(input.claims, {
    looked: { template: {} },
    today: input.today,
    catalog: new Map(input.catalogue.map((control) => [control.id, halvesOf(control)])),
    results: new Map(excused.controls.map((control) => [control.id, control])),
    exceptions: excused.exceptions,
    presentOnly: input.presentOnly,
    profile: input.profile,
  });
  return {
    ...excused,
    claims,
    targets: targetsOf(input, excused.controls),
  };
}

export function halvesOf(control: Control): ControlHalves {
  return {
    template: control.template !== undefined,
    live: control.live !== undefined,
    database: control.database !== undefined,
    register: control.register !== undefined,
    attested: control.attested ?? false,
  };
}

/** Every template, and whichever other file a control judged: evidence names nothing whose content it does not pin. */
function targetsOf(
  { graphs, registerFiles = [] }: CheckInput,
  controls: readonly ControlEvidence[],
): readonly TargetEvidence[] {
  const named = new Set(controls.flatMap(({ subjects }) => subjects.map(({ target }) => target)));
  const templates = graphs.flatMap((graph) => graph.allTemplates.map(({ origin }) => targetOf(origin)));
  const files = graphs
    .flatMap((graph) => graph.files)
    .filter(({ path }) => named.has(path))
    .map(({ path, read }) => ({ path, sha256: sha256(read()) }));
  return [...templates, ...files, ...registerFiles.filter(({ path }) => named.has(path))];
}

function targetOf(origin: Graph['templates'][number]['origin']): TargetEvidence {
  const { path, sha256, stackName: stack, account, region } = origin;
  return { path, sha256, stack, account, region };
}
