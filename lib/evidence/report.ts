import type { Claim, Register } from '../control/claim';
import type {
  ClaimEvidence,
  ClaimStatus,
  ControlEvidence,
  Evidence,
  ExceptionEvidence,
  SubjectEvidence,
} from '../control/evidence';
import { InputError } from '../control/input-error';
import type { Parameter, ResolvedFigure } from '../control/parameter';
import type { Verdict } from '../control/verdict';
import { type Catalogue, type ControlEntry, parameterDefinitions } from './catalogue';
import { statuses, verdicts } from './wording';

/** A claim of the run with its sentence, where the catalogue still knows it. */
export interface ReportedClaim extends ClaimEvidence {
  readonly claim?: Claim;
  readonly register?: Register;
}

/** A control of the run with its entry, where the catalogue still knows it. */
export interface ReportedControl extends ControlEvidence {
  readonly entry?: ControlEntry;
}

/** Evidence and catalogue joined by id: what every rendering reads. */
export interface Report {
  readonly evidence: Evidence;
  readonly catalogue: Catalogue;
  readonly claims: ReadonlyMap<string, ReportedClaim>;
  readonly controls: ReadonlyMap<string, ReportedControl>;
  readonly exceptions: ReadonlyMap<string, ExceptionEvidence>;
  readonly figures: ReadonlyMap<string, ResolvedFigure>;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Claims of the run by control id, in the order of the run. */
  readonly claimsOfControl: ReadonlyMap<string, readonly ReportedClaim[]>;
}

/**
 * Joins evidence with the catalogue of the same profile.
 *
 * @throws InputError when the catalogue was made for another profile: its figures would explain verdicts they did not make
 */
export function joinReport(evidence: Evidence, catalogue: Catalogue): Report {
  if (evidence.run.profile !== catalogue.profile.name) {
    throw new InputError(
      `the evidence was judged with profile '${evidence.run.profile}', but the figures given are of '${catalogue.profile.name}': pass --profile ${evidence.run.profile}`,
    );
  }
  const known = new Map(
    catalogue.registers.flatMap((register) => register.claims.map((claim) => [claim.id, { claim, register }] as const)),
  );
  const entries = new Map(catalogue.controls.map((entry) => [entry.id, entry]));
  const claims = evidence.claims.map((claim): ReportedClaim => ({ ...claim, ...known.get(claim.id) }));
  const claimsOfControl = new Map<string, ReportedClaim[]>();
  for (const claim of claims) {
    for (const control of claim.controls) {
      claimsOfControl.set(control, [...(claimsOfControl.get(control) ?? []), claim]);
    }
  }
  return {
    evidence,
    catalogue,
    claims: new Map(claims.map((claim) => [claim.id, claim])),
    controls: new Map(evidence.controls.map((control) => [control.id, { ...control, entry: entries.get(control.id) }])),
    exceptions: new Map(evidence.exceptions.map((exception) => [exception.id, exception])),
    figures: new Map(catalogue.figures.map((figure) => [figure.parameter, figure])),
    parameters: parameterDefinitions(catalogue),
    claimsOfControl,
  };
}

/** The promise as a sentence; its id where the evidence comes from a version that this catalogue does not know. */
export function sentenceOf(claim: ReportedClaim): string {
  return claim.claim?.statement ?? `${claim.id} (its sentence is not in this catalogue)`;
}

export function claimsWith(report: Report, status: ClaimStatus): readonly ReportedClaim[] {
  return [...report.claims.values()].filter((claim) => claim.status === status);
}

/** Claims with the same reasons stand together: forty promises that wait for the same thing are one line of work. */
export interface ReasonGroup {
  readonly reasons: readonly string[];
  readonly claims: readonly ReportedClaim[];
}

/**
 * Groups claims by what they wait for first, the largest group first. The claim itself keeps every reason; here forty promises whose
 * controls are not built are one line, whichever controls those are.
 */
export function groupByReason(claims: readonly ReportedClaim[]): readonly ReasonGroup[] {
  const groups = new Map<string, ReportedClaim[]>();
  for (const claim of claims) {
    const key = kindOfReason(claim.reasons[0] ?? '');
    groups.set(key, [...(groups.get(key) ?? []), claim]);
  }
  return [...groups]
    .map(([reason, members]) => ({ reasons: reason === '' ? [] : [reason], claims: members }))
    .sort((left, right) => right.claims.length - left.claims.length);
}

/** A reason without the particulars in which it differs from claim to claim. */
function kindOfReason(reason: string): string {
  if (reason.endsWith('only what is present was judged')) {
    return 'only what is present was judged, and what keeps them is not there';
  }
  return reason.endsWith('is not in the catalog') ? 'a control that keeps them is not in the catalog yet' : reason;
}

/** Findings of a control that no exception excuses. */
export function openFindings(control: ControlEvidence): readonly SubjectEvidence[] {
  return control.subjects.filter(({ verdict, exception }) => verdict === 'not-satisfied' && !exception);
}

/** Broken promises with the controls that break them. */
export interface Breach {
  readonly claims: readonly ReportedClaim[];
  /** Empty where the run recorded a broken promise without a finding. */
  readonly controls: readonly ReportedControl[];
}

/** Broken promises that the same controls break stand together, so that no finding is told once per promise. */
export function breaches(report: Report): readonly Breach[] {
  const groups = new Map<string, { claims: ReportedClaim[]; controls: readonly ReportedControl[] }>();
  for (const claim of claimsWith(report, 'broken')) {
    const controls = claim.controls.flatMap((id) => report.controls.get(id) ?? []);
    const breaking = controls.filter((control) => openFindings(control).length > 0);
    const key = breaking.length === 0 ? `alone ${claim.id}` : breaking.map(({ id }) => id).join(' ');
    const group = groups.get(key) ?? { claims: [], controls: breaking };
    group.claims.push(claim);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What a subject is called; a control that misses a resource has none to name. */
export function nameOf({ logicalId }: SubjectEvidence): string {
  return logicalId === '' ? 'no such resource' : logicalId;
}

/** Subjects from worst verdict to best, in the order of the run within each. */
export function worstFirst(subjects: readonly SubjectEvidence[]): readonly SubjectEvidence[] {
  return verdicts.flatMap((verdict) => subjects.filter((subject) => subject.verdict === verdict));
}

export function countVerdicts(subjects: readonly SubjectEvidence[]): ReadonlyMap<Verdict, number> {
  return new Map(
    verdicts.map((verdict) => [verdict, subjects.filter((subject) => subject.verdict === verdict).length]),
  );
}

export function countStatuses(claims: readonly ClaimEvidence[]): ReadonlyMap<ClaimStatus, number> {
  return new Map(statuses.map((status) => [status, claims.filter((claim) => claim.status === status).length]));
}
