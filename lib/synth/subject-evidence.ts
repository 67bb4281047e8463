import type { Control, WholeOutcome } from '../control/control';
import type { Observation, SubjectEvidence } from '../control/evidence';
import { shown, wordsOf } from '../control/finding-words';
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
  const { template, logicalId, type } = definition;
  const provenance = template.origin.provenance?.get(logicalId);
  const constructPath = provenance?.constructPath ?? constructPathOf(definition);
  const source = provenance?.source ?? template.origin.locate?.(logicalId);
  const observations = observationsOf(definition, reads);
  const verdict = worstVerdict(judged.map(({ outcome }) => outcome.verdict));
  const isFinding = verdict === 'not-satisfied' || verdict === 'not-assessed';
  const found: SubjectEvidence[] = [];
  for (const { outcome, reads: seen } of judged) {
    if (outcome.verdict === verdict && (isFinding || found.length === 0)) {
      const { at, value } = placeOf(outcome, seen ?? reads, definition);
      const { message, fix } = wordsOf(control, at, { name: logicalId, type, value });
      if (!found.some((each) => each.message === message && each.fix === fix)) {
        const target = template.path;
        const marks = marksOf(outcome);
        found.push({ target, logicalId, type, constructPath, source, verdict, message, fix, ...marks, observations });
      }
    }
  }
  return found;
}

/** What a judgement says of a stack, a file or whatever else is no resource. */
export function wholeEvidence(control: Control, whole: WholeOutcome): SubjectEvidence {
  const { target, subject: logicalId, type, outcome, claims, observations = [] } = whole;
  const words = wordsOf(control, outcome, { name: logicalId || target, type });
  const marks = { ...(claims ? { claims } : {}), ...marksOf(outcome) };
  return { target, logicalId, type, verdict: outcome.verdict, ...words, ...marks, observations };
}

/** What an outcome says of people: what is awaited of them, and to which day their word counts. */
function marksOf(outcome: Outcome): Pick<SubjectEvidence, 'awaited' | 'attestedUntil'> {
  return {
    ...('awaited' in outcome ? { awaited: outcome.awaited } : {}),
    ...('attestedUntil' in outcome ? { attestedUntil: outcome.attestedUntil } : {}),
  };
}

function constructPathOf(definition: ResourceDefinition): string | undefined {
  const path = definition.metadata['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}

/**
 * What was read, each value of a property once. Judgements come back to the same places hundreds of times, so a read is told from the earlier ones
 * before it is looked through for secrets.
 */
function observationsOf(subject: ResourceDefinition, reads: readonly RecordedRead[]): readonly Observation[] {
  const observations: Observation[] = [];
  const seen = new Map<ResourceDefinition, Map<string, unknown[]>>();
  const told = new Map<string, unknown[]>();
  for (const read of reads) {
    const ofSubject = seen.get(read.subject) ?? new Map<string, unknown[]>();
    seen.set(read.subject, ofSubject);
    if (isNew(ofSubject, read.property, read.value)) {
      const observation = observationOf(subject, read);
      if (isNew(told, observation.property, observation.value)) {
        observations.push(observation);
      }
    }
  }
  return observations;
}

function observationOf(subject: ResourceDefinition, read: RecordedRead): Observation {
  const property = read.subject === subject ? read.property : `${read.subject.logicalId}.${read.property}`;
  return { property, value: shown(read.property, read.value) };
}

/** Notes a value down; false where the property has it already. */
function isNew(values: Map<string, unknown[]>, property: string, value: unknown): boolean {
  const known = values.get(property);
  if (known?.some((each) => isSame(each, value))) {
    return false;
  }
  if (known) {
    known.push(value);
  } else {
    values.set(property, [value]);
  }
  return true;
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && JSON.stringify(one) === JSON.stringify(other));
}

/**
 * What was last read at the property that a finding names. Where another resource holds the property, the finding names that one too,
 * and a list or an object is called by its kind: «nothing» would say that it is absent.
 */
function placeOf(
  outcome: Outcome,
  reads: readonly RecordedRead[],
  subject: ResourceDefinition,
): { readonly at: Outcome; readonly value?: unknown } {
  const property = 'property' in outcome ? outcome.property : undefined;
  if (property === undefined) {
    return { at: outcome };
  }
  const own = reads.findLast((read) => read.subject === subject && read.property === property);
  if (own) {
    return { at: outcome, value: own.value };
  }
  const kind = kindAt(subject.properties, property);
  if (kind) {
    return { at: outcome, value: kind };
  }
  const other = outcome.verdict === 'not-satisfied' && reads.findLast((read) => read.property === property);
  return other
    ? { at: { ...outcome, property: `${other.subject.logicalId}.${property}` }, value: other.value }
    : { at: outcome };
}

function kindAt(properties: unknown, path: string): string | undefined {
  let place = properties;
  for (const segment of path.split('.')) {
    place =
      typeof place === 'object' && place !== null
        ? Object.entries(place).find(([key]) => key === segment)?.[1]
        : undefined;
  }
  return Array.isArray(place) ? '(list)' : typeof place === 'object' && place !== null ? '(object)' : undefined;
}

export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
