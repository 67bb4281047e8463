import type { FigureValue } from '../control/claim';
import type { ClaimStatus, Evidence, SubjectEvidence } from '../control/evidence';
import { InputError } from '../control/input-error';

/** Statuses from the worst to the best; what is planned is promised to nobody yet, and is no worse than what nobody knows. */
const fromWorst: readonly ClaimStatus[] = ['broken', 'unproven', 'planned', 'excepted', 'awaiting', 'attested', 'kept'];

/** A promise whose status differs; undefined where one of the runs does not know it. */
export interface ChangedClaim {
  readonly id: string;
  readonly before?: ClaimStatus;
  readonly after?: ClaimStatus;
  readonly reasons: readonly string[];
}

/** A finding that one of the runs has and the other has not. */
export interface ChangedFinding {
  readonly rule: string;
  readonly place: string;
  readonly message: string;
}

/** A figure that a control judged by, where it is another one now. */
export interface ChangedFigure {
  readonly control: string;
  readonly parameter: string;
  readonly before: FigureValue;
  readonly after: FigureValue;
}

/** What differs between two runs of one kind and profile. */
export interface Comparison {
  readonly weaker: readonly ChangedClaim[];
  readonly stronger: readonly ChangedClaim[];
  /** Promises that only the later run knows, and those that only the earlier one knows. */
  readonly added: readonly ChangedClaim[];
  readonly gone: readonly ChangedClaim[];
  readonly newFindings: readonly ChangedFinding[];
  readonly mended: readonly ChangedFinding[];
  readonly figures: readonly ChangedFigure[];
  /** Controls that judged something before and nothing now: what they kept may have been taken out of their sight. */
  readonly orphaned: readonly string[];
}

/**
 * Compares two runs.
 * @throws InputError where they are of different kinds or profiles: a promise that was not asked about is not weaker
 */
export function compareEvidence(before: Evidence, after: Evidence): Comparison {
  for (const key of ['kind', 'profile', 'environment'] as const) {
    if (before.run[key] !== after.run[key]) {
      throw new InputError(
        `the ${key} of the earlier run is ${before.run[key] ?? 'none'}, of the later ${after.run[key] ?? 'none'}: compare runs of the same`,
      );
    }
  }
  const earlier = new Map(before.claims.map((claim) => [claim.id, claim]));
  const later = new Map(after.claims.map((claim) => [claim.id, claim]));
  const changed = after.claims.flatMap(({ id, status, reasons }): ChangedClaim[] => {
    const known = earlier.get(id);
    return known && known.status !== status ? [{ id, before: known.status, after: status, reasons }] : [];
  });
  const found = { before: findingsOf(before), after: findingsOf(after) };
  return {
    weaker: changed.filter((claim) => rank(claim.after) < rank(claim.before)),
    stronger: changed.filter((claim) => rank(claim.after) > rank(claim.before)),
    added: after.claims
      .filter(({ id }) => !earlier.has(id))
      .map(({ id, status, reasons }) => ({ id, after: status, reasons })),
    gone: before.claims
      .filter(({ id }) => !later.has(id))
      .map(({ id, status }) => ({ id, before: status, reasons: [] })),
    newFindings: missingFrom(found.before, found.after),
    mended: missingFrom(found.after, found.before),
    figures: figuresOf(before, after),
    orphaned: orphanedBy(before, after),
  };
}

/** Whether a change should be stopped: something got weaker, is found that was not, or is promised no longer. */
export function isWeaker({ weaker, added, gone, newFindings, orphaned }: Comparison): boolean {
  const broken = added.some(({ after }) => after === 'broken');
  return broken || weaker.length + gone.length + newFindings.length + orphaned.length > 0;
}

function rank(status: ClaimStatus | undefined): number {
  return status === undefined ? -1 : fromWorst.indexOf(status);
}

/** Open findings by what they are about; how often each, for one resource may break a rule in several ways. */
function findingsOf(evidence: Evidence): ReadonlyMap<string, readonly ChangedFinding[]> {
  const all = new Map<string, ChangedFinding[]>();
  const add = (finding: ChangedFinding, key: string) => all.set(key, [...(all.get(key) ?? []), finding]);
  for (const { id, subjects } of evidence.controls) {
    for (const subject of subjects.filter(({ verdict, exception }) => verdict === 'not-satisfied' && !exception)) {
      const finding = {
        rule: id,
        place: subject.source ?? subject.target,
        message: subject.message ?? 'not satisfied',
      };
      add(finding, JSON.stringify([id, nameOf(subject)]));
    }
  }
  for (const { tool, findings } of evidence.opinions) {
    for (const { rule, description, exception, source, target, constructPath, logicalId } of findings) {
      if (exception === undefined) {
        const place = source ?? constructPath ?? target ?? 'no place given';
        add(
          { rule, place, message: `${tool}: ${description}` },
          JSON.stringify([rule, constructPath ?? logicalId ?? place]),
        );
      }
    }
  }
  return all;
}

/** The resource, whatever line it stands on now; a template by itself has no construct paths. */
function nameOf({ constructPath, target, logicalId }: SubjectEvidence): string {
  return constructPath ?? `${target} ${logicalId}`;
}

function missingFrom(
  known: ReadonlyMap<string, readonly ChangedFinding[]>,
  asked: ReadonlyMap<string, readonly ChangedFinding[]>,
): readonly ChangedFinding[] {
  return [...asked].flatMap(([key, findings]) => findings.slice(known.get(key)?.length ?? 0));
}

function figuresOf(before: Evidence, after: Evidence): readonly ChangedFigure[] {
  const earlier = new Map(before.controls.map(({ id, parameters }) => [id, parameters]));
  return after.controls.flatMap(({ id, parameters }) =>
    Object.entries(parameters).flatMap(([parameter, value]): ChangedFigure[] => {
      const known = earlier.get(id)?.[parameter];
      const same = known === undefined || JSON.stringify(known) === JSON.stringify(value);
      return same ? [] : [{ control: id, parameter, before: known, after: value }];
    }),
  );
}

function orphanedBy(before: Evidence, after: Evidence): readonly string[] {
  const judged = ({ controls }: Evidence) =>
    controls.filter(({ subjects }) => subjects.some(({ verdict }) => verdict !== 'not-applicable')).map(({ id }) => id);
  const now = new Set(judged(after));
  return judged(before).filter((id) => !now.has(id));
}
