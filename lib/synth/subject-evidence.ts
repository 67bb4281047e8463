import type { Control, WholeOutcome } from '../control/control';
import type { Observation, SubjectEvidence } from '../control/evidence';
import { isSecret, wordsOf } from '../control/finding-words';
import { type Outcome, worstVerdict } from '../control/verdict';
import type { RecordedRead } from '../template/scope';
import type { ResourceDefinition } from '../template/template';

/** An outcome and what was read to reach it. */
export interface JudgedOutcome {
  readonly outcome: Outcome;
  readonly reads?: readonly RecordedRead[];
}

/**
 * What a judgement says of one resource, over all worlds: each distinct finding or unseen property by itself, or one entry where all
 * is well. Empty when the resource exists in no world.
 */
export function subjectEvidence(
  control: Control,
  definition: ResourceDefinition,
  judged: readonly JudgedOutcome[],
  reads: readonly RecordedRead[],
): readonly SubjectEvidence[] {
  if (judged.length === 0) {
    return [];
  }
  const observations = observationsOf(definition, reads);
  const verdict = worstVerdict(judged.map(({ outcome }) => outcome.verdict));
  const provenance = definition.template.origin.provenance?.get(definition.logicalId);
  const place = {
    target: definition.template.path,
    logicalId: definition.logicalId,
    type: definition.type,
    constructPath: provenance?.constructPath ?? constructPathOf(definition),
    source: provenance?.source ?? definition.template.origin.locate?.(definition.logicalId),
  };
  const distinct = new Map<string, SubjectEvidence>();
  for (const { outcome, reads: seen } of judged) {
    if (outcome.verdict === verdict) {
      const value = valueAt(outcome, seen ?? reads, definition);
      const words = wordsOf(control, outcome, { name: place.logicalId, type: place.type, value });
      distinct.set(JSON.stringify(words), { ...place, verdict, ...words, observations });
    }
  }
  return verdict === 'not-satisfied' || verdict === 'not-assessed'
    ? [...distinct.values()]
    : [...distinct.values()].slice(0, 1);
}

/** What a judgement says of a stack, a file or whatever else is no resource. */
export function wholeEvidence(control: Control, whole: WholeOutcome): SubjectEvidence {
  const { target, subject: logicalId, type, outcome, observations = [] } = whole;
  const words = wordsOf(control, outcome, { name: logicalId || target, type });
  return { target, logicalId, type, verdict: outcome.verdict, ...words, observations };
}

function constructPathOf(definition: ResourceDefinition): string | undefined {
  const path = definition.metadata['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}

function observationsOf(subject: ResourceDefinition, reads: readonly RecordedRead[]): readonly Observation[] {
  const distinct = new Map<string, Observation>();
  for (const read of reads) {
    const property = read.subject === subject ? read.property : `${read.subject.logicalId}.${read.property}`;
    const value = typeof read.value === 'string' && isSecret(read.property) ? '(not shown)' : read.value;
    distinct.set(`${property}\u0000${typeof value === 'string' ? value : JSON.stringify(value)}`, { property, value });
  }
  return [...distinct.values()];
}

/** What was last read at the property that a finding names. */
function valueAt(outcome: Outcome, reads: readonly RecordedRead[], subject: ResourceDefinition): unknown {
  const property = 'property' in outcome ? outcome.property : undefined;
  return reads.findLast((read) => read.subject === subject && read.property === property)?.value;
}

export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
