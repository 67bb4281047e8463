import type {
  ClaimEvidence,
  ControlEvidence,
  Evidence,
  ExceptionEvidence,
  Observation,
  OpinionEvidence,
  OpinionFinding,
  SubjectEvidence,
  TargetEvidence,
} from '../control/evidence';
import { pathScrubber } from './scrub-paths';
import { compareText, ordered } from './stable-json';
import { summarize } from './summarize';

/** What a run found out, in any order; counting and ordering are `buildEvidence`'s. */
export interface RunResults {
  /** Version of the tool, from its package. */
  readonly version: string;
  /** Absolute directory that paths are told from, normally the working directory; no path of this machine is kept. */
  readonly root: string;
  readonly run: Evidence['run'];
  readonly targets: readonly TargetEvidence[];
  readonly claims: readonly ClaimEvidence[];
  readonly controls: readonly ControlEvidence[];
  readonly opinions: readonly OpinionEvidence[];
  readonly exceptions: readonly ExceptionEvidence[];
}

/**
 * Puts the results of a run into the evidence contract: counted from the records themselves, so that no summary can
 * disagree with them, in an order that does not depend on who finished first, and with paths told from `root`: evidence
 * travels, and no home directory travels with it. What is not below `root` stands below `outside/`.
 *
 * @throws Error when a claim, control, exception or target occurs twice: counting it twice would be a lie
 */
export function buildEvidence(results: RunResults): Evidence {
  const { targets, controls, opinions } = withoutMachine(results);
  const claims = sorted(
    'claim',
    results.claims,
    (claim) => claim.id,
    (claim) => `${claim.document} ${claim.id}`,
  );
  return {
    schemaVersion: 1,
    tool: { name: 'avouch', version: results.version },
    run: results.run,
    targets: sorted('target', targets, (target) => target.path),
    summary: summarize(claims, controls),
    claims: claims.map((claim) => ({
      ...claim,
      controls: [...new Set(claim.controls)].sort(compareText),
    })),
    controls: sorted('control', controls, (control) => control.id).map((control) => ({
      ...control,
      subjects: orderedSubjects(control.subjects),
    })),
    opinions: sorted('opinion', opinions, (opinion) => opinion.tool).map((opinion) => ({
      ...opinion,
      findings: byKey(opinion.findings, opinionKey),
    })),
    exceptions: sorted('exception', results.exceptions, (exception) => exception.id),
  };
}

/** Targets, controls and opinions with the paths of this machine scrubbed out of every text that can hold one. */
function withoutMachine(results: RunResults): Pick<RunResults, 'targets' | 'controls' | 'opinions'> {
  const scrub = pathScrubber(results, results.root);
  const path = (from: string | undefined): string | undefined => (from === undefined ? undefined : scrub.path(from));
  const text = (from: string | undefined): string | undefined => (from === undefined ? undefined : scrub.text(from));
  return {
    targets: results.targets.map((target) => ({ ...target, path: scrub.path(target.path) })),
    controls: results.controls.map((control) => ({
      ...control,
      subjects: control.subjects.map((subject) => ({
        ...subject,
        target: scrub.path(subject.target),
        logicalId: scrub.text(subject.logicalId),
        source: path(subject.source),
        message: text(subject.message),
        fix: text(subject.fix),
        observations: subject.observations.map(({ property, value }) => ({
          property: scrub.text(property),
          value: ordered(value, scrub.text),
        })),
      })),
    })),
    opinions: results.opinions.map((opinion) => ({
      ...opinion,
      findings: opinion.findings.map((finding) => ({
        ...finding,
        description: scrub.text(finding.description),
        target: path(finding.target),
        source: path(finding.source),
      })),
    })),
  };
}

function orderedSubjects(subjects: readonly SubjectEvidence[]): readonly SubjectEvidence[] {
  const tidy = subjects.map((subject) => ({ ...subject, observations: byKey(subject.observations, observationKey) }));
  return byKey(tidy, subjectKey);
}

function observationKey({ property }: Observation): readonly string[] {
  return [property];
}

function subjectKey({ target, logicalId, type }: SubjectEvidence): readonly string[] {
  return [target, logicalId, type];
}

function opinionKey({ rule, target, constructPath }: OpinionFinding): readonly string[] {
  return [rule, target ?? '', constructPath ?? ''];
}

/** Sorts by the parts of a key, and what has the same key by all of its content. */
function byKey<T>(items: readonly T[], keyOf: (item: T) => readonly string[]): readonly T[] {
  if (items.length < 2) {
    return items;
  }
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  keyed.sort((left, right) => {
    for (const [position, part] of left.key.entries()) {
      const difference = compareText(part, right.key[position] ?? '');
      if (difference !== 0) {
        return difference;
      }
    }
    return compareText(content(left.item), content(right.item));
  });
  return keyed.map(({ item }) => item);
}

function content(item: unknown): string {
  return JSON.stringify(ordered(item)) ?? '';
}

function sorted<T>(
  kind: string,
  items: readonly T[],
  idOf: (item: T) => string,
  keyOf: (item: T) => string = idOf,
): readonly T[] {
  const seen = new Set<string>();
  for (const id of items.map(idOf)) {
    if (seen.has(id)) {
      throw new Error(
        `${kind} '${id}' occurs twice in one run: give every ${kind} once, with all that was found about it`,
      );
    }
    seen.add(id);
  }
  return byKey(items, (item) => [keyOf(item)]);
}
