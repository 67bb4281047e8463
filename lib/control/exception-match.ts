import type { ExceptionEvidence } from './evidence';
import { type Exception, widthProblems } from './exception';

/** A finding as exceptions see it, of a control or of another checker. */
export interface ExcusableFinding {
  /** Control id, or the checker's qualified id. */
  readonly rule: string;
  /** Path below the environment's stage; without one nothing can excuse the finding. */
  readonly constructPath?: string;
}

/** One exception in one run. */
export interface ExceptionMatch<F> {
  readonly evidence: ExceptionEvidence;
  /** Findings that it names, in their order; excused only while it is live. */
  readonly findings: readonly F[];
  /** Why it excuses nothing, in words for its owner; empty while it is live. */
  readonly problems: readonly string[];
}

export interface ExceptionMatches<F> {
  readonly exceptions: readonly ExceptionMatch<F>[];
  /** Id of the exception that excuses a finding; a finding that is no key is not excused. */
  readonly excused: ReadonlyMap<F, string>;
}

/**
 * Which findings the exceptions excuse today. Only a live exception excuses: one that is too wide, expired, not yet approved or
 * names no finding is reported with its reason instead.
 *
 * @param today date, YYYY-MM-DD, UTC
 */
export function matchExceptions<F extends ExcusableFinding>(
  exceptions: readonly Exception[],
  findings: readonly F[],
  today: string,
): ExceptionMatches<F> {
  const byPlace = groupByPlace(findings);
  const matches = exceptions.map((exception) => matchOne(exception, byPlace, today));
  const excused = new Map<F, string>();
  for (const { evidence, findings: named } of matches) {
    for (const finding of evidence.state === 'live' ? named : []) {
      if (!excused.has(finding)) {
        excused.set(finding, evidence.id);
      }
    }
  }
  return { exceptions: matches, excused };
}

function matchOne<F extends ExcusableFinding>(
  exception: Exception,
  byPlace: ReadonlyMap<string, readonly F[]>,
  today: string,
): ExceptionMatch<F> {
  const { id, expires, reason, owner, approver, claims } = exception;
  const keys = exception.applies.flatMap(({ rule, paths }) => paths.map((path) => placeKey(rule, path)));
  const named = [...new Set(keys)].flatMap((key) => byPlace.get(key) ?? []);
  const { state, problems } = judge(exception, named, today);
  const evidence = { id, used: state === 'live', expires, state, reason, owner, approver, claims };
  return { evidence, findings: state === 'too-wide' ? [] : named, problems };
}

function judge(
  exception: Exception,
  named: readonly ExcusableFinding[],
  today: string,
): { readonly state: ExceptionEvidence['state']; readonly problems: readonly string[] } {
  const { id, approved, expires } = exception;
  const file = `policies/exceptions/${id}.yaml`;
  const width = widthProblems(exception);
  if (width.length > 0) {
    return { state: 'too-wide', problems: width.map((problem) => `exception '${id}' applies to nothing: ${problem}`) };
  }
  if (today > expires) {
    const places = [...new Set(named.map(({ rule, constructPath }) => `${constructPath} (${rule})`))];
    const mend = places.length > 0 ? `renew it in ${file} or fix ${places.join(', ')}` : `remove ${file}`;
    return { state: 'expired', problems: [`exception '${id}' expired on ${expires} and no longer applies: ${mend}`] };
  }
  if (today < approved) {
    return { state: 'unused', problems: [`exception '${id}' is approved from ${approved} on and does not apply yet`] };
  }
  if (named.length === 0) {
    return {
      state: 'unused',
      problems: [`exception '${id}' excuses no finding of this run: remove ${file}, or correct its rules and paths`],
    };
  }
  return { state: 'live', problems: [] };
}

function groupByPlace<F extends ExcusableFinding>(findings: readonly F[]): Map<string, F[]> {
  const byPlace = new Map<string, F[]>();
  for (const finding of findings) {
    if (finding.constructPath !== undefined) {
      const key = placeKey(finding.rule, finding.constructPath);
      const there = byPlace.get(key);
      if (there) {
        there.push(finding);
      } else {
        byPlace.set(key, [finding]);
      }
    }
  }
  return byPlace;
}

function placeKey(rule: string, constructPath: string): string {
  return `${rule}\n${constructPath}`;
}
