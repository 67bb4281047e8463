import type {
  ControlEvidence,
  ExceptionEvidence,
  OpinionEvidence,
  OpinionFinding,
  SubjectEvidence,
} from '../control/evidence';
import type { Exception } from '../control/exception';
import { matchExceptions } from '../control/exception-match';

/** A run's findings with what excuses them, and what became of each exception. */
export interface ExcusedRun {
  readonly controls: readonly ControlEvidence[];
  readonly opinions: readonly OpinionEvidence[];
  readonly exceptions: readonly ExceptionEvidence[];
  /** Why an exception excuses nothing, by name: expired, unused or too wide. Each fails the run. */
  readonly problems: readonly string[];
}

interface Place {
  readonly rule: string;
  readonly constructPath?: string;
  readonly subject?: SubjectEvidence;
  readonly opinion?: OpinionFinding;
}

/**
 * Applies the exceptions to a run's findings. Construct paths of exceptions start below their stage, so that one file serves
 * every environment.
 * @param stages construct paths of the stages, stripped from findings
 * @param today YYYY-MM-DD
 */
export function applyExceptions(
  run: Pick<ExcusedRun, 'controls' | 'opinions'>,
  exceptions: readonly Exception[],
  stages: readonly string[],
  today: string,
): ExcusedRun {
  const places = placesOf(run, stages);
  const matches = matchExceptions(exceptions, places, today);
  const bySubject = new Map<SubjectEvidence, string>();
  const byOpinion = new Map<OpinionFinding, string>();
  for (const [place, id] of matches.excused) {
    if (place.subject) {
      bySubject.set(place.subject, id);
    } else if (place.opinion) {
      byOpinion.set(place.opinion, id);
    }
  }
  return {
    controls: run.controls.map((control) => ({
      ...control,
      subjects: control.subjects.map((subject) => withException(subject, bySubject.get(subject))),
    })),
    opinions: run.opinions.map((opinion) => ({
      ...opinion,
      findings: opinion.findings.map((finding) => withException(finding, byOpinion.get(finding))),
    })),
    exceptions: matches.exceptions.map(({ evidence }) => evidence),
    problems: matches.exceptions.flatMap(({ problems }) => problems),
  };
}

function placesOf(run: Pick<ExcusedRun, 'controls' | 'opinions'>, stages: readonly string[]): readonly Place[] {
  const below = (path: string | undefined) => {
    const stage = stages.find((each) => path?.startsWith(`${each}/`));
    return stage === undefined ? path : path?.slice(stage.length + 1);
  };
  const own = run.controls.flatMap(({ id, subjects }) =>
    subjects
      .filter(({ verdict }) => verdict === 'not-satisfied')
      .map((subject): Place => ({ rule: id, constructPath: below(subject.constructPath), subject })),
  );
  const foreign = run.opinions.flatMap(({ findings }) =>
    findings.map((opinion): Place => ({ rule: opinion.rule, constructPath: below(opinion.constructPath), opinion })),
  );
  return [...own, ...foreign];
}

function withException<T extends object>(finding: T, exception: string | undefined): T {
  return exception === undefined ? finding : { ...finding, exception };
}
